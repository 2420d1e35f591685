"""What came of alarms: how many were real, and how much earlier they came than anything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import numpy as np
from scipy import special, stats

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.surveillance.profiling import refuse_profiling
from marfa.methods.surveillance.series_files import parse_day
from marfa.methods.surveillance.table_file import MOST_PROBLEMS, read_table

LEVEL = 0.95


class Verdict(StrEnum):
    """What an alarm turned out to be."""

    REAL = "real"
    FALSE = "false"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Judged:
    """An alarm with its verdict. lead: days before it was known without the detector."""

    detector: str
    verdict: Verdict
    lead: int | None = None


@dataclass(frozen=True)
class Score:
    """One detector's alarms.

    real_low, real_high: 95% Wilson interval of the share of real alarms among those that are
    clear. If all unclear ones were false or all real, it would be ``least`` or ``most``.
    lead: median days earlier, with a 95% interval from order statistics; None where too few.
    """

    detector: str
    alarms: int
    real: int
    false: int
    unclear: int
    share: float | None
    real_low: float
    real_high: float
    least: float
    most: float
    lead: float | None
    lead_low: float | None
    lead_high: float | None


def score_verdicts(judged: Sequence[Judged]) -> list[Score]:
    """A score for each detector, in the order of their names."""
    by_detector: dict[str, list[Judged]] = defaultdict(list)
    for alarm in judged:
        by_detector[alarm.detector].append(alarm)
    return [_score(name, by_detector[name]) for name in sorted(by_detector)]


def _score(name: str, alarms: list[Judged]) -> Score:
    real, false, unclear = (sum(a.verdict is v for a in alarms) for v in Verdict)
    clear = real + false
    low, high = wilson(real, clear)
    leads = sorted(a.lead for a in alarms if a.lead is not None and a.verdict is Verdict.REAL)
    median, lead_low, lead_high = median_interval(leads)
    return Score(
        name,
        len(alarms),
        real,
        false,
        unclear,
        real / clear if clear else None,
        low,
        high,
        real / len(alarms),
        (real + unclear) / len(alarms),
        median,
        lead_low,
        lead_high,
    )


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 1927 interval of a share; 0 to 1 where nothing was tried."""
    if not trials:
        return 0.0, 1.0
    z = float(special.ndtri(1 - (1 - LEVEL) / 2))
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials**2))
    half /= 1 + z * z / trials
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def median_interval(ordered: Sequence[int]) -> tuple[float | None, float | None, float | None]:
    """The median, and the order statistics between which it is with 95%; None where too few."""
    if not ordered:
        return None, None, None
    number = len(ordered)
    below = int(stats.binom.ppf((1 - LEVEL) / 2, number, 0.5))
    if stats.binom.cdf(below, number, 0.5) > (1 - LEVEL) / 2:
        below -= 1
    median = float(np.median(ordered))
    if below < 0:
        return median, None, None
    return median, float(ordered[below]), float(ordered[number - 1 - below])


def read_verdicts(path: Path) -> list[Judged]:
    """A table with the columns ``detector`` and ``verdict``, and ``raised`` and ``known`` as dates.

    Raises InputError, with the row and column of every problem.
    """
    table = read_table(path)
    refuse_profiling(table.header, file=table.name)
    detector, verdict = table.column("detector"), table.column("verdict")
    dated = "raised" in table.header and "known" in table.header
    judged, problems = [], []
    for line, row in table.rows:
        try:
            said = Verdict(row[verdict].casefold())
        except ValueError:
            message = Message("methods.surveillance:verdict-unknown")
            problems.append(Problem(message, Place(table.name, line, "verdict")))
            continue
        days: list[date | None] = [None, None]
        for i, column in enumerate(("raised", "known") if dated else ()):
            try:
                days[i] = parse_day(row[table.column(column)])
            except ValueError:
                message = Message("methods.surveillance:not-a-date")
                problems.append(Problem(message, Place(table.name, line, column)))
        raised, known = days
        lead = None if raised is None or known is None else (known - raised).days
        judged.append(Judged(row[detector], said, lead))
    if problems:
        raise InputError(*problems[:MOST_PROBLEMS])
    return judged

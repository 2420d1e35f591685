"""Reports that come late: what is known now, against what would be known by now.

Each report has a step in which it was so and a step in which it became known. The share F(d) of
reports that is known after d steps is learnt, for each unit, from steps that are complete by now
(Lawless 1994, Can. J. Stat. 22:15-31; drawn to the share of all units where a unit has few). A
count with mean m and variance phi m of which each is known with probability F has mean F m and
variance F m (1 + F (phi - 1)): the bound for what is known so far follows (as bodaDelay of Salmon,
Schumacher, Stark and Höhle 2015, without simulation). The step that is judged is the newest of
which half should be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from marfa.methods.surveillance.answers import Why
from marfa.methods.surveillance.farrington import cases_needed
from marfa.methods.surveillance.panel import Floats, Ints, Panel, Step
from marfa.methods.surveillance.seasonal import judge, predict
from marfa.methods.surveillance.series_files import day_of
from marfa.methods.surveillance.settings import Settings

ENOUGH = 0.5
"""A step is judged from when this share of it should be known."""
DRAWN = 20.0
"""Reports of all units that are added to a unit's own, so that few reports do not decide."""


@dataclass(frozen=True)
class Reports:
    """Counts by unit, the step in which it was so, and the step in which it became known.

    longest: reports that come later than so many steps are left out everywhere.
    """

    units: tuple[str, ...]
    unit: Ints
    so: Ints
    known: Ints
    count: Floats
    longest: int = 4
    step: Step = Step.WEEK
    first: date | None = None

    def until(self, moment: int) -> Panel:
        """What was known at the end of a step about it and all before."""
        delay = self.known - self.so
        in_time = (self.known <= moment) & (delay >= 0) & (delay <= self.longest)
        counts = np.zeros((moment + 1, len(self.units)))
        np.add.at(counts, (self.so[in_time], self.unit[in_time]), self.count[in_time])
        dates = (
            ()
            if self.first is None
            else tuple(day_of(i, self.first, self.step) for i in range(moment + 1))
        )
        return Panel(self.units, counts, self.step, dates)

    def shares(self, moment: int) -> tuple[Floats, Floats]:
        """(units, longest + 1) share known after each delay, and (units,) reports it rests on."""
        delay = self.known - self.so
        whole = (self.so <= moment - self.longest) & (delay >= 0) & (delay <= self.longest)
        recent = self.so > moment - self.longest - 2 * self.step.period
        use = whole & recent & (self.known <= moment)
        table = np.zeros((len(self.units), self.longest + 1))
        np.add.at(table, (self.unit[use], delay[use]), self.count[use])
        common = table.sum(axis=0) / max(table.sum(), 1.0)
        number = table.sum(axis=1)
        mixed = table + DRAWN * common
        total = np.maximum(mixed.sum(axis=1, keepdims=True), 1e-9)
        return np.cumsum(mixed / total, axis=1), number + DRAWN


@dataclass(frozen=True)
class Moment:
    """What is said at the end of a step. step: (units,) the step that is judged for each unit."""

    moment: int
    step: Ints
    share: Floats
    known: Floats
    expected: Floats
    bound: Floats
    probability: Floats
    alarm: Floats
    why: Ints


def detect_late(reports: Reports, moment: int, settings: Settings | None = None) -> Moment:
    """Judge what is known at the end of a step; nothing that came later is looked at."""
    settings = settings or Settings()
    panel = reports.until(moment)
    shares, number = reports.shares(moment)
    units = len(reports.units)
    lag = np.where(
        (shares >= ENOUGH).any(axis=1), (shares >= ENOUGH).argmax(axis=1), reports.longest
    )
    gap = max(panel.step.period // 2 if settings.gap is None else settings.gap, reports.longest)
    blank = np.full(units, np.nan)
    answer = Moment(
        moment, moment - lag, blank.copy(), blank.copy(), blank.copy(), blank.copy(),
        blank.copy(), blank.copy(), np.full(units, int(Why.TOO_SHORT)),
    )  # fmt: skip
    known_settings = Settings(years=settings.years, alpha=settings.alpha, gap=gap)
    for d in np.unique(lag).tolist():
        some = np.flatnonzero(lag == d)
        if moment - d >= 1:
            _judge_at(answer, panel, moment - d, some, shares, number, known_settings, d)
    return answer


def _judge_at(
    answer: Moment,
    panel: Panel,
    at: int,
    some: Ints,
    shares: Floats,
    number: Floats,
    settings: Settings,
    lag: int,
) -> None:
    mean, spread, common = (table[some] for table in predict(panel, at, settings))
    later = min(lag + 1, shares.shape[1] - 1)
    share = shares[some][:, [lag, later]]
    doubt = (1 - share) / (share * number[some][:, None])
    with np.errstate(invalid="ignore"):
        thin = 1 + share * (spread - 1) + share * mean * doubt
    observed, before = panel.counts[at, some], panel.counts[at - 1, some]
    with np.errstate(invalid="ignore", divide="ignore"):
        same = np.nan_to_num(common * (share * spread / thin)[:, 0])
    judged = judge(observed, before, share * mean, thin, settings.alpha or 0.01, same)
    told = np.isfinite(mean[:, 0])
    few = observed < cases_needed(panel, np.array([at]), settings)[0, some]
    alarm = np.where(few, 0.0, (observed > judged.bound).astype(float))
    answer.share[some], answer.known[some] = share[:, 0], observed
    answer.expected[some], answer.bound[some] = share[:, 0] * mean[:, 0], judged.bound
    answer.probability[some] = np.where(told, judged.probability, np.nan)
    answer.alarm[some] = np.where(told, alarm, np.nan)
    silent = np.where(few, Why.TOO_SPARSE, Why.ANSWERED)
    answer.why[some] = np.where(told, silent, Why.TOO_SHORT)


def collect_reports(
    rows: Sequence[tuple[str, int, int, float]],
    longest: int = 4,
    step: Step = Step.WEEK,
    first: date | None = None,
) -> Reports:
    """Reports from (unit, so, known, count) rows; units in the order of their names."""
    units = tuple(sorted({row[0] for row in rows}))
    place = {unit: i for i, unit in enumerate(units)}
    return Reports(
        units,
        np.array([place[row[0]] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int64),
        np.array([row[3] for row in rows], dtype=float),
        longest,
        step,
        first,
    )

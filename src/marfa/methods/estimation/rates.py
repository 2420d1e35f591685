"""Indicator 16.2.2: victims per 100,000 people, with the error of both numbers.

16.2.2 counts the victims who were detected, by sex, age and form; beside it stands the same rate
of all victims, seen or not. The limits of a ratio follow from those of its parts, on the
logarithmic scale (MOVER: Zou and Donner 2008, Statistics in Medicine 27, equation 4, applied to
log numerator minus log denominator):

    low = rate * exp(-sqrt(ln(n / n_low)^2 + ln(d_high / d)^2)), high likewise

Limits of a detected count are those of Garwood (1936, Biometrika 28) for a Poisson mean.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.special import gammaincinv

from marfa.domain.handling import check_columns, never_leaving, read_marks
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.estimation.headline import REFUSED
from marfa.methods.estimation.results import Analysis
from marfa.methods.estimation.strata import Stratified

PER = 100_000
COLUMN, LOW, HIGH = "population", "population_low", "population_high"


@dataclass(frozen=True)
class Limits:
    """A number with its 95% limits; high None where there is none."""

    value: float
    low: float
    high: float | None

    def over(self, below: Limits) -> Limits:
        """The rate per 100,000 of this number over another."""
        rate = PER * self.value / below.value
        if self.value <= 0:
            high = None if self.high is None else PER * self.high / below.low
            return Limits(0.0, 0.0, high)
        upper = below.high if below.high is not None else below.value
        down = math.hypot(
            math.log(self.value / self.low) if self.low > 0 else math.inf,
            math.log(upper / below.value),
        )
        low = rate * math.exp(-down) if math.isfinite(down) else 0.0
        if self.high is None:
            return Limits(rate, low, None)
        up = math.hypot(math.log(self.high / self.value), math.log(below.value / below.low))
        return Limits(rate, low, rate * math.exp(up))

    def as_json(self) -> dict[str, float | None]:
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Rate:
    """Of one value of one column, or of everybody (column None).

    estimated: None where there is no estimate.
    """

    column: str | None
    value: str | None
    population: Limits
    detected: Limits
    estimated: Limits | None

    def as_json(self) -> dict[str, object]:
        return {
            "column": self.column,
            "value": self.value,
            "population": self.population.as_json(),
            "detected": self.detected.as_json(),
            "estimated": None if self.estimated is None else self.estimated.as_json(),
        }


@dataclass(frozen=True)
class Population:
    """People by the values of some columns."""

    columns: tuple[str, ...]
    groups: Mapping[tuple[str, ...], Limits]

    def of(self, column: str | None, value: str | None) -> Limits | None:
        """Those of one value, all where the file does not divide by its column, None if absent."""
        rows = list(self.groups.items())
        if column in self.columns:
            at = self.columns.index(column)
            rows = [(key, people) for key, people in rows if key[at] == value]
        if not rows:
            return None
        # Errors of census or survey are taken to go the same way in all groups.
        highs = [p.high if p.high is not None else p.value for _, p in rows]
        return Limits(sum(p.value for _, p in rows), sum(p.low for _, p in rows), sum(highs))


def read_population(path: Path, columns: Sequence[str]) -> Population:
    """Read ``population`` (and ``population_low``, ``population_high``) by some of the columns.

    Raises InputError, with row and column, for anything else.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            header = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = header
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError.at(
            Message("methods.estimation:file-unreadable"), file=path.name
        ) from error
    check_columns(header, never_leaving(read_marks(path)), file=path.name)
    if COLUMN not in header:
        raise InputError.at(
            Message("methods.estimation:column-missing"), file=path.name, column=COLUMN
        )
    named = tuple(name for name in header if name not in (COLUMN, LOW, HIGH))
    unknown = [name for name in named if name not in columns]
    if unknown:
        raise InputError(
            *(
                Problem(
                    Message("methods.estimation:population-column"), Place(path.name, column=name)
                )
                for name in unknown
            )
        )
    groups: dict[tuple[str, ...], Limits] = {}
    for line, row in enumerate(rows, 2):
        key = tuple((row[name] or "").strip() for name in named)
        if key in groups:
            raise InputError.at(
                Message("methods.estimation:population-twice"), file=path.name, row=line
            )
        groups[key] = _people(row, path.name, line)
    return Population(named, groups)


def _people(row: Mapping[str, str | None], name: str, line: int) -> Limits:
    found: list[float] = []
    for column in (COLUMN, LOW, HIGH):
        text = (row.get(column) or "").strip()
        try:
            found.append(float(text) if text or column == COLUMN else found[0])
        except ValueError:
            found.append(math.nan)
        if not 0 < found[-1] < math.inf:
            raise InputError.at(
                Message("methods.estimation:population-number"),
                file=name,
                row=line,
                column=column,
            )
    value, low, high = found
    if not low <= value <= high:
        raise InputError.at(
            Message("methods.estimation:population-order"), file=name, row=line, column=LOW
        )
    return Limits(value, low, high)


def rates_of(answer: Analysis | Stratified, population: Population) -> list[Rate]:
    """16.2.2 of everybody, then by each value of each column of the groups."""
    total = answer.total if isinstance(answer, Stratified) else answer
    found = [_whole(total, population)]
    for level in answer.levels if isinstance(answer, Stratified) else ():
        people = population.of(level.column, level.value)
        if people is None:
            continue
        low, high = level.interval.low, level.interval.high
        estimated = Limits(level.estimate, level.observed if low is None else low, high)
        found.append(
            Rate(
                level.column,
                level.value,
                people,
                garwood(level.observed).over(people),
                estimated.over(people),
            )
        )
    return [rate for rate in found if rate is not None]


def _whole(total: Analysis, population: Population) -> Rate | None:
    people = population.of(None, None)
    if people is None:
        return None
    line = total.headline
    estimated = None
    if line.verdict != REFUSED and line.low is not None and line.high is not None:
        middle = line.point if line.point is not None else math.sqrt(line.low * line.high)
        low = line.low if line.interval_low is None else line.interval_low
        high = line.high if line.interval_low is None else line.interval_high
        estimated = Limits(middle, low, high).over(people)
    return Rate(None, None, people, garwood(total.observed).over(people), estimated)


def garwood(count: float, level: float = 0.95) -> Limits:
    """Exact limits for the mean of a Poisson count: quantiles of gamma distributions."""
    side = (1 - level) / 2
    low = float(gammaincinv(count, side)) if count > 0 else 0.0
    return Limits(count, low, float(gammaincinv(count + 1, 1 - side)))

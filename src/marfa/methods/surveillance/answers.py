"""What a detector says of each unit and step: what was expected, the bound, and whether to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np

from marfa.methods.surveillance.panel import Bools, Floats, Ints, Panel


class Why(IntEnum):
    """Why there is no answer, or none but a probability."""

    ANSWERED = 0
    MISSING = 1
    TOO_SHORT = 2
    TOO_SPARSE = 3
    GAP = 4

    @property
    def key(self) -> str:
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True)
class Answers:
    """Answers of one detector.

    config: name of the detector with its settings. steps: rows of the panel.
    All arrays are (steps, units). alarm: 1, 0, or NaN where there is no answer. probability: of
    as many cases or more, if nothing unusual happens. trend: 1 where one was kept. carried: what
    the step before adds to the score of the newest (``carried``); minus infinity where it is not
    known, NaN for detectors that carry nothing.
    """

    config: str
    panel: Panel
    steps: Ints
    expected: Floats
    bound: Floats
    alarm: Floats
    probability: Floats
    dispersion: Floats
    trend: Floats
    carried: Floats
    why: Ints

    @classmethod
    def empty(cls, config: str, panel: Panel, steps: Ints) -> Answers:
        """No answer anywhere yet."""
        shape = (len(steps), len(panel.units))
        blank = {name: np.full(shape, np.nan) for name in ARRAYS if name != "why"}
        why = np.where(np.isnan(panel.counts[steps]), Why.MISSING, Why.TOO_SHORT)
        return cls(config, panel, steps, why=why.astype(np.int64), **blank)

    @property
    def observed(self) -> Floats:
        return self.panel.counts[self.steps]

    @property
    def alarms(self) -> Bools:
        """Where there is an alarm."""
        return np.asarray(self.alarm == 1)

    def cut(self, steps: slice) -> Answers:
        """The same answers for some of the steps."""
        return replace(self, **{name: getattr(self, name)[steps] for name in ("steps", *ARRAYS)})

    def rows(self) -> Iterator[dict[str, object]]:
        """One row a unit and step, units first, as plain values; None where there is none."""
        arrays = {
            "observed": self.observed,
            "expected": self.expected,
            "upperbound": self.bound,
            "alarm": self.alarm,
            "pvalue": self.probability,
            "phi": self.dispersion,
            "trend": self.trend,
        }
        for number, unit in enumerate(self.panel.units):
            columns = {name: array[:, number].tolist() for name, array in arrays.items()}
            for i, step in enumerate(self.steps.tolist()):
                row: dict[str, object] = {
                    "unit": unit,
                    "config": self.config,
                    "t": self.panel.times[step],
                }
                row |= {name: _plain(name, column[i]) for name, column in columns.items()}
                row["why"] = Why(int(self.why[i, number])).key
                yield row


def _plain(name: str, value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    whole = name in ("alarm", "trend") or (name == "observed" and value == int(value))
    return int(value) if whole else value


ARRAYS = tuple(f.name for f in fields(Answers) if f.name not in ("config", "panel", "steps"))

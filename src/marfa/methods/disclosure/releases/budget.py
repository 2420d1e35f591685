"""What private releases of the same people and time have spent, as the register keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Spending:
    """One private release, noted before its noise was drawn.

    size: mu of all its noise together. slack: of delta, for noise in whole units. epsilon, delta:
    what it promises. at: when, UTC, ISO 8601. source: SHA-256 of the file of records, hexadecimal.
    """

    at: str
    source: str
    size: float
    slack: float
    epsilon: float
    delta: float


@dataclass(frozen=True)
class Budget:
    """What may be spent on the people of a period in all, and what was.

    epsilon, delta: the most that all releases together may come to.
    """

    period: str
    epsilon: float
    delta: float
    spent: tuple[Spending, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "spent": [asdict(each) for each in self.spent]}


def budget_from_json(data: Mapping[str, Any]) -> Budget:
    """A budget as ``as_json`` wrote it. Raises ValueError, TypeError or KeyError for others."""
    spent = tuple(
        Spending(
            str(each["at"]),
            str(each["source"]),
            *(_positive(each, name) for name in ("size", "slack", "epsilon", "delta")),
        )
        for each in data["spent"]
    )
    epsilon, delta = _positive(data, "epsilon"), _positive(data, "delta")
    return Budget(str(data["period"]), epsilon, delta, spent)


def _positive(data: Mapping[str, Any], name: str) -> float:
    number = float(data[name])
    if not 0 < number < float("inf"):
        raise ValueError(name)
    return number

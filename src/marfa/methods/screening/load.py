"""Load: the share that a list flags, by rule and place, so that help can be there for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from marfa.methods.screening.quality.intervals import Interval, wilson

FEWEST = 10
"""Interviews below which no share is said."""


@dataclass(frozen=True, slots=True)
class Load:
    """Of one place. flagged: by any rule; by_rule: rule -> share. None for too few interviews."""

    people: int
    flagged: Interval | None
    by_rule: Mapping[str, Interval]


def measure_load(
    interviews: Iterable[tuple[Hashable, bool, frozenset[str]]],
) -> dict[Hashable, Load]:
    """Load by place. interviews: the place, whether somebody was flagged, and by which rules."""
    people, flagged = Counter[Hashable](), Counter[Hashable]()
    rules: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for place, was_flagged, by in interviews:
        people[place] += 1
        flagged[place] += was_flagged
        rules[place].update(by)
    return {place: _load(n, flagged[place], rules[place]) for place, n in people.items()}


def _load(people: int, flagged: int, rules: Mapping[str, int]) -> Load:
    if people < FEWEST:
        return Load(people, None, {})
    shares = {rule: wilson(count, people) for rule, count in sorted(rules.items())}
    return Load(people, wilson(flagged, people), shares)

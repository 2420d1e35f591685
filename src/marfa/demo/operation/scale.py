"""How large the fictional operation is."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_SEED = 2388
DEFAULT_PEOPLE = 5_000
MOST_TALKS, MOST_CASES = 600, 180
"""However many people there are: what is told through the actions takes its time."""


@dataclass(frozen=True)
class Scale:
    """people: who came in the year. screenings, cases: of them. seed: the same seed gives the same
    people and the same stories; only keys and references differ."""

    people: int = DEFAULT_PEOPLE
    screenings: int = MOST_TALKS
    cases: int = MOST_CASES
    seed: int = DEFAULT_SEED

    @classmethod
    def of(cls, people: int, seed: int = DEFAULT_SEED) -> Scale:
        """An operation of so many people, with as many talks and cases as belong to them."""
        return cls(
            people,
            min(MOST_TALKS, people * MOST_TALKS // DEFAULT_PEOPLE),
            min(MOST_CASES, people * MOST_CASES // DEFAULT_PEOPLE),
            seed,
        )

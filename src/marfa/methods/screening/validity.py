"""Published validity and what a base rate does to it: for supervisors and method notes.

Never shown to the officer at the desk, who sees the next step. A rate here belongs to an
instrument in a setting; it is no statement about any person.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Study:
    """Published figures of an instrument in a setting; None where none was published."""

    name: str
    year: int
    setting: str
    source: str
    sensitivity: float | None = None
    specificity: float | None = None
    prevalence: float | None = None
    size: int | None = None
    cases: int | None = None


@lru_cache(maxsize=1)
def studies() -> tuple[Study, ...]:
    """The published figures that are shipped, read from abstracts."""
    text = (files("marfa.methods.screening") / "validity.toml").read_text(encoding="utf-8")
    return tuple(Study(**entry) for entry in tomllib.loads(text)["studies"])


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Of 10,000 people screened: how many are flagged, how many of those are true cases.

    Numbers of people, rounded; missed: true cases that are not flagged.
    """

    flagged: int
    true_cases: int
    missed: int
    flagged_per_true_case: float | None


def base_rate(sensitivity: float, specificity: float, prevalence: float) -> BaseRate:
    """What error rates mean at a prevalence (Bayes' rule, in natural frequencies).

    All three lie in [0, 1]; raises ValueError otherwise.
    """
    if not all(0 <= rate <= 1 for rate in (sensitivity, specificity, prevalence)):
        raise ValueError("rates lie between 0 and 1")
    true = sensitivity * prevalence
    flagged = true + (1 - specificity) * (1 - prevalence)
    return BaseRate(
        flagged=round(10_000 * flagged),
        true_cases=round(10_000 * true),
        missed=round(10_000 * (1 - sensitivity) * prevalence),
        flagged_per_true_case=flagged / true if true else None,
    )

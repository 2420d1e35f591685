"""Figures from talks. Of a small group the number is said, and nothing is worked out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from marfa.apps.screening.actions.outcomes import INDICATIONS
from marfa.apps.screening.board.interviews import Talk
from marfa.apps.screening.facts import NOT_FINISHED
from marfa.methods.screening.quality import GroupRate, Interval, Kappa, audit, kappa, wilson
from marfa.methods.screening.quality.disparity import SMALLEST

A_DAY = 24
CHILDREN = frozenset({"age_0_4", "age_5_11", "age_12_17", "child"})

GROUPS: Mapping[str, Callable[[Talk], str]] = {
    "sex": lambda talk: talk.sex,
    "age": lambda talk: age_group(talk.age_band),
}
"""By what results are held against each other. Nothing else about a person is ever here: no
nationality, no religion, no ethnicity, no origin."""

PROPERTIES: Mapping[str, Callable[[Talk], bool | None]] = {
    "reason": lambda talk: talk.gave_reason if talk.finished else None,
    "not_finished": lambda talk: not talk.finished,
    "late": lambda talk: None if talk.waited is None else talk.waited > A_DAY,
}
"""What is held against groups; None for a talk of which it cannot be said."""


def age_group(band: str) -> str:
    """``child``, ``adult`` or ``unknown``."""
    if band == "unknown":
        return "unknown"
    return "child" if band in CHILDREN else "adult"


@dataclass(frozen=True)
class Agreement:
    """rule: what the answers gave against what holds now. screeners: what two officers' talks with
    one person gave. raised, lowered: talks in which what the answers gave was changed."""

    rule: Kappa
    screeners: Kappa
    raised: int
    lowered: int


def measure_agreement(talks: Sequence[Talk]) -> Agreement:
    """How far people agree with the rule, and two screeners with each other."""
    done = [talk for talk in talks if talk.finished and talk.rule != NOT_FINISHED]
    twice = [talk for talk in done if talk.earlier != NOT_FINISHED]
    steps = [_order(talk.indication) - _order(talk.rule) for talk in done]
    return Agreement(
        kappa((talk.rule, talk.indication) for talk in done),
        kappa((talk.earlier, talk.rule) for talk in twice),
        sum(step > 0 for step in steps),
        sum(step < 0 for step in steps),
    )


def _order(indication: str) -> int:
    return INDICATIONS.index(indication)


@dataclass(frozen=True)
class Wait:
    """Hours from registration to the first question: half of a group waited no longer than
    ``median``, nine of ten no longer than ``most``. None for a group that is too small."""

    sex: str
    age: str
    people: int
    median: int | None
    most: int | None


def waiting_times(talks: Iterable[Talk]) -> list[Wait]:
    """By sex and age; who still waits is not among them."""
    hours: dict[tuple[str, str], list[int]] = defaultdict(list)
    for talk in talks:
        if talk.waited is not None:
            hours[talk.sex, age_group(talk.age_band)].append(talk.waited)
    return [
        Wait(sex, age, len(told), share_of(told, 0.5), share_of(told, 0.9))
        for (sex, age), told in sorted(hours.items())
    ]


def share_of(hours: Sequence[int], share: float) -> int | None:
    """The nearest rank: so many hours at most waited this share of a group."""
    if len(hours) < SMALLEST:
        return None
    return sorted(hours)[ceil(share * len(hours)) - 1]


@dataclass(frozen=True)
class Share:
    """Of one site or officer: talks, those finished, those of them with a reason to help, and the
    share of these with its interval; None where there are too few talks to say."""

    key: UUID | None
    talks: int
    finished: int
    reasons: int
    share: Interval | None


def outcome_shares(talks: Iterable[Talk], by: Callable[[Talk], UUID | None]) -> list[Share]:
    """By site or by officer, in no order of merit."""
    groups: dict[UUID | None, list[Talk]] = defaultdict(list)
    for talk in talks:
        groups[by(talk)].append(talk)
    return [_share(key, found) for key, found in groups.items()]


def _share(key: UUID | None, talks: Sequence[Talk]) -> Share:
    finished = sum(talk.finished for talk in talks)
    reasons = sum(talk.gave_reason for talk in talks)
    interval = wilson(reasons, finished) if finished >= SMALLEST else None
    return Share(key, len(talks), finished, reasons, interval)


@dataclass(frozen=True)
class Disparity:
    """One property by one grouping: the groups that are large enough, each against the others."""

    group: str
    property: str
    rates: tuple[GroupRate, ...]


def measure_disparities(talks: Sequence[Talk]) -> list[Disparity]:
    """Each property by each grouping."""
    return [
        Disparity(group, name, tuple(audit(_told(talks, sort, holds))))
        for group, sort in GROUPS.items()
        for name, holds in PROPERTIES.items()
    ]


def _told(
    talks: Iterable[Talk], sort: Callable[[Talk], str], holds: Callable[[Talk], bool | None]
) -> list[tuple[str, bool]]:
    return [(sort(talk), said) for talk in talks if (said := holds(talk)) is not None]

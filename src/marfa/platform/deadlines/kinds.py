"""What deadlines there are, each with its ladder: who hears of it, how long before or after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from marfa.platform.jobs.registry import NAME


@dataclass(frozen=True)
class Step:
    """A step of a ladder: a name for those who listen, and its distance from the due moment.

    after: elapsed time; negative is before the deadline.
    """

    name: str
    after: timedelta = timedelta(0)


@dataclass(frozen=True)
class DeadlineKind:
    """A kind of deadline: ``"<app>.<what>"`` and its ladder, in the order of time."""

    name: str
    ladder: tuple[Step, ...]


_kinds: dict[str, DeadlineKind] = {}


def deadline_kind(name: str, *ladder: Step) -> DeadlineKind:
    """Register a kind of deadline.

    Deadlines keep the ladder with which they were set; a change here holds for new ones.
    Raises ValueError for a name not of the form ``"<app>.<what>"``, a name that is taken by
    another ladder, or steps that are not named apart.
    """
    kind = DeadlineKind(name, tuple(sorted(ladder, key=lambda step: step.after)))
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not '<app>.<what>'")
    if len({step.name for step in ladder}) != len(ladder):
        raise ValueError(f"{name}: two steps have one name")
    if _kinds.setdefault(name, kind) != kind:
        raise ValueError(f"there is already a kind of deadline called {name}")
    return kind


def kinds_with_step(step: str) -> dict[str, timedelta]:
    """By name of the kind, how long after its moment a step of that name comes."""
    return {
        kind.name: each.after
        for kind in _kinds.values()
        for each in kind.ladder
        if each.name == step
    }

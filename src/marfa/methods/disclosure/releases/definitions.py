"""Whether the columns of two tables mean the same, so that they can be judged together."""

from __future__ import annotations

from collections.abc import Sequence

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.release import Released


def check_meaning(new: Released, others: Sequence[Released]) -> None:
    """Raises InputError where only a person can say how two tables of a population go together:
    persons in one and records in the other, other codes for "not reported", rounded figures."""
    for other in others:
        key = _difference(new, other)
        if key is not None:
            raise InputError.at(
                Message(f"methods.disclosure.releases:{key}", {"release": other.name})
            )


def check_alone(columns: Sequence[str], others: Sequence[Released]) -> None:
    """Raises InputError for a rounded table of people of whom anything else is out: together they
    can give away what each hides."""
    if others:
        raise InputError.at(
            Message("methods.disclosure.releases:beside-rounded", {"release": others[-1].name}),
            column=", ".join(columns),
        )


def _difference(one: Released, two: Released) -> str | None:
    if "round" in (one.query.get("method"), two.query.get("method")):
        return "beside-rounded"
    if one.query.get("unit") != two.query.get("unit"):
        return "other-unit"
    shared = set(one.columns) & set(two.columns)
    if not shared:
        return None
    if sorted(one.query.get("missing", ())) != sorted(two.query.get("missing", ())):
        return "other-missing"
    several = [set(each.query.get("several", ())) & shared for each in (one, two)]
    if several[0] != several[1]:
        return "other-several"
    return None

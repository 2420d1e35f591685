"""The part of a case's coded facts that tells of the help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marfa.apps.assistance.models import Help
from marfa.apps.cases.facts import Followed


def kinds_of_help(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """What kinds of help are given, and for which there is no place; from rows as they were."""
    return {
        "given": _kinds(rows, Help.State.RUNNING),
        "lacking": _kinds(rows, Help.State.NO_PLACE),
    }


def _kinds(rows: Iterable[Mapping[str, Any]], state: str) -> tuple[str, ...]:
    return tuple(sorted({row["kind"] for row in rows if row.get("state") == state}))


FOLLOWED = Followed(Help, ("kind", "state"), kinds_of_help)

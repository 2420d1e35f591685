"""The facts about samples had again: from what the revisions say of every version."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from marfa.platform.facts.kinds import History
from marfa.platform.facts.timeline import Statement
from marfa.platform.revisions.queries import revisions_of, values_at
from tests.support.sample.actions import day_of, facts_from
from tests.support.sample.models import Sample

OWNER = UUID(int=1)
"""Samples belong to nobody; their facts must belong to somebody."""


def owners(subjects: Collection[UUID]) -> Mapping[UUID, UUID]:
    return dict.fromkeys(subjects, OWNER)


def statements() -> Iterator[History]:
    for row in Sample._base_manager.order_by("note", "pk"):
        moments = dict(revisions_of(row).exclude(kind="set_aside").values_list("version", "at"))
        history = [(values_at(row, version), at) for version, at in sorted(moments.items())]
        yield row.pk, [Statement(day_of(v), at, facts_from(v)) for v, at in history]

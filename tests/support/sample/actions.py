"""Actions as an app writes them: the row, its revisions and its facts in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from marfa.platform.facts.actions import state_fact
from marfa.platform.revisions.actions import Saved, create_row, save_changes
from tests.support.sample.models import Sample, SampleFact

FIRST_DAY = date(2024, 1, 1)


def facts_from(values: Mapping[str, object]) -> dict[str, object]:
    """What a sample's values come to when they are coded."""
    steps = values["steps"]
    assert isinstance(steps, list)
    return {
        "age_band": "age_12_17" if values["urgent"] else "age_18_24",
        "is_child_until": date(2027, 5, 17) if values["urgent"] else None,
        "sex": values["sex"],
        "admin_area": None,
        "conflict_link": values["links"],
        "urgent": values["urgent"],
        "steps_taken": len(steps),
    }


def day_of(values: Mapping[str, object]) -> date:
    seen = values["seen_on"]
    return seen if isinstance(seen, date) else FIRST_DAY


def add_sample(*, actor: UUID | None = None, **values: object) -> Sample:
    row = Sample(**values)
    with transaction.atomic():
        saved = create_row(row, actor=actor, purpose="test", action="add_sample")
        _state(row, saved)
    return row


def edit_sample(
    row: Sample, *, base_version: int, changes: Mapping[str, object], actor: UUID | None = None
) -> Saved:
    with transaction.atomic():
        saved = save_changes(
            row,
            base_version=base_version,
            changes=changes,
            actor=actor,
            purpose="test",
            action="edit_sample",
        )
        if saved.changed:
            _state(row, saved)
    return saved


def _state(row: Sample, saved: Saved) -> None:
    state_fact(
        SampleFact,
        subject=row.pk,
        values=facts_from(saved.values),
        valid_from=day_of(saved.values),
        at=saved.at,
    )

"""The one review deadline of each child in a place, kept in the transaction of what changes it."""

from __future__ import annotations

from marfa.apps.alternative_care.deadlines import REVIEW, VISIT
from marfa.apps.alternative_care.models import CarePlace, Placement
from marfa.apps.alternative_care.vetting_state import CURRENT, review_due
from marfa.platform.deadlines.actions import set_deadline, withdraw_deadline
from marfa.platform.rowsecurity.ownership import owner_of


def reset_review(placement: Placement) -> None:
    """Set by when a child is looked at, as everything stands now; no later than it stood where
    something arose, since the earliest of all reasons counts."""
    if placement.state != CURRENT:
        withdraw_deadline(kind=REVIEW, subject=placement.pk)
        return
    set_deadline(
        kind=REVIEW,
        subject=placement.pk,
        due_at=review_due(placement),
        owner=owner_of(placement),
        responsible=placement.case.worker,
    )


def reset_visit(placement: Placement) -> None:
    """Set by when a child is visited."""
    if placement.state != CURRENT:
        withdraw_deadline(kind=VISIT, subject=placement.pk)
        return
    set_deadline(
        kind=VISIT,
        subject=placement.pk,
        due_at=placement.visit_by,
        owner=owner_of(placement),
        responsible=placement.case.worker,
    )


def reset_reviews_at(place: CarePlace) -> None:
    """Of every child who lives in a place, whoever may know of them."""
    rows = Placement.objects.filter(place=place, state=CURRENT)
    for row in rows.select_related("case__site", "place").order_by("pk"):
        reset_review(row)

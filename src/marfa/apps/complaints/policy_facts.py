"""A complaint as the charter sees it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from marfa.apps.complaints.models import Complaint, SealedAnswer
from marfa.safeguards.charter.resources import Resource, Value

KIND = "Complaint"


def resource_of(
    complaint: Complaint | SealedAnswer, named: Collection[UUID] | None = None
) -> Resource:
    """A complaint with the accounts that it names; None: as they are stored. What was said in
    private names nobody."""
    if isinstance(complaint, SealedAnswer):
        named = ()
    elif named is None:
        named = complaint.named.values_list("account", flat=True)
    facts: dict[str, Value] = {
        "organisation": complaint.organisation_id,
        "excluded": frozenset(named),
    }
    if complaint.site_id is not None:
        facts["site"] = complaint.site_id
    return Resource(KIND, complaint.pk, facts)

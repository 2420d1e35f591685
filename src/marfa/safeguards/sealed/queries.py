"""Questions about sealed records and requests. None of them opens anything."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.platform import clock
from marfa.safeguards.sealed.models import KeyHolder, OpeningRequest, SealedRecord


def has_keys(staff: UUID) -> bool:
    """Whether a member of staff has set up keys."""
    return KeyHolder.objects.filter(pk=staff).exists()


def held_by(staff: UUID) -> QuerySet[SealedRecord]:
    """Records of which somebody holds a share."""
    return SealedRecord.objects.filter(shares__staff=staff).order_by("-sealed_at")


def to_answer(staff: UUID) -> QuerySet[OpeningRequest]:
    """Requests of others that wait for somebody who holds a share, the oldest first."""
    return (
        _in_force(OpeningRequest.State.ASKED)
        .filter(record__shares__staff=staff)
        .exclude(asked_by=staff)
        .order_by("asked_at")
    )


def asked_by(staff: UUID) -> QuerySet[OpeningRequest]:
    """One's own requests, the newest first."""
    mine = OpeningRequest.objects.filter(asked_by=staff).select_related("record")
    return mine.order_by("-asked_at")


def requests_concerning(staff: UUID) -> QuerySet[OpeningRequest]:
    """Requests that somebody made, answered, or may answer."""
    return OpeningRequest.objects.filter(
        Q(asked_by=staff) | Q(answered_by=staff) | Q(record__shares__staff=staff)
    ).distinct()


def holders_of(record: SealedRecord) -> tuple[UUID, ...]:
    """Who holds a share of a record, in the order of their shares."""
    return tuple(record.shares.order_by("place").values_list("staff", flat=True))


def _in_force(*states: OpeningRequest.State) -> QuerySet[OpeningRequest]:
    rows = OpeningRequest.objects.filter(state__in=states, expires_at__gt=clock.now())
    return rows.select_related("record")

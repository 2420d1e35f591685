"""What two people signed for: lists of questions in live use."""

from __future__ import annotations

from django.db.models import Count, Max

from marfa.apps.screening.models import ListSignature
from marfa.methods.screening import Authorisation


def signed_papers() -> tuple[Authorisation, ...]:
    """What stands signed by two accounts and was not taken back."""
    rows = ListSignature.objects.filter(second_at__isnull=False, ended_at=None).order_by("pk")
    return tuple(_paper(row) for row in rows)


def _paper(row: ListSignature) -> Authorisation:
    assert row.second_at is not None and row.until is not None  # noqa: PT018, S101 - by the filter
    return Authorisation(
        organisation="controller",
        instrument=row.instrument,
        version=row.version,
        digest=row.digest,
        signed_by=str(row.signed_by),
        role="account",
        signed_on=row.second_at.date(),
        valid_until=row.until,
        second_signed_by=str(row.second_by),
        second_role="account",
        two_accounts=True,
    )


def signatures_changed() -> tuple[object, ...]:
    """Tells whether somebody signed or took a signature back since."""
    last = ListSignature.objects.aggregate(
        Count("pk"), Count("second_at"), Count("ended_at"), Max("second_at"), Max("ended_at")
    )
    return tuple(last.values())

"""Handing referrals over to the next worker of a case."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.cases.deadlines import hand_over_deadlines
from marfa.apps.referrals.models import Referral


def hand_over_referrals(*, case: UUID, before: UUID | None, after: UUID) -> None:
    """The deadlines of referrals of who was responsible are theirs who is now."""
    rows = Referral.objects.filter(case=case)
    hand_over_deadlines(rows.values_list("pk", flat=True), before, after)

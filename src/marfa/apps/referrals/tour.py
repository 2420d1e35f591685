"""The guided tour of protection: others are asked for a part of the help."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.tour import CASE, way_to_case
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.referrals.models import PreparedReferral, Referral
from marfa.apps.referrals.views import referrals


def _referred(user: User, since: datetime) -> bool:
    sent = Referral.objects.filter(sent_by=user.pk, sent_at__gte=since)
    prepared = PreparedReferral.objects.filter(prepared_by=user.pk, prepared_at__gte=since)
    return sent.exists() or prepared.exists()


STEPS = (
    TourStep(
        Desk.PROTECTION,
        "refer",
        _("Refer, and share the least"),
        format_lazy(
            _(
                "Under “{part}” in the case: ask another site or organisation for a part of "
                "the help. They are told only what you tick and write, so keep it to the "
                "least that they need."
            ),
            part=referrals.PART.label,
        ),
        "caseload:mine",
        (CASE, "cases:refer", "cases:referral", "cases:prepared"),
        _referred,
        place=40,
        begins=way_to_case(referrals.PART.name),
    ),
)

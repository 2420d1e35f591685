"""Concern of a supervisor: a referral that nobody answered."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.concerns import Concern
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import is_back


def came_back() -> Q:
    """Nobody answered a referral in time, and nobody has said yet what they do instead."""
    return Q(pk__in=Referral.objects.filter(is_back(), case__isnull=False).values("case"))


CONCERNS = (
    Concern(
        "came-back",
        _("A referral came back without an answer"),
        _(
            "The other side did not answer in time, and it has not been recorded what is "
            "done instead."
        ),
        came_back,
        place=90,
    ),
)

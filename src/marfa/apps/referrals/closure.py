"""Conditions of closure that referrals bring."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.closure_conditions import ClosureCondition, Obstacle
from marfa.apps.cases.models import Case
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import CHILD_PROTECTION, WAITING
from marfa.domain.message import Message

REFERRED = (Referral.State.ACCEPTED, Referral.State.FINISHED)
"""How a referral stands that the other side took up; one that waits keeps the case open."""


def find_open_referral(case: Case) -> Obstacle | None:
    """A referral that waits for an answer."""
    row = Referral.objects.filter(case=case, state__in=WAITING).order_by("due_at", "pk").first()
    if row is None:
        return None
    page = reverse("cases:referral", args=[row.reference])
    return Obstacle(Message("apps.referrals:referral-open"), page, _("Open the referral"))


def was_child_referred(case: Case) -> bool:
    """Whether others took up the protection of the child."""
    referred = Referral.objects.filter(case=case, state__in=REFERRED)
    return referred.filter(purpose=CHILD_PROTECTION).exists()


def page_to_refer_child(case: Case) -> str:
    """Where a child's protection is asked of others."""
    asked = urlencode({"kind": Referral.Kind.TRANSFER, "purpose": CHILD_PROTECTION})
    return f"{reverse('cases:refer', args=[case.reference])}?{asked}"


CONDITION = ClosureCondition(find_open_referral, was_child_referred, page_to_refer_child)

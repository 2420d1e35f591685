"""Conditions of closure that referrals bring."""

from __future__ import annotations

from marfa.apps.cases.closure_conditions import ClosureCondition
from marfa.apps.cases.models import Case
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import WAITING
from marfa.domain.message import Message

REFERRED = (Referral.State.ACCEPTED, Referral.State.FINISHED)
"""How a referral stands that the other side took up; one that waits keeps the case open."""


def find_open_referral(case: Case) -> Message | None:
    """A referral that waits for an answer."""
    if Referral.objects.filter(case=case, state__in=WAITING).exists():
        return Message("apps.referrals:referral-open")
    return None


def was_child_referred(case: Case) -> bool:
    """Whether others took up the protection of the child."""
    referred = Referral.objects.filter(case=case, state__in=REFERRED)
    return referred.filter(purpose="child_protection").exists()


CONDITION = ClosureCondition(find_open_referral, was_child_referred)

"""What has to stand before a child goes to a recipient."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.matters import AUTHORITY_UNSAFE, TRANSFER
from marfa.apps.best_interests.queries import decision_in_force
from marfa.apps.cases.models import Case
from marfa.apps.referrals.conditions import MissingDecision
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import CHILD_PROTECTION
from marfa.apps.registry.care import somebody_of
from marfa.domain.message import Message
from marfa.platform import clock


def find_missing_decision(
    case: Case, recipient: Recipient, kind: str, purpose: str
) -> MissingDecision | None:
    """A child is handed to nobody whom a decision calls unsafe; and its whole case to nobody
    without a determination. Its protection is asked of child protection without one: that is the
    duty itself, and does not wait for a panel."""
    if not somebody_of(case.person).is_child(clock.today(case.site.time_zone)):
        return None
    if decision_in_force(case.person, AUTHORITY_UNSAFE, about=recipient.pk) is not None:
        return _missing(case, "authority-is-unsafe")
    if kind != Referral.Kind.TRANSFER or purpose == CHILD_PROTECTION:
        return None
    if decision_in_force(case.person, TRANSFER, about=recipient.pk) is None:
        return _missing(case, "transfer-undecided")
    return None


def _missing(case: Case, name: str) -> MissingDecision:
    page = f"{reverse('cases:case', args=[case.reference])}#best-interests"
    return MissingDecision(Message(f"apps.best_interests:{name}"), page, _("Best interests"))

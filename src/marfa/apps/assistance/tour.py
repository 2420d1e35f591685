"""The guided tour of protection: what the person needs, and the next contact."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.assistance.models import Contact, Help, HelpTry
from marfa.apps.assistance.views import follow_up, help_part
from marfa.apps.cases.tour import CASE, way_to_case
from marfa.apps.manifest import Desk, TourStep


def _helped(user: User, since: datetime) -> bool:
    """It began at once, or there was no place, for which an interim plan is written down."""
    begun = Help.objects.filter(asked_by=user.pk, asked_at__gte=since, started_at__isnull=False)
    looked = HelpTry.objects.filter(by=user.pk, at__gte=since)
    return begun.values("pk").union(looked.values("pk")).exists()


def _planned(user: User, since: datetime) -> bool:
    return Contact.objects.filter(planned_by=user.pk, planned_at__gte=since).exists()


STEPS = (
    TourStep(
        Desk.PROTECTION,
        "help",
        _("Record what the person needs"),
        format_lazy(
            _(
                "Under “{part}” in the case: start it now. If there is no place, record how "
                "the person stays safe until there is one; the next search is then due "
                "automatically."
            ),
            part=help_part.PART.label,
        ),
        "caseload:mine",
        (CASE, "cases:help_ask", "cases:help"),
        _helped,
        place=30,
        begins=way_to_case(help_part.PART.name),
    ),
    TourStep(
        Desk.PROTECTION,
        "contact",
        _("Plan the next contact"),
        format_lazy(
            _(
                "Under “{part}” in the case: plan when to meet or contact the person next, "
                "only by a way that they called safe. What is late comes back to you under "
                "My work."
            ),
            part=follow_up.PART.label,
        ),
        "caseload:mine",
        (CASE, "cases:plan_contact"),
        _planned,
        place=50,
        begins=way_to_case(follow_up.PART.name),
    ),
)

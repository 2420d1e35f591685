"""The first step of the guided tour of reception: registering."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.registry.models import Registration


def _registered(user: User, since: datetime) -> bool:
    arrivals = Registration.objects.filter(event=Registration.Event.ARRIVAL)
    return arrivals.filter(by=user.pk, at__gte=since).exists()


STEPS = (
    TourStep(
        Desk.RECEPTION,
        "register",
        _("Register a person"),
        _(
            "Register one person, or a household on one page. Every field may be left empty: "
            "a person who says nothing is registered by a code alone and gets the same help."
        ),
        "reception:person",
        ("reception:household", "reception:check", "people:registered", "people:one_registered"),
        _registered,
        place=10,
    ),
)

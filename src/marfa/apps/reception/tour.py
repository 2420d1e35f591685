"""The step of the guided tour of reception in which somebody is seen alone."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.reception.models import PrivateConversation


def _talked(user: User, since: datetime) -> bool:
    return PrivateConversation.objects.filter(held_by=user.pk, ended_at__gte=since).exists()


STEPS = (
    TourStep(
        Desk.RECEPTION,
        "talk",
        _("Hold a private conversation"),
        _(
            "Open the queue, choose a person who is waiting, and speak with them where no "
            "one can hear you. Everyone is seen alone once, so that it says nothing about "
            "anyone."
        ),
        "queue:site",
        ("queue:entry", "queue:begin", "queue:end"),
        _talked,
        place=20,
    ),
)

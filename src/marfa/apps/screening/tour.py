"""The last steps of the guided tour of reception: beginning a talk, and how it ends."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.screening.models import HandOver, Screening

State = Screening.State
ENDED_SAFELY = (State.STOPPED, State.DECLINED, State.NOT_SAFE)
"""Nothing more was asked of somebody who did not want it, or could not speak safely."""


def _began(user: User, since: datetime) -> bool:
    """The first question was put: until every condition holds, no talk has begun."""
    talks = Screening.objects.filter(officer=user.pk, opened_at__gte=since)
    return talks.filter(asked_at__isnull=False).exists()


def _ended(user: User, since: datetime) -> bool:
    handed = HandOver.objects.filter(made_by=user.pk, made_at__gte=since)
    ended = Screening.objects.filter(officer=user.pk, closed_at__gte=since, state__in=ENDED_SAFELY)
    return handed.values("pk").union(ended.values("pk")).exists()


STEPS = (
    TourStep(
        Desk.RECEPTION,
        "begin",
        _("Begin a screening interview"),
        _(
            "Under Screening, begin an interview with the person who is first in line. Go "
            "through what must be true before the first question: if one thing is missing, "
            "nothing is asked, and no interview has begun."
        ),
        "to_screen:queue",
        ("to_screen:sit_down", "screening:conditions"),
        _began,
        place=40,
    ),
    TourStep(
        Desk.RECEPTION,
        "end",
        _("End it: hand over, or stop"),
        _(
            "End the interview and hand the person over if they agree; the page names the "
            "next step. If anyone says stop, press Stop: nothing more is asked, and help "
            "stays open."
        ),
        "to_screen:queue",
        ("screening:one", "screening:end", "screening:stop", "screening:conditions"),
        _ended,
        place=50,
    ),
)

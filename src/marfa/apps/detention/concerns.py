"""Concerns of a supervisor: who is held, and whose alarm rings."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.concerns import Concern
from marfa.apps.detention.models import GOING_ON, Detention
from marfa.apps.detention.queries import open_detentions
from marfa.platform import clock


def are_held() -> Q:
    """The person is held, or nobody knows where they are."""
    return Q(pk__in=Detention.objects.filter(state__in=GOING_ON).values("case"))


def not_looked_at() -> Q:
    """Somebody should have looked at the detention by now."""
    return Q(pk__in=open_detentions().filter(alarm_at__lte=clock.now()).values("case"))


CONCERNS = (
    Concern(
        "held",
        _("Held"),
        _("The person is held somewhere, whatever the place is called, or was lost while held."),
        are_held,
        place=5,
        by_worker=True,
    ),
    Concern(
        "detention-late",
        _("A detention is to be reviewed now"),
        _("The time has passed by which someone was to look at the detention."),
        not_looked_at,
        place=6,
    ),
)

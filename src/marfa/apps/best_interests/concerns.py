"""Concerns of a supervisor: a child for whom nobody speaks, and what was not looked at again."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models import AgencyDecision, Determination
from marfa.apps.best_interests.reviews import last_assessments, standing_determinations
from marfa.apps.cases.concerns import Concern
from marfa.platform import clock


def overdue_reviews() -> Q:
    """The day has passed on which a decision or an assessment was to be looked at again."""
    today = clock.today("UTC")
    decided = standing_determinations().filter(review_on__lt=today)
    assessed = last_assessments().filter(review_on__lt=today)
    return Q(pk__in=decided.values("case")) | Q(pk__in=assessed.values("case"))


def overdue_decisions() -> Q:
    """A panel or a second person should have decided by now."""
    now = clock.now()
    panels = Determination.objects.filter(state=Determination.State.PANEL, due_at__lte=now)
    agency = AgencyDecision.objects.filter(state=AgencyDecision.State.WAITING, due_at__lte=now)
    return Q(pk__in=panels.values("case")) | Q(pk__in=agency.values("case"))


CONCERNS = (
    Concern(
        "best-interests-review",
        _("A decision for a child was not reviewed"),
        _("The day has passed on which it was to be reviewed: nothing may rest on it any more."),
        overdue_reviews,
        place=92,
    ),
    Concern(
        "best-interests-decision",
        _("A decision for a child is late"),
        _("It was prepared, and the time for the panel or the second person has passed."),
        overdue_decisions,
        place=94,
    ),
)

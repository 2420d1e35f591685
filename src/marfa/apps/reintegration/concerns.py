"""Concerns of a supervisor: plans that nobody looked at again, steps that nobody took."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.concerns import Concern
from marfa.apps.reintegration.deadlines import CLIMBS
from marfa.apps.reintegration.models import PlanStep, RecoveryPlan
from marfa.platform import clock

RUNNING = RecoveryPlan.State.RUNNING


def overdue_reviews() -> Q:
    """The day has passed on which a plan was to be looked at with the child."""
    rows = RecoveryPlan.objects.filter(state=RUNNING, review_on__lt=clock.today("UTC"))
    return Q(pk__in=rows.values("case"))


def late_steps() -> Q:
    """A step should have been taken a week ago."""
    rows = PlanStep.objects.filter(
        state=PlanStep.State.OPEN,
        plan__state=RUNNING,
        due_on__lte=clock.today("UTC") - CLIMBS,
    )
    return Q(pk__in=rows.values("plan__case"))


CONCERNS = (
    Concern(
        "recovery-review",
        _("A recovery plan was not reviewed"),
        _("The day has passed on which it was to be reviewed with the child."),
        overdue_reviews,
        place=95,
    ),
    Concern(
        "recovery-step",
        _("A step of a recovery plan was not taken"),
        _("Its day passed a week ago, or longer."),
        late_steps,
        place=96,
    ),
)

"""Concerns of a supervisor: claims that nobody settles, visits that did not take place."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.concerns import Concern
from marfa.apps.tracing.models import ClaimedRelative, FamilyVisit
from marfa.platform import clock


def unsettled_claims() -> Q:
    """Somebody says to be a relative, and it should have been verified or refuted by now."""
    claimed = ClaimedRelative.State.CLAIMED
    return _of(ClaimedRelative.objects.filter(state=claimed, due_at__lte=clock.now()), "case")


def late_visits() -> Q:
    """A visit after a reunification should have taken place by now."""
    planned = FamilyVisit.State.PLANNED
    rows = FamilyVisit.objects.filter(state=planned, due_at__lte=clock.now())
    return _of(rows, "reunification__case")


def _of(rows: QuerySet[Any, Any], case: str) -> Q:
    return Q(pk__in=rows.values(case))


CONCERNS = (
    Concern(
        "relative-unsettled",
        _("A claimed relative is not verified"),
        _("The time to verify or refute the relationship has passed."),
        unsettled_claims,
        place=82,
    ),
    Concern(
        "family-visit-late",
        _("A visit after a reunification is late"),
        _("The planned visit should have taken place by now."),
        late_visits,
        place=83,
    ),
)

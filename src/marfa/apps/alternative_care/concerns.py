"""Concerns of a supervisor: a child with a caregiver in doubt, a review or visit that is late."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.deadlines import REVIEW, VISIT
from marfa.apps.alternative_care.models import CarePlace, Placement
from marfa.apps.alternative_care.vetting_state import CURRENT, places_in_doubt
from marfa.apps.cases.concerns import Concern
from marfa.platform.deadlines.queries import overdue_deadlines


def with_doubtful_caregiver() -> Q:
    """A child lives with a caregiver who is in doubt, or whose vetting ran out."""
    places = CarePlace.objects.filter(places_in_doubt()).values("pk")
    return Q(pk__in=Placement.objects.filter(state=CURRENT, place__in=places).values("case"))


def care_late() -> Q:
    """A review of where a child lives, or a visit there, should have been by now."""
    kinds = (REVIEW.name, VISIT.name)
    late = overdue_deadlines().filter(kind__in=kinds).order_by().values("subject")
    return Q(pk__in=Placement.objects.filter(state=CURRENT, pk__in=late).values("case"))


CONCERNS = (
    Concern(
        "caregiver-in-doubt",
        _("The caregiver is in doubt"),
        _("The child lives with a caregiver who is not vetted now, or about whom a doubt is open."),
        with_doubtful_caregiver,
        place=15,
        by_worker=True,
    ),
    Concern(
        "care-late",
        _("A review or visit in care is late"),
        _("Someone should have looked by now whether the child is safe where they live."),
        care_late,
        place=25,
    ),
)

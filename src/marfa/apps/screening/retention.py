"""Which screenings are kept as long as the person: those that found something, and those on which
something rests."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from marfa.apps.screening.models import (
    DangerStep,
    HandOver,
    OutcomeChange,
    Screening,
    ScreeningFact,
)
from marfa.safeguards.fields.retention_exceptions import Kept

INDICATIONS = ("at_risk", "presumed_victim", "reasons_only")


RESTS_ON_IT = (HandOver, OutcomeChange, DangerStep)


def with_indication() -> Q:
    """Screenings of whom a screening found something, and those after which somebody was handed
    over, the outcome was changed, or there was danger. What a single talk found is sealed: its
    urgency tells of an indication, and so do the facts of the person."""
    found = ScreeningFact.objects.filter(replaced_at=None, indication__in=INDICATIONS)
    kept = ~Q(urgency="routine") | Q(Exists(found.filter(subject=OuterRef("person"))))
    for model in RESTS_ON_IT:
        kept |= Q(Exists(model._default_manager.filter(screening=OuterRef("pk"))))
    return kept


KEPT_LONGER = (Kept(Screening, "with_record", with_indication),)

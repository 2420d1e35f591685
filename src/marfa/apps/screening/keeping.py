"""Which screenings are kept as long as the person: those that found something."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from marfa.apps.screening.models import HandOver, Screening, ScreeningFact
from marfa.safeguards.fields.longer import keep_longer

INDICATIONS = ("at_risk", "presumed_victim", "reasons_only")


def with_indication() -> Q:
    """Screenings of whom was handed over, or of whom a screening found something. What a single
    talk found is sealed, so the facts of the person are asked."""
    found = ScreeningFact.objects.filter(replaced_at=None, indication__in=INDICATIONS)
    given = HandOver.objects.filter(screening=OuterRef("pk"))
    return Q(Exists(found.filter(subject=OuterRef("person")))) | Q(Exists(given))


def register() -> None:
    """Say so, from the app's ``ready``."""
    keep_longer(Screening, "with_record", with_indication)

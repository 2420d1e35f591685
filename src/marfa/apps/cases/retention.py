"""Which cases are kept longer than others, and what is kept as long as somebody has a case."""

from __future__ import annotations

from datetime import UTC

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from marfa.apps.cases.models import Case
from marfa.apps.screening.models import Screening
from marfa.safeguards.fields.retention_exceptions import Kept


def of_a_child() -> Q:
    """Cases of whom was, or may have been, a child when they were opened: in doubt, a child."""
    opened = TruncDate("opened_at", tzinfo=UTC)
    # Their birthday itself counts: where the site is, it may still be the day before.
    young = Q(person__child_until=None) | Q(person__child_until__gte=opened)
    return young | Q(person__age_disputed=True)


def of_somebody_helped() -> Q:
    """Screenings of whom has, or had, a case that is kept."""
    return Q(Exists(Case.objects.filter(person=OuterRef("person"))))


KEPT_LONGER = (
    Kept(Case, "child_case", of_a_child),
    Kept(Screening, "with_record", of_somebody_helped),
)

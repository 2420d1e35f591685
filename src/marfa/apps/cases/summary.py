"""How urgent the open case of a person is, at the head of their page and of that of the case."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import readable_cases
from marfa.apps.cases.views.common import code_label
from marfa.apps.record_page import SummaryFact
from marfa.apps.registry.models import Person

KINDS = {"now": "urgent", "days": "due"}


def person_facts(request: HttpRequest, person: Person) -> Iterator[SummaryFact]:
    """The urgency, to whom the charter lets read the case."""
    found = readable_cases(actor_in(request)).filter(person=person, state=Case.State.OPEN)
    for case in found[:1]:
        urgency = code_label("screening_urgencies", case.urgency)
        yield SummaryFact(_("Urgency"), urgency, KINDS.get(case.urgency, ""))

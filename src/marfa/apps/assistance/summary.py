"""What the person wants first, at the head of the page of their case."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.assistance.models import Goal
from marfa.apps.cases.models import Case
from marfa.apps.record_page import SummaryFact
from marfa.apps.screening.queries import wish_for


def case_facts(request: HttpRequest, case: Case) -> Iterator[SummaryFact]:
    """The goal that was set first and is open; before there is one, what was said at the
    screening, to whom the charter lets read it."""
    goal = Goal.objects.filter(case=case, state=Goal.State.OPEN).order_by("set_at", "pk").first()
    words = goal.words if goal else wish_for(actor_in(request), case.person)
    yield SummaryFact(_("What the person wants first"), words or "", long=True)

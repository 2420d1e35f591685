"""The lists of cases: one's own, and those without a worker."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from marfa.apps.access import actor_in, at_desk
from marfa.apps.cases.case_lists import OWN
from marfa.apps.cases.queries import cases_without_worker, own_cases
from marfa.apps.form_view import form_view
from marfa.apps.list_page import A_PAGE, ListPage
from marfa.apps.manifest import Desk


@form_view
@at_desk(Desk.PROTECTION)
def caseload(request: HttpRequest) -> HttpResponseBase:
    """One's own open cases, the most urgent first, and those that wait for somebody."""
    actor = actor_in(request)
    waiting = {"nobodys": cases_without_worker(actor)[:A_PAGE]}
    return ListPage(request, OWN, own_cases(actor), "cases/caseload.html", waiting).answer()

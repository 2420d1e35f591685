"""The supervisor's board: what is late, who has too much, who was never met."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk, require_permission
from marfa.apps.cases import supervision
from marfa.apps.cases.case_lists import ASSIGN, OVERSEEN, say_responsible
from marfa.apps.cases.concerns import counted_by_worker, counted_concerns
from marfa.apps.form_view import form_view
from marfa.apps.list_page import ListPage
from marfa.apps.manifest import Desk
from marfa.apps.organisations.policy_facts import the_controller

A_PAGE = 50
"""Workers, those with the most open cases first."""
supervisors_only = require_permission("cases.oversee", the_controller)


@require_safe
@at_desk(Desk.PROTECTION)
@supervisors_only
def board(request: HttpRequest) -> HttpResponse:
    """Each concern with the number of its cases, and the caseload of each worker."""
    found = supervision.supervision_board(actor_in(request))
    loads = Paginator(found.loads, A_PAGE).get_page(request.GET.get("page"))
    context = {"concerns": found.concerns, "loads": loads, "in_hand": counted_by_worker()}
    return render(request, "cases/supervision.html", context)


@form_view
@at_desk(Desk.PROTECTION)
@supervisors_only
def concern(request: HttpRequest, name: str, holder: str = "") -> HttpResponseBase:
    """What one number of the board counts: the cases of one concern, all or those that somebody
    has in hand."""
    actor, found = actor_in(request), counted_concerns().get(name)
    whose = supervision.holder_called(actor, holder) if holder else None
    if found is None or (holder and whose is None):
        raise Http404
    rows = supervision.cases_of_concern(actor, found)
    if whose is not None:
        rows = whose.of(rows)
    return ListPage(
        request,
        OVERSEEN,
        rows,
        "cases/concern.html",
        {"concern": found, "holder": whose},
        actions=[ASSIGN],
        prepare=say_responsible,
    ).answer()

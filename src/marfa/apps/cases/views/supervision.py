"""The lists to which the numbers of the supervisor's board lead."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from marfa.apps.access import actor_in, at_desk, require_permission
from marfa.apps.cases import supervision
from marfa.apps.cases.case_lists import ASSIGN, OVERSEEN, say_responsible
from marfa.apps.cases.concerns import counted_concerns
from marfa.apps.form_view import form_view
from marfa.apps.list_page import ListPage
from marfa.apps.manifest import Desk
from marfa.apps.organisations.policy_facts import the_controller

supervisors_only = require_permission("cases.oversee", the_controller)


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

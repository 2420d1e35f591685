"""The supervisor's board: what is late, who has too much, who was never met."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.cases import supervision
from marfa.apps.cases.concerns import counted_by_worker
from marfa.apps.cases.views.supervision import supervisors_only
from marfa.apps.manifest import Desk


@require_safe
@at_desk(Desk.PROTECTION)
@supervisors_only
def board(request: HttpRequest) -> HttpResponse:
    """Each concern with the number of its cases, and the caseload of each worker."""
    found = supervision.supervision_board(actor_in(request))
    context = {
        "concerns": found.concerns,
        "loads": supervision.page_of_loads(found, request.GET.get("page")),
        "in_hand": counted_by_worker(),
    }
    return render(request, "cases/supervision.html", context)

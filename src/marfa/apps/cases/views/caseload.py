"""The lists of cases: one's own, and those without a worker."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Case as When
from django.db.models import IntegerField, Value
from django.db.models import When as Then
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.cases.models import URGENCIES
from marfa.apps.cases.queries import cases_without_worker, own_cases
from marfa.apps.manifest import Desk

A_PAGE = 50


@require_safe
@at_desk(Desk.PROTECTION)
def caseload(request: HttpRequest) -> HttpResponse:
    """One's own open cases, the most urgent first, and those that wait for somebody."""
    actor = actor_in(request)
    order = When(
        *(Then(urgency=code, then=Value(place)) for place, code in enumerate(URGENCIES)),
        output_field=IntegerField(),
    )
    rows = own_cases(actor).annotate(order=order).order_by("-order", "opened_at", "pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "cases/caseload.html",
        {"page": page, "nobodys": cases_without_worker(actor)[:A_PAGE]},
    )

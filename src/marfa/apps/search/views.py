"""The search page, and the page of notices."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from marfa.apps.access import actor_in, current_user
from marfa.apps.form_view import form_view
from marfa.apps.name_search.searchers import organisation_of
from marfa.apps.registry.lookups import TooManySearchesError
from marfa.apps.search.notices import notices_for, notices_with_names, settle_notice
from marfa.apps.search.person_search import find_people
from marfa.apps.search.results import lines_of, remarks_of, too_fast
from marfa.apps.search.terms import LONGEST, take_apart

A_PAGE = 50
TOO_MANY = 429


@form_view
def find(request: HttpRequest) -> HttpResponse:
    """One box, in any script. What is typed is sent in the body and kept nowhere."""
    current_user(request)
    actor = actor_in(request)
    if organisation_of(actor) is None:
        raise PermissionDenied
    text = request.POST.get("text", "").strip()[:LONGEST]
    values: dict[str, object] = {"text": text, "longest": LONGEST, "short": bool(text)}
    status = 200
    if take_apart(text):
        values["short"] = False
        try:
            answer = find_people(actor=actor, text=text)
            values |= {"remarks": remarks_of(answer), "lines": lines_of(answer)}
            values["searched"] = answer.building is None and not answer.names_down
        except TooManySearchesError:
            values["remarks"], status = [too_fast()], TOO_MANY
    return render(request, "search/find.html", values, status=status)


@form_view
def notices(request: HttpRequest) -> HttpResponse:
    """Who searched out of the ordinary, or would have met a protected person; for those who
    answer for it."""
    current_user(request)
    actor = actor_in(request)
    rows = notices_for(actor=actor)
    if request.method == "POST":
        row = get_object_or_404(rows, reference=request.POST.get("reference", ""))
        settle_notice(actor=actor, notice=row)
        return redirect("finding:notices")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "search/notices.html", {"page": page, "rows": notices_with_names(page, actor)}
    )

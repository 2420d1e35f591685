"""Pages of the shell itself."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import TemplateView

from marfa.apps.access import actor_in, as_known, current_user, may_open
from marfa.apps.form_pages.work import unsent_work_items
from marfa.apps.manifest import (
    Answers,
    Desk,
    WorkItem,
    WorkPart,
    desk_charts,
    desk_navigation,
    desk_of_page,
    merge_timelines,
    my_work,
    search_modules,
)
from marfa.platform import clock
from marfa.platform.disk_space import is_full
from marfa.safeguards.charter.resources import DeniedError
from marfa.web.desks import TEXTS, desks_for
from marfa.web.middleware import bare_page, refusal_page, storage_full

SHORTEST_SEARCH = 2
LONGEST_SEARCH = 100
EVENTS = 50
MOST_WAITING = 8
"""Pieces of work at the home of a desk; all stand under "My work"."""
YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My work first, then the desks."""
    user = current_user(request)
    desks = [(desk, TEXTS[desk]) for desk in desks_for(actor_in(request))]
    with as_known(request):
        work = [*my_work(user), *unsent_work_items(user)]
    context = {"work": in_parts(work), "any_work": bool(work), "desks": desks}
    return render(request, "home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Search in what the modules let this person find. What is typed is sent in the body, so
    that no name stands in an address, and searched once it is sent; only the answers are drawn
    anew."""
    typed = request.POST.get("text", "").strip()[:LONGEST_SEARCH]
    enough = len(typed) >= SHORTEST_SEARCH
    with as_known(request):
        answers = search_modules(current_user(request), typed) if enough else Answers()
    part = request.headers.get("HX-Request") == "true"
    context = {"text": typed, "answers": answers, "enough": enough, "shortest": SHORTEST_SEARCH}
    return render(request, "search_answers.html" if part else "search.html", context)


@require_safe
def happened(request: HttpRequest) -> HttpResponse:
    """What happened, newest first; ``before`` leads further back."""
    before = _moment(request.GET.get("before", "")) or clock.now()
    with as_known(request):
        events = merge_timelines(current_user(request), before, EVENTS + 1)
    shown = events[:EVENTS]
    if len(events) > EVENTS:
        # What happened in the same moment stays together, so that no page's end cuts it off.
        shown = [event for event in shown if event.at > events[-1].at] or shown
    further = shown[-1].at if len(shown) < len(events) else None
    return render(request, "timeline.html", {"events": shown, "further": further})


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Turn the keyboard's shortcuts off, or on again, in this browser."""
    back = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    response = redirect(back if allowed else "home")
    if request.POST.get("shortcuts") == "off":
        response.set_cookie(
            settings.SHORTCUTS_COOKIE_NAME,
            "off",
            max_age=YEAR,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.SHORTCUTS_COOKIE_NAME)
    return response


class DeskPage(TemplateView):
    """The home of one desk: what waits there, its tools with how much waits behind each, and
    charts. The address says who may open it."""

    template_name = "desk.html"
    desk = Desk.ADMINISTRATION

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = actor_in(self.request)
        items = [item for item in desk_navigation(self.desk) if may_open(actor, item.url_name)]
        with as_known(self.request):
            waits = [item for item in my_work(current_user(self.request)) if self._is_here(item)]
            tools = [(item, item.waits(actor)) for item in items]
            charts = desk_charts(self.desk, actor)
        return super().get_context_data(
            desk=self.desk,
            text=TEXTS[self.desk],
            work=in_parts(waits[:MOST_WAITING]),
            more=max(0, len(waits) - MOST_WAITING),
            items=tools,
            charts=charts,
            **kwargs,
        )

    def _is_here(self, item: WorkItem) -> bool:
        """Whether work is done on a page of this desk."""
        try:
            view = resolve(urlsplit(item.url).path).view_name
        except Resolver404:
            return False
        return f"/desks/{self.desk}/" in item.url or desk_of_page(view, [self.desk]) is not None


def in_parts(items: Iterable[WorkItem]) -> list[tuple[WorkPart, list[WorkItem]]]:
    """Work by the parts in which it stands now, in their order."""
    held = list(items)
    return [(part, [item for item in held if item.part is part]) for part in WorkPart]


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For the one who watches the server: it answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A view that refuses what the charter refused to it names the rule, where that may be said."""
    denied = exception.__context__ if exception is not None else None
    if isinstance(denied, DeniedError) and denied.decision.by_rule:
        return refusal_page(request, denied.decision)
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Of any failure, also one outside every view: whose session it is, is asked of the database
    before a view is, and stored after it."""
    error = sys.exc_info()[1]
    if is_full(error, settings.FOLDER.path):
        return storage_full()
    return HttpResponse(bare_page("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)

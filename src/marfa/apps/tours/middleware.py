"""Looks whether the page that is asked for shows a tour."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from marfa.apps.access import actor_in
from marfa.apps.accounts.models import User
from marfa.apps.tours.panel import panel_on

Handler = Callable[[HttpRequest], HttpResponse]


class Guided:
    """``request.tour``: what the page shows of a tour, or None.

    What was done is remembered when a page of the tour is opened, before it is drawn. After a form
    was sent it is looked at only where a page is drawn in answer, and is remembered with the next.
    It stands behind the check of who asks, within the rows that they may see.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handle(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not isinstance(request.user, User):
            return None
        show = partial(panel_on, match.view_name, user=request.user, actor=actor_in(request))
        if request.method == "GET":
            request.tour = show(remember=True)  # type: ignore[attr-defined]
        elif request.method == "POST":
            request.tour = SimpleLazyObject(show)  # type: ignore[attr-defined]
        return None

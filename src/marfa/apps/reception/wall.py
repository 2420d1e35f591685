"""The screen on the wall: it shows tickets, and nothing else can be opened from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from marfa.apps.accounts.sign_in import sign_user_out
from marfa.apps.organisations.models import Site

Handler = Callable[[HttpRequest], HttpResponse]
WALL, BOARD = "wall", "queue:board"


def put_on_the_wall(request: HttpRequest, site: Site) -> None:
    """From now on this session shows the tickets of a site alone, until it ends."""
    request.session[WALL] = site.reference
    request.session.cycle_key()


def on_the_wall(request: HttpRequest) -> str | None:
    """The site whose tickets this session shows; None where it is the session of somebody at
    work."""
    return request.session.get(WALL)


class OnlyTickets:
    """Ends a session that is on the wall at the first page of another kind that is asked for:
    whoever stands before the screen comes to the sign-in, not to people's names."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handle(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if on_the_wall(request) is None or not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        if match is not None and match.view_name == BOARD and request.method != "POST":
            return None
        sign_user_out(request)
        return redirect("accounts:sign_in")

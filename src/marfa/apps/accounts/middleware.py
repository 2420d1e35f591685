"""A session goes on only while its row does."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse

from marfa.apps.accounts.entering import SESSION
from marfa.apps.accounts.models import User
from marfa.apps.accounts.sessions import live

Handler = Callable[[HttpRequest], HttpResponse]
ENDED = "ended"


def live_sessions(handle: Handler) -> Handler:
    """Ask for the row of each signed-in request, so that revoking, blocking and idleness bite at
    the next one. A session without a row, or with another user's, is none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and not _goes_on(request):
            logout(request)
            request.session[ENDED] = True
        return handle(request)

    return middleware


def _goes_on(request: HttpRequest) -> bool:
    if not isinstance(request.user, User):
        return False
    key = request.session.get(SESSION)
    row = live(key, request.user.pk) if key else None
    setattr(request, SESSION, row)
    return row is not None

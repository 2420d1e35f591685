"""A session goes on only while its row does."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.accounts.sessions import resume_session
from marfa.apps.accounts.sign_in import SESSION

Handler = Callable[[HttpRequest], HttpResponse]
ENDED = "ended"
WHOSE = "whose_ended"
KEPT = "late_form_kept"


def live_sessions(handle: Handler) -> Handler:
    """Ask for the row of each signed-in request, so that revoking, blocking and idleness bite at
    the next one. A session without a row, or with another user's, is none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and not _goes_on(request):
            whose = _whose(request.session.get(SESSION))
            logout(request)
            request.session[ENDED] = True
            if whose is not None:
                request.session[WHOSE] = str(whose)
        return handle(request)

    return middleware


def _goes_on(request: HttpRequest) -> bool:
    if not isinstance(request.user, User):
        return False
    key = request.session.get(SESSION)
    row = resume_session(key, request.user.pk) if key else None
    setattr(request, SESSION, row)
    return row is not None


def ended_user(request: HttpRequest) -> UUID | None:
    """Whose session ended in this browser, where nobody has signed in or out since. What the
    browser says is not asked: it stands in the session that followed, or in the one that is over
    and that its cookie still names."""
    whose = request.session.get(WHOSE)
    if whose is not None:
        return UUID(whose)
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    stored = Session.objects.filter(session_key=cookie).first() if cookie else None
    return _whose(stored.get_decoded().get(SESSION)) if stored else None


def _whose(session: str | None) -> UUID | None:
    """Whose session a row was; None where they left it themselves or may not come in any more."""
    if not session:
        return None
    left = [OpenSession.Ended.LEFT, OpenSession.Ended.BLOCKED]
    rows = OpenSession.objects.filter(pk=session, user__is_active=True).exclude(ended_by__in=left)
    return rows.values_list("user_id", flat=True).first()

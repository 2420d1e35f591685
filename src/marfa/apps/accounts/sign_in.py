"""The way in: a first proof, a second one where there is one, and then a session.

Until both are there nobody is signed in: what is known of a person half-way stands in their
session for a few minutes and opens nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from marfa.apps.accounts.factors import has_factor
from marfa.apps.accounts.log_entries import log_account_event
from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.accounts.next_page import local_path, path_after_sign_in
from marfa.apps.accounts.sessions import end_sessions, open_session
from marfa.platform import clock
from marfa.safeguards.actions import together

BACKEND = "marfa.apps.accounts.backend.LinkBackend"
SESSION = "open_session"
HALF_WAY = "half_way"
HALF_WAY_FOR = timedelta(minutes=10)
YEAR = 365 * 24 * 3600

EnteredBy = OpenSession.EnteredBy


def after_first_proof(
    request: HttpRequest, user: User, entered_by: OpenSession.EnteredBy, going_to: str = ""
) -> HttpResponse:
    """Lead on a user who used a link or gave their password: to their second factor, or in."""
    if not has_factor(user):
        return sign_user_in(request, user, entered_by, going_to=going_to)
    sign_user_out(request)
    request.session.set_expiry(HALF_WAY_FOR)
    request.session[HALF_WAY] = {
        "user": str(user.pk),
        "stamp": user.get_session_auth_hash(),
        "entered_by": entered_by.value,
        "at": clock.now().isoformat(),
        "next": local_path(going_to),
    }
    return redirect("accounts:second")


class HalfWay:
    """Somebody who gave a first proof and whose second is waited for."""

    def __init__(self, user: User, entered_by: OpenSession.EnteredBy, going_to: str) -> None:
        self.user = user
        self.entered_by = entered_by
        self.going_to = going_to


def half_way(request: HttpRequest) -> HalfWay | None:
    """Who is half-way in at this browser, if it was minutes ago and nothing changed since."""
    kept = request.session.get(HALF_WAY)
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) >= HALF_WAY_FOR:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["stamp"], user.get_session_auth_hash()):
        return None
    return HalfWay(user, EnteredBy(kept["entered_by"]), kept["next"])


def sign_user_in(
    request: HttpRequest,
    user: User,
    entered_by: OpenSession.EnteredBy,
    *,
    factor: bool = False,
    going_to: str = "",
) -> HttpResponse:
    """Begin a session for a user and greet them in their language."""
    sign_user_out(request)  # whoever was here before takes nothing of theirs along
    login(request, user, backend=BACKEND)
    agent = request.headers.get("User-Agent", "")
    with together():
        row = open_session(user=user, entered_by=entered_by, agent=agent, factor=factor)
        log_account_event("accounts.signed_in", user=user, by=entered_by.value, factor=factor)
    request.session[SESSION] = str(row.pk)
    response = redirect(path_after_sign_in(going_to))
    if user.language:
        keep_language(response, user.language)
    return response


def sign_user_out(request: HttpRequest) -> None:
    """End the session of this browser, whoever's it is."""
    session = session_of(request)
    if session is not None:
        mine = OpenSession.objects.filter(pk=session.pk)
        end_sessions(sessions=mine, by=OpenSession.Ended.LEFT)
        log_account_event("accounts.signed_out", user=session.user)
    logout(request)


def session_of(request: HttpRequest) -> OpenSession | None:
    """The row of the session that a request belongs to."""
    found: OpenSession | None = getattr(request, SESSION, None)
    return found


def current_user(request: HttpRequest) -> User:
    """Who is signed in; raises PermissionDenied where nobody is."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def keep_language(response: HttpResponse, code: str) -> None:
    """Have the browser remember the language of the pages."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )

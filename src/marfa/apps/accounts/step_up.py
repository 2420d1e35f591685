"""Step-up: what is grave is done only by who has just proved a second factor again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from marfa.apps.accounts.sign_in import session_of
from marfa.platform import clock

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
FRESH = timedelta(seconds=300)


def stepped_up_at(request: HttpRequest) -> datetime | None:
    """When a second factor was last proved in the session of a request; for ``actor_of``."""
    session = session_of(request)
    return session.factor_at if session else None


def is_fresh(request: HttpRequest) -> bool:
    """Whether that was less than five minutes ago."""
    at = stepped_up_at(request)
    return at is not None and timedelta(0) <= clock.now() - at < FRESH


def to_step_up(going_to: str) -> HttpResponse:
    """To the page that asks for the factor again and then leads on."""
    return redirect(f"{reverse('accounts:step_up')}?{urlencode({'next': going_to})}")


def step_up_first(view: View) -> View:
    """A view that only opens after a fresh proof.

    Put it on the page with the form too: who sends a form after more than five minutes is led
    to the proof and back to the page, and what the form held was not done.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return to_step_up(_page_of(request))

    return asked  # type: ignore[return-value]


def _page_of(request: HttpRequest) -> str:
    """The page that a request is for, or from which its form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    from_page = urlsplit(request.headers.get("Referer", ""))
    return from_page.path if from_page.netloc == request.get_host() else ""


def open_before_factor(view: View) -> View:
    """A view that is open to who has no second factor yet: the pages on which it is set up."""
    view.open_before_factor = True  # type: ignore[attr-defined]
    return view

"""Nobody with a role works before they have proved a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from marfa.apps.accounts.factors import has_factor
from marfa.apps.accounts.models import User
from marfa.apps.accounts.sign_in import session_of
from marfa.apps.accounts.step_up import to_step_up
from marfa.apps.manifest import needs_factor

Handler = Callable[[HttpRequest], HttpResponse]


class SecondFactorFirst:
    """Leads whoever needs a second factor, and has not proved one in this session, to the pages
    on which it is set up. Closed to them is every view that does not say that it is open.

    A demonstration asks for none: everything in it is fictional.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handle(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if settings.DEMONSTRATION or not isinstance(request.user, User):
            return None
        if not getattr(view, "login_required", True) or getattr(view, "open_before_factor", False):
            return None
        session = session_of(request)
        if session is not None and session.factor_at is not None:
            return None
        if has_factor(request.user):
            return to_step_up(request.path if request.method == "GET" else "")
        return redirect("accounts:security") if needs_factor(request.user) else None

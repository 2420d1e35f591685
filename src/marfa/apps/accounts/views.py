"""Coming in, going out, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marfa.apps.accounts.actions import choose_language, use_sign_in_link
from marfa.apps.accounts.models import User
from marfa.apps.accounts.queries import link_is_good
from marfa.domain.catalogue import LANGUAGES

BACKEND = "marfa.apps.accounts.backend.LinkBackend"
GONE = 410
YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """How to come in; in a demonstration, one button for each desk's fictional user."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "accounts/sign_in.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Opening a link asks, pressing the button signs in: a preview must not use the link up."""
    if request.method != "POST":
        good = link_is_good(secret)
        return render(request, "accounts/link.html", {"good": good}, status=200 if good else GONE)
    user = use_sign_in_link(secret=secret)
    if user is None:
        return render(request, "accounts/link.html", {"good": False}, status=GONE)
    return enter(request, user)


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Begin a session for a user and greet them in their language."""
    logout(request)  # whoever was here before takes nothing of theirs along
    login(request, user, backend=BACKEND)
    response = redirect("home")
    if user.language:
        _keep_language(response, user.language)
    return response


@login_not_required
@csrf_exempt  # the cookie is SameSite, so nobody else can do it; a stale page must still lock
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and have the browser forget what it kept of it."""
    logout(request)
    response = redirect("accounts:sign_in")
    response["Clear-Site-Data"] = '"cache"'
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and come back to the same page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("home")
    response = redirect(back)
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        if isinstance(request.user, User):
            choose_language(user=request.user, language=chosen)
        _keep_language(response, chosen)
    return response


def _keep_language(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )

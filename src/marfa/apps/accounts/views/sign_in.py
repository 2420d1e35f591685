"""Coming in, going out, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from marfa.apps.accounts.actions import choose_language, use_sign_in_link
from marfa.apps.accounts.device_handover import open_when_handed
from marfa.apps.accounts.limits import LINK, PASSWORD, SOURCE, source_of
from marfa.apps.accounts.log_entries import log_refused_sign_in
from marfa.apps.accounts.middleware import ENDED, KEPT
from marfa.apps.accounts.models import User, username_key
from marfa.apps.accounts.next_page import asked_for, path_after_sign_in
from marfa.apps.accounts.passwords import user_with_password
from marfa.apps.accounts.queries import link_is_good
from marfa.apps.accounts.sign_in import EnteredBy, after_first_proof, keep_language, sign_user_out
from marfa.domain.catalogue import LANGUAGES
from marfa.platform.limits.limiter import give_attempts_back, spend_attempt

GONE = 410
FORBIDDEN = 403
TOO_MANY = 429


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """How to come in: a passkey, or name and password; in a demonstration, one button a desk."""
    going_to = asked_for(request)
    if request.user.is_authenticated:
        return redirect(path_after_sign_in(going_to))
    if request.method == "POST":
        return _by_password(request, going_to)
    values = {
        "next": going_to,
        "ended": request.session.pop(ENDED, False),
        "kept": request.session.pop(KEPT, False),
    }
    return render(request, "accounts/sign_in.html", values)


def _by_password(request: HttpRequest, going_to: str) -> HttpResponse:
    """One answer for an unknown name, a wrong password, a blocked user and too many attempts,
    after the same work."""
    name, source = request.POST.get("username", ""), source_of(request)
    if not spend_attempt(SOURCE, source):
        return render(request, "accounts/too_many.html", status=TOO_MANY)
    key = username_key(name.strip())
    allowed = spend_attempt(PASSWORD, key, source)
    user = user_with_password(name, request.POST.get("password", ""))
    if user is None or not allowed:
        log_refused_sign_in("password", User.objects.filter(username_key=key).first())
        values = {"next": going_to, "wrong": True, "username": name}
        return render(request, "accounts/sign_in.html", values, status=FORBIDDEN)
    give_attempts_back(PASSWORD, key, source)
    return after_first_proof(request, user, EnteredBy.PASSWORD, going_to)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Opening a link asks, pressing the button signs in: a preview must not use the link up."""
    if not spend_attempt(LINK, source_of(request)):
        return render(request, "accounts/too_many.html", status=TOO_MANY)
    if request.method != "POST":
        good = link_is_good(secret)
        return render(request, "accounts/link.html", {"good": good}, status=200 if good else GONE)
    user = use_sign_in_link(secret=secret)
    if user is None:
        return render(request, "accounts/link.html", {"good": False}, status=GONE)
    return after_first_proof(request, user, EnteredBy.LINK)


@login_not_required
@open_when_handed
@csrf_exempt  # the cookie is SameSite, so nobody else can do it; a stale page must still lock
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and have the browser forget what it kept of it."""
    sign_user_out(request)
    response = redirect("accounts:sign_in")
    response["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(settings.SEALED_COOKIE_NAME, samesite="Strict")
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and come back to the same page."""
    response = redirect(path_after_sign_in(request.POST.get("next", "")))
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        if isinstance(request.user, User):
            choose_language(user=request.user, language=chosen)
        keep_language(response, chosen)
    return response

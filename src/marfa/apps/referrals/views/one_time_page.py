"""The page of a referral that opens once, for whoever holds its link and code.

It needs no cookie, so there is none with which somebody else could act: what is sent carries the
secret in its address and the code in its body. Its address is told to no other page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from marfa.apps.form_view import FormPage, form_view
from marfa.apps.referrals.actions.one_time_page import (
    CODES,
    answer_page,
    code_fits,
    digest_of,
    open_once,
    page_of,
)
from marfa.apps.referrals.models import ReferralPage
from marfa.apps.referrals.packages import shown_of
from marfa.domain.message import InputError
from marfa.platform.limits.limiter import spend_attempt
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault

GONE, WRONG, TOO_MANY = 410, 422, 429
View = Callable[..., HttpResponse]


def _told_to_nobody(view: View) -> View:
    """No address of it in a referrer, in a cache or in an index."""

    @wraps(view)
    def answered(request: HttpRequest, secret: str) -> HttpResponse:
        response = view(request, secret)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


@login_not_required
@csrf_exempt  # there is no session to act in; the secret and the code are what is asked for
@form_view
@_told_to_nobody
def once(request: HttpRequest, secret: str) -> HttpResponse:
    """Opening the link asks for the code and uses nothing up; the code shows it once."""
    with every_organisation():
        page = page_of(secret)
        if page is None:
            return _page(request, "over", status=GONE)
        if request.method != "POST":
            return _page(request, "over" if page.opened_at else "ask", status=_gone(page))
        if not spend_attempt(CODES, digest_of(secret)):
            return _page(request, "ask", {"code": _("Too many attempts. Wait a minute.")}, TOO_MANY)
        try:
            fits = code_fits(page, request.POST.get("code", ""))
        except InputError as error:
            return _asked(request).shown(error)
        if not fits:
            return _page(request, "ask", {"code": _("This code is not correct.")}, WRONG)
        if request.POST.get("do") == "open":
            return _open(request, page)
        return _answer(request, page)


def _gone(page: ReferralPage) -> int:
    return GONE if page.opened_at else 200


def _open(request: HttpRequest, page: ReferralPage) -> HttpResponse:
    if not open_once(page):
        return _page(request, "over", status=GONE)
    # The page names the zone of its times, also where the browser is signed in here.
    with open_vault(), timezone.override(UTC):
        code = request.POST.get("code", "")
        values = {**shown_of(page.referral), "code": code, "typed": {}, "wrong": {}}
        return render(request, "referrals/once_shown.html", values)


def _answer(request: HttpRequest, page: ReferralPage) -> HttpResponse:
    do = request.POST.get("do", "")
    if do not in ("accept", "decline", "ask"):
        raise SuspiciousOperation
    text, code = request.POST.get("text", ""), request.POST.get("code", "")

    def answer() -> HttpResponse:
        answer_page(page=page, answer=do, text=text)
        return _page(request, "done")

    return FormPage(request, "referrals/once_again.html", context={"code": code}).answer(answer)


def _asked(request: HttpRequest) -> FormPage:
    return FormPage(request, "referrals/once.html", context={"state": "ask"}, places={"": "code"})


def _page(
    request: HttpRequest, state: str, wrong: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    values = {"state": state, "wrong": wrong or {}, "typed": request.POST}
    return render(request, "referrals/once.html", values, status=status)

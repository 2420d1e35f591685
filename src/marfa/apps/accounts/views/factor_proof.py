"""Pages on which a second factor is proved: on the way in, and again before what is grave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from marfa.apps.accounts import passkeys, sessions
from marfa.apps.accounts.device_handover import handed_page, open_when_handed, taken_back
from marfa.apps.accounts.factors import factors_of
from marfa.apps.accounts.limits import CODE, RECOVERY
from marfa.apps.accounts.log_entries import log_account_event, log_refused_sign_in
from marfa.apps.accounts.models import User
from marfa.apps.accounts.next_page import asked_for, path_after_sign_in
from marfa.apps.accounts.one_time_codes import recovery_codes_left, use_code, use_recovery_code
from marfa.apps.accounts.sign_in import EnteredBy, current_user, half_way, session_of, sign_user_in
from marfa.apps.accounts.step_up import open_before_factor
from marfa.platform.limits.limiter import give_attempts_back, spend_attempt

FORBIDDEN = 403
QUESTION = "passkey"
ANONYMOUS_FOR = 600


def origin_of(request: HttpRequest) -> str:
    """The origin that passkeys are bound to: the one of the settings, else this machine's own."""
    return settings.MARFA.origin or f"{request.scheme}://{request.get_host()}"


def send_challenge(request: HttpRequest, asked: passkeys.PasskeyRequest) -> JsonResponse:
    """Put a question to the browser, and keep it for the one answer."""
    request.session[QUESTION] = asked.kept
    return JsonResponse(asked.options)


def pop_challenge(request: HttpRequest) -> dict[str, Any] | None:
    """The question that this session was asked last; it is taken out."""
    found: dict[str, Any] | None = request.session.pop(QUESTION, None)
    return found


@login_not_required
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """The question for whoever wants to come in by a passkey."""
    if not request.user.is_authenticated:
        request.session.set_expiry(ANONYMOUS_FOR)
    return send_challenge(request, passkeys.ask_to_prove(origin=origin_of(request)))


@login_not_required
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Come in by a passkey, which is both factors in one."""
    going_to = asked_for(request)
    try:
        user = passkeys.prove_passkey(
            origin=origin_of(request),
            kept=pop_challenge(request),
            answer=request.POST.get("answer", ""),
        )
    except passkeys.RefusedError as error:
        log_refused_sign_in("passkey", error.user)
        values = {"next": going_to, "passkey_refused": True}
        return render(request, "accounts/sign_in.html", values, status=FORBIDDEN)
    return sign_user_in(request, user, EnteredBy.PASSKEY, factor=True, going_to=going_to)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody who gave a first proof."""
    waiting = half_way(request)
    if waiting is None:
        return redirect("accounts:sign_in")
    wrong = False
    if request.method == "POST":
        if code_fits(waiting.user, request.POST):
            return sign_user_in(
                request,
                waiting.user,
                waiting.entered_by,
                factor=True,
                going_to=waiting.going_to,
            )
        wrong = True
    values = {"factors": factors_of(waiting.user), "wrong": wrong, "next": waiting.going_to}
    return render(request, "accounts/second.html", values, status=FORBIDDEN if wrong else 200)


def code_fits(user: User, sent: Any, *, recovery: bool = True) -> bool:
    """Whether the one-time code, or else the recovery code, that was sent is right; uses it up."""
    code, spare = sent.get("code", "").strip(), sent.get("recovery", "").strip()
    if code:
        return _limited(CODE, user, code, use_code)
    return bool(spare) and recovery and _limited(RECOVERY, user, spare, use_recovery_code)


def _limited(limit: Any, user: User, code: str, use: Any) -> bool:
    if not spend_attempt(limit, str(user.pk)) or not use(user=user, code=code):
        log_refused_sign_in(limit.name.rpartition(".")[2], user)
        return False
    give_attempts_back(limit, str(user.pk))
    if limit is RECOVERY:
        log_account_event("accounts.recovery_used", user=user, left=recovery_codes_left(user))
    return True


@open_before_factor
@open_when_handed
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Prove the second factor again, and go on. In a demonstration, where nobody has one, a
    button is enough."""
    user, going_to = current_user(request), asked_for(request)
    factors = factors_of(user)
    easy = settings.DEMONSTRATION and not factors.second
    if not factors.second and not easy:
        return redirect("accounts:security")
    wrong = False
    if request.method == "POST":
        if easy or code_fits(user, request.POST, recovery=False):
            return _stepped_up(request, going_to)
        wrong = True
    values = {"factors": factors, "easy": easy, "wrong": wrong, "next": going_to}
    return _ask_again(request, values, status=FORBIDDEN if wrong else 200)


@open_before_factor
@open_when_handed
@require_POST
def step_up_options(request: HttpRequest) -> HttpResponse:
    """The question to the passkeys of the person who is signed in."""
    user = current_user(request)
    return send_challenge(request, passkeys.ask_to_prove(origin=origin_of(request), user=user))


@open_before_factor
@open_when_handed
@require_POST
def step_up_passkey(request: HttpRequest) -> HttpResponse:
    """Prove a passkey again, one of the person who is signed in."""
    user, going_to = current_user(request), asked_for(request)
    question, answer = pop_challenge(request), request.POST.get("answer", "")
    try:
        passkeys.prove_passkey(origin=origin_of(request), kept=question, answer=answer, user=user)
    except passkeys.RefusedError:
        log_refused_sign_in("passkey", user)
        values = {"factors": factors_of(user), "passkey_refused": True, "next": going_to}
        return _ask_again(request, values, status=FORBIDDEN)
    return _stepped_up(request, going_to)


def _ask_again(request: HttpRequest, values: dict[str, Any], *, status: int) -> HttpResponse:
    values |= {"handed": handed_page(request)}
    return render(request, "accounts/step_up.html", values, status=status)


def _stepped_up(request: HttpRequest, going_to: str) -> HttpResponse:
    session = session_of(request)
    if session is not None:
        sessions.prove_factor(session=session)
        log_account_event("accounts.stepped_up", user=session.user)
    taken_back(request)
    request.session.cycle_key()
    return redirect(path_after_sign_in(going_to))

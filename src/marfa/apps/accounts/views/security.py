"""A person's own factors and sessions: seeing, adding, taking away, ending.

Somebody without a second factor sets up the first one here. Once there is one, every change
asks for a fresh proof of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marfa.apps.accounts import passkeys, passwords, sessions
from marfa.apps.accounts.factors import factors_of, has_factor, new_stamp, remove_factor
from marfa.apps.accounts.log_entries import log_account_event
from marfa.apps.accounts.models import Authenticator, OpenSession, Passkey, User
from marfa.apps.accounts.one_time_codes import (
    begin_authenticator,
    confirm_authenticator,
    make_recovery_codes,
    seed_of,
)
from marfa.apps.accounts.sign_in import current_user, session_of
from marfa.apps.accounts.step_up import open_before_factor, step_up_first
from marfa.apps.accounts.views.factor_proof import (
    FORBIDDEN,
    origin_of,
    pop_challenge,
    send_challenge,
)
from marfa.apps.manifest import needs_factor
from marfa.apps.problems import problem_sentences
from marfa.crypto.totp import provisioning_uri, seed_text
from marfa.domain.message import InputError
from marfa.safeguards.actions import together

View = Callable[..., HttpResponse]


def for_setting_up(view: View) -> View:
    """Open to who sets up a first factor; to everybody else after a fresh proof."""
    guarded = step_up_first(view)

    @wraps(view)
    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        open_now = not has_factor(current_user(request))
        return (view if open_now else guarded)(request, *args, **kwargs)

    return open_before_factor(chosen)


@open_before_factor
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What I can sign in with."""
    return _page(request)


def _page(request: HttpRequest, *, error: InputError | None = None) -> HttpResponse:
    user = current_user(request)
    values = {
        "factors": factors_of(user),
        "needed": needs_factor(user) and not settings.DEMONSTRATION,
        "error": " ".join(problem_sentences(error).values()) if error else "",
    }
    return render(request, "accounts/security.html", values, status=FORBIDDEN if error else 200)


def _end_others(request: HttpRequest, user: User) -> None:
    """Nobody who came in before, or is half-way in, goes on with what has just changed."""
    with together():
        new_stamp(user=user)
        sessions.end_all_of(user=user, by=OpenSession.Ended.CHANGED, but=session_of(request))
    update_session_auth_hash(request, user)


def _enrolled(request: HttpRequest, user: User, kind: str, *, first: bool) -> HttpResponse:
    """After a factor was added: it was proved by that. The first brings recovery codes."""
    log_account_event("accounts.factor_added", user=user, kind=kind, first=first)
    session = session_of(request)
    if session is not None:
        sessions.prove_factor(session=session)
    if first:
        # Whoever else came in before there was a second factor comes in again with it.
        _end_others(request, user)
        codes = make_recovery_codes(user=user)
        return render(request, "accounts/recovery_codes.html", {"codes": codes, "first": True})
    request.session.cycle_key()
    return redirect("accounts:security")


@for_setting_up
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey under a name of one's own."""
    user = current_user(request)
    if request.method != "POST":
        return render(request, "accounts/add_passkey.html", {})
    first, name = not has_factor(user), request.POST.get("name", "")
    question, answer = pop_challenge(request), request.POST.get("answer", "")
    problem, refused = "", False
    try:
        passkeys.register_passkey(
            user=user, name=name, origin=origin_of(request), kept=question, answer=answer
        )
    except InputError as error:
        problem = " ".join(problem_sentences(error).values())
    except passkeys.RefusedError:
        refused = True
    else:
        return _enrolled(request, user, "passkey", first=first)
    values = {"name": name, "problem": problem, "passkey_refused": refused}
    return render(request, "accounts/add_passkey.html", values, status=FORBIDDEN)


@for_setting_up
@require_POST
def add_passkey_options(request: HttpRequest) -> HttpResponse:
    """The question that makes a new passkey."""
    user = current_user(request)
    return send_challenge(request, passkeys.ask_to_register(user=user, origin=origin_of(request)))


@step_up_first
@require_POST
def remove_passkey(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one of my passkeys away."""
    user = current_user(request)
    found = user.passkeys.filter(reference=reference).first()
    return _remove(request, user, found)


@for_setting_up
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: HttpRequest) -> HttpResponse:
    """Add an authenticator app: scan, then show that it works."""
    user, wrong = current_user(request), False
    waiting = user.authenticators.filter(confirmed_at=None).order_by("-made_at").first()
    if request.method == "POST" and waiting:
        first = not has_factor(user)
        if confirm_authenticator(authenticator=waiting, code=request.POST.get("code", "")):
            return _enrolled(request, user, "authenticator", first=first)
        wrong = True
    elif request.method != "HEAD" or not waiting:
        waiting = begin_authenticator(user=user)
    values = {**_shown(waiting, user), "wrong": wrong}
    return render(request, "accounts/add_app.html", values, status=FORBIDDEN if wrong else 200)


def _shown(authenticator: Authenticator, user: User) -> dict[str, str]:
    """The seed as a picture and as text; both are on this one page and nowhere else."""
    seed = seed_of(authenticator)
    issuer = settings.MARFA.title or "Workspace"
    uri = provisioning_uri(seed, account=user.username, issuer=issuer)
    drawn = segno.make(uri, error="m").svg_inline(scale=4, border=2, svgclass=None, lineclass=None)
    text = seed_text(seed)
    return {
        "picture": mark_safe(drawn),  # noqa: S308 - lines that the library drew
        "typed": " ".join(text[at : at + 4] for at in range(0, len(text), 4)),
    }


@step_up_first
@require_POST
def remove_app(request: HttpRequest) -> HttpResponse:
    """Take my authenticator app away."""
    user = current_user(request)
    return _remove(request, user, factors_of(user).authenticator)


def _remove(
    request: HttpRequest, user: User, factor: Passkey | Authenticator | None
) -> HttpResponse:
    if factor is None:
        raise Http404
    try:
        with together():
            remove_factor(user=user, factor=factor)
            log_account_event(
                "accounts.factor_removed", user=user, kind=type(factor).__name__.lower()
            )
    except InputError as error:
        return _page(request, error=error)
    _end_others(request, user)
    return redirect("accounts:security")


@step_up_first
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones, shown once."""
    user = current_user(request)
    if not has_factor(user):
        return redirect("accounts:security")
    if request.method != "POST":
        left = factors_of(user).recovery_codes
        return render(request, "accounts/recovery.html", {"left": left})
    with together():
        codes = make_recovery_codes(user=user)
        log_account_event("accounts.recovery_made", user=user)
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@for_setting_up
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set or change my password; my other sessions end."""
    user, problem = current_user(request), ""
    if request.method == "POST":
        try:
            passwords.set_password(user=user, password=request.POST.get("password", ""))
        except InputError as error:
            problem = " ".join(problem_sentences(error).values())
        else:
            _end_others(request, user)
            log_account_event("accounts.password_set", user=user)
            return redirect("accounts:security")
    values = {"has": passwords.has_password(user), "problem": problem}
    return render(request, "accounts/password.html", values, status=FORBIDDEN if problem else 200)


@step_up_first
@require_POST
def remove_password(request: HttpRequest) -> HttpResponse:
    """Do without a password."""
    user = current_user(request)
    with together():
        passwords.remove_password(user=user)
        log_account_event("accounts.password_removed", user=user)
    _end_others(request, user)
    return redirect("accounts:security")


@open_before_factor
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    values = {"sessions": sessions.sessions_of(current_user(request)), "here": session_of(request)}
    return render(request, "accounts/sessions.html", values)


@open_before_factor
@require_POST
def end_session(request: HttpRequest, reference: str) -> HttpResponse:
    """Sign one of my devices out."""
    mine = sessions.sessions_of(current_user(request)).filter(reference=reference)
    if sessions.end_sessions(sessions=mine, by=OpenSession.Ended.REVOKED) != 1:
        raise Http404
    log_account_event("accounts.sessions_ended", user=current_user(request), rows=1)
    return redirect("accounts:sessions")


@open_before_factor
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign all my devices out but this one."""
    user = current_user(request)
    ended = sessions.end_all_of(user=user, by=OpenSession.Ended.REVOKED, but=session_of(request))
    log_account_event("accounts.sessions_ended", user=user, rows=ended)
    return redirect("accounts:sessions")

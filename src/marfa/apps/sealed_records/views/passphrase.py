"""One's passphrase: setting, changing and forgetting it, unlocking and locking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from marfa.apps.access import actor_in, current_user
from marfa.apps.accounts.next_page import local
from marfa.apps.accounts.step_up import is_fresh, step_up_first, to_step_up
from marfa.apps.sealed_records.forms import (
    AnewForm,
    ChangeForm,
    PassphraseForm,
    UnlockForm,
    add_problems,
)
from marfa.apps.sealed_records.queries import account_of
from marfa.apps.sealed_records.views.guard import forget, guarded, keep, page_of
from marfa.domain.message import InputError
from marfa.safeguards.sealed import key_lock, keyholders
from marfa.safeguards.sealed.queries import has_keys

FORM = ["GET", "HEAD", "POST"]
WRONG = 422
HOME = "sealedtier:overview"


@sensitive_post_parameters()
@require_http_methods(FORM)
@guarded
def passphrase(request: HttpRequest) -> HttpResponse:
    """Set the first passphrase, or change it."""
    actor, user = actor_in(request), current_user(request)
    there = has_keys(actor.id)
    if not (there or settings.DEMONSTRATION or is_fresh(request)):
        # Others will seal to these keys: nobody makes them in a session that was left open.
        return to_step_up(page_of(request))
    kind = ChangeForm if there else PassphraseForm
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        known = (user.username, user.display_name, *user.display_name.split())
        given: dict[str, Any] = {"actor": actor, "account": account_of(actor), "known": known}
        new = form.cleaned_data["passphrase"]
        try:
            if there:
                keyholders.change_passphrase(old=form.cleaned_data["old"], new=new, **given)
            else:
                keyholders.set_up(passphrase=new, **given)
        except InputError as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Your passphrase is set. Keep it where nobody else looks."))
            response = _onward(request)
            forget(request, response)
            return response
    return _form(request, "passphrase", form, change=there)


@sensitive_post_parameters()
@require_http_methods(FORM)
@step_up_first
@guarded
def forgotten(request: HttpRequest) -> HttpResponse:
    """Begin anew with other keys; what was sealed to the old ones is lost to this person."""
    actor, user = actor_in(request), current_user(request)
    if not has_keys(actor.id):
        return redirect("sealedtier:passphrase")
    form = AnewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        known = (user.username, user.display_name, *user.display_name.split())
        try:
            lost = keyholders.start_anew(
                actor=actor,
                account=account_of(actor),
                passphrase=form.cleaned_data["passphrase"],
                known=known,
            )
        except InputError as error:
            add_problems(form, error)
        else:
            said = ngettext(
                "You have new keys. You can no longer open %(count)d note until two others name "
                "you again.",
                "You have new keys. You can no longer open %(count)d notes until two others name "
                "you again.",
                lost,
            )
            messages.warning(request, said % {"count": lost})
            response = redirect(HOME)
            forget(request, response)
            return response
    return _form(request, "forgotten", form)


@sensitive_post_parameters()
@require_http_methods(FORM)
@guarded
def unlock(request: HttpRequest) -> HttpResponse:
    """Unlock one's keys for fifteen minutes of use."""
    actor = actor_in(request)
    if not has_keys(actor.id):
        return redirect("sealedtier:passphrase")
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _keys, cookie = key_lock.unlock(actor=actor, passphrase=form.cleaned_data["passphrase"])
        except InputError as error:
            add_problems(form, error)
        else:
            response = _onward(request)
            keep(response, cookie)
            return response
    return _form(request, "unlock", form)


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock one's keys in this browser."""
    messages.success(request, _("Your keys are locked."))
    response = redirect(HOME)
    forget(request, response)
    return response


def _onward(request: HttpRequest) -> HttpResponse:
    return redirect(local(request.POST.get("next", "")) or HOME)


def _form(request: HttpRequest, page: str, form: object, **more: object) -> HttpResponse:
    status = WRONG if request.method == "POST" else 200
    going_to = local(request.POST.get("next") or request.GET.get("next") or "")
    context = {"form": form, "next": going_to, **more}
    return render(request, f"sealed_records/{page}.html", context, status=status)

"""The pages of one's passphrase: set, changed, forgotten, unlocked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from marfa.apps.access import actor_in, current_user
from marfa.apps.accounts.next_page import local_path
from marfa.apps.accounts.step_up import is_fresh, step_up_first, to_step_up
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.sealed_records.forms import AnewForm, ChangeForm, PassphraseForm, UnlockForm
from marfa.apps.sealed_records.queries import account_of
from marfa.apps.sealed_records.views.guard import (
    delete_unlock_cookie,
    page_of,
    set_unlock_cookie,
    unlock_first,
)
from marfa.safeguards.sealed import key_lock, keyholders
from marfa.safeguards.sealed.queries import has_keys

HOME = "sealedtier:overview"


@form_view
@unlock_first
def passphrase(request: HttpRequest) -> HttpResponse:
    """Set the first passphrase, or change it."""
    actor, user = actor_in(request), current_user(request)
    there = has_keys(actor.id)
    if not (there or settings.DEMONSTRATION or is_fresh(request)):
        # Others will seal to these keys: nobody makes them in a session that was left open.
        return to_step_up(page_of(request))
    kind = ChangeForm if there else PassphraseForm
    form = kind(data_of(request))

    def act() -> HttpResponse:
        known = (user.username, user.display_name, *user.display_name.split())
        given: dict[str, Any] = {"actor": actor, "account": account_of(actor), "known": known}
        new = form.cleaned_data["passphrase"]
        if there:
            keyholders.change_passphrase(old=form.cleaned_data["old"], new=new, **given)
        else:
            keyholders.set_up(passphrase=new, **given)
        messages.success(request, _("Your passphrase is set. Keep it where no one else looks."))
        response = _onward(request)
        delete_unlock_cookie(request, response)
        return response

    return _page(request, "passphrase", form, change=there).answer(act)


@form_view
@step_up_first
@unlock_first
def forgotten(request: HttpRequest) -> HttpResponse:
    """Begin anew with other keys; what was sealed to the old ones is lost to this person."""
    actor, user = actor_in(request), current_user(request)
    if not has_keys(actor.id):
        return redirect("sealedtier:passphrase")
    form = AnewForm(data_of(request))

    def act() -> HttpResponse:
        lost = keyholders.start_anew(
            actor=actor,
            account=account_of(actor),
            passphrase=form.cleaned_data["passphrase"],
            known=(user.username, user.display_name, *user.display_name.split()),
        )
        said = ngettext(
            "You have new keys. You can no longer open %(count)d note until two others name "
            "you again.",
            "You have new keys. You can no longer open %(count)d notes until two others name "
            "you again.",
            lost,
        )
        messages.warning(request, said % {"count": lost})
        response = redirect(HOME)
        delete_unlock_cookie(request, response)
        return response

    return _page(request, "forgotten", form).answer(act)


@form_view
@unlock_first
def unlock(request: HttpRequest) -> HttpResponse:
    """Unlock one's keys for fifteen minutes of use."""
    actor = actor_in(request)
    if not has_keys(actor.id):
        return redirect("sealedtier:passphrase")
    form = UnlockForm(data_of(request))

    def act() -> HttpResponse:
        passphrase = form.cleaned_data["passphrase"]
        _keys, cookie = key_lock.unlock_keys(actor=actor, passphrase=passphrase)
        response = _onward(request)
        set_unlock_cookie(response, cookie)
        return response

    return _page(request, "unlock", form).answer(act)


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock one's keys in this browser."""
    messages.success(request, _("Your keys are locked."))
    response = redirect(HOME)
    delete_unlock_cookie(request, response)
    return response


def _onward(request: HttpRequest) -> HttpResponse:
    return redirect(local_path(request.POST.get("next", "")) or HOME)


def _page(request: HttpRequest, page: str, form: Form, **more: object) -> FormPage:
    going_to = local_path(request.POST.get("next") or request.GET.get("next") or "")
    return FormPage(request, f"sealed_records/{page}.html", form, {"next": going_to, **more})

"""Protecting a person, looking at it again, and taking it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marfa.apps.accounts.models import User
from marfa.apps.organisations.clocks import render_at
from marfa.apps.registry.actions.protection import (
    PROTECT,
    PURPOSE,
    ask_to_unprotect,
    keep_protected,
    let_stay,
    protect_person,
    review_protection,
    unprotect_person,
)
from marfa.apps.registry.models import Person, Protection
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.protection import colleagues_of, may_protect, protection_of
from marfa.apps.registry.protection_form import AskForm, ProtectForm, ReviewForm, StayForm
from marfa.apps.registry.reader import Reader, reader_of
from marfa.apps.registry.views.person_rows import METHODS, WRONG, add_problems, status_for
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.charter.visibility import visible
from marfa.safeguards.vault.access import open_vault

Done = Callable[[], str]


@sensitive_post_parameters()
@require_http_methods(METHODS)
def protection(request: HttpRequest, reference: str) -> HttpResponse:
    """How a person is protected, or the form that protects them."""
    reader = reader_of(request, reference)
    if not may_protect(reader.actor, reader.resource):
        raise PermissionDenied
    try:
        if reader.person.protected:
            return _protected(request, reader)
        return _protect(request, reader)
    except DeniedError:
        raise PermissionDenied from None


def _protect(request: HttpRequest, reader: Reader) -> HttpResponse:
    known = colleagues_of(reader.person)
    form = ProtectForm(request.POST or None, possible=known.possible)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chosen = set(told.get("staying", ()))
        try:
            protect_person(
                actor=reader.actor,
                person=reader.person,
                reason=told["reason"],
                review_on=_day(told["review_on"], reader.person),
                staying=[user for user in known.possible if user.reference in chosen],
            )
        except InputError as error:
            add_problems(form, error)
        else:
            messages.success(request, _("From now on nobody finds the person but who stays."))
            return _back(reader)
    context = {"person": reader.person, "form": form, "staying": known.staying}
    return render(request, "registry/protect.html", context, status=status_for(form))


def _protected(request: HttpRequest, reader: Reader) -> HttpResponse:
    known = colleagues_of(reader.person)
    sent = request.POST if request.method == "POST" else None
    act = sent.get("do", "") if sent else ""
    forms_of: dict[str, forms.Form] = {
        "review": ReviewForm(sent if act == "review" else None),
        "ask": AskForm(sent if act == "ask" else None),
        "stay": StayForm(sent if act == "stay" else None, possible=known.possible),
    }
    wrong = None
    if sent is not None:
        form = forms_of.get(act)
        try:
            if form is None or form.is_valid():
                _do(act, reader, form, known.possible)
                messages.success(request, _("Saved."))
                return _back(reader)
        except InputError as error:
            wrong = error
            if form is not None:
                add_problems(form, error)
    return _page(request, reader, forms_of, wrong)


def _do(act: str, reader: Reader, form: forms.Form | None, possible: list[User]) -> None:
    actor, person = reader.actor, reader.person
    told = form.cleaned_data if form is not None else {}
    if act == "review":
        review_on = _day(told["review_on"], person)
        review_protection(actor=actor, person=person, review_on=review_on)
    elif act == "ask":
        ask_to_unprotect(actor=actor, person=person, why=told["why"])
    elif act == "stay":
        user = next(user for user in possible if user.reference == told["staying"])
        let_stay(actor=actor, person=person, user=user)
    elif act == "keep":
        keep_protected(actor=actor, person=person)
    elif act == "end":
        unprotect_person(actor=actor, person=person)
    else:
        raise PermissionDenied


def _page(
    request: HttpRequest,
    reader: Reader,
    forms_of: dict[str, forms.Form],
    wrong: InputError | None,
) -> HttpResponse:
    person = reader.person
    with (
        open_vault(),
        reading(actor=reader.actor, code=PROTECT, purpose=PURPOSE, resource=reader.resource),
    ):
        row = protection_of(person)
        context = {
            "person": person,
            "row": row,
            "names": _names(row),
            "own": row.asked_by == reader.actor.id,
            "staying": colleagues_of(person).staying,
            "overdue": row.review_on < clock.today(person.time_zone),
            "wrong": wrong,
            **{f"form_{name}": form for name, form in forms_of.items()},
        }
        failed = wrong is not None or any(form.errors for form in forms_of.values())
        status = WRONG if failed else 200
        return render_at(person.site, request, "registry/protection.html", context, status)


def _names(row: Protection) -> dict[str, str]:
    keys = {"began": row.began_by, "asked": row.asked_by}
    found = dict(
        User.objects.filter(pk__in=[key for key in keys.values() if key]).values_list(
            "pk", "display_name"
        )
    )
    return {what: found.get(key, "") for what, key in keys.items() if key}


def _day(days: str, person: Person) -> date:
    return clock.today(person.time_zone) + timedelta(days=int(days))


def _back(reader: Reader) -> HttpResponse:
    """To the page of the person, or home for whom there is none any more."""
    if _still_seen(reader.actor, reader.person):
        return redirect("people:protection", reader.person.reference)
    return redirect("home")


def _still_seen(actor: Actor, person: Person) -> bool:
    return Person.objects.filter(visible(PERSON, actor), pk=person.pk).exists()

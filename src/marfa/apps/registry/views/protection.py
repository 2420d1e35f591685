"""The pages of protection: begun, reviewed, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.form_view import FormPage, data_of, form_view
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
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault

Done = Callable[[], str]


@form_view
def protection(request: HttpRequest, reference: str) -> HttpResponse:
    """How a person is protected, or the form that protects them."""
    reader = reader_of(request, reference)
    if not may_protect(reader.actor, reader.resource):
        raise PermissionDenied
    return _protected(request, reader) if reader.person.protected else _protect(request, reader)


def _protect(request: HttpRequest, reader: Reader) -> HttpResponse:
    known = colleagues_of(reader.person)
    form = ProtectForm(data_of(request), possible=known.possible)

    def protect() -> HttpResponse:
        told = form.cleaned_data
        chosen = set(told.get("staying", ()))
        protect_person(
            actor=reader.actor,
            person=reader.person,
            reason=told["reason"],
            review_on=_day(told["review_on"], reader.person),
            staying=[user for user in known.possible if user.reference in chosen],
        )
        return _back(reader)

    context = {"person": reader.person, "staying": known.staying}
    said = _("From now on only the colleagues who stay can find the person.")
    return FormPage(request, "registry/protect.html", form, context).answer(protect, said=said)


def _protected(request: HttpRequest, reader: Reader) -> HttpResponse:
    known = colleagues_of(reader.person)
    sent = request.POST if request.method == "POST" else None
    act = sent.get("do", "") if sent else ""
    forms_of: dict[str, forms.Form] = {
        "review": ReviewForm(sent if act == "review" else None),
        "ask": AskForm(sent if act == "ask" else None),
        "stay": StayForm(sent if act == "stay" else None, possible=known.possible),
    }
    form = forms_of.get(act)
    page = FormPage(
        request,
        "registry/protection.html",
        form,
        context=partial(_shown, reader, forms_of),
        within=partial(_opened, reader),
        site=reader.person.site,
    )
    return page.answer(partial(_do, act, reader, form, known.possible), said=_("Saved."))


def _do(act: str, reader: Reader, form: forms.Form | None, possible: list[User]) -> HttpResponse:
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
    return _back(reader)


@contextmanager
def _opened(reader: Reader) -> Iterator[None]:
    with (
        open_vault(),
        reading(actor=reader.actor, code=PROTECT, purpose=PURPOSE, resource=reader.resource),
    ):
        yield


def _shown(reader: Reader, forms_of: dict[str, forms.Form]) -> dict[str, object]:
    person = reader.person
    row = protection_of(person)
    return {
        "person": person,
        "row": row,
        "names": _names(row),
        "own": row.asked_by == reader.actor.id,
        "staying": colleagues_of(person).staying,
        "overdue": row.review_on < clock.today(person.time_zone),
        **{f"form_{name}": form for name, form in forms_of.items()},
    }


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
    return Person.objects.filter(visibility_condition(PERSON, actor), pk=person.pk).exists()

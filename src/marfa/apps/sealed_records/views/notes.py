"""The pages of sealed notes: listed, sealed, asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.sealed_records.actions import seal_note
from marfa.apps.sealed_records.forms import AskForm, HoldersForm, NoteForm
from marfa.apps.sealed_records.models import SealedNote
from marfa.apps.sealed_records.queries import (
    may_hold,
    names_of,
    notes_held,
    purpose_of,
    requests_seen,
    requests_to_answer,
    works_for,
)
from marfa.apps.sealed_records.request_reads import request_reading
from marfa.apps.sealed_records.views.guard import is_unlocked, to_unlock, unlock_first
from marfa.safeguards.actor import Actor
from marfa.safeguards.sealed import queries as sealed
from marfa.safeguards.sealed import requests
from marfa.safeguards.sealed.models import Reason


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """One's keys, what waits for an answer, one's requests, and the notes that one can open."""
    actor = actor_in(request)
    asked = list(requests_seen(actor).filter(asked_by=actor.id).order_by("-asked_at")[:20])
    waiting = list(requests_to_answer(actor.id, actor.organisations))
    names = names_of(request.asked_by for request in waiting)
    context = {
        "has_keys": sealed.has_keys(actor.id),
        "unlocked": is_unlocked(request),
        "notes": notes_held(actor),
        "asked": asked,
        "waiting": [(one, names.get(one.asked_by, "")) for one in waiting],
        "may_seal": works_for(actor).exists(),
    }
    return render(request, "sealed_records/overview.html", context)


@form_view
@unlock_first
def new(request: HttpRequest) -> HttpResponse:
    """Seal a note."""
    actor = actor_in(request)
    organisation = works_for(actor).first()
    if organisation is None:
        return render(request, "403.html", status=403)
    if not sealed.has_keys(actor.id):
        return to_unlock(request)
    people = may_hold(organisation.pk).exclude(pk=actor.id)
    form = NoteForm(data_of(request), people=people)

    def seal() -> HttpResponse:
        made = seal_note(
            actor=actor,
            organisation=organisation,
            kind=SealedNote.Kind(form.cleaned_data["kind"]),
            text=form.cleaned_data["text"],
            holders=_keys(form),
        )
        messages.success(request, _("It is sealed. Refer to it by its code."))
        return redirect("sealedtier:note", made.reference)

    context = {"nobody": not people.exists()}
    return FormPage(request, "sealed_records/new.html", form, context).answer(seal)


@require_safe
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """A note from outside: its code, who can open it, and what was asked."""
    actor = actor_in(request)
    found = _note(actor, reference)
    with request_reading(actor, found.record):
        holders = sealed.holders_of(found.record)
        asked = list(requests_seen(actor).filter(record=found.record).order_by("-asked_at")[:20])
    names = names_of([*holders, *(one.asked_by for one in asked)])
    context = {
        "note": found,
        "holders": [names.get(staff, "") for staff in holders],
        "asked": [(one, names.get(one.asked_by, "")) for one in asked],
        "may_ask": works_for(actor).filter(pk=found.organisation_id).exists(),
    }
    return render(request, "sealed_records/note.html", context)


@form_view
@unlock_first
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask to open a note."""
    actor = actor_in(request)
    found = _note(actor, reference)
    form = AskForm(data_of(request))

    def act() -> HttpResponse:
        given = form.cleaned_data
        return _ask(actor, found, code=Reason(given["code"]), reason=given["reason"])

    return FormPage(request, "sealed_records/ask.html", form, {"note": found}).answer(act)


@form_view
@unlock_first
def people(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask that others can open a note from then on."""
    actor = actor_in(request)
    found = _note(actor, reference)
    present = {"holders": sealed.holders_of(found.record)}
    possible = may_hold(found.organisation_id)
    form = HoldersForm(data_of(request), people=possible, initial=present)

    def act() -> HttpResponse:
        reason, holders = form.cleaned_data["reason"], _keys(form)
        return _ask(actor, found, code=Reason.NEW_HOLDERS, reason=reason, new_holders=holders)

    return FormPage(request, "sealed_records/people.html", form, {"note": found}).answer(act)


def _ask(actor: Actor, found: SealedNote, **given: Any) -> HttpResponse:
    purpose = purpose_of(actor)
    made = requests.ask_to_open(actor=actor, purpose=purpose, record=found.record, **given)
    return redirect("sealedtier:request", made.reference)


def _note(actor: Actor, reference: str) -> SealedNote:
    """A note that somebody holds a share of; for everybody else there is none."""
    found = notes_held(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def _keys(form: Any) -> frozenset[UUID]:
    return frozenset(user.pk for user in form.cleaned_data["holders"])

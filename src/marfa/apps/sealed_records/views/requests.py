"""The pages of requests: read, answered, opened once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in, log_readers_only
from marfa.apps.sealed_records.queries import (
    log_resource,
    names_of,
    read_log_entries,
    requests_seen,
)
from marfa.apps.sealed_records.request_reads import request_reading
from marfa.apps.sealed_records.views.guard import is_unlocked, unlock_first, unlocked_in
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.sealed import requests
from marfa.safeguards.sealed.models import OpeningRequest
from marfa.safeguards.words import Purpose


@require_safe
@unlock_first
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """A request, with its reason for who has unlocked their keys."""
    actor = actor_in(request)
    found = _request(actor, reference)
    open_keys = is_unlocked(request)
    holds = open_keys and str(actor.id) in found.reason_boxes
    with request_reading(actor, found.record, found):
        reason = requests.reason_of(found, unlocked_in(request)) if holds else None
    new = [UUID(staff) for staff in found.new_holders or ()]
    names = names_of([found.asked_by, found.answered_by, *new])
    context = {
        "asked": found,
        "reason": reason,
        "unlocked": open_keys,
        "mine": found.asked_by == actor.id,
        "in_force": found.in_force(clock.now()),
        "asker": names.get(found.asked_by, ""),
        "answerer": names.get(found.answered_by, "") if found.answered_by else "",
        "new_holders": [names.get(staff, "") for staff in new],
    }
    return render(request, "sealed_records/request.html", context)


@require_POST
@unlock_first
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Approve, decline or withdraw."""
    actor = actor_in(request)
    found = _request(actor, reference)
    match request.POST.get("do"):
        case "approve":
            requests.approve_opening(actor=actor, request=found, unlocked=unlocked_in(request))
            messages.success(request, _("You have agreed to this one request."))
        case "decline":
            requests.decline_opening(actor=actor, request=found)
            messages.success(request, _("The request is declined."))
        case "withdraw":
            requests.withdraw_opening(actor=actor, request=found)
            messages.success(request, _("The request is withdrawn."))
    return redirect("sealedtier:request", reference)


@require_POST
@unlock_first
def open_it(request: HttpRequest, reference: str) -> HttpResponse:
    """What is sealed, shown once in the answer to this form; or other holders, as approved."""
    actor = actor_in(request)
    found = _request(actor, reference)
    keys = unlocked_in(request)
    if found.new_holders is not None:
        requests.rekey_record(actor=actor, request=found, unlocked=keys)
        messages.success(request, _("It is sealed again. Only the people named now can open it."))
        return redirect("sealedtier:overview")
    content = requests.open_record(actor=actor, request=found, unlocked=keys).decode()
    context = {"content": content, "note": found.record.note}
    return render(request, "sealed_records/opened.html", context)


@require_safe
@log_readers_only
@unlock_first
def log(request: HttpRequest) -> HttpResponse:
    """Who opened what, for data-protection officers. Looking is on the record."""
    with reading(
        actor=actor_in(request),
        code="log.read",
        purpose=Purpose.DATA_PROTECTION,
        resource=log_resource(),
    ):
        entries = read_log_entries()
    return render(request, "sealed_records/log.html", {"entries": entries})


def _request(actor: Actor, reference: str) -> OpeningRequest:
    """A request that concerns somebody; for everybody else there is none."""
    found = requests_seen(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found

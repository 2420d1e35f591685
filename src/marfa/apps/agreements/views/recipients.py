"""The pages of recipients and the agreements with them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in, administrators_only, require_permission
from marfa.apps.agreements.actions import (
    add_recipient,
    end_agreement,
    end_recipient,
    make_agreement,
    set_age_key,
)
from marfa.apps.agreements.forms import RecipientForm
from marfa.apps.agreements.labels import code_choices, code_label, recipient_name
from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.agreements.models.recipients import PURPOSES
from marfa.apps.agreements.queries import (
    SOON,
    agreements_ending,
    may_change_recipients,
    recipients_in_use,
)
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.organisations.forms import day_again, end_needed, start_of
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.policy_facts import of_the_installation
from marfa.crypto.agefiles import age_key_fingerprint
from marfa.platform import clock

readers_only = require_permission(
    "registers.read", lambda *_args, **_kwargs: of_the_installation("Register")
)


@require_safe
@readers_only
def every(request: HttpRequest) -> HttpResponse:
    """All recipients, each with the end of the agreement that lasts longest."""
    ends: dict[object, datetime] = {}
    now = clock.now()
    for row in DataAgreement.objects.filter(ended_at=None, until__gt=now):
        ends[row.recipient_id] = max(row.until, ends.get(row.recipient_id, row.until))
    rows = [
        (each, recipient_name(each), code_label("recipient_kinds", each.kind), end, _soon(end))
        for each in recipients_in_use()
        for end in [ends.get(each.pk)]
    ]
    values = {
        "rows": rows,
        "ending": agreements_ending().count(),
        "may_change": may_change_recipients(actor_in(request)),
    }
    return render(request, "agreements/recipients.html", values)


def _soon(end: datetime | None) -> bool:
    return end is not None and end <= clock.now() + SOON


@form_view
@administrators_only
def add(request: HttpRequest) -> HttpResponse:
    """Write a recipient down."""
    form = RecipientForm(data_of(request))
    guests = {each.reference: each for each in _guests()}
    form.fields["guest"].choices = [  # type: ignore[attr-defined]
        ("", ""),
        *((reference, each.name) for reference, each in guests.items()),
    ]

    def act() -> HttpResponse:
        given = form.cleaned_data
        made = add_recipient(
            actor=actor_in(request),
            kind=given["kind"],
            name=given["name"],
            guest=guests.get(given["guest"]),
            mail=given["mail"],
        )
        return redirect("consents:recipient", reference=made.reference)

    return FormPage(request, "agreements/add_recipient.html", form).answer(act)


def _guests() -> list[Organisation]:
    """Guest partners that are not written down as recipients yet."""
    found = Organisation.objects.filter(kind=Organisation.Kind.GUEST, ended_at=None)
    return list(found.filter(as_recipient=None).order_by("name"))


@form_view
@readers_only
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One recipient with its agreements; who may, makes another."""
    row = get_object_or_404(Recipient.objects.select_related("guest"), reference=reference)
    page = FormPage(request, "agreements/recipient.html", context=partial(_shown, request, row))
    return page.answer(partial(_change, request, row), said=_("Recorded."))


def _shown(request: HttpRequest, row: Recipient) -> dict[str, object]:
    now = clock.now()
    agreements = [
        (each, [code_label("purposes", code) for code in each.purposes], _state(each, now))
        for each in row.agreements.order_by("-until", "pk")
    ]
    return {
        "recipient": row,
        "name": recipient_name(row),
        "kind": code_label("recipient_kinds", row.kind),
        "agreements": agreements,
        "purposes": code_choices("purposes", PURPOSES),
        "chosen": request.POST.getlist("purposes"),
        "onward": "onward" in request.POST,
        "starts": day_again(request.POST, "starts"),
        "until": day_again(request.POST, "until"),
        "age_key": request.POST.get("age_key", row.age_key),
        "fingerprint": age_key_fingerprint(row.age_key) if row.age_key else "",
        "may_change": may_change_recipients(actor_in(request)) and row.ended_at is None,
    }


def _change(request: HttpRequest, row: Recipient) -> None:
    if request.POST.get("do") == "key":
        set_age_key(actor=actor_in(request), recipient=row, key=request.POST.get("age_key", ""))
    else:
        _agree(request, row)


def _agree(request: HttpRequest, row: Recipient) -> None:
    today = datetime.combine(clock.now().date(), time(), UTC)
    make_agreement(
        actor=actor_in(request),
        recipient=row,
        purposes=request.POST.getlist("purposes"),
        starts_at=start_of(request.POST, "starts") or today,
        until=end_needed(request.POST, "until"),
        onward="onward" in request.POST,
    )


def _state(row: DataAgreement, now: datetime) -> str:
    if row.ended_at is not None or row.until <= now:
        return "ended"
    if row.starts_at > now:
        return "ahead"
    return "soon" if row.until <= now + SOON else "holds"


@require_POST
@administrators_only
def stop(request: HttpRequest, reference: str) -> HttpResponse:
    """An agreement ends now."""
    row = get_object_or_404(DataAgreement.objects.select_related("recipient"), reference=reference)
    end_agreement(actor=actor_in(request), agreement=row)
    messages.success(request, _("The agreement has ended, and the access given under it."))
    return redirect("consents:recipient", reference=row.recipient.reference)


@require_POST
@administrators_only
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing goes to a recipient any more."""
    row = get_object_or_404(Recipient, reference=reference)
    end_recipient(actor=actor_in(request), recipient=row)
    messages.success(request, _("Nothing more is sent there."))
    return redirect("consents:recipients")

"""Recipients and the agreements with them."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marfa.apps.access import actor_in, administrators_only, asks
from marfa.apps.agreements.actions import (
    add_recipient,
    end_agreement,
    end_recipient,
    make_agreement,
    set_age_key,
)
from marfa.apps.agreements.forms import RecipientForm
from marfa.apps.agreements.labels import choices, label, recipient_name
from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.agreements.models.recipients import PURPOSES
from marfa.apps.agreements.queries import (
    SOON,
    agreements_ending,
    may_change_recipients,
    recipients_in_use,
)
from marfa.apps.organisations.forms import day_again, end_needed, start_of
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.policy_facts import of_the_installation
from marfa.apps.problems import add_problems, sentences
from marfa.crypto.agefiles import fingerprint
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.charter.resources import DeniedError

WRONG = 422
readers_only = asks("registers.read", lambda *_args, **_kwargs: of_the_installation("Register"))


@require_safe
@readers_only
def every(request: HttpRequest) -> HttpResponse:
    """All recipients, each with the end of the agreement that lasts longest."""
    ends: dict[object, datetime] = {}
    now = clock.now()
    for row in DataAgreement.objects.filter(ended_at=None, until__gt=now):
        ends[row.recipient_id] = max(row.until, ends.get(row.recipient_id, row.until))
    rows = [
        (each, recipient_name(each), label("recipient_kinds", each.kind), end, _soon(end))
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


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def add(request: HttpRequest) -> HttpResponse:
    """Write a recipient down."""
    form = RecipientForm(request.POST or None)
    guests = {each.reference: each for each in _guests()}
    form.fields["guest"].choices = [  # type: ignore[attr-defined]
        ("", ""),
        *((reference, each.name) for reference, each in guests.items()),
    ]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = add_recipient(
                actor=actor_in(request),
                kind=given["kind"],
                name=given["name"],
                guest=guests.get(given["guest"]),
                mail=given["mail"],
            )
        except InputError as error:
            add_problems(form, error)
        except DeniedError:
            raise PermissionDenied from None
        else:
            return redirect("consents:recipient", reference=made.reference)
    status = WRONG if form.errors else 200
    return render(request, "agreements/add_recipient.html", {"form": form}, status=status)


def _guests() -> list[Organisation]:
    """Guest partners that are not written down as recipients yet."""
    found = Organisation.objects.filter(kind=Organisation.Kind.GUEST, ended_at=None)
    return list(found.filter(as_recipient=None).order_by("name"))


@require_http_methods(["GET", "HEAD", "POST"])
@readers_only
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One recipient with its agreements; who may, makes another."""
    row = get_object_or_404(Recipient.objects.select_related("guest"), reference=reference)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _change(request, row)
        except InputError as error:
            problems = sentences(error)
        except DeniedError:
            raise PermissionDenied from None
        else:
            messages.success(request, _("It is written down."))
            return redirect("consents:recipient", reference=reference)
    now = clock.now()
    agreements = [
        (each, [label("purposes", code) for code in each.purposes], _state(each, now))
        for each in row.agreements.order_by("-until", "pk")
    ]
    values = {
        "recipient": row,
        "name": recipient_name(row),
        "kind": label("recipient_kinds", row.kind),
        "agreements": agreements,
        "purposes": choices("purposes", PURPOSES),
        "chosen": request.POST.getlist("purposes"),
        "onward": "onward" in request.POST,
        "starts": day_again(request.POST, "starts"),
        "until": day_again(request.POST, "until"),
        "problems": problems,
        "age_key": request.POST.get("age_key", row.age_key),
        "fingerprint": fingerprint(row.age_key) if row.age_key else "",
        "may_change": may_change_recipients(actor_in(request)) and row.ended_at is None,
    }
    return render(request, "agreements/recipient.html", values, status=WRONG if problems else 200)


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
    try:
        end_agreement(actor=actor_in(request), agreement=row)
    except DeniedError:
        raise PermissionDenied from None
    messages.success(request, _("The agreement has ended, and what was opened under it."))
    return redirect("consents:recipient", reference=row.recipient.reference)


@require_POST
@administrators_only
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing goes to a recipient any more."""
    row = get_object_or_404(Recipient, reference=reference)
    try:
        end_recipient(actor=actor_in(request), recipient=row)
    except DeniedError:
        raise PermissionDenied from None
    messages.success(request, _("Nothing is sent there any more."))
    return redirect("consents:recipients")

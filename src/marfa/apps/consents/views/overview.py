"""The page of a person's consents, other grounds and disclosures."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in
from marfa.apps.agreements.labels import code_label, recipient_name
from marfa.apps.agreements.queries import recipient_called
from marfa.apps.consents.actions import OtherBasis, end_basis, record_other_basis
from marfa.apps.consents.forms import BasisForm
from marfa.apps.consents.labels import spoken_code
from marfa.apps.consents.models import LegalBasisRecord, RecallNotice
from marfa.apps.consents.queries import answers_of, bases_of, may_send, sharings_of
from marfa.apps.consents.record_access import of_person
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.organisations.clocks import render_at
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.safeguards.words import Purpose


@require_safe
def of(request: HttpRequest, reference: str) -> HttpResponse:
    """All of it, for who works with the person."""
    with of_person(request, reference) as person:
        values = {
            "person": person,
            "code": spoken_code(person.code),
            "answers": answers_of(person),
            "grounds": [_ground(row) for row in bases_of(person)],
            "sharings": sharings_of(person),
            "notices": _notices(person),
            "may_send": may_send(actor_in(request), person),
        }
    return render_at(person.site, request, "consents/of.html", values)


def _ground(row: LegalBasisRecord) -> dict[str, object]:
    now = clock.now()
    return {
        "row": row,
        "about": code_label("purposes", row.purpose),
        "recipient": recipient_name(row.recipient),
        "ground": code_label("basis_grounds", row.ground),
        "counts": row.ended_at is None and row.review_on > now.date(),
    }


def _notices(person: Person) -> list[tuple[RecallNotice, str, str]]:
    rows = RecallNotice.objects.filter(person=person).select_related("recipient__guest")
    return [
        (
            row,
            recipient_name(row.recipient),
            code_label("recall_answers", row.answer) if row.answer else "",
        )
        for row in rows.order_by("-made_at", "-pk")
    ]


@form_view
def ground(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down another ground, where consent is not free."""
    with of_person(request, reference) as person:
        form = BasisForm(data_of(request), initial=request.GET.dict())
    values = {"person": person, "code": spoken_code(person.code)}
    page = FormPage(request, "consents/ground.html", form, values)
    done, said = reverse("consents:of", args=[reference]), _("The ground is recorded.")
    return page.answer(partial(_write, request, person, form), done=done, said=said)


def _write(request: HttpRequest, person: Person, form: BasisForm) -> None:
    given = form.cleaned_data
    told = OtherBasis(
        about=given["about"],
        recipient=recipient_called(given["recipient"]),
        ground=given["ground"],
        reason=given["reason"],
        review_on=clock.now().date() + timedelta(days=int(given["review"])),
        child_view=given["child_view"],
    )
    actor = actor_in(request)
    record_other_basis(actor=actor, purpose=Purpose.ASSISTANCE, person=person, told=told)


@require_POST
def end_ground(request: HttpRequest, reference: str, basis: str) -> HttpResponse:
    """A ground counts no more."""
    with of_person(request, reference) as person:
        row = get_object_or_404(LegalBasisRecord, person=person, reference=basis)
    end_basis(actor=actor_in(request), purpose=Purpose.ASSISTANCE, basis=row)
    messages.success(request, _("The ground is no longer valid."))
    return redirect("consents:of", reference=reference)

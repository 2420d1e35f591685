"""The pages on which consent is asked for by steps, and withdrawn."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in
from marfa.apps.agreements.labels import code_label, recipient_name
from marfa.apps.agreements.queries import recipient_called
from marfa.apps.consents.actions import (
    ConsentAnswer,
    record_consent,
    refuse_consent,
    withdraw_consent,
)
from marfa.apps.consents.consent_text import Shown, lines_of, told_in
from marfa.apps.consents.disclosable_fields import disclosable_fields_for
from marfa.apps.consents.forms import YES, AnswerForm, AskForm, WithdrawForm
from marfa.apps.consents.labels import fields_in_words, spoken_code
from marfa.apps.consents.models import Consent, Withdrawal
from marfa.apps.consents.queries import answers_of, sharings_of
from marfa.apps.consents.record_access import of_person, purpose_of
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.organisations.clocks import render_at
from marfa.apps.problems import problem_sentences
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_records import record_of
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError
from marfa.safeguards.words import Purpose

WRONG = 422
FREE = "free"


@require_safe
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """First step: what is asked, in which language, and whether the person can say no."""
    with of_person(request, reference) as person:
        form = AskForm(request.GET or None)
    if form.is_bound and form.is_valid():
        query = request.GET.urlencode()
        response = redirect("consents:answer", reference=reference)
        response["Location"] += f"?{query}"
        return response
    values = {"person": person, "code": spoken_code(person.code), "form": form}
    return render(request, "consents/ask.html", values, status=WRONG if form.errors else 200)


@form_view
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Second step: the words, read aloud, and the answer."""
    with of_person(request, reference) as person:
        asked = AskForm(request.GET)
        form = AnswerForm(data_of(request), person=person, actor=actor_in(request))
    if not asked.is_valid():
        return redirect("consents:ask", reference=reference)
    refused = request.POST.get("do") == "no"
    if refused:
        _need_only_codes(form)
    context = partial(_shown, person, asked)
    page = FormPage(request, "consents/answer.html", form, context)
    return page.answer(partial(_said, request, person, asked, form, refused=refused))


def _need_only_codes(form: AnswerForm) -> None:
    """A no is taken as it comes: nothing but how it was said has to be filled in."""
    for name in ("understood", "given_by", "how", "spoken"):
        form.fields[name].required = False


def _said(
    request: HttpRequest, person: Person, asked: AskForm, form: AnswerForm, *, refused: bool
) -> HttpResponse:
    put, given = asked.cleaned_data, form.cleaned_data
    told = ConsentAnswer(
        about=put["about"],
        recipient=recipient_called(put["recipient"]),
        shown=Shown.of(told_in(put["language"])),
        language=given["spoken"] or put["language"],
        given_by=given["given_by"] or "self",
        how=given["how"] or "spoken",
        circumstance=put["circumstance"],
        understood=given["understood"] == YES,
        interpreter=given["interpreter"],
        guardian=form.guardians.get(given.get("guardian", "")),
        child_view=given.get("child_view", ""),
        no_doubt_of_age=given.get("no_doubt_of_age", False),
        opens_record=put["record"],
    )
    actor = actor_in(request)
    act = refuse_consent if refused else record_consent
    purpose = purpose_of(actor, record_of(person, Consent))
    act(actor=actor, purpose=purpose, person=person, answer=told)
    if refused:
        return redirect("consents:refused", reference=person.reference)
    messages.success(request, _("The consent is recorded."))
    return redirect("consents:of", reference=person.reference)


def _shown(person: Person, asked: AskForm) -> dict[str, object]:
    put = asked.cleaned_data
    leaflet = told_in(put["language"])
    values: dict[str, Any] = {
        "person": person,
        "code": spoken_code(person.code),
        "leaflet": leaflet,
        "about": code_label("purposes", put["about"]),
        "recipient": recipient_name(recipient_called(put["recipient"])),
        "fields": fields_in_words(disclosable_fields_for(Purpose(put["about"]))),
        "free": put["circumstance"] == FREE,
        "asked": put,
    }
    try:
        live = not settings.DEMONSTRATION
        lines = lines_of(leaflet, Addressee(put["form"]), live=live, record=put["record"])
        values["lines"], values["own_words"] = lines[:-1], lines[-1]
    except InputError as error:
        values["unusable"] = problem_sentences(error).values()
    return values


@require_safe
def refused(request: HttpRequest, reference: str) -> HttpResponse:
    """After a no: help goes on, and here is what comes next."""
    with of_person(request, reference) as person:
        values = {"person": person, "code": spoken_code(person.code)}
    return render(request, "consents/refused.html", values)


@form_view
def withdraw(request: HttpRequest, reference: str, consent: str) -> HttpResponse:
    """Take a consent back."""
    with of_person(request, reference) as person:
        row = get_object_or_404(Consent, person=person, reference=consent)
        shown = next((each for each in answers_of(person) if each.row.pk == row.pk), None)
        sharings = sharings_of(person, row)
    form = WithdrawForm(data_of(request))
    actor = actor_in(request)

    def take_back() -> None:
        purpose = purpose_of(actor, record_of(row.person, Withdrawal))
        withdraw_consent(actor=actor, purpose=purpose, consent=row, **form.cleaned_data)

    code = spoken_code(person.code)
    values = {"person": person, "code": code, "shown": shown, "sharings": sharings}
    page = FormPage(request, "consents/withdraw.html", form, values, site=person.site)
    return page.answer(take_back, done=reverse("consents:withdrawn", args=[reference, consent]))


@require_safe
def withdrawn(request: HttpRequest, reference: str, consent: str) -> HttpResponse:
    """What the person is told then: what was given to whom, and what cannot be called back."""
    with of_person(request, reference) as person:
        row = get_object_or_404(Consent, person=person, reference=consent)
        values = {
            "person": person,
            "code": spoken_code(person.code),
            "about": code_label("purposes", row.purpose),
            "recipient": recipient_name(row.recipient),
            "sharings": sharings_of(person, row),
        }
    return render_at(person.site, request, "consents/withdrawn.html", values)

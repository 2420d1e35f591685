"""The page on which something about a person is sent to a recipient."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from marfa.apps.access import actor_in
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.agreements.labels import code_label, recipient_name
from marfa.apps.agreements.queries import recipient_called
from marfa.apps.consents.actions.disclosures import Disclosed, disclose_fields
from marfa.apps.consents.forms import ShareForm
from marfa.apps.consents.labels import FIELDS, spoken_code
from marfa.apps.consents.record_access import of_person
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.registry.models import Person
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.languages import language_name
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose


@form_view
@step_up_first
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """To whom and for what; then what may be handed over, once."""
    with of_person(request, reference) as person:
        form = ShareForm(data_of(request))
    values = {"person": person, "code": spoken_code(person.code)}
    page = FormPage(request, "consents/share.html", form, values)

    def send() -> HttpResponse:
        sent = _sent(request, person, form)
        if sent is None:
            return page.shown()
        return render(request, "consents/shared.html", {**values, **_shown(sent)})

    return page.answer(send)


def _sent(request: HttpRequest, person: Person, form: ShareForm) -> Disclosed | None:
    given = form.cleaned_data
    recipient = recipient_called(given["recipient"])
    days = int(given["opens"] or 0)
    if recipient is None:
        return None
    try:
        return disclose_fields(
            actor=actor_in(request),
            purpose=Purpose(given["about"]),
            person=person,
            recipient=recipient,
            opens_until=clock.now() + timedelta(days=days) if days else None,
        )
    except DeniedError as error:
        # The charter's sentence stands on the page, with everything that was chosen.
        raise InputError.at(error.decision.message) from None


def _shown(sent: Disclosed) -> dict[str, object]:
    language = get_language() or SOURCE_LANGUAGE
    values = dict(sent.values)
    if sent.values.get("Person.code"):
        values["Person.code"] = spoken_code(str(sent.values["Person.code"]))
    if sent.values.get("Person.sex"):
        values["Person.sex"] = code_label("sex", str(sent.values["Person.sex"]))
    spoken = sent.values.get("Person.languages")
    if isinstance(spoken, list):
        values["Person.languages"] = [language_name(str(each), language) for each in spoken]
    return {
        "about": code_label("purposes", sent.sharing.purpose),
        "recipient": recipient_name(sent.sharing.recipient),
        "onward": sent.onward,
        "opened": sent.sharing.opening is not None,
        "values": [
            (words, value if isinstance(value, list) else [value])
            for field, words in FIELDS.items()
            if (value := values.get(field)) not in (None, "", [], {})
        ],
    }

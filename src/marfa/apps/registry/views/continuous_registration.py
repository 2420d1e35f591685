"""The pages of events after registration, and of doubt about an age."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from marfa.apps.form_pages.values import submitted_texts
from marfa.apps.form_view import Context, data_of, form_view
from marfa.apps.registry.actions import (
    NewName,
    NewPerson,
    decide_age,
    doubt_age,
    possible_events,
    record_event,
    register_birth,
)
from marfa.apps.registry.actions.continuous_registration import AFTER
from marfa.apps.registry.actions.person import TREAT_AS_ADULT, as_child
from marfa.apps.registry.actions.submissions import SentBeforeError
from marfa.apps.registry.forms import AgeForm, BirthForm, EventForm
from marfa.apps.registry.models import Registration
from marfa.apps.registry.reader import Reader, reader_for_change
from marfa.apps.registry.views.person_rows import form_page, pressed_other, unless_other
from marfa.apps.registry.views.submissions import key_of
from marfa.domain.dates import from_storage
from marfa.domain.ids import new_id
from marfa.safeguards.charter.decisions import decide


@form_view
def event(request: HttpRequest, reference: str) -> HttpResponse:
    """A departure, a return or a death."""
    with reader_for_change(request, reference) as reader:
        possible = possible_events(reader.person)
        sent = data_of(request)
        form, number = EventForm(sent, possible=AFTER if sent else possible), Number(request)

        def write_down() -> None:
            with number.anew():
                record_event(
                    actor=reader.actor,
                    purpose=reader.purpose,
                    person=reader.person,
                    event=Registration.Event(form.cleaned_data["event"]),
                    day=form.cleaned_data["day"],
                    batch=number.batch,
                )

        def shown() -> Context:
            form.offer(possible)
            return number.shown()

        title, send = _("Record departure, return or death"), _("Record")
        return form_page(request, reader, form, write_down, more=shown, title=title, send=send)


@form_view
def birth(request: HttpRequest, reference: str) -> HttpResponse:
    """A child who was born to this person here."""
    with reader_for_change(request, reference) as reader:
        form, number = BirthForm(data_of(request)), Number(request)

        def register() -> None:
            told = form.cleaned_data
            names = (NewName(told["name"]),) if told["name"].strip() else ()
            born = from_storage(told["born"]) if told["born"] else None
            with number.anew():
                register_birth(
                    actor=reader.actor,
                    purpose=reader.purpose,
                    parent=reader.person,
                    told=NewPerson(names, told["sex"] or "unknown", born, "stated"),
                    batch=number.batch,
                    typed=submitted_texts(BirthForm, request.POST),
                )

        title, send = _("Record a birth"), _("Register the child")
        return form_page(request, reader, form, register, more=number.shown, title=title, send=send)


class Number:
    """The number of a form that counts once."""

    def __init__(self, request: HttpRequest) -> None:
        self.batch = key_of(request.POST.get("batch", ""))

    def shown(self) -> Context:
        return {"batch": self.batch}

    @contextmanager
    def anew(self) -> Iterator[None]:
        """The form is shown again under a new number where this one was used otherwise."""
        try:
            yield
        except SentBeforeError:
            self.batch = new_id()
            raise


@form_view
def age(request: HttpRequest, reference: str) -> HttpResponse:
    """Doubt about an age, which anybody may have who works with the person, and its decision."""
    with reader_for_change(request, reference) as reader:
        decides = may_decide(reader)
        form = unless_other(request, AgeForm) if decides else AgeForm()
        if not decides:
            form.fields.clear()

        def shown() -> Context:
            return {"other": "" if reader.person.age_disputed else _("The age is in doubt")}

        return form_page(
            request,
            reader,
            form,
            partial(_decide, request, reader, form, decides=decides),
            more=shown,
            title=_("Doubt about the age"),
            send=_("This has been decided") if decides else "",
            lead=_(
                "In doubt, the person is a child: at once, and until it is decided. What makes an "
                "adult is decided by two, in an age assessment on the page of the case."
            ),
        )


def _decide(request: HttpRequest, reader: Reader, form: AgeForm, *, decides: bool) -> None:
    by: dict[str, Any] = {
        "actor": reader.actor,
        "purpose": reader.purpose,
        "person": reader.person,
    }
    if pressed_other(request):
        doubt_age(**by)
    elif decides:
        told = form.cleaned_data
        decide_age(**by, born=from_storage(told["born"]), basis=told["basis"])
    else:
        raise PermissionDenied


def may_decide(reader: Reader) -> bool:
    """Whether the charter lets this reader decide about an age."""
    resource = as_child(reader.person, in_doubt=False)
    context = {"on_record": True, "purpose": reader.purpose.value}
    return decide(reader.actor, TREAT_AS_ADULT, resource, context).allowed

"""What happens to a person after they were registered, and doubt about their age."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marfa.apps.form_pages.values import typed
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
from marfa.apps.registry.reader import Reader, editing
from marfa.apps.registry.views.person_rows import METHODS, add_problems, form_page
from marfa.apps.registry.views.submissions import key_of
from marfa.domain.dates import from_storage
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform.revisions.errors import ConflictError
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError


@require_http_methods(METHODS)
def event(request: HttpRequest, reference: str) -> HttpResponse:
    """A departure, a return or a death."""
    with editing(request, reference) as reader:
        possible = possible_events(reader.person)
        form = EventForm(request.POST or None, possible=AFTER if request.POST else possible)
        batch = key_of(request.POST.get("batch", ""))
        if request.method == "POST" and form.is_valid():
            try:
                record_event(
                    actor=reader.actor,
                    purpose=reader.purpose,
                    person=reader.person,
                    event=Registration.Event(form.cleaned_data["event"]),
                    day=form.cleaned_data["day"],
                    batch=batch,
                )
            except DeniedError:
                raise PermissionDenied from None
            except InputError as error:
                add_problems(form, error)
                batch = _after(error, batch)
            else:
                return _saved(request, reader)
        form.offer(possible)
        title = _("Departure, return, death")
        return form_page(request, reader, form, title, send=_("Write it down"), batch=batch)


@sensitive_post_parameters()
@require_http_methods(METHODS)
def birth(request: HttpRequest, reference: str) -> HttpResponse:
    """A child who was born to this person here."""
    with editing(request, reference) as reader:
        form = BirthForm(request.POST or None)
        batch = key_of(request.POST.get("batch", ""))
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            names = (NewName(told["name"]),) if told["name"].strip() else ()
            born = from_storage(told["born"]) if told["born"] else None
            try:
                register_birth(
                    actor=reader.actor,
                    purpose=reader.purpose,
                    parent=reader.person,
                    told=NewPerson(names, told["sex"] or "unknown", born, "stated"),
                    batch=batch,
                    typed=typed(BirthForm, request.POST),
                )
            except DeniedError:
                raise PermissionDenied from None
            except InputError as error:
                add_problems(form, error)
                batch = _after(error, batch)
            else:
                return _saved(request, reader)
        send = _("Register the child")
        return form_page(request, reader, form, _("A birth"), send=send, batch=batch)


def _after(error: InputError, batch: UUID) -> UUID:
    """The number of the form that is shown again: a new one where it was used otherwise."""
    return new_id() if isinstance(error, SentBeforeError) else batch


@sensitive_post_parameters()
@require_http_methods(METHODS)
def age(request: HttpRequest, reference: str) -> HttpResponse:
    """Doubt about an age, which anybody may have who works with the person, and its decision."""
    with editing(request, reference) as reader:
        decides = may_decide(reader)
        form = AgeForm(request.POST or None) if decides else AgeForm()
        if request.method == "POST" and request.POST.get("do") == "other":
            return _doubt(request, reader, decides=decides)
        if request.method == "POST" and not decides:
            raise PermissionDenied
        if request.method == "POST" and form.is_valid():
            try:
                decide_age(
                    actor=reader.actor,
                    purpose=reader.purpose,
                    person=reader.person,
                    born=from_storage(form.cleaned_data["born"]),
                    basis=form.cleaned_data["basis"],
                )
            except DeniedError:
                raise PermissionDenied from None
            except InputError as error:
                add_problems(form, error)
            else:
                return _saved(request, reader)
        return _age_page(request, reader, form, decides=decides)


def _doubt(request: HttpRequest, reader: Reader, *, decides: bool) -> HttpResponse:
    try:
        doubt_age(actor=reader.actor, purpose=reader.purpose, person=reader.person)
    except ConflictError as error:
        form = AgeForm(request.POST)
        form.errors.clear()
        add_problems(form, error)
        return _age_page(request, reader, form, decides=decides)
    return _saved(request, reader)


def _age_page(
    request: HttpRequest, reader: Reader, form: AgeForm, *, decides: bool
) -> HttpResponse:
    lead = _("In doubt, the person is a child: at once, and until somebody decides who may.")
    if not decides:
        form.fields.clear()
    other = "" if reader.person.age_disputed else _("The age is in doubt")
    send = _("This is decided") if decides else ""
    title = _("Doubt about the age")
    return form_page(request, reader, form, title, send=send, lead=lead, other=other)


def may_decide(reader: Reader) -> bool:
    """Whether the charter lets this reader decide about an age."""
    resource = as_child(reader.person, in_doubt=False)
    context = {"on_record": True, "purpose": reader.purpose.value}
    return decide(reader.actor, TREAT_AS_ADULT, resource, context).allowed


def _saved(request: HttpRequest, reader: Reader) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("people:person", reader.person.reference)

"""Putting right what is known of a person: two who do it at once lose nothing."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in
from marfa.apps.form_pages.editor import Change, Editor
from marfa.apps.form_pages.page import edit
from marfa.apps.problems import sentences, status_of
from marfa.apps.registry.actions import add_to_person, change_person, change_row, end_row
from marfa.apps.registry.actions.person_rows import Row
from marfa.apps.registry.forms import (
    ContactForm,
    ContactRulesForm,
    FunctioningForm,
    MoreForm,
    NameForm,
    PaperForm,
    PaperNumberForm,
    ToldForm,
)
from marfa.apps.registry.models import ContactPoint, IdentityDocument, Person, PersonName
from marfa.apps.registry.purposes import purpose_about
from marfa.apps.registry.reader import CHANGE, Reader, editing
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.charter.resources import DeniedError

METHODS = ["GET", "HEAD", "POST"]
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
MODELS: dict[str, type[Row]] = {
    "names": PersonName,
    "papers": IdentityDocument,
    "contacts": ContactPoint,
}


def _save_person(row: Person, change: Change) -> Saved:
    return change_person(
        actor=change.actor,
        purpose=purpose_about(change.actor, CHANGE, row),
        person=row,
        base_version=change.base_version,
        changes=change.changes,
        mine=change.mine,
    )


def _save_row(row: Row, change: Change) -> Saved:
    return change_row(
        actor=change.actor,
        purpose=purpose_about(change.actor, CHANGE, row.person),
        row=row,
        base_version=change.base_version,
        changes=change.changes,
        mine=change.mine,
    )


TOLD = Editor("people.told", ToldForm, _save_person)
MORE = Editor("people.more", MoreForm, _save_person, template="registry/more.html")
FUNCTIONING = Editor(
    "people.functioning", FunctioningForm, _save_person, template="registry/functioning.html"
)
ROWS: dict[type[forms.Form], Editor] = {
    form: Editor(f"people.{form.__name__.lower()}", form, _save_row)
    for form in (NameForm, PaperForm, PaperNumberForm, ContactForm, ContactRulesForm)
}


@sensitive_post_parameters()
@require_http_methods(METHODS)
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """What was told at the gate."""
    with editing(request, reference) as reader:
        return _edit(request, reader, TOLD, reader.person, _("What was told"))


@sensitive_post_parameters()
@require_http_methods(METHODS)
def more(request: HttpRequest, reference: str) -> HttpResponse:
    """What only those see and write who help the person."""
    with editing(request, reference) as reader:
        if not all(reader.may_write(Person, name) for name in MoreForm.base_fields):
            raise PermissionDenied
        return _edit(request, reader, MORE, reader.person, _("More about the person"))


@sensitive_post_parameters()
@require_http_methods(METHODS)
def functioning(request: HttpRequest, reference: str) -> HttpResponse:
    """The six questions of the Washington Group, for those who help the person."""
    with editing(request, reference) as reader:
        if not reader.may_write(Person, "functioning"):
            raise PermissionDenied
        title = _("What the person finds difficult")
        return _edit(request, reader, FUNCTIONING, reader.person, title)


@sensitive_post_parameters()
@require_http_methods(METHODS)
def add_row(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """A further name, paper or way to reach the person."""
    model = _model(kind)
    with editing(request, reference) as reader:
        made = _form_for(reader, model)
        form = made(request.POST) if request.method == "POST" else made()
        if request.method == "POST" and form.is_valid():
            try:
                add_to_person(
                    actor=reader.actor,
                    purpose=reader.purpose,
                    person=reader.person,
                    model=model,
                    values=form.cleaned_data,
                )
            except DeniedError:
                raise PermissionDenied from None
            except InputError as error:
                add_problems(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect(_page_of(reader))
        return form_page(request, reader, form, ADDS[kind](), send=_("Add"))


@sensitive_post_parameters()
@require_http_methods(METHODS)
def row(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """A name, a paper or a way to reach somebody, put right, or ended with the other button."""
    model = _model(kind)
    found = model._default_manager.filter(reference=reference).select_related("person").first()
    if found is None:
        raise Http404
    with editing(request, found.person.reference) as reader:
        editor = ROWS[_form_for(reader, model)]
        return _edit(request, reader, editor, found, TITLES[kind]())


@require_http_methods(["POST"])
def end(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """A name, a paper or a way to reach somebody counts no more."""
    found = _model(kind)._default_manager.filter(reference=reference).select_related("person")
    each = found.first()
    if each is None:
        raise Http404
    with editing(request, each.person.reference) as reader:
        try:
            end_row(actor=actor_in(request), purpose=reader.purpose, row=each)
        except DeniedError:
            raise PermissionDenied from None
        messages.success(request, _("It counts no more. It stays in the history."))
        return redirect(_page_of(reader))


ADDS: dict[str, Any] = {
    "names": lambda: _("Add a name"),
    "papers": lambda: _("Add a paper"),
    "contacts": lambda: _("Add a way to reach the person"),
}
TITLES: dict[str, Any] = {
    "names": lambda: _("Change a name"),
    "papers": lambda: _("Change a paper"),
    "contacts": lambda: _("Change a way to reach the person"),
}


def _edit(
    request: HttpRequest, reader: Reader, editor: Editor, row: Row | Person, title: Promise | str
) -> HttpResponse:
    """The page of a form about the person, with their code."""
    done, about = _page_of(reader), format_code(reader.person.code)
    return edit(request, editor, row, title=title, done=done, about=about)


def form_page(
    request: HttpRequest,
    reader: Reader,
    form: forms.Form,
    title: str | Promise,
    *,
    send: str,
    lead: str = "",
    other: str = "",
    batch: UUID | None = None,
    template: str = "registry/form.html",
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """A page with one form that is sent at once; its heading says whose it is.

    batch: its number, where it counts once. more: what else its template shows.
    """
    context = {
        "form": form,
        "title": title,
        "about": format_code(reader.person.code),
        "send": send,
        "lead": lead,
        "other": other,
        "batch": batch,
        "done": _page_of(reader),
        **(more or {}),
    }
    return render(request, template, context, status=status_for(form))


def add_problems(form: forms.Form, error: InputError) -> None:
    """What an action found wrong, at its field."""
    for name, text in sentences(error).items():
        problem = forms.ValidationError(text, code=status_of(error).name)
        form.add_error(name if name in form.fields else None, problem)


def status_for(form: forms.Form) -> HTTPStatus:
    """How a page with this form is answered."""
    if form.has_error(NON_FIELD_ERRORS, HTTPStatus.CONFLICT.name):
        return HTTPStatus.CONFLICT
    return WRONG if form.errors else HTTPStatus.OK


def _form_for(reader: Reader, model: type[Row]) -> type[forms.Form]:
    """The longest form that this reader may fill in."""
    forms_of: dict[type, tuple[type[forms.Form], ...]] = {
        PersonName: (NameForm,),
        IdentityDocument: (PaperForm, PaperNumberForm),
        ContactPoint: (ContactRulesForm, ContactForm),
    }
    for form in forms_of[model]:
        if all(reader.may_write(model, name) for name in form.base_fields):
            return form
    raise PermissionDenied


def _model(kind: str) -> type[Row]:
    if kind not in MODELS:
        raise Http404
    return MODELS[kind]


def _page_of(reader: Reader) -> str:
    return reverse("people:person", args=[reader.person.reference])

"""The pages on which a person's names, papers and contacts are changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in
from marfa.apps.form_pages.editor import Change, Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import Context, FormPage, data_of, form_view
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
from marfa.apps.registry.reader import CHANGE, Reader, reader_for_change
from marfa.domain.codes import format_code
from marfa.platform.revisions.actions import Saved

Form = TypeVar("Form", bound=forms.Form)
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


TOLD = Editor("registry.told", ToldForm, _save_person)
MORE = Editor("registry.more", MoreForm, _save_person, template="registry/more.html")
FUNCTIONING = Editor(
    "registry.functioning", FunctioningForm, _save_person, template="registry/functioning.html"
)
ROWS: dict[type[forms.Form], Editor] = {
    form: Editor(f"registry.{form.__name__.lower()}", form, _save_row)
    for form in (NameForm, PaperForm, PaperNumberForm, ContactForm, ContactRulesForm)
}


@form_view
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """What was told at the gate."""
    with reader_for_change(request, reference) as reader:
        return _edit(request, reader, TOLD, reader.person, _("What was said"))


@form_view
def more(request: HttpRequest, reference: str) -> HttpResponse:
    """What only those see and write who help the person."""
    with reader_for_change(request, reference) as reader:
        if not all(reader.may_write(Person, name) for name in MoreForm.base_fields):
            raise PermissionDenied
        return _edit(request, reader, MORE, reader.person, _("More about the person"))


@form_view
def functioning(request: HttpRequest, reference: str) -> HttpResponse:
    """The six questions of the Washington Group, for those who help the person."""
    with reader_for_change(request, reference) as reader:
        if not reader.may_write(Person, "functioning"):
            raise PermissionDenied
        title = _("Functional difficulties")
        return _edit(request, reader, FUNCTIONING, reader.person, title)


@form_view
def add_row(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """A further name, paper or way to reach the person."""
    model = _model(kind)
    with reader_for_change(request, reference) as reader:
        form = _form_for(reader, model)(data_of(request))

        def add() -> None:
            add_to_person(
                actor=reader.actor,
                purpose=reader.purpose,
                person=reader.person,
                model=model,
                values=form.cleaned_data,
            )

        return form_page(request, reader, form, add, title=ADDS[kind](), send=_("Add"))


@form_view
def row(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """A name, a paper or a way to reach somebody, put right, or ended with the other button."""
    model = _model(kind)
    found = model._default_manager.filter(reference=reference).select_related("person").first()
    if found is None:
        raise Http404
    with reader_for_change(request, found.person.reference) as reader:
        editor = ROWS[_form_for(reader, model)]
        return _edit(request, reader, editor, found, TITLES[kind]())


@require_http_methods(["POST"])
def end(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """A name, a paper or a way to reach somebody counts no more."""
    found = _model(kind)._default_manager.filter(reference=reference).select_related("person")
    each = found.first()
    if each is None:
        raise Http404
    with reader_for_change(request, each.person.reference) as reader:
        end_row(actor=actor_in(request), purpose=reader.purpose, row=each)
        messages.success(request, _("It is no longer valid. It stays in the history."))
        return redirect(_page_of(reader))


ADDS: dict[str, Any] = {
    "names": lambda: _("Add a name"),
    "papers": lambda: _("Add a document"),
    "contacts": lambda: _("Add contact details"),
}
TITLES: dict[str, Any] = {
    "names": lambda: _("Change a name"),
    "papers": lambda: _("Change a document"),
    "contacts": lambda: _("Change contact details"),
}


def _edit(
    request: HttpRequest, reader: Reader, editor: Editor, row: Row | Person, title: Promise | str
) -> HttpResponse:
    """The page of a form about the person, with their code."""
    done, about = _page_of(reader), format_code(reader.person.code)
    return edit_row(request, editor, row, title=title, done=done, about=about)


def form_page(
    request: HttpRequest,
    reader: Reader,
    form: forms.Form,
    act: Callable[[], object],
    *,
    more: Callable[[], Context] = dict,
    template: str = "registry/form.html",
    **context: object,
) -> HttpResponse:
    """A page with one form that is sent at once; its heading says whose it is. Sent, it acts and
    leads to the page of the person.

    context: ``title``, and what its buttons say: ``send``, ``other``. more: what else the page
    shows, each time it is shown.
    """
    done, about = _page_of(reader), format_code(reader.person.code)

    def shown() -> Context:
        return {"about": about, "done": done, **context, **more()}

    return FormPage(request, template, form, shown).answer(act, done=done, said=_("Saved."))


def pressed_other(request: HttpRequest) -> bool:
    """Whether the button beside the form was pressed, for which it need not be filled in."""
    return request.POST.get("do") == "other"


def unless_other(request: HttpRequest, form: type[Form]) -> Form:
    """A form, bound to what was sent unless it was sent with the button beside it."""
    if pressed_other(request):
        return form(initial=request.POST.dict())
    return form(data_of(request))


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

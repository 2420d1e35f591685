"""The page of a form: opened, sent, and shown again with what was typed and what is wrong with it.

    @form_view
    @at_desk(Desk.PROTECTION)
    def note(request: HttpRequest) -> HttpResponse:
        form = NoteForm(data_of(request))
        page = FormPage(request, "app/note.html", form)
        return page.answer(lambda: write_note(**form.cleaned_data), done="app:notes")

The form of a row with versions, which two people may change at once, is ``form_pages.page.edit``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marfa.apps.organisations.clocks import render_at
from marfa.apps.organisations.models import Site
from marfa.apps.problems import problem_sentences, status_of
from marfa.domain.message import InputError

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Context = Mapping[str, object]


def form_view(view: View) -> View:
    """A view of a page with a form. It is opened and sent, and nothing else; no report of an error
    holds what was typed. What the charter refuses is answered for all pages in one place, with its
    sentence (``StorageFull`` in ``web/middleware.py``)."""
    return sensitive_post_parameters()(require_http_methods(["GET", "HEAD", "POST"])(view))


def data_of(request: HttpRequest) -> QueryDict | None:
    """What a form on the page is bound to: what was sent, and nothing while it is only opened."""
    return request.POST if request.method == "POST" else None


@dataclass
class FormPage:
    """A page with a form, and what comes of sending it.

    form: of Django. Bound, it is valid before anything is done, and has what is wrong at its
    fields; unbound, another button of the page was pressed. Without one the template has ``typed``
    and ``wrong``: field -> sentence, with what belongs to none under "".
    context: what else is shown. A function is asked whenever the page is shown, which is after an
    action that went wrong.
    places: field -> under which name the page says what is wrong there.
    alike: where several forms stand on the page, each with a button named ``do``; further buttons
    of a form -> the one that names it. See ``_of_button``.
    within: what has to be open while the page is made, on the record.
    site: on whose clocks times are.
    status: of a page that says what is wrong, where it is not the usual one.
    """

    request: HttpRequest
    template: str
    form: forms.Form | None = None
    context: Context | Callable[[], Context] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    alike: Mapping[str, str] | None = None
    within: Callable[[], AbstractContextManager[object]] = nullcontext
    site: Site | None = None
    status: int | None = None

    def answer(
        self, act: Callable[[], object], *, done: str = "", said: str | Promise = ""
    ) -> HttpResponse:
        """Show the page; where it was sent, act, and answer as the action does, or lead to ``done``
        with a message: to the page itself where neither says more. What is wrong is shown on the
        page, with everything that was typed."""
        if self.request.method != "POST" or self._is_invalid():
            return self.shown()
        try:
            made = act()
        except InputError as error:
            return self.shown(error)
        if said:
            messages.success(self.request, str(said))
        return made if isinstance(made, HttpResponse) else redirect(done or self.request.path)

    def shown(self, wrong: InputError | None = None) -> HttpResponse:
        """The page, with what is wrong with what was sent."""
        said = self._sentences(wrong) if wrong else {}
        values: dict[str, object] = {"typed": self.request.POST, "wrong": said}
        if self.form is not None:
            add_problems(self.form, said)
            values |= {"form": self.form, "wrong": {}}
        if self.alike is not None:
            values |= _of_button(self.request, said, self.alike)
        with self.within():
            values |= self.context() if callable(self.context) else self.context
            return render_at(self.site, self.request, self.template, values, self._status(wrong))

    def _is_invalid(self) -> bool:
        return self.form is not None and self.form.is_bound and not self.form.is_valid()

    def _sentences(self, error: InputError) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, text in problem_sentences(error).items():
            place = self.places.get(name, name)
            found[place] = f"{found[place]} {text}" if place in found else text
        return found

    def _status(self, wrong: InputError | None) -> int:
        if wrong is None and (self.form is None or not self.form.errors):
            return HTTPStatus.OK
        usual = status_of(wrong) if wrong else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.status or usual


def add_problems(form: forms.Form, said: Mapping[str, str]) -> None:
    """What is wrong, at the fields of a form; what it has no field for, above it."""
    if said and not form.is_bound:
        # Another button was pressed: what is wrong is said above the form, which was not filled in.
        form.full_clean()
        form.cleaned_data = {}
    for name, text in said.items():
        form.add_error(name if name in form.fields else None, text)


def _of_button(
    request: HttpRequest, said: Mapping[str, str], alike: Mapping[str, str]
) -> dict[str, object]:
    """``sent`` has under the name of a form's button what was typed into that form and what is
    wrong there; the ids of its fields end with that name, as the links of the ``summary`` do."""
    do = request.POST.get("do", "")
    do = alike.get(do, do)
    return {
        "sent": {do: {"typed": request.POST, "wrong": said}},
        "summary": {f"{name}-{do}" if name else "": text for name, text in said.items()},
    }

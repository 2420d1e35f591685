"""The page of a versioned row: opened, kept, sent, and decided where two changed the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypedDict
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.form_pages.editor import Change, Editor
from marfa.apps.form_pages.values import (
    display_value,
    in_words,
    posted_version,
    submitted_texts,
    values_from_draft,
)
from marfa.apps.form_view import add_problems
from marfa.apps.problems import problem_sentences
from marfa.domain.message import InputError
from marfa.platform.revisions.drafts import OpenDraft, discard_draft, open_draft, save_draft
from marfa.platform.revisions.errors import ConflictError, DraftMovedError, GivenUp
from marfa.platform.revisions.models import Versioned
from marfa.platform.revisions.queries import values_at
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.vault.changes import values_in_clear
from marfa.safeguards.vault.fields import Vaulted

MINE, THEIRS = "mine", "theirs"
LONGEST_DRAFT = 200_000


@dataclass(frozen=True)
class MergeChoice:
    """One field that two people changed: what it was and what each made of it, in words."""

    name: str
    label: object
    before: object
    mine: object
    theirs: object
    error: str = ""


def edit_row(
    request: HttpRequest,
    editor: Editor,
    row: Versioned,
    *,
    title: Promise | str,
    done: str,
    about: str = "",
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Answer a request to the page of a form.

    row: may be one that is not stored yet; opening its page stores nothing.
    title: its heading; it names no person. about: the code of whom the form is about, as it is
    said. done: where a saved form leads to. more: what its own template shows beside it.
    Raises DeniedError where the charter denies what is asked.
    """
    context = {**(more or {}), "about": about}
    return _Page(request, editor, row, title, done, context).answer()


class _Key(TypedDict):
    user: UUID
    form: str
    subject: UUID


class _Page:
    def __init__(
        self,
        request: HttpRequest,
        editor: Editor,
        row: Versioned,
        title: Promise | str,
        done: str,
        more: Mapping[str, object],
    ) -> None:
        self.request, self.editor, self.row = request, editor, row
        self.title, self.done, self.more = title, done, more
        self.user = current_user(request)

    @property
    def key(self) -> _Key:
        return _Key(user=self.user.pk, form=self.editor.name, subject=self.row.pk)

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self.opened()
        act = self.request.POST.get("do", "save")
        if act not in ("save", "draft", "discard", "merge"):
            raise SuspiciousOperation
        if self.request.POST.get("person") != self.user.reference:
            return self.somebody_else(act)
        return {
            "save": self.save,
            "draft": self.keep,
            "discard": self.discard,
            "merge": self.merge,
        }[act]()

    def opened(self) -> HttpResponse:
        """The form with what is stored, or with what this person typed and did not send."""
        draft = open_draft(**self.key)
        stored = {name: getattr(self.row, name) for name in self.editor.form.base_fields}
        if draft is None:
            return self.page(self.editor.form(initial=stored), self.row.version)
        form = self.editor.form(
            initial={**stored, **values_from_draft(self.editor.form, draft.content)}
        )
        return self.page(form, draft.base_version or self.row.version, draft=draft)

    def keep(self) -> HttpResponse:
        """Keep what is typed, as it is: half a date is worth keeping too."""
        posted = self.request.POST
        content = submitted_texts(self.editor.form, posted)
        if sum(len(each) for values in content.values() for each in values) > LONGEST_DRAFT:
            return self.said(_("This is too long to be kept as a draft."), 413)
        seen, base = posted_version(posted, "draft_version"), posted_version(posted, "base_version")
        if self.row._state.adding and self.editor.begin:
            self.row = self.editor.begin(self.row, actor_in(self.request))
        try:
            version = save_draft(
                **self.key,
                content=content,
                owner=owner_of(self.row),
                base_version=base or None,
                seen=seen,
            )
        except DraftMovedError as error:
            return self.said(in_words(error), HTTPStatus.CONFLICT)
        if self.request.headers.get("X-Draft"):
            return JsonResponse({"version": version, "said": _("What you typed is kept.")})
        messages.success(self.request, _("What you typed is kept. You can continue later."))
        return redirect(self.request.path)

    def discard(self) -> HttpResponse:
        discard_draft(**self.key)
        return redirect(self.request.path)

    def save(self) -> HttpResponse:
        form = self.editor.form(self.request.POST)
        if not form.is_valid():
            return self.wrong(form)
        return self.write(form, form.cleaned_data, ())

    def merge(self) -> HttpResponse:
        """Save once a person has chosen for each field that a colleague changed too."""
        form = self.editor.form(self.request.POST)
        if not form.is_valid():
            return self.wrong(form)
        asked = [name for name in self.request.POST.getlist("asked") if name in form.fields]
        chosen = {name: self.request.POST.get(f"keep-{name}", "") for name in asked}
        stored = self.stored()
        if any(choice not in (MINE, THEIRS) for choice in chosen.values()):
            return self.choose(form, asked, stored, chosen)
        theirs = {name: stored[name] for name, choice in chosen.items() if choice == THEIRS}
        mine = tuple((name, form.cleaned_data[name]) for name in theirs)
        return self.write(form, {**form.cleaned_data, **theirs}, mine)

    def write(self, form: forms.Form, values: Mapping[str, object], mine: GivenUp) -> HttpResponse:
        base = self.base_version()
        try:
            saved = self.editor.save(self.row, Change(actor_in(self.request), base, values, mine))
        except ConflictError as error:
            return self.conflict(error, values)
        except InputError as error:
            add_problems(form, problem_sentences(error))
            return self.wrong(form)
        discard_draft(**self.key)
        together = saved.version > base + 1
        text = (
            _("Saved. What a colleague changed meanwhile is also kept.")
            if together
            else _("Saved.")
        )
        messages.success(self.request, text)
        return redirect(self.done)

    def conflict(self, error: ConflictError, values: Mapping[str, object]) -> HttpResponse:
        """Both values side by side. What only one of us changed is in the form already."""
        fields = self.editor.form.base_fields
        asked = [each.field for each in error.conflicts if each.field in fields]
        together = {**error.values, **{name: values[name] for name in asked}}
        form = self.editor.form({name: together[name] for name in fields})
        before = {each.field: each.base for each in error.conflicts}
        choices = self.choices(form, asked, error.values, before, values)
        return self.page(
            form,
            error.version,
            "form_pages/merge.html",
            HTTPStatus.CONFLICT,
            choices=choices,
            said=in_words(error),
        )

    def choose(
        self,
        form: forms.Form,
        asked: list[str],
        stored: Mapping[str, object],
        chosen: Mapping[str, str],
    ) -> HttpResponse:
        """The same question again, where it was left open."""
        choices = self.choices(form, asked, stored, stored, form.cleaned_data, chosen)
        return self.page(
            form, self.base_version(), "form_pages/merge.html", 422, choices=choices, chosen=chosen
        )

    def choices(
        self,
        form: forms.Form,
        asked: list[str],
        theirs: Mapping[str, object],
        before: Mapping[str, object],
        mine: Mapping[str, object],
        chosen: Mapping[str, str] | None = None,
    ) -> list[MergeChoice]:
        open_ = _("Choose which of the two is right.")
        return [
            MergeChoice(
                name,
                form.fields[name].label,
                display_value(form, name, before[name]),
                display_value(form, name, mine[name]),
                display_value(form, name, theirs[name]),
                open_ if chosen is not None and not chosen.get(name) else "",
            )
            for name in asked
        ]

    def wrong(self, form: forms.Form) -> HttpResponse:
        return self.page(form, self.base_version(), status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def stored(self) -> Mapping[str, object]:
        """The values that the page was opened with; of a row with sealed fields within
        ``open_vault()``."""
        opened = values_in_clear if isinstance(self.row, Vaulted) else values_at
        return opened(self.row, self.base_version())

    def base_version(self) -> int:
        return posted_version(self.request.POST, "base_version")

    def page(
        self,
        form: forms.Form,
        base_version: int,
        template: str = "",
        status: int = HTTPStatus.OK,
        *,
        draft: OpenDraft | None = None,
        **more: object,
    ) -> HttpResponse:
        seen = posted_version(self.request.POST, "draft_version") or (draft.version if draft else 0)
        context = {
            **self.more,
            "title": self.title,
            "form": form,
            "sent": submitted_texts(type(form), form.data) if form.is_bound else {},
            "base_version": base_version,
            "draft": draft,
            "draft_version": seen,
            "person": self.user.reference,
            "done": self.done,
            "row": self.row,
            **more,
        }
        return render(self.request, template or self.editor.template, context, status=status)

    def somebody_else(self, act: str) -> HttpResponse:
        """Another person has signed in in this browser since the page was opened: what stands in
        it is not theirs, and is neither saved in their name nor kept among their drafts."""
        if act != "draft":
            raise PermissionDenied
        return self.said(_("Someone else has signed in here. Nothing was kept."), 409)

    def said(self, text: str, status: int) -> HttpResponse:
        return JsonResponse({"said": text}, status=status)

"""What a list asks of this app: the choice on its page, the request, and the file.

NAMED = NamedColumns(
    {"name": called, "contact": reached},
    people="person_id",
    openable=who_may_be_opened,
    purposes=(Purpose.ASSISTANCE,),
)
FILE = ListFile(..., named=NAMED)
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.handling_marks import mark_of
from marfa.apps.list_file import TYPES, ListFile, as_cell, as_download, may_make, write_table
from marfa.apps.list_files.actions import (
    ASK,
    MOST_ROWS,
    ask_for_names,
    keys_of,
    making_names,
)
from marfa.apps.list_files.models import NamedFileRequest
from marfa.crypto.agefiles import is_phrase, lock_to_phrase
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Tier

if TYPE_CHECKING:
    from marfa.apps.list_page import ListPage

CONTENTS = "names"
"""The code of such a file among what may leave (``door_contents``)."""
Read = Callable[[Actor, Purpose, Collection[UUID]], Mapping[UUID, str]]


LABELS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("Names"),
    "contact": gettext_lazy("Safe ways to reach them"),
    "narrative": gettext_lazy("What was written about them"),
}
"""What may identify in a file, by code."""


@dataclass(frozen=True)
class NamedColumns:
    """What identifies, in the files of a list.

    columns: code of ``LABELS`` -> of some people what it holds, by key, within ``open_vault()``; of
        whom this actor may not read it, nothing.
    people: attribute of a row with the key of the person. openable: those of some people whose
    identity an actor may open for a purpose. purposes: for which a file may be asked for.
    """

    columns: Mapping[str, Read]
    people: str
    openable: Callable[[Actor, Purpose, Collection[UUID]], Collection[UUID]]
    purposes: Sequence[Purpose]

    def choices(self, page: ListPage) -> Mapping[str, object]:
        """The template of the choice and what it shows; empty for who may not ask."""
        asked: dict[str, Value] = {"names": True, "reason_given": True, "in_force": True}
        if not may_make(actor_in(page.request), Tier.SENSITIVE.value, ASK, asked):
            return {}
        sent = page.request.POST
        return {
            "template": "list_files/choice.html",
            "kinds": [
                ("codes", _("Codes only")),
                ("names", _("Names as well: a colleague has to approve it")),
            ],
            "columns": [(code, LABELS[code]) for code in self.columns],
            "purposes": [(each.value, purpose_label(each)) for each in self.purposes],
            "chosen": sent.getlist("columns"),
        }

    def ask(self, page: ListPage, file: ListFile, rows: QuerySet[Any]) -> HttpResponseBase:
        """Keep a request for those rows whose people the actor may open one by one."""
        sent, actor = page.request.POST, actor_in(page.request)
        purpose = next((each for each in self.purposes if each.value == sent.get("purpose")), None)
        if purpose is None:
            raise InputError.at(Message("apps.list_files:choose-purpose"), field="purpose")
        leaving = self._openable(actor, purpose, rows.filter(file.leaving)[: MOST_ROWS + 1])
        if not leaving:
            raise InputError.at(Message("apps.list_files:nobody"))
        made = ask_for_names(
            actor=actor,
            purpose=purpose,
            name=file.name,
            address=page.request.path + page.asked.address(),
            columns=[code for code in self.columns if code in sent.getlist("columns")],
            places=file.places(rows.filter(pk__in=[row.pk for row in leaving])),
            keys=[row.pk for row in leaving],
            reason=sent.get("reason", ""),
        )
        messages.success(page.request, _("A colleague is asked to approve the file."))
        return redirect("list_files:request", made.reference)

    def take(self, page: ListPage, file: ListFile, reference: str) -> HttpResponseBase:
        """The file, locked: of the approved rows those that are still there and may be opened."""
        sent, actor = page.request.POST, actor_in(page.request)
        mine = NamedFileRequest.objects.filter(asked_by=actor.id, list=file.name)
        found = mine.filter(reference=reference, state=NamedFileRequest.State.APPROVED).first()
        if found is None:
            raise InputError.at(Message("apps.list_files:request-changed"))
        form, phrase = sent.get("form", ""), sent.get("phrase", "")
        if form not in TYPES or not is_phrase(phrase):
            raise InputError.at(Message("apps.list_files:take-again"))
        purpose, keys = Purpose(found.purpose), keys_of(found)
        there = {row.pk: row for row in page.rows.filter(file.leaving, pk__in=keys)}
        rows = [there[key] for key in keys if key in there]
        leaving = self._openable(actor, purpose, rows)
        if not leaving:
            raise InputError.at(Message("apps.list_files:nobody"))
        content = self._content(actor, file, found, leaving, form)
        locked = lock_to_phrase(content, phrase)
        people = [self._person(row) for row in leaving]
        with making_names(
            actor=actor, request=found, rows=[row.pk for row in leaving], people=people
        ) as act:
            act.note(form=form)
        kind = "application/octet-stream"
        return as_download(io.BytesIO(locked), f"{file.name}.{form}.age", kind)

    def _content(
        self,
        actor: Actor,
        file: ListFile,
        request: NamedFileRequest,
        rows: Sequence[Any],
        form: str,
    ) -> bytes:
        file.check(type(rows[0]))
        purpose, people = Purpose(request.purpose), {self._person(row) for row in rows}
        coded = [attrgetter(path.replace("__", ".")) for path in file.columns.values()]
        with open_vault():
            read = [self.columns[code](actor, purpose, people) for code in request.columns]
            table = [
                [as_cell(get(row)) for get in coded]
                + [each.get(self._person(row), "") for each in read]
                for row in rows
            ]
        stream = io.BytesIO()
        mark = str(mark_of(actor.id, CONTENTS, request.purpose))
        write_table(form, stream, [*file.columns, *request.columns], table, mark)
        return stream.getvalue()

    def _openable(self, actor: Actor, purpose: Purpose, rows: Any) -> list[Any]:
        found = list(rows)
        allowed = {*self.openable(actor, purpose, {self._person(row) for row in found})}
        return [row for row in found if self._person(row) in allowed]

    def _person(self, row: Any) -> UUID:
        key: UUID = attrgetter(self.people)(row)
        return key


def purpose_label(purpose: Purpose) -> str:
    """A purpose in the reader's words."""
    return codelist("purposes").label(purpose.value, get_language() or SOURCE_LANGUAGE)

"""A list as a file: codes and coded columns of what the reader may see, decided and logged once.

    FILE = ListFile(
        "cases",
        contents="cases",
        purpose=Purpose.ASSISTANCE,
        columns={"person": "person__code", "urgency": "urgency", "opened": "opened_at"},
        leaving=Q(person__protected=False, person__erased_at=None),
    )
    SPEC = ListSpec(..., file=FILE)

Its filters, its order and what was chosen in it hold for the file too. The charter decides on each
place to which a row belongs (``exports.make``), after a fresh second factor; the log has one entry
with the root of the rows. The field register decides what a column may hold: a path to anything
that identifies or tells of somebody makes no file. Names take two people (``ListFile.named``).
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING, Any, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Field, Model, Q, QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language_bidi

from marfa.apps.access import actor_in
from marfa.apps.accounts.step_up import is_fresh, to_step_up
from marfa.apps.handling_marks import mark_of
from marfa.apps.list_actions import CHOSEN, EVERY, MOST, SURE, said
from marfa.apps.organisations.queries import data_controller
from marfa.apps.problems import problem_sentences, status_of
from marfa.domain.handling import NAME
from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.domain.workbooks import write_sheet
from marfa.platform import clock
from marfa.safeguards.actions import bulk_reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.fields.register import tier_of
from marfa.safeguards.words import Purpose, Tier

if TYPE_CHECKING:
    from marfa.apps.list_page import ListPage

MAKE = "exports.make"
MOST_IN_FILE = 200_000
"""Rows of one file."""
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a file up to which nothing of it is on a disk."""
A_BATCH = 1000
TAKE = "take"
"""Sent for a file with names that somebody approved: the reference of the request."""
PRINT = "print"
"""What is sent for paper in the place of a kind of file."""
NOBODY: frozenset[UUID] = frozenset()
NOT_ASKED: Mapping[str, Value] = {}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HARMLESS = {
    "coded": frozenset({Tier.SYSTEM, Tier.CODED}),
    "staff": frozenset({Tier.SYSTEM, Tier.CODED, Tier.STAFF}),
}
"""By tier of a file: the tiers of the fields that may stand in it."""


class NamedFiles(Protocol):
    """Who takes care of files with names. Its own app: two people, and what they agreed upon."""

    def choices(self, page: ListPage) -> Mapping[str, object]:
        """What the page shows that asks for one; empty where this reader may not ask."""

    def ask(self, page: ListPage, file: ListFile, rows: QuerySet[Any]) -> HttpResponseBase:
        """Keep a request for these rows. Raises InputError, DeniedError."""

    def take(self, page: ListPage, file: ListFile, reference: str) -> HttpResponseBase:
        """The file that was approved. Raises InputError, DeniedError."""


@dataclass(frozen=True)
class ListFile:
    """What of a list may leave.

    name: of the file and in the log. contents: code of ``door_contents``.
    columns: heading -> path to what is stored, as a query has it.
    place: paths to organisation and site of a row; None for what the installation keeps.
    leaving: the rows that may be in a file; whoever is protected is in none.
    tier: ``coded``, or ``staff`` where it is about accounts.
    named: for names, contacts and narratives; None where there are none.
    """

    name: str
    contents: str
    purpose: Purpose
    columns: Mapping[str, str]
    place: tuple[str, str] | None = ("organisation", "site")
    leaving: Q = field(default_factory=Q)
    tier: str = "coded"
    named: NamedFiles | None = None

    def check(self, model: type[Model]) -> None:
        """Raises ValueError for a column that may not stand in such a file."""
        for heading, path in self.columns.items():
            if tier_at(model, path) not in HARMLESS[self.tier]:
                raise ValueError(f"{heading} ({path}) is not for a file of codes")

    def places(self, rows: QuerySet[Any]) -> list[tuple[UUID, UUID | None]]:
        """The organisations and sites to which rows belong."""
        if self.place is None:
            return [(data_controller().pk, None)]
        return sorted(rows.order_by().values_list(*self.place).distinct(), key=str)

    def resources(self, rows: QuerySet[Any]) -> list[Resource]:
        """The file, as the charter sees it at each place."""
        return [export_of(*each, tier=self.tier) for each in self.places(rows)]


def tier_at(model: type[Model], path: str) -> Tier:
    """How much harm what stands at the end of a path can do; the worst for what is no field."""
    found, kind, known = Tier.SEALED, "", cast("type[Model] | None", model)
    for name in path.split("__"):
        if known is None:
            return Tier.SEALED
        column = next((each for each in known._meta.concrete_fields if each.name == name), None)
        if not isinstance(column, Field):
            return Tier.SEALED
        found, kind = tier_of(column.model, name), column.get_internal_type()
        known = column.related_model if isinstance(column.related_model, type) else None
    # A key tells when its row was made, so it never leaves.
    return Tier.SEALED if known is not None or kind == "UUIDField" else found


def export_of(
    organisation: UUID,
    site: UUID | None = None,
    *,
    tier: str,
    asked: Mapping[str, Value] = NOT_ASKED,
) -> Resource:
    """A file of many rows of a place, as the charter sees it. asked: the facts of a request, where
    names are in it."""
    facts: dict[str, Value] = {
        "organisation": organisation,
        "tier": tier,
        "holds_protected": False,
        "names": False,
        "asked_by": NOBODY,
        "approved_by": NOBODY,
        "reason_given": False,
        "in_force": False,
        **asked,
    }
    if site is not None:
        facts["site"] = site
    return Resource("Export", site or organisation, facts)


def may_make(
    actor: Actor, tier: str, action: str = MAKE, asked: Mapping[str, Value] = NOT_ASKED
) -> bool:
    """Whether there is a place of which somebody may make files, once they proved their factor."""
    proved = replace(actor, stepped_up_at=clock.now())
    context: dict[str, Value] = {"on_record": True, "purpose": Purpose.ASSISTANCE.value}
    places = {(held.organisation, held.site) for held in actor.roles}
    return any(
        decide(proved, action, export_of(*each, tier=tier, asked=asked), context).allowed
        for each in places
    )


class FileAction:
    """What can be done with the rows that are chosen in a list, or with all of it: a file."""

    name = "file"

    def __init__(self, file: ListFile) -> None:
        self.file = file

    @property
    def label(self) -> str:
        """Of its button."""
        return said("list-file")

    def answer(self, page: ListPage) -> HttpResponseBase:
        """The page that asks what for a file; after that, the file."""
        if not is_fresh(page.request):
            return to_step_up(page.request.get_full_path())
        sent = page.request.POST
        named = self.file.named
        try:
            if TAKE in sent and named is not None:
                return named.take(page, self.file, sent[TAKE])
            rows = self._chosen(page)
            if SURE not in sent:
                return self._asks(page, rows)
            if sent.get("what") == "names" and named is not None:
                return named.ask(page, self.file, rows)
            return self._made(page, rows)
        except InputError as error:
            if SURE in sent and self._any(page):
                return self._asks(page, self._chosen(page), error)
            return page.shown(problem_sentences(error).get("") or said("list-none"))

    def _any(self, page: ListPage) -> bool:
        sent = page.request.POST
        return EVERY in sent or 0 < len(sent.getlist(CHOSEN)) <= MOST

    def _chosen(self, page: ListPage) -> QuerySet[Any]:
        """The rows that were chosen, of those that may leave. Raises InputError for none."""
        named = {*page.request.POST.getlist(CHOSEN)[: MOST + 1]}
        if EVERY in page.request.POST:
            return page.narrowed
        if not named:
            raise InputError.at(Message("apps:list-none"))
        if len(named) > MOST:
            raise InputError.at(Message("apps:list-many", {"most": MOST}))
        return page.narrowed.filter(reference__in=named)

    def _asks(
        self, page: ListPage, rows: QuerySet[Any], error: InputError | None = None
    ) -> HttpResponseBase:
        request = page.request
        there, leaving = rows.count(), rows.filter(self.file.leaving).count()
        if not leaving:
            return page.shown(said("list-file-nobody"))
        values = {
            "action": self,
            "count": leaving,
            "staying": there - leaving,
            "back": request.get_full_path(),
            "typed": request.POST,
            "chosen": request.POST.getlist(CHOSEN)[:MOST],
            "every": EVERY in request.POST,
            "found": page.asked.text,
            "forms": [(form, said(f"list-{form}")) for form in (*TYPES, PRINT)],
            "names": self.file.named.choices(page) if self.file.named else {},
            "wrong": problem_sentences(error) if error else {},
        }
        return render(request, "lists/file.html", values, status=status_of(error) if error else 200)

    def _made(self, page: ListPage, rows: QuerySet[Any]) -> HttpResponseBase:
        form = page.request.POST.get("form", "")
        if form == PRINT:
            return self._printed(page, rows)
        if form not in TYPES:
            raise InputError.at(Message("apps:list-file-form"), field="form")
        leaving = rows.filter(self.file.leaving)
        stream = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(settings.FOLDER.path))  # noqa: SIM115 - the answer closes it
        try:
            actor = actor_in(page.request)
            made = cast("IO[bytes]", stream)
            make_file(actor=actor, file=self.file, rows=leaving, form=form, stream=made)
        except BaseException:
            stream.close()
            raise
        stream.seek(0)
        return as_download(stream, f"{self.file.name}.{form}", TYPES[form])

    def _printed(self, page: ListPage, rows: QuerySet[Any]) -> HttpResponseBase:
        """The list on paper, as its page shows it: decided and logged as a file is."""
        leaving = rows.filter(self.file.leaving)
        keys = list(leaving.values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            raise InputError.at(Message("apps:list-many", {"most": MOST}), field="form")
        with bulk_reading(
            actor=actor_in(page.request),
            code=MAKE,
            purpose=self.file.purpose,
            resources=self.file.resources(leaving),
        ) as act:
            act.rows(keys)
            act.note(what=self.file.name, form=PRINT)
        return page.printed(leaving)


def as_download(stream: Any, name: str, kind: str) -> HttpResponseBase:
    """A file to save, which no browser keeps by itself."""
    answer = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def make_file(
    *, actor: Actor, file: ListFile, rows: QuerySet[Any], form: str, stream: IO[bytes]
) -> int:
    """Write the coded columns of rows, in their order, into a stream; how many rows.

    Raises DeniedError where the charter refuses one of their places; InputError for too many.
    """
    file.check(rows.model)
    resources = file.resources(rows)
    with bulk_reading(actor=actor, code=MAKE, purpose=file.purpose, resources=resources) as act:
        keys = list(rows.values_list("pk", flat=True)[: MOST_IN_FILE + 1])
        if len(keys) > MOST_IN_FILE:
            raise InputError.at(Message("apps:list-file-long", {"most": MOST_IN_FILE}))
        act.rows(keys)
        act.note(what=file.name, form=form)
        mark = str(mark_of(actor.id, file.contents, file.purpose.value))
        write_table(form, stream, [*file.columns], _cells(file, rows, keys), mark)
    return len(keys)


def write_table(
    form: str, stream: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]], mark: str
) -> None:
    """Write a table with its mark in the last column of each row. form: ``csv`` or ``xlsx``."""
    heads = [*header, NAME]
    marked = ([*row, mark] for row in rows)
    if form == "xlsx":
        write_sheet(stream, heads, marked, note=mark, right_to_left=get_language_bidi())
        return
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = TableWriter(text)
    writer.writerow(heads)
    writer.writerows(marked)
    text.detach()


def _cells(file: ListFile, rows: QuerySet[Any], keys: Sequence[UUID]) -> Iterator[list[str]]:
    """The columns of each row, some at a time: a file of any length is in memory a part at once."""
    for start in range(0, len(keys), A_BATCH):
        some = keys[start : start + A_BATCH]
        found = rows.order_by().filter(pk__in=some).values_list("pk", *file.columns.values())
        by_key = {key: cells for key, *cells in found}
        yield from ([as_cell(each) for each in by_key[key]] for key in some if key in by_key)


def as_cell(value: object) -> str:
    """A stored value as text: moments in UTC, days and numbers as ISO writes them."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case str() | int():
            return str(value)
    raise TypeError(f"a file of codes holds no {type(value).__name__}")

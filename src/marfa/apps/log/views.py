"""The log for those who watch over it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in, at_desk, log_readers_only
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.list_page import ListPage
from marfa.apps.log.actions import log_reading
from marfa.apps.log.auditor_file import write_auditor_file
from marfa.apps.log.entry_list import LOG, PERIODS
from marfa.apps.log.queries import stretch_of_lines
from marfa.apps.manifest import Desk
from marfa.domain.message import InputError
from marfa.domain.spreadsheets import TableWriter
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.export import content_of_entry, export_lines
from marfa.safeguards.audit.models import Entry

A_PAGE = 20
COLUMNS = (
    *("lane", "sequence", "at", "action", "outcome", "purpose", "actor", "actor_kind"),
    *("subject", "object_kind", "object", "organisation", "policies", "rows", "rows_root"),
    "detail",
)
KINDS = {
    "auditor": ("log-for-an-auditor.zip", "application/zip"),
    "jsonl": ("log.jsonl", "text/plain"),
    "csv": ("log.csv", "text/plain"),
}
"""What the log is exported as: the name of the file and what it is."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.ADMINISTRATION)
@log_readers_only
def search(request: HttpRequest) -> HttpResponseBase:
    """Newest first, for data-protection officers. Colleagues have names; of a person whom an entry
    is about neither name nor key is shown."""
    page = ListPage(
        request,
        LOG,
        Entry.objects.all(),
        "log/search.html",
        size=A_PAGE,
        stretches=stretch_of_lines,
    )
    done = page.step()
    if done is not None:
        return done
    if _stands_in_an_address(page):
        return HttpResponseRedirect(f"{request.path}{page.asked.address()}")
    with log_reading(actor=actor_in(request), code="log.read") as act:
        found = page.found()
        act.count(found.count)
        act.note(narrowed=found.narrows)
    page.context = {"lines": found.page.object_list, "following": found.following}
    return page.show(found)


def _stands_in_an_address(page: ListPage) -> bool:
    """Whether codes alone were sent: then the list has an address, which can be kept. What is typed
    may lead to somebody, and stands in none."""
    asked = page.asked
    codes_alone = not (asked.typed or asked.page or asked.unknown)
    return page.request.method == "POST" and bool(asked.chosen) and codes_alone


def _parts() -> list[tuple[str, Promise]]:
    return [("", gettext_lazy("the whole log")), *((code, PERIODS[code][0]) for code in PERIODS)]


class ExportForm(forms.Form):
    """What the table for an auditor covers."""

    covers = forms.ChoiceField(
        label=gettext_lazy("What the table covers"), choices=_parts, required=False
    )


@form_view
@at_desk(Desk.ADMINISTRATION)
@step_up_first
@log_readers_only
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole log as a file: for an auditor, lines that can be verified, or a table to read."""
    actor, kind = actor_in(request), request.POST.get("kind", "")
    form = ExportForm(request.POST if kind == "auditor" else None)
    page = FormPage(request, "log/export.html", form, within=partial(_only_opened, actor))
    if kind not in KINDS or (form.is_bound and not form.is_valid()):
        return page.shown()
    try:
        return _exported(actor, kind, form.cleaned_data["covers"] if form.is_bound else "")
    except InputError as error:
        return page.shown(error)


@contextmanager
def _only_opened(actor: Actor) -> Iterator[None]:
    with log_reading(actor=actor, code="log.export") as act:
        act.note(page=True)
        yield


def _exported(actor: Actor, kind: str, covers: str) -> FileResponse:
    """The file; that it was made is an entry. It is written before it is sent: an answer on its way
    asks the database nothing more."""
    with ExitStack() as opened:
        file = opened.enter_context(tempfile.TemporaryFile(dir=settings.FOLDER.path))
        with log_reading(actor=actor, code="log.export") as act:
            act.note(kind=kind)
            if kind == "auditor":
                act.note(table=covers or "all")
                since = clock.now() - PERIODS[covers][1] if covers else None
                act.count(write_auditor_file(file, since).entries)
            else:
                for part in _jsonl() if kind == "jsonl" else csv_lines_of_log():
                    file.write(part.encode())
        opened.pop_all()  # the answer closes it
    file.seek(0)
    name, content_type = KINDS[kind]
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _jsonl() -> Iterator[str]:
    return (f"{line}\n" for line in export_lines())


def csv_lines_of_log() -> Iterator[str]:
    """The log as CSV; nothing in it begins as a formula does."""
    buffer = io.StringIO()
    writer = TableWriter(buffer)
    writer.writerow(COLUMNS)
    for entry in Entry.objects.order_by("place").iterator(chunk_size=2000):
        row = {**content_of_entry(entry), "lane": entry.lane, "sequence": entry.sequence}
        row |= {"policies": entry.policies, "detail": entry.detail}
        writer.writerow([row[name] for name in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()

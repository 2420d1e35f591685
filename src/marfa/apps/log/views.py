"""The log for those who watch over it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in, at_desk, log_readers_only
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.list_page import ListPage
from marfa.apps.log.actions import log_reading
from marfa.apps.log.entry_list import LOG
from marfa.apps.log.queries import stretch_of_lines
from marfa.apps.manifest import Desk
from marfa.domain.spreadsheets import TableWriter
from marfa.safeguards.audit.export import content_of_entry, export_lines
from marfa.safeguards.audit.models import Entry

A_PAGE = 20
COLUMNS = (
    *("lane", "sequence", "at", "action", "outcome", "purpose", "actor", "actor_kind"),
    *("subject", "object_kind", "object", "organisation", "policies", "rows", "rows_root"),
    "detail",
)


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


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.ADMINISTRATION)
@step_up_first
@log_readers_only
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole log as a file: lines that can be verified, or a table to read."""
    kind = request.POST.get("kind", "")
    with log_reading(actor=actor_in(request), code="log.export") as act:
        if kind not in ("jsonl", "csv"):
            act.note(page=True)
            return render(request, "log/export.html")
        act.note(kind=kind)
        # Written before it is sent: an answer on its way asks the database nothing more.
        file = tempfile.TemporaryFile(dir=settings.FOLDER.path)  # noqa: SIM115 - the answer closes it
        for part in (
            (f"{line}\n" for line in export_lines()) if kind == "jsonl" else csv_lines_of_log()
        ):
            file.write(part.encode())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"log.{kind}", content_type="text/plain")


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

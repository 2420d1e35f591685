"""Pages of the directory's files: giving one out, taking one in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in
from marfa.apps.directory import queries
from marfa.apps.directory.actions import take_services
from marfa.apps.directory.exchange.faults import FileProblem
from marfa.apps.directory.exchange.hsds import hsds_file, read_hsds
from marfa.apps.directory.exchange.sheets import csv_file, read_sheet, xlsx_file
from marfa.apps.directory.views import keepers_only
from marfa.apps.form_view import FormPage, form_view
from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message

KINDS = {
    "csv": ("services.csv", "text/csv; charset=utf-8"),
    "hxl": ("services-hxl.csv", "text/csv; charset=utf-8"),
    "xlsx": (
        "services.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "hsds": ("services.json", "application/json"),
}
LARGEST = 16 << 20
MOST_SHOWN = 200
"""Problems on the page; the rest is counted."""


@require_safe
@keepers_only
def give(request: HttpRequest, kind: str) -> HttpResponse:
    """The whole directory as a file. It tells of places and of no person."""
    if kind not in KINDS:
        raise Http404
    rows = queries.all_services().order_by("name", "pk").iterator(chunk_size=1000)
    match kind:
        case "xlsx":
            content = xlsx_file(rows)
        case "hsds":
            content = hsds_file(rows)
        case _:
            content = csv_file(rows, tags=kind == "hxl")
    name, told = KINDS[kind]
    answer = HttpResponse(content, content_type=told)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@form_view
@keepers_only
def files(request: HttpRequest) -> HttpResponse:
    """Files out, and one in: it is taken as a whole, or not at all."""
    actor = actor_in(request)
    own = {each.reference: each for each in queries.own_organisations(actor)}
    problems: list[FileProblem] = []

    def shown() -> dict[str, object]:
        language = get_language() or "en"
        return {
            "keepers": [(key, each.name) for key, each in own.items()],
            "problems": [
                (each.row, each.column, each.field, render_message(each.message, language))
                for each in problems[:MOST_SHOWN]
            ],
            "more": max(0, len(problems) - MOST_SHOWN),
        }

    def act() -> HttpResponse:
        keeper = own.get(request.POST.get("keeper", ""))
        if keeper is None:
            raise InputError.at(Message("apps.directory:keeper-missing"), field="keeper")
        content = _sent(request)
        read = read_hsds if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in b"{[" else read_sheet
        try:
            told, wrong, left = read(content)
        except InputError as error:
            raise InputError.at(error.problems[0].message, field="file") from None
        if wrong:
            problems.extend(wrong)
            many = Message("apps.directory:file-wrong", count=len(wrong))
            raise InputError.at(many, field="file")
        added, changed = take_services(actor=actor, keeper=keeper, told=told)
        said = Message("apps.directory:file-taken", {"added": added, "changed": changed})
        messages.success(request, render_message(said, get_language() or "en"))
        if left:
            messages.info(request, _("Columns left out: %(names)s") % {"names": ", ".join(left)})
        return redirect("services:all")

    return FormPage(request, "directory/files.html", context=shown).answer(act)


def _sent(request: HttpRequest) -> bytes:
    sent = request.FILES.get("file")
    if sent is None:
        raise InputError.at(Message("apps.directory:file-missing"), field="file")
    if (sent.size or 0) > LARGEST:
        raise InputError.at(
            Message("apps.directory:file-large", {"most": LARGEST >> 20}), field="file"
        )
    return bytes(sent.read())

"""The pages of files of HTCDS: made, and read in."""

from __future__ import annotations

import base64
import binascii
import tempfile
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext

from marfa.apps.access import actor_in, at_desk, require_permission
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.organisations.workplaces import sites_where
from marfa.apps.problems import problem_sentences
from marfa.apps.referrals.exchange.file_export import export_cases
from marfa.apps.referrals.exchange.file_import import (
    LARGEST,
    cases_in,
    must_be_new,
    preview_import,
    read_in_cases,
    source_named,
)
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.catalogue import render_message as in_words
from marfa.domain.message import InputError, Message, Problem
from marfa.methods import htcds
from marfa.platform.files.memory_uploads import taken_in_memory
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

supervisors_only = require_permission("cases.oversee", the_controller)
MOST_KEPT = 1536 * 1024
"""Bytes of a file, packed, that wait in the page until somebody says yes."""
IN_MEMORY = 32 * 1024 * 1024
"""Bytes of a file that is made up to which nothing of it is on a disk: some 20,000 cases."""
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@form_view
@at_desk(Desk.PROTECTION)
@step_up_first
@supervisors_only
def send(request: HttpRequest) -> HttpResponseBase:
    """Choose the place, the days and the kind of file; sent, it is the file."""
    actor = actor_in(request)
    sites = sites_of(actor)
    page = _page(request, "file_out", sites)
    if request.method != "POST":
        return page.shown()
    try:
        return _file(request, actor, sites)
    except InputError as error:
        return page.shown(error)


def _file(request: HttpRequest, actor: Actor, sites: list[Site]) -> HttpResponseBase:
    site, form = _site(request, sites), request.POST.get("form", "")
    since, until = (_day(request, name) for name in ("since", "until"))
    # Written before it is sent: an answer on its way asks the database nothing more.
    folder = str(settings.FOLDER.path)
    made = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=folder)  # noqa: SIM115 - the answer closes it
    terms: dict[str, Any] = {"form": form, "since": since, "until": until}
    try:
        export_cases(actor=actor, site=site, stream=cast("BinaryIO", made), **terms)
    except BaseException:
        made.close()
        raise
    made.seek(0)
    kind = TYPES[form]
    return FileResponse(made, as_attachment=True, filename=f"cases.{form}", content_type=kind)


@taken_in_memory(LARGEST)
@form_view
@at_desk(Desk.PROTECTION)
@supervisors_only
def take(request: HttpRequest) -> HttpResponse:
    """Look at what a file would make, then say yes. Nothing is written before."""
    actor = actor_in(request)
    sites = sites_of(actor)
    if request.method != "POST":
        return _page(request, "file_in", sites).shown()
    try:
        content, name = _content(request)
        site = _site(request, sites)
        source = source_named(request.POST.get("source", ""), site)
        cases = cases_in(content, name=name, site=site)
        must_be_new(cases, source=source, site=site)
        if request.POST.get("do") != "read_in":
            shown = preview_import(cases, site)
            waits: dict[str, Any] = {
                "packed": _packed(content),
                "source": source,
                "name": name,
                "site": site,
            }
            return _page(request, "file_in", sites, preview=shown, **waits).shown()
        return _read_in(request, actor, site, source, cases)
    except InputError as error:
        return _wrong(request, sites, error)


def _read_in(
    request: HttpRequest, actor: Actor, site: Site, source: str, cases: Sequence[htcds.Case]
) -> HttpResponse:
    made = read_in_cases(actor=actor, site=site, source=source, cases=cases)
    told = ngettext("%(n)d case was imported.", "%(n)d cases were imported.", len(made))
    messages.success(request, told % {"n": len(made)})
    return redirect("caseload:supervision")


def sites_of(actor: Actor) -> list[Site]:
    """The sites that an actor supervises, in order of their names."""
    return list(sites_where(actor, {Role.SUPERVISOR}))


def _site(request: HttpRequest, sites: list[Site]) -> Site:
    chosen = request.POST.get("site", "")
    found = next((site for site in sites if site.reference == chosen), None)
    if found is None:
        raise InputError.at(Message("apps.cases:choose-one"), field="site")
    return found


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError.at(Message("apps.referrals:day-wrong"), field=name) from None


def _content(request: HttpRequest) -> tuple[bytes, str]:
    """The file that was chosen, or the one that was looked at before."""
    sent = request.FILES.get("file")
    if sent is not None:
        if (sent.size or 0) > LARGEST:
            size = {"most": LARGEST // 1024 // 1024}
            raise InputError.at(Message("apps.referrals:file-large", size), field="file")
        return sent.read(), sent.name or "file"
    packed = request.POST.get("packed", "")
    if not packed:
        raise InputError.at(Message("apps.referrals:file-missing"), field="file")
    return _unpacked(packed), request.POST.get("name", "file")


def _packed(content: bytes) -> str:
    """A file as the page holds it until somebody says yes; the server keeps nothing of it."""
    packed = base64.b64encode(zlib.compress(content)).decode()
    if len(packed) > MOST_KEPT:
        size = {"most": LARGEST // 1024 // 1024}
        raise InputError.at(Message("apps.referrals:file-large", size), field="file")
    return packed


def _unpacked(packed: str) -> bytes:
    """The file again; never more of it than a file may have."""
    opened = zlib.decompressobj()
    try:
        content = opened.decompress(base64.b64decode(packed, validate=True), LARGEST + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise InputError.at(Message("apps.referrals:file-missing"), field="file") from None
    return content


def _wrong(request: HttpRequest, sites: list[Site], error: InputError) -> HttpResponse:
    """Problems of the form at their fields; those of the file in a list, with row and field."""
    ours = {"file", "site", "source"}
    form = [each for each in error.problems if each.place.field in ours]
    rest = [_line(each) for each in error.problems if each not in form]
    said = problem_sentences(InputError(*form)) if form else {}
    return _page(request, "file_in", sites, wrong=said, problems=rest).shown(error)


def _line(problem: Problem) -> dict[str, object]:
    language = get_language() or SOURCE_LANGUAGE
    place = problem.place
    where = place.column or place.field or ""
    return {"row": place.row, "field": where, "text": in_words(problem.message, language)}


def _page(request: HttpRequest, template: str, sites: list[Site], **context: object) -> FormPage:
    choices = [(site.reference, site.name) for site in sites]
    return FormPage(request, f"referrals/{template}.html", context={"sites": choices, **context})

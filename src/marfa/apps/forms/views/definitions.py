"""Which forms there are: adding, publishing, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in, require_permission
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.forms.actions.practice import offer_for_practice, practised_as, stop_practice
from marfa.apps.forms.actions.uploads import keep_upload
from marfa.apps.forms.actions.versions import (
    add_form,
    examine_xlsform,
    publish_version,
    withdraw_version,
)
from marfa.apps.forms.answers import questions_of
from marfa.apps.forms.coded_answers import counted_paths
from marfa.apps.forms.models import FormVersion
from marfa.apps.forms.policy_facts import forms_here
from marfa.apps.forms.rules import rules_shown
from marfa.apps.forms.sources import source_of, source_standings
from marfa.apps.forms.upload_parts import Part
from marfa.apps.forms.uploads import uploads_here
from marfa.apps.organisations.queries import data_controller
from marfa.apps.problems import problem_sentences
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.catalogue import render_message as in_words
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.xforms import workload_of
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

A_PAGE = 50
LARGEST_MEDIA = 8 * 1024 * 1024
STEPS = (
    *(Purpose.REGISTRATION, Purpose.SCREENING, Purpose.ASSISTANCE, Purpose.CHILD_PROTECTION),
    Purpose.TRACING,
)
managers_only = require_permission("forms.manage", forms_here, Purpose.ADMINISTRATION)


@require_safe
@managers_only
def all_forms(request: HttpRequest) -> HttpResponse:
    """All forms of the organisation in all their versions, the newest first, and those that can
    be made of what is here."""
    return _all_forms(request).shown()


def _all_forms(request: HttpRequest) -> FormPage:
    return FormPage(request, "forms/all.html", context=partial(_listed, request))


def _listed(request: HttpRequest) -> dict[str, object]:
    found = (
        FormVersion.objects.filter(organisation=data_controller())
        .select_related("form")
        .defer("xml")
        .order_by("form__form_id", "-added_at", "id")
    )
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, form_title(one), code_label("purposes", one.form.purpose)) for one in page]
    uploads = uploads_here(data_controller().pk)
    return {
        "page": page,
        "rows": rows,
        "uploads": uploads,
        "sources": source_standings(data_controller()),
    }


@require_POST
@managers_only
def make(request: HttpRequest, name: str) -> HttpResponse:
    """Make a form of what an app has at hand, or a new version of it; then it can be published."""
    source = source_of(name)
    if source is None:
        raise Http404

    def act() -> HttpResponse:
        made = source.make(actor_in(request), data_controller(), name)
        return redirect("forms:version", reference=made.reference)

    return _all_forms(request).answer(act)


@form_view
@managers_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a version of a form from a spreadsheet, or be told where it is wrong; what is much work
    is kept, and a worker does it."""
    if request.method != "POST":
        return _add(request).shown()
    try:
        sheet, purpose, media = _sheet(request), _purpose(request), _media(request)
        if workload_of(sheet.content, sheet.name).is_large:
            kept = keep_upload(
                actor=actor_in(request),
                organisation=data_controller(),
                sheet=sheet,
                purpose=purpose,
                media=media,
            )
            return redirect("forms:upload", reference=kept.reference)
        made = add_form(
            actor=actor_in(request),
            organisation=data_controller(),
            examined=examine_xlsform(sheet.content, sheet.name, purpose),
            media=media,
        )
    except InputError as error:
        return _add(request, error).shown(error)
    return redirect("forms:version", reference=made.reference)


def _sheet(request: HttpRequest) -> Part:
    file = request.FILES.get("sheet")
    if file is None or isinstance(file, list):
        raise InputError.at(Message("apps.forms:file-missing"), field="sheet")
    return Part(file.name or "form.xlsx", file.content_type or "", file.read())


def _purpose(request: HttpRequest) -> Purpose:
    purpose = request.POST.get("purpose", "")
    if purpose not in STEPS:
        raise InputError.at(Message("apps.forms:step-missing"), field="purpose")
    return Purpose(purpose)


def _media(request: HttpRequest) -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for file in request.FILES.getlist("media"):
        if (file.size or 0) > LARGEST_MEDIA:
            most = {"most": LARGEST_MEDIA // 1024**2}
            raise InputError.at(Message("apps.forms:too-large", most), field="media")
        kind = file.content_type or "application/octet-stream"
        found[file.name or ""] = (kind, file.read())
    return found


def _add(request: HttpRequest, error: InputError | None = None) -> FormPage:
    """error: a part of it is of the form, the rest of the spreadsheet."""
    problems = error.problems if error else ()
    typed = [one for one in problems if one.place.field and not one.place.file]
    context = {
        "steps": [("", "—"), *((step.value, code_label("purposes", step.value)) for step in STEPS)],
        "chosen": request.POST.get("purpose", ""),
        "problems": problem_rows([one for one in problems if one not in typed]),
        "wrong": problem_sentences(InputError(*typed)) if typed else {},
    }
    return FormPage(request, "forms/add.html", context=context)


@form_view
@managers_only
def version(request: HttpRequest, reference: str) -> HttpResponse:
    """One version: what it asks, what is not translated; publish it, withdraw it, practise it."""
    found = get_object_or_404(
        FormVersion.objects.select_related("form"),
        reference=reference,
        organisation=data_controller(),
    )
    shown = partial(_shown, found, actor_in(request))
    page = FormPage(request, "forms/version.html", context=shown)
    return page.answer(partial(_change, request, found))


def _shown(found: FormVersion, actor: Actor) -> dict[str, object]:
    language = get_language() or SOURCE_LANGUAGE
    asked = questions_of(found, language)
    return {
        "version": found,
        "title": form_title(found),
        "step": code_label("purposes", found.form.purpose),
        "asks": [
            (path, asked.get(path, ""), one["field"], code_label("sensitivity_tiers", one["tier"]))
            for path, one in found.asks.items()
        ],
        "rules": rules_shown(found, language),
        "is_mine": found.added_by_id == actor.id,
        "missing": [(language, places) for language, places in found.missing.items()],
        "practised_as": practised_as(found),
        "counts": found.published_at is not None and bool(counted_paths(found)),
    }


def _change(request: HttpRequest, found: FormVersion) -> None:
    actor = actor_in(request)
    do = request.POST.get("do")
    if do == "withdraw":
        withdraw_version(actor=actor, version=found)
    elif do == "practise":
        offer_for_practice(actor=actor, version=found)
    elif do == "stop_practice":
        stop_practice(actor=actor, version=found)
    else:
        if "seen" not in request.POST:
            raise InputError.at(Message("apps.forms:not-seen"), field="seen")
        publish_version(actor=actor, version=found, to_apps="to_apps" in request.POST)


def form_title(version: FormVersion) -> str:
    """The title in the reader's language, or else in one that the form has."""
    titles: dict[str, str] = version.form.titles
    here = titles.get(get_language() or SOURCE_LANGUAGE)
    return here or next(iter(titles.values()), "") or version.form.form_id


def code_label(name: str, code: str) -> str:
    """A code in the reader's words."""
    return codelist(name).label(code, get_language() or SOURCE_LANGUAGE)


def _file_and_sheet(place: Place) -> str:
    return f"{place.file} [{place.sheet}]" if place.sheet else place.file or ""


def problem_rows(problems: Iterable[Problem]) -> list[tuple[str, str, str, str]]:
    """(file and sheet, row, column, sentence) of each, in the reader's language."""
    language = get_language() or SOURCE_LANGUAGE
    return [
        (
            _file_and_sheet(one.place),
            str(one.place.row or ""),
            one.place.column or "",
            in_words(one.message, language),
        )
        for one in problems
    ]

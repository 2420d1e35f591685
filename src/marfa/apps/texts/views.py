"""Pages on which words are reviewed: all sets, one set in one language, one text, and sheets."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, require_permission_somewhere
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.texts import queries
from marfa.apps.texts.actions import PURPOSE, REVIEW, Read, place_of, review_texts
from marfa.apps.texts.models import TextReview
from marfa.apps.texts.sets import TextSet, set_named
from marfa.apps.texts.sheets import SheetProblem, read_sheet, write_pack
from marfa.apps.texts.standing import REMIND, Decision, Standing, base_of, reviews_of, today
from marfa.domain.catalogue import RIGHT_TO_LEFT, render_message
from marfa.domain.languages import own_name
from marfa.domain.message import InputError, Message
from marfa.methods.screening.text_packs import Pack, Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 4 << 20
MOST_SHOWN = 200
reviewers_only = require_permission_somewhere(
    REVIEW, lambda _actor: [queries.the_controller()], PURPOSE
)


@dataclass(frozen=True)
class Line:
    """One text on a page. state: how it stands, as a word of the page."""

    key: str
    source: Text | None
    standing: Standing
    state: str

    @property
    def value(self) -> str:
        """What the page sends back for it: which text, and which words were seen."""
        return f"{self.key}:{self.standing.digest}"


@require_safe
@reviewers_only
def every(request: HttpRequest) -> HttpResponse:
    """Every set in every language, and how far its review is."""
    found = [(each, own_name(each.language)) for each in queries.all_progress()]
    return render(request, "texts/all.html", {"found": found})


@form_view
@reviewers_only
def one_set(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """All texts of a set beside their source; somebody agrees to those that they chose."""
    of, pack = _of(name, language)
    actor = actor_in(request)

    def shown() -> dict[str, object]:
        place = place_of(of, pack.language)
        lines = [
            Line(key, place.source.get(key), standing, _state(standing, actor.id))
            for key, standing in place.standing.items()
        ]
        return {
            **_told(of, pack),
            "lines": lines,
            "chosen": request.POST.getlist("agree"),
            "open": [line for line in lines if line.state in ("draft", "second", "ends")],
        }

    def act() -> None:
        sent = "every" if request.POST.get("do") == "every" else "agree"
        told = [
            Read(key, seen, Decision.AGREE)
            for key, _mark, seen in (each.rpartition(":") for each in request.POST.getlist(sent))
        ]
        stand, wait = review_texts(actor=actor, of=of, language=pack.language, told=told)
        _say(request, stand, wait)

    return FormPage(request, "texts/set.html", context=shown).answer(act)


@form_view
@reviewers_only
def one_text(request: HttpRequest, name: str, language: str, key: str) -> HttpResponse:
    """One text: its words and source, what was said of it, and a form to agree, change, stop or
    comment."""
    of, pack = _of(name, language)
    if key not in pack.texts:
        raise Http404
    actor = actor_in(request)

    def shown() -> dict[str, object]:
        place = place_of(of, pack.language)
        standing = place.standing[key]
        rows = reviews_of(of.name).get((pack.language, key), ())
        base = base_of(pack.texts[key], place.source.get(key))
        names = queries.names_of([*(row.by for row in rows), *(row.confirmed_by for row in rows)])
        history = [
            (row, names.get(row.by), names.get(row.confirmed_by or row.by), row.base == base)
            for row in reversed(rows)
        ]
        return {
            **_told(of, pack),
            "line": Line(key, place.source.get(key), standing, _state(standing, actor.id)),
            "history": history,
            "words": request.POST if request.method == "POST" else standing.text,
        }

    def act() -> HttpResponse:
        posted = request.POST
        if posted.get("do") not in Decision.values:
            raise SuspiciousOperation
        told = Read(
            key,
            posted.get("seen", ""),
            Decision(posted["do"]),
            Text(
                text=posted.get("text", ""),
                feminine=posted.get("feminine", ""),
                masculine=posted.get("masculine", ""),
            ),
            posted.get("comment", ""),
        )
        try:
            stand, wait = review_texts(actor=actor, of=of, language=pack.language, told=[told])
        except InputError as error:
            raise _at_field(error, told.decision) from None
        _say(request, stand, wait)
        return redirect("texts:set", name=of.name, language=pack.language)

    return FormPage(request, "texts/one.html", context=shown).answer(act)


@require_safe
@reviewers_only
def give(_request: HttpRequest, name: str, language: str) -> HttpResponse:
    """The texts of a set in a language as a sheet for somebody without an account."""
    of, pack = _of(name, language)
    answer = HttpResponse(write_pack(of, pack.language), content_type=XLSX)
    said = f'attachment; filename="{of.name}.{pack.language}.xlsx"'
    answer.headers["Content-Disposition"] = said
    return answer


@form_view
@reviewers_only
def sheet(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """A sheet out, and one that came back in: taken as a whole, or not at all."""
    of, pack = _of(name, language)
    actor = actor_in(request)
    problems: list[SheetProblem] = []

    def shown() -> dict[str, object]:
        spoken = get_language() or "en"
        return {
            **_told(of, pack),
            "problems": [
                (each.row, each.field, render_message(each.message, spoken))
                for each in problems[:MOST_SHOWN]
            ],
            "more": max(0, len(problems) - MOST_SHOWN),
        }

    def act() -> HttpResponse:
        reviewer = request.POST.get("reviewer", "").strip()
        if not reviewer:
            raise InputError.at(Message("apps.texts:reviewer-missing"), field="reviewer")
        told = read_sheet(_sent(request), reviewer, problems)
        if not problems:
            try:
                stand, wait = review_texts(actor=actor, of=of, language=pack.language, told=told)
            except InputError as error:
                if not all(each.place.row for each in error.problems):
                    raise InputError.at(error.problems[0].message, field="file") from None
                problems.extend(
                    SheetProblem(each.place.row or 0, each.place.field or "", each.message)
                    for each in error.problems
                )
        if problems:
            many = Message("apps.texts:sheet-wrong", count=len(problems))
            raise InputError.at(many, field="file")
        _say(request, stand, wait)
        return redirect("texts:set", name=of.name, language=pack.language)

    return FormPage(request, "texts/sheet.html", context=shown).answer(act)


def _of(name: str, language: str) -> tuple[TextSet, Pack]:
    of = set_named(name)
    pack = of.packs().get(language) if of is not None else None
    if of is None or pack is None:
        raise Http404
    return of, pack


def _told(of: TextSet, pack: Pack) -> dict[str, object]:
    """What every page of a set says at its head."""
    return {
        "of": of,
        "language": pack.language,
        "language_name": own_name(pack.language),
        "way": "rtl" if pack.language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
        "there": reverse("texts:set", args=[of.name, pack.language]),
    }


def _state(standing: Standing, me: object) -> str:
    """stands, ends (within the time of the reminder), second (waits for whoever reads the page),
    waits (for another), stopped, draft."""
    if standing.waiting is not None:
        return "waits" if standing.waiting.by == me else "second"
    if standing.stands_on(today()):
        soon = standing.until is not None and standing.until <= today() + REMIND
        return "ends" if soon else "stands"
    return "stopped" if standing.stopped else "draft"


def _at_field(error: InputError, decision: TextReview.Decision) -> InputError:
    """What is wrong with the only text of a page stands at what was typed."""
    place = "comment" if decision in (Decision.COMMENT, Decision.STOP) else "words"
    found = [InputError.at(each.message, field=place) for each in error.problems]
    return InputError(*(problem for each in found for problem in each.problems))


def _say(request: HttpRequest, stand: int, wait: int) -> None:
    spoken = get_language() or "en"
    for key, count in (("stand", stand), ("wait", wait)):
        if count:
            said = Message(f"apps.texts:{key}", count=count)
            messages.success(request, render_message(said, spoken))


def _sent(request: HttpRequest) -> bytes:
    sent = request.FILES.get("file")
    if sent is None:
        raise InputError.at(Message("apps.texts:file-missing"), field="file")
    if (sent.size or 0) > LARGEST:
        raise InputError.at(Message("apps.texts:file-large", {"most": LARGEST >> 20}), field="file")
    return bytes(sent.read())

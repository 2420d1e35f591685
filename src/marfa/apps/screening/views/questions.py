"""Asking: one question a page, or all on one; what was said apart from what was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from marfa.apps.form_view import Context, form_view
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import (
    change_language,
    finish_screening,
    forget_said,
    keep_answers,
    stop_screening,
)
from marfa.apps.screening.models import Screening
from marfa.apps.screening.presentation import (
    NOT_ASKED,
    SAID,
    SEEN,
    ScreeningItem,
    language_name,
    screening_questions,
)
from marfa.apps.screening.queries import was_left
from marfa.apps.screening.views.common import (
    State,
    languages_of,
    screening_and_actor,
    screening_page,
    screening_reading,
    screening_url,
)
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.errors import ConflictError
from marfa.safeguards.actor import Actor


@form_view
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the talk goes on: at the first question that has no answer."""
    screening, actor = screening_and_actor(request, reference)
    if screening.state != State.ASKING:
        return redirect(screening_url(screening))
    if was_left(screening, actor):
        return redirect("screening:conditions", reference)
    with screening_reading(actor, screening):
        items = screening_questions(screening, instruments.instrument_panel(screening.instrument))
    first = next((n for n, item in enumerate(items, 1) if not item.answered), len(items))
    return redirect("screening:question", reference, first)


@form_view
def question(request: HttpRequest, reference: str, place: int) -> HttpResponse:
    """One question. place: from 1; 0 is all of them on one page. Of a talk that was left nothing
    is asked before the conditions were looked at again; what was typed before is kept."""
    screening, actor = screening_and_actor(request, reference)
    if screening.state != State.ASKING:
        return redirect(screening_url(screening))
    if request.method != "POST" and was_left(screening, actor):
        return redirect("screening:conditions", reference)
    panel = instruments.instrument_panel(screening.instrument)
    with screening_reading(actor, screening):
        items = screening_questions(screening, panel)
        noted = {"said": screening.said or "", "seen": screening.seen or ""}
        before = Given(screening.stated or {}, screening.observed or {}, screening.worded or {})
    kept, place = noted, min(place, len(items))
    here = items if place == 0 else [items[place - 1]]
    wrong: InputError | None = None
    if request.method == "POST":
        told = _told(request, before, here)
        kept = {name: request.POST.get(name, "").strip() for name in kept}
        if told.answers != before.answers or kept != noted:  # who only leafs through writes nothing
            wrong = _keep(request, actor, screening, told, kept)
        if wrong is None:
            _speak(request, actor, screening)
            return redirect(_next(request, reference, place, len(items)))
        here = [_as_sent(item, told) for item in here]
    return _page(request, screening, place, items, here, kept, wrong)


@dataclass(frozen=True)
class Given:
    """Item -> what was said, what was seen, and the language in which it was put."""

    stated: dict[str, str]
    observed: dict[str, str]
    worded: dict[str, str]

    @property
    def answers(self) -> list[dict[str, str]]:
        """What was answered: that a question was not asked says nothing."""
        both = (self.stated, self.observed)
        return [{item: told for item, told in each.items() if told != NOT_ASKED} for each in both]


def _told(request: HttpRequest, before: Given, here: Iterable[ScreeningItem]) -> Given:
    """All answers, with those of this page as they were sent. An answer that is new was given to
    the words on this page; of one that stays as it was, the language stays too. What is not put to
    the person is in none."""
    told = Given(dict(before.stated), dict(before.observed), dict(before.worded))
    for item in here:
        said = request.POST.get(f"said-{item.item}", NOT_ASKED)
        seen = request.POST.get(f"seen-{item.item}", NOT_ASKED)
        if (said, seen) != (item.said, item.seen):
            told.worded[item.item] = item.worded.language
        if item.unread or said == seen == NOT_ASKED:
            told.worded.pop(item.item, None)
        told.stated[item.item], told.observed[item.item] = said, seen
    return told


def _speak(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    """Put the questions in another language from now on, where that was asked for."""
    language = request.POST.get("put_in", "")
    if request.POST.get("do") == "language" and language in instruments.panel_languages(
        screening.instrument
    ):
        change_language(actor=actor, screening=screening, language=language)


def _keep(
    request: HttpRequest,
    actor: Actor,
    screening: Screening,
    told: Given,
    kept: dict[str, str],
) -> InputError | None:
    version = request.POST.get("version", "")
    try:
        keep_answers(
            actor=actor,
            screening=screening,
            base_version=int(version) if version.isdecimal() else screening.version,
            stated=told.stated,
            observed=told.observed,
            worded=told.worded,
            **kept,
        )
    except ConflictError:
        screening.refresh_from_db()
        return InputError.at(Message("apps.screening:answered-elsewhere"))
    except InputError as error:
        return error
    return None


def _as_sent(item: ScreeningItem, told: Given) -> ScreeningItem:
    return replace(item, said=told.stated[item.item], seen=told.observed[item.item])


def _next(request: HttpRequest, reference: str, place: int, last: int) -> str:
    act = request.POST.get("do")
    if act == "end" or (act == "next" and place in (0, last)):
        return reverse("screening:end", args=[reference])
    if act == "back":
        return reverse("screening:question", args=[reference, max(place - 1, 1)])
    if act == "whole":
        return reverse("screening:question", args=[reference, 0])
    if act == "single":
        return reverse("screening:question", args=[reference, 1])
    if act in ("keep", "language"):
        return reverse("screening:question", args=[reference, place])
    return reverse("screening:question", args=[reference, place + 1])


def _page(
    request: HttpRequest,
    screening: Screening,
    place: int,
    items: list[ScreeningItem],
    here: list[ScreeningItem],
    kept: dict[str, str],
    wrong: InputError | None,
) -> HttpResponse:
    context = {
        "here": here,
        "place": place,
        "last": len(items),
        "answered": sum(item.answered for item in items),
        "said_answers": SAID,
        "seen_answers": SEEN,
        "spoken_name": language_name(screening.language),
        "languages": languages_of(screening, instruments.panel_languages(screening.instrument)),
        **kept,
    }
    return screening_page(request, "ask", screening, lambda: context).shown(wrong)


@form_view
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """The end of the talk: what the person wants, and what is still open."""
    screening, actor = screening_and_actor(request, reference)
    if screening.state != State.ASKING:
        return redirect(screening_url(screening))
    if request.method != "POST" and was_left(screening, actor):
        return redirect("screening:conditions", reference)
    panel = instruments.instrument_panel(screening.instrument)
    wish = request.POST.get("wish", "").strip()

    def finish() -> HttpResponse:
        finish_screening(
            actor=actor,
            screening=screening,
            base_version=screening.version,
            panel=panel,
            use=instruments.panel_use(panel, screening.language),
            wish=wish,
        )
        return redirect(screening_url(screening))

    def shown() -> Context:
        with screening_reading(actor, screening):
            items = enumerate(screening_questions(screening, panel), 1)
            left = [(place, item) for place, item in items if not item.answered]
        return {"left": left, "wish": wish}

    return screening_page(request, "end", screening, shown).answer(finish)


@form_view
def stop(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody said stop. Nothing more is asked, kept or read; what was said may go too."""
    screening, actor = screening_and_actor(request, reference)
    if request.method != "POST" and screening.state not in Screening.OPEN:
        return redirect(screening_url(screening))
    why, forget = request.POST.get("why", "").strip(), request.POST.get("do") == "forget"

    def act() -> HttpResponse:
        if screening.state == State.STOPPED and forget:
            forget_said(actor=actor, screening=screening)
        else:
            stop_screening(actor=actor, screening=screening, why=why, forget=forget)
        return redirect(screening_url(screening))

    return screening_page(request, "stop", screening, lambda: {"why": why}).answer(act)

"""Asking: one question a page, or all on one; what was said apart from what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise

from marfa.apps.access import current_user
from marfa.apps.form_view import Context, form_view
from marfa.apps.reception.actions.interview import end_talk_too
from marfa.apps.reception.questions import closing_words
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import (
    Clash,
    change_language,
    finish_screening,
    forget_said,
    keep_answers,
    stop_screening,
)
from marfa.apps.screening.actions.interview import may_lead
from marfa.apps.screening.drafts import QuestionDraft, place_typed
from marfa.apps.screening.models import Screening
from marfa.apps.screening.presentation import (
    NOT_ASKED,
    SAID,
    SEEN,
    ScreeningItem,
    screening_questions,
)
from marfa.apps.screening.queries import enough_for_today, was_left
from marfa.apps.screening.views.common import (
    State,
    languages_of,
    screening_and_actor,
    screening_page,
    screening_reading,
    screening_url,
)
from marfa.domain.addressee import Addressee
from marfa.domain.languages import own_name
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.errors import GivenUp
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor


@form_view
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the talk goes on: at what was typed and not sent, else at the first question that has
    no answer."""
    screening, actor = screening_and_actor(request, reference)
    if screening.state != State.ASKING:
        return redirect(screening_url(screening))
    if was_left(screening, actor):
        return redirect("screening:conditions", reference)
    typed = place_typed(actor.id, screening)
    if typed is not None:
        return redirect("screening:question", reference, typed)
    with screening_reading(actor, screening):
        items = screening_questions(screening, instruments.instrument_panel(screening.instrument))
    first = next((n for n, item in enumerate(items, 1) if not item.answered), len(items))
    return redirect("screening:question", reference, first)


@form_view
def question(request: HttpRequest, reference: str, place: int) -> HttpResponse:
    """One question. place: from 1; 0 is all of them on one page. Of a talk that was left nothing
    is asked before the conditions were looked at again; what was typed before is kept."""
    screening, actor = screening_and_actor(request, reference)
    draft, do = QuestionDraft(request, screening, place), request.POST.get("do")
    if do == "draft":
        return draft.keep(_typed(request.POST))
    draft.check_person()
    if screening.state != State.ASKING:
        return redirect(screening_url(screening))
    if request.method != "POST" and was_left(screening, actor):
        return redirect("screening:conditions", reference)
    if not may_lead(screening, actor):
        raise PermissionDenied
    if do == "discard":
        draft.discard()
        return redirect(request.path)
    panel = instruments.instrument_panel(screening.instrument)
    with screening_reading(actor, screening):
        items = screening_questions(screening, panel)
        noted = {"said": screening.said or "", "seen": screening.seen or ""}
    place = min(place, len(items))
    if place and request.method == "POST":
        _keep_standing(request, items[place - 1])
    page = _Page(request, screening, place, items, noted, _items_sent(request.POST))
    if request.method != "POST":
        return page.shown(draft.found(), draft.version)
    clashes, wrong = _keep(request, actor, screening, page)
    if wrong is not None:
        return page.shown(_typed(request.POST), draft.version, wrong)
    if clashes:
        screening.refresh_from_db()
        with screening_reading(actor, screening):
            theirs = page.after(clashes, screening_questions(screening, panel))
        return theirs.shown(_typed(request.POST), draft.version, ELSEWHERE)
    draft.discard()
    _speak(request, actor, screening)
    if _tells_of_danger(request.POST, page.here):
        return redirect("screening:danger", reference)
    return redirect(_next(request, reference, place, items))


def _keep_standing(request: HttpRequest, item: ScreeningItem) -> None:
    """On the page of one question an answer is the button: another one leaves it as it stands."""
    name = f"said-{item.item}"
    if f"seen-{item.item}" in request.POST and name not in request.POST:
        sent = request.POST.copy()
        sent[name] = item.said
        request.POST = sent  # type: ignore[assignment]


ELSEWHERE = InputError.at(Message("apps.screening:answered-elsewhere"))
FIELDS = ("said", "seen", "version")
PARTS = ("said-", "seen-", "base-", "mine-")


def _items_sent(posted: Mapping[str, str]) -> frozenset[str]:
    """Items that stood on the page that was sent. A page that was opened before a list was put in
    another order is kept as it was answered."""
    return frozenset(name[5:] for name in posted if name.startswith(("said-", "seen-")))


def _tells_of_danger(posted: Mapping[str, str], here: list[ScreeningItem]) -> bool:
    """Whether it is said or seen only now that somebody is in danger."""
    told = [_told(posted, item) for item in here if item.danger]
    return any(each.differs and "yes" in (each.said, each.seen) for each in told)


def _typed(posted: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of a page, with what it was based on, to be put back."""
    return {name: posted[name] for name in posted if name in FIELDS or name.startswith(PARTS)}


def _keep(
    request: HttpRequest, actor: Actor, screening: Screening, page: _Page
) -> tuple[list[Clash], InputError | None]:
    """Keep what differs from what stands there; who only leafs through writes nothing."""
    posted = request.POST
    told = [_told(posted, item) for item in page.here]
    changed = [each for each in told if each.differs]
    notes = {name: posted.get(name, "").strip() for name in ("said", "seen")}
    written = {name: text for name, text in notes.items() if text != page.noted[name]}
    if not changed and not written:
        return [], None
    try:
        found = keep_answers(
            actor=actor,
            screening=screening,
            base_version=_number(posted.get("version"), screening.version),
            stated={each.item: each.said for each in changed},
            observed={each.item: each.seen for each in changed},
            worded={each.item: each.worded for each in changed},
            bases={each.item: each.base for each in changed},
            given_up={each.item: each.given_up for each in changed}
            | {"": _given_up(posted, "", ("said", "seen"))},
            said=written.get("said"),
            seen=written.get("seen"),
        )
    except InputError as error:
        return [], error
    return found, None


@dataclass(frozen=True)
class _Told:
    """One item as it was sent. base: version of its answer as the page showed it. given_up: what
    was typed before a clash and may not be chosen now."""

    item: str
    said: str
    seen: str
    worded: str
    base: int
    given_up: GivenUp
    differs: bool


def _told(posted: Mapping[str, str], item: ScreeningItem) -> _Told:
    """An answer that is new was given to the words of now; one whose words nobody put to the person
    is in no language."""
    said = posted.get(f"said-{item.item}", NOT_ASKED)
    seen = posted.get(f"seen-{item.item}", NOT_ASKED)
    spoken = not item.unread and (said, seen) != (NOT_ASKED, NOT_ASKED)
    mine = _given_up(posted, item.item, ("stated", "observed"))
    return _Told(
        item.item,
        said,
        seen,
        item.worded.language if spoken else "",
        _number(posted.get(f"base-{item.item}"), item.version),
        mine,
        bool(mine) or (said, seen) != (item.said, item.seen),
    )


def _given_up(posted: Mapping[str, str], item: str, sides: tuple[str, ...]) -> GivenUp:
    """What somebody typed before a clash: it stays in the history where it is not chosen."""
    names = {side: f"mine-{side}-{item}" for side in sides}
    return tuple(
        (side, None if posted[name] == NOT_ASKED else posted[name])
        for side, name in names.items()
        if name in posted
    )


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() else otherwise


def _speak(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    """Put the questions in another language from now on, where that was asked for."""
    language = request.POST.get("put_in", "")
    if request.POST.get("do") == "language" and language in instruments.panel_languages(
        screening.instrument
    ):
        change_language(actor=actor, screening=screening, language=language)


def _next(request: HttpRequest, reference: str, place: int, items: list[ScreeningItem]) -> str:
    """Where it goes on. What was said in the private conversation is passed over; who opened it
    from the end goes back there."""
    act = request.POST.get("do")
    asked = [number for number, item in enumerate(items, 1) if item.said_at is None]
    if act == "back":
        before = [number for number in asked if number < place]
        return reverse("screening:question", args=[reference, before[-1] if before else 1])
    if act == "whole":
        return reverse("screening:question", args=[reference, 0])
    if act == "single":
        return reverse("screening:question", args=[reference, 1])
    if act in ("keep", "language"):
        return reverse("screening:question", args=[reference, place])
    following = [number for number in asked if number > place]
    if act == "end" or place not in asked or not following:
        return reverse("screening:end", args=[reference])
    return reverse("screening:question", args=[reference, following[0]])


@dataclass(frozen=True)
class _Page:
    """A page of questions as it stands now. noted: the notes. sent: items that stood on the page
    that was sent. clashes: what a colleague answered while this was typed."""

    request: HttpRequest
    screening: Screening
    place: int
    items: list[ScreeningItem]
    noted: dict[str, str]
    sent: frozenset[str] = frozenset()
    clashes: Mapping[str, Clash] = field(default_factory=dict)

    @property
    def here(self) -> list[ScreeningItem]:
        if sent := [item for item in self.items if item.item in self.sent]:
            return sent
        return self.items if self.place == 0 else [self.items[self.place - 1]]

    def after(self, clashes: list[Clash], items: list[ScreeningItem]) -> _Page:
        """The page with what stands there now; within ``open_vault()``."""
        noted = {name: getattr(self.screening, name) or "" for name in self.noted}
        found = {clash.item: clash for clash in clashes}
        return replace(self, items=items, noted=noted, clashes=found)

    def shown(
        self, typed: Mapping[str, str] | None, kept: int, wrong: InputError | None = None
    ) -> HttpResponse:
        """typed: what was typed here and not kept yet; where something clashed, all else was kept,
        and stands as it is now. kept: how often it was kept as a draft."""
        sent, notes = typed or {}, self.clashes.get("")
        noted = sent if notes or not self.clashes else {}
        context: dict[str, object] = {
            "here": [self._item(item, sent) for item in self.here],
            "place": self.place,
            "last": len(self.items),
            "clashes": bool(self.clashes),
            "answered": sum(item.answered for item in self.items),
            "said_answers": SAID,
            "seen_answers": SEEN,
            "spoken_name": own_name(self.screening.language),
            "languages": languages_of(
                self.screening, instruments.panel_languages(self.screening.instrument)
            ),
            "base": notes.version if notes else noted.get("version", self.screening.version),
            "note_elsewhere": self.noted if notes else None,
            "note_mine": _mine(notes, ""),
            "enough": enough_for_today(self.screening),
            "back_again": typed is not None and self.request.method != "POST",
            "draft_version": kept,
            "person": current_user(self.request).reference,
            **{name: noted.get(name, text) for name, text in self.noted.items()},
        }
        return screening_page(self.request, "ask", self.screening, lambda: context).shown(wrong)

    def _item(self, item: ScreeningItem, sent: Mapping[str, str]) -> ScreeningItem:
        """As it was typed; beside it what stands there, where a colleague was faster."""
        clash = self.clashes.get(item.item)
        if self.clashes and clash is None:
            return item
        return replace(
            item,
            said=sent.get(f"said-{item.item}", item.said),
            seen=sent.get(f"seen-{item.item}", item.seen),
            version=clash.version
            if clash
            else _number(sent.get(f"base-{item.item}"), item.version),
            elsewhere=(_label(SAID, item.said), _label(SEEN, item.seen)) if clash else None,
            mine=_mine(clash, item.item),
        )


def _mine(clash: Clash | None, item: str) -> list[tuple[str, object]]:
    """Hidden fields of what was typed before a clash."""
    if clash is None:
        return []
    typed = [(side, value) for side, value in clash.mine.items() if side != "worded"]
    return [(f"mine-{side}-{item}", value or (NOT_ASKED if item else "")) for side, value in typed]


def _label(answers: Iterable[tuple[str, Promise]], code: str) -> Promise | str:
    return next((label for value, label in answers if value == code), code)


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
        with together():
            finish_screening(
                actor=actor,
                screening=screening,
                base_version=screening.version,
                panel=panel,
                use=instruments.panel_use(panel, screening.language),
                wish=wish,
            )
            end_talk_too(actor=actor, person=screening.person)
        return redirect(screening_url(screening))

    def shown() -> Context:
        with screening_reading(actor, screening):
            items = list(enumerate(screening_questions(screening, panel), 1))
        typed = place_typed(actor.id, screening)
        return {
            "left": [(place, item) for place, item in items if not item.answered],
            "before": [(place, item) for place, item in items if item.said_at],
            "wish": wish,
            "closing": closing_words(
                screening.language,
                Addressee(screening.addressee),
                live=not settings.DEMONSTRATION,
            ),
            "typed": typed,
            "unsent": typed is not None,
        }

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
            with together():
                stop_screening(actor=actor, screening=screening, why=why, forget=forget)
                end_talk_too(actor=actor, person=screening.person, stopped=True)
        return redirect(screening_url(screening))

    return screening_page(request, "stop", screening, lambda: {"why": why}).answer(act)

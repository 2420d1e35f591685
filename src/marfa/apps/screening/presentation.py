"""Talks, answers and outcomes in the words that a page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.reception.reasons import Basis
from marfa.apps.screening import facts, instruments
from marfa.apps.screening.answers import GivenAnswers, answers_given, merge_answers
from marfa.apps.screening.items_apart import items_apart
from marfa.apps.screening.models import Screening
from marfa.apps.screening.other_reasons import Standing
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import RIGHT_TO_LEFT
from marfa.domain.languages import own_name
from marfa.domain.message import Message
from marfa.methods.screening import Age, Answer, Panel, explain
from marfa.methods.screening.answers import AGES
from marfa.methods.screening.delphi import Signal
from marfa.methods.screening.outcome import Urgency

NOT_ASKED = "not_asked"

SAID: tuple[tuple[str, Promise], ...] = (
    ("yes", _("Yes")),
    ("no", _("No")),
    ("unknown", _("The person does not know")),
    ("refused", _("Did not want to say")),
    (NOT_ASKED, _("Not asked")),
)
SEEN: tuple[tuple[str, Promise], ...] = (
    (NOT_ASKED, _("Nothing seen")),
    ("yes", _("I saw signs of it")),
    ("no", _("I saw that it is not so")),
)


NOT_READ = "not-read-to-child"
"""The remark of a list whose items are gathered by the officer and not put to the person."""


def text_direction(language: str) -> str:
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


class Words(NamedTuple):
    """The words of a question. language: that which they are in; where a list lacks those of the
    talk, they are English, and an interpreter puts them. draft: nobody has reviewed them."""

    text: str
    draft: bool
    language: str

    @property
    def direction(self) -> str:
        return text_direction(self.language)

    @property
    def language_name(self) -> str:
        return own_name(self.language)


@dataclass(frozen=True)
class ScreeningItem:
    """One thing to find out, as it is put to the person and as the officer reads it.

    worded: the words, with their language. own: the same in the reader's language, where it is
    another one. unread: it is not put to the person, but found out by the officer. danger: a yes
    says that the person is in danger now. said_at: when it was said, where that was before, in the
    private conversation. version: of its answer, 0 where there is none. elsewhere: what a colleague
    answered in the meantime, said and seen, where somebody has to choose; mine: what was typed here
    then, by name of a field.
    """

    item: str
    worded: Words
    own: str
    said: str
    seen: str
    unread: bool = False
    danger: bool = False
    said_at: datetime | None = None
    version: int = 0
    elsewhere: tuple[Promise | str, Promise | str] | None = None
    mine: Sequence[tuple[str, object]] = ()

    @property
    def answered(self) -> bool:
        return self.said != NOT_ASKED or self.seen != NOT_ASKED

    @property
    def seen_something(self) -> bool:
        return self.seen != NOT_ASKED

    @property
    def answer(self) -> Promise | str:
        """What was said, in words; where nothing was, what was seen."""
        said, seen = dict(SAID), dict(SEEN)
        return said[self.said] if self.said != NOT_ASKED else seen[self.seen]


def age_of(screening: Screening) -> Age:
    return AGES.get(screening.age, Age.UNKNOWN)


def screening_questions(screening: Screening, panel: Panel) -> list[ScreeningItem]:
    """All that is to be found out for this person, in order; within ``open_vault()``.

    What is asked apart is not among them. Danger today or tonight stands first, whichever list it
    is: what is answered to it changes what is done now. All else is in the order of the list.
    """
    given = answers_given(screening)
    (words, _named), own = item_texts(screening, panel), {}
    reader, quiet = get_language() or "en", _unread(screening, panel)
    danger = _of_danger(screening, panel)
    if reader.split("-")[0] != screening.language.split("-")[0]:
        read, _named = item_texts(screening, panel, reader)
        own = {item: each.text for item, each in read.items()}
    return [
        ScreeningItem(
            item,
            each,
            "" if own.get(item) == each.text else own.get(item, ""),
            given.stated.get(item) or NOT_ASKED,
            given.observed.get(item) or NOT_ASKED,
            item in quiet,
            item in danger,
            given.said_at.get(item),
            given.versions.get(item, 0),
        )
        for item, each in sorted(words.items(), key=lambda pair: pair[0] not in danger)
        if item not in items_apart()
    ]


def _of_danger(screening: Screening, panel: Panel) -> set[str]:
    """Items of which a yes says that somebody is in danger now."""
    lists = [profile.instrument for profile in panel.for_age(age_of(screening))]
    return {
        key for one in lists for key, item in one.questions.items() if Signal.NOW in item.signals
    }


def _unread(screening: Screening, panel: Panel) -> set[str]:
    """Items that every list which has them keeps from being read out."""
    lists = [profile.instrument for profile in panel.for_age(age_of(screening))]
    quiet = {key for one in lists if NOT_READ in one.notes for key in one.questions}
    return quiet - {key for one in lists if NOT_READ not in one.notes for key in one.questions}


def put_in(screening: Screening) -> list[tuple[str, int]]:
    """In which languages how many of the answered questions were put, the most first; within
    ``open_vault()``. Nothing where nobody wrote it down, as for a form."""
    counted = Counter(answers_given(screening).worded.values())
    return [(own_name(language), count) for language, count in counted.most_common()]


def item_texts(
    screening: Screening, panel: Panel, language: str = ""
) -> tuple[dict[str, Words], dict[str, Words]]:
    """What is put or looked for -> its words in a language, by default that of the talk; and the
    same of indicators that are asked by their facts."""
    found: dict[str, Words] = {}
    named: dict[str, Words] = {}
    form = Addressee(screening.addressee)
    for profile in panel.for_age(age_of(screening)):
        wording = instruments.instrument_wording(profile.instrument, language or screening.language)
        for item in profile.instrument.items:
            for key in item.answered_by:
                text = wording.texts.get(key)
                if text is not None:
                    words = Words(text.words(form), not text.reviewed, wording.language)
                    (found if key in item.questions else named).setdefault(key, words)
    return found, named


@dataclass(frozen=True)
class Because:
    """One reason, and how it is known. at: when it was said, where that was in the private
    interview. registered: from the registration."""

    words: str
    said: bool
    seen: bool
    source: str
    at: datetime | None = None
    registered: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the officer is shown of a finished talk: the next step first."""

    step: Message
    reasons: list[Because]
    notes: list[Message]
    open: int
    indication: str
    urgency: str


def outcome_of(screening: Screening, standing: Sequence[Standing], soonest: str) -> Outcome | None:
    """What was found, with what was raised or lowered since; within ``open_vault()``.

    standing, soonest: the reasons that stand against the person's name, and how soon with these.

    It is read from what was kept when the talk ended, and from no later version of the questions;
    whoever is found to be a child later is one.
    """
    kept = screening.outcome
    if not kept:
        return None
    indication, step = screening.indication or "none_seen", kept["next_step"]
    if indication == "none_seen" and any(each.urgency > Urgency.ROUTINE for each in standing):
        indication, step = "reasons_only", "open"  # the list found nothing, and there is something
    child = age_of(screening).may_be_child or facts.age_of(screening.person).may_be_child
    step_message = explain.step_message(step_now(step, indication, soonest, child=child))
    fired, still_open = _items(kept)
    reader = get_language() or "en"
    panel = instruments.kept_panel(screening.instrument)
    asked, named = item_texts(screening, panel, reader)
    words, given = {**named, **asked}, answers_given(screening)
    reasons = [_because(each) for each in standing]
    reasons += [
        Because(
            words[key].text if key in words else key,
            given.stated.get(key) == "yes",
            given.observed.get(key) == "yes",
            one["source"],
            given.said_at.get(key),
        )
        for one in fired
        for key in _told_of(one["item"], panel, given)
    ]
    notes = [Message(each["code"], each.get("params", {})) for each in kept["officer"]["notes"]]
    return Outcome(step_message, reasons, notes, still_open, indication, soonest)


def _because(one: Standing) -> Because:
    said = Basis.STATED in one.bases
    return Because(
        one.words,
        said,
        Basis.OBSERVED in one.bases,
        "",
        one.raised_at if said else None,
        Basis.REGISTERED in one.bases,
    )


def could_change(screening: Screening) -> list[str]:
    """The open questions that could have changed the outcome when the talk ended, in the reader's
    words; within ``open_vault()``. For whoever assesses, and never before the end: it is no reason
    to go on asking."""
    if screening.state != Screening.State.FINISHED or not screening.outcome:
        return []
    panel = instruments.kept_panel(screening.instrument)
    asked, named = item_texts(screening, panel, get_language() or "en")
    words, given = {**named, **asked}, answers_given(screening)
    items = {item.id: item for one in panel.instruments for item in one.items}
    merged = merge_answers(given.stated, given.observed)
    found = [
        key
        for item in screening.outcome["officer"]["questions_that_could_change_it"]
        for key in (items[item].questions if item in items else (item,))
        if merged.get(key, Answer.NOT_ASKED).is_open and key not in items_apart()
    ]
    return [words[key].text for key in dict.fromkeys(found) if key in words]


def _told_of(item: str, panel: Panel, given: GivenAnswers) -> list[str]:
    """Of an indicator that is asked by its facts, those that are so; else the item itself."""
    every = (one for each in panel.instruments for one in each.items if one.id == item)
    asks = next((one.asks for one in every), ())
    return [key for key in asks if "yes" in (given.stated.get(key), given.observed.get(key))] or [
        item
    ]


def _items(kept: Mapping[str, object]) -> tuple[list[dict[str, str]], int]:
    """Items that were answered yes, each once, and how many are open."""
    fired: dict[str, dict[str, str]] = {}
    waiting: set[str] = set()
    profiles = kept["profiles"]
    assert isinstance(profiles, list)  # noqa: S101 - as ``views.full`` made it
    for profile in profiles:
        for dimension in profile["dimensions"]:
            fired |= {one["item"]: one for one in dimension["fired"] if one["item"] not in fired}
            waiting |= set(dimension["open"]) - items_apart()
    return list(fired.values()), len(waiting)


def step_now(kept: str, indication: str, urgency: str, *, child: bool) -> str:
    """The next step that belongs to what holds now: what somebody raised leads further than what
    the answers gave, and what two lowered does not."""
    more = "-child" if child else ""
    if urgency == "now":
        return f"act-now{more}"
    if indication in ("presumed_victim", "at_risk"):
        return f"{'presumed' if indication == 'presumed_victim' else 'at-risk'}{more}"
    if indication == "reasons_only":
        return kept if kept.startswith("checklist") else f"checklist{more}"
    return kept if kept in ("none", "open", "checklist-none") else "open"

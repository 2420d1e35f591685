"""Talks, answers and outcomes in the words that a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.screening import facts, using
from marfa.apps.screening.models import Screening
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import RIGHT_TO_LEFT
from marfa.domain.message import Message
from marfa.methods.screening import Age, Panel, explain
from marfa.methods.screening.answers import AGES

SAID: tuple[tuple[str, Promise], ...] = (
    ("yes", _("Yes")),
    ("no", _("No")),
    ("unknown", _("The person does not know")),
    ("refused", _("Did not want to say")),
    ("not_asked", _("Not asked")),
)
SEEN: tuple[tuple[str, Promise], ...] = (
    ("not_asked", _("Nothing seen")),
    ("yes", _("I saw signs of it")),
    ("no", _("I saw that it is not so")),
)


def language_name(code: str) -> str:
    """A language in its own words."""
    try:
        return Locale.parse(code, sep="-").display_name or code
    except (UnknownLocaleError, ValueError):
        return code


def direction(language: str) -> str:
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True)
class Asked:
    """One thing to find out, as it is put to the person and as the officer reads it.

    draft: nobody has reviewed the words. own: the same in the reader's language, where it is
    another one.
    """

    item: str
    words: str
    own: str
    draft: bool
    said: str
    seen: str

    @property
    def answered(self) -> bool:
        return self.said != "not_asked" or self.seen != "not_asked"


def age_of(screening: Screening) -> Age:
    return AGES.get(screening.age, Age.UNKNOWN)


def asked(screening: Screening, panel: Panel) -> list[Asked]:
    """All that is to be found out for this person, in order; within ``open_vault()``."""
    stated, observed = screening.stated or {}, screening.observed or {}
    words, own = texts(screening, panel), {}
    reader = get_language() or "en"
    if reader.split("-")[0] != screening.language.split("-")[0]:
        own = {item: text for item, (text, _draft) in texts(screening, panel, reader).items()}
    return [
        Asked(
            item,
            text,
            own.get(item, ""),
            draft,
            stated.get(item) or "not_asked",
            observed.get(item) or "not_asked",
        )
        for item, (text, draft) in words.items()
    ]


def texts(screening: Screening, panel: Panel, language: str = "") -> dict[str, tuple[str, bool]]:
    """Item -> its words in a language, by default the person's, and whether they are a draft."""
    found: dict[str, tuple[str, bool]] = {}
    form = Addressee(screening.addressee)
    for profile in panel.for_age(age_of(screening)):
        wording = using.wording(profile.instrument, language or screening.language)
        for item in profile.instrument.items:
            if item.id not in found and item.id in wording.texts:
                text = wording.texts[item.id]
                found[item.id] = (text.words(form), not text.reviewed)
    return found


@dataclass(frozen=True)
class Because:
    """One reason, and how it is known."""

    words: str
    said: bool
    seen: bool
    source: str


@dataclass(frozen=True)
class Outcome:
    """What the officer is shown of a finished talk: the next step first."""

    step: Message
    reasons: list[Because]
    notes: list[Message]
    open: int
    indication: str
    urgency: str


def outcome_of(screening: Screening) -> Outcome | None:
    """What was found, with what was raised or lowered since; within ``open_vault()``.

    It is read from what was kept when the talk ended, and from no later version of the questions;
    whoever is found to be a child later is one.
    """
    kept = screening.outcome
    if not kept:
        return None
    indication, urgency = screening.indication or "none_seen", screening.urgency
    child = age_of(screening).may_be_child or facts.age_of(screening.person).may_be_child
    step = explain.step(step_now(kept["next_step"], indication, urgency, child=child))
    fired, still_open = _items(kept)
    reader = get_language() or "en"
    words = texts(screening, using.panel(screening.instrument), reader)
    stated, observed = screening.stated or {}, screening.observed or {}
    reasons = [
        Because(
            words.get(one["item"], (one["item"], True))[0],
            stated.get(one["item"]) == "yes",
            observed.get(one["item"]) == "yes",
            one["source"],
        )
        for one in fired
    ]
    notes = [Message(each["code"], each.get("params", {})) for each in kept["officer"]["notes"]]
    return Outcome(step, reasons, notes, still_open, indication, urgency)


def _items(kept: Mapping[str, object]) -> tuple[list[dict[str, str]], int]:
    """Items that were answered yes, each once, and how many are open."""
    fired: dict[str, dict[str, str]] = {}
    waiting: set[str] = set()
    profiles = kept["profiles"]
    assert isinstance(profiles, list)  # noqa: S101 - as ``views.full`` made it
    for profile in profiles:
        for dimension in profile["dimensions"]:
            fired |= {one["item"]: one for one in dimension["fired"] if one["item"] not in fired}
            waiting |= set(dimension["open"])
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

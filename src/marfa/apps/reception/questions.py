"""The questions of the private conversation, in their order."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.reception.reasons import Fact
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError

SET, CLOSING = "private-step", "closing-words"
OWN = Path(__file__).parent / "texts"


class Apart(StrEnum):
    """A question whose answer is kept apart from everything that is known of the person."""

    AID = "aid"
    """Whether who gives help takes advantage of it: sealed as a complaint is."""


Question = Fact | Apart

OF_A_CHILD = (Fact.WITHOUT_CARE, Fact.HEADS_HOUSEHOLD)
"""Asked of a child alone, or of who may be one."""

SEEN = (Fact.ANSWERED_FOR,)
"""Not asked: only what was seen is written down, at the end."""

ORDER: tuple[Question, ...] = (
    *(Fact.DANGER, Fact.URGENT_HEALTH, Fact.ALONE, Fact.WITHOUT_CARE, Fact.HEADS_HOUSEHOLD),
    *(Fact.AFRAID, Fact.CANNOT_LEAVE, Apart.AID, Fact.PAPERS_HELD, Fact.TRAVEL_ARRANGED),
    *(Fact.TRAVEL_DEBT, Fact.PROMISED_WORK, Fact.PROMISED_MARRIAGE, Fact.NO_PAPERS),
    *(Fact.NO_SAFE_PLACE, Fact.ANSWERED_FOR),
)
"""Danger today or tonight before everything else; where somebody would be safe to sleep at the
end, of everybody."""


def question_of(name: str) -> Question:
    """A question by its name."""
    return Apart(name) if name in set(Apart) else Fact(name)


def interview_questions(*, child: bool) -> tuple[Question, ...]:
    """What is asked, of a child or of somebody who is grown up."""
    return tuple(fact for fact in ORDER if child or fact not in OF_A_CHILD)


def question_text(fact: Question, language: str, addressee: Addressee, *, live: bool) -> str:
    """A question as it is put to the person, in a language that there is, or else in English.

    live: real people are served. Raises InputError where the texts are drafts then.
    """
    found = load_leaflets(SET, OWN)
    chosen = found.get(language.split("-")[0]) or found["en"]
    chosen.lines(addressee, live=live)
    return chosen.texts[fact.value].words(addressee)


def closing_words(language: str, addressee: Addressee, *, live: bool) -> list[str]:
    """What is read out at the end: what happens now, thanks, whom to come back to. Nothing where
    live use has only a draft."""
    found = load_leaflets(CLOSING, OWN)
    chosen = found.get(language.split("-")[0]) or found["en"]
    try:
        return chosen.lines(addressee, live=live)
    except InputError:
        return []

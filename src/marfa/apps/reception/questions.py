"""The questions of the private interview, in their order."""

from __future__ import annotations

from pathlib import Path

from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.reception.reasons import Fact
from marfa.domain.addressee import Addressee

SET = "private-step"
OWN = Path(__file__).parent / "texts"

OF_A_CHILD = (Fact.WITHOUT_CARE, Fact.HEADS_HOUSEHOLD)
"""Asked of a child alone, or of who may be one."""

SEEN = (Fact.ANSWERED_FOR,)
"""Not asked: only what was seen is written down."""

ORDER = (
    *(Fact.URGENT_HEALTH, Fact.ALONE, Fact.WITHOUT_CARE, Fact.HEADS_HOUSEHOLD),
    *(Fact.AFRAID, Fact.CANNOT_LEAVE, Fact.PAPERS_HELD, Fact.TRAVEL_ARRANGED),
    *(Fact.TRAVEL_DEBT, Fact.PROMISED_WORK, Fact.PROMISED_MARRIAGE, Fact.NO_PAPERS),
    Fact.ANSWERED_FOR,
)


def interview_questions(*, child: bool) -> tuple[Fact, ...]:
    """What is asked, of a child or of somebody who is grown up."""
    return tuple(fact for fact in ORDER if child or fact not in OF_A_CHILD)


def question_text(fact: Fact, language: str, addressee: Addressee, *, live: bool) -> str:
    """A question as it is put to the person, in a language that there is, or else in English.

    live: real people are served. Raises InputError where the texts are drafts then.
    """
    found = load_leaflets(SET, OWN)
    chosen = found.get(language.split("-")[0]) or found["en"]
    chosen.lines(addressee, live=live)
    return chosen.texts[fact.value].words(addressee)

"""What was said and what was seen, kept apart, and read together."""

from __future__ import annotations

from collections.abc import Mapping

from marfa.domain.message import InputError, Message
from marfa.methods.screening import Age, Answer, Panel, Result, Use, score
from marfa.methods.screening.answers import WORDS

Told = Mapping[str, str]
"""Item -> code of an answer."""


def merge_answers(stated: Told, observed: Told) -> dict[str, Answer]:
    """One answer an item, for the rule.

    A sign that was seen counts although the person says no, and what the person says counts
    although nothing was seen. Nothing seen is no answer: only the person's own no is a no.
    """
    found: dict[str, Answer] = {}
    for item in {**stated, **observed}:
        said, seen = parse_answer(stated.get(item, "")), parse_answer(observed.get(item, ""))
        if Answer.YES in (said, seen):
            found[item] = Answer.YES
        elif said is not Answer.NOT_ASKED:
            found[item] = said
        else:
            found[item] = Answer.NOT_ASKED if seen is Answer.NOT_ASKED else Answer.UNKNOWN
    return found


def parse_answer(text: str) -> Answer:
    """An answer by its code. Raises InputError for one that is none."""
    try:
        return WORDS[text]
    except KeyError:
        raise InputError.at(Message("apps.screening:answer-unknown"), field="answers") from None


def score_answers(panel: Panel, stated: Told, observed: Told, *, age: Age, use: Use) -> Result:
    """What the answers so far come to."""
    return score(panel, merge_answers(stated, observed), age=age, use=use)

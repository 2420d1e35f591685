"""What was said and what was seen, kept apart, and read together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from marfa.apps.screening.items_apart import items_apart
from marfa.apps.screening.models import Screening, ScreeningAnswer
from marfa.domain.message import InputError, Message
from marfa.methods.screening import Age, Answer, Panel, Result, Use, score
from marfa.methods.screening.answers import WORDS

Told = Mapping[str, str]
"""Item -> code of an answer."""
SIDES = ("stated", "observed", "worded")


@dataclass(frozen=True)
class GivenAnswers:
    """Item -> what was said, what was seen, the language of the words in which it was put, the
    version of the row in which that stands: 0 where there is none yet; and when it was said, where
    that was before, in the private conversation."""

    stated: dict[str, str] = field(default_factory=dict)
    observed: dict[str, str] = field(default_factory=dict)
    worded: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    said_at: dict[str, datetime] = field(default_factory=dict)


def answers_given(screening: Screening) -> GivenAnswers:
    """All answers of a talk; within ``open_vault()``."""
    rows = ScreeningAnswer.objects.filter(screening=screening)
    return answers_in(screening, rows.order_by("item"))


def answers_in(screening: Screening, rows: Iterable[ScreeningAnswer]) -> GivenAnswers:
    """The same of rows that were read already. Where an item has a row, nothing else counts."""
    found = GivenAnswers(*(dict(getattr(screening, side) or {}) for side in SIDES))
    for row in rows:
        if row.item in items_apart():
            continue
        for side in SIDES:
            kept: dict[str, str] = getattr(found, side)
            kept.pop(row.item, None)
            if (told := getattr(row, side)) is not None:
                kept[row.item] = told
        found.versions[row.item] = row.version
        if row.said_at is not None:
            found.said_at[row.item] = row.said_at
    return found


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
    """What the answers so far come to. What is asked apart is no sign here, and nothing waits for
    it: it would leave every interview open."""
    apart = items_apart() & {item for one in panel.instruments for item in one.item_ids}
    answers = merge_answers(stated, observed) | dict.fromkeys(apart, Answer.NO)
    return score(panel, answers, age=age, use=use)

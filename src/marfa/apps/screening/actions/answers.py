"""Keeping answers, each by itself: what two devices answer meets only where it is the same item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marfa.apps.screening.actions.interview import State, must_be, screening_action
from marfa.apps.screening.answers import SIDES, GivenAnswers, Told, answers_in, parse_answer
from marfa.apps.screening.instruments import instrument_panel
from marfa.apps.screening.items_apart import items_apart
from marfa.apps.screening.models import Screening, ScreeningAnswer
from marfa.domain.message import InputError, Message
from marfa.methods.screening.answers import Answer
from marfa.platform.revisions.errors import ConflictError, GivenUp
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

NOTES = ("said", "seen")
"""What is kept of a talk in words, for all questions together."""


@dataclass(frozen=True)
class Clash:
    """Somebody else answered the same in the meantime, and otherwise: nothing of it was written.

    item: of the list, or empty for the notes. mine, theirs: side -> what was sent, what stands.
    version: of what stands, on which the answer to the clash is based.
    """

    item: str
    mine: Mapping[str, object]
    theirs: Mapping[str, object]
    version: int


def keep_answers(
    *,
    actor: Actor,
    screening: Screening,
    base_version: int,
    stated: Told,
    observed: Told,
    said: str | None = None,
    seen: str | None = None,
    worded: Told | None = None,
    bases: Mapping[str, int] | None = None,
    given_up: Mapping[str, GivenUp] | None = None,
) -> list[Clash]:
    """Keep what was answered to these items; all others stay as they are. After ``Stop`` nothing
    more is kept.

    base_version: of the talk as the notes were read. said, seen: the notes; None leaves them.
    worded: item -> language of the words in which it was put, empty for none; where it is left out,
    what stands is kept. bases: item -> version of its row as it was read, 0 where there was none;
    by default as it stands. given_up: item -> sides that somebody typed and did not choose in
    answer to a clash; they stay in its history.
    Gives back what clashed; everything else is kept. Raises InputError, DeniedError.
    """
    for text in (*stated.values(), *observed.values()):
        parse_answer(text)
    stated, observed, worded = (_to_keep(told) for told in (stated, observed, worded or {}))
    clashes: list[Clash] = []
    with screening_action(actor, screening, "answers") as act, open_vault():
        must_be(screening, State.ASKING)
        rows = {row.item: row for row in ScreeningAnswer.objects.filter(screening=screening)}
        there = answers_in(screening, rows.values())
        for item in sorted({*stated, *observed, *worded}):
            base = (bases or {}).get(item, there.versions.get(item, 0))
            told = _told(item, stated, observed, worded)
            mine = (given_up or {}).get(item, ())
            row = rows.get(item) or _begun(act, screening, item, told, there)
            if row is not None:
                told = _said_now(row, told)
                clashes += _changed(act, row, max(base, 1), told, mine)
        notes = dict(zip(NOTES, (said, seen), strict=True))
        kept = {name: text for name, text in notes.items() if text is not None}
        clashes += _noted(act, screening, base_version, kept, (given_up or {}).get("", ()))
    return clashes


def _to_keep(told: Told) -> Told:
    """Without what is asked apart: from whichever page, form or file it comes, a list has no place
    for it."""
    return {item: each for item, each in told.items() if item not in items_apart()}


def _told(item: str, stated: Told, observed: Told, worded: Told) -> dict[str, object]:
    """Side -> what is to stand there. That a question was not asked says nothing."""
    sent: dict[str, object] = {}
    for side, told in zip(SIDES, (stated, observed, worded), strict=True):
        if item in told:
            nothing = side != "worded" and parse_answer(told[item]) is Answer.NOT_ASKED
            sent[side] = None if nothing else told[item] or None
    return sent


def _said_now(row: ScreeningAnswer, told: dict[str, object]) -> dict[str, object]:
    """With it that this was said here, where it is otherwise than what was said before."""
    same = all((told.get(side, now) or None) == now for side, now in _sides_of(row))
    return told if row.said_at is None or same else {**told, "said_at": None}


def _sides_of(row: ScreeningAnswer) -> Iterable[tuple[str, object]]:
    return ((side, getattr(row, side) or None) for side in ("stated", "observed"))


def _begun(
    act: Act, screening: Screening, item: str, told: Mapping[str, object], there: GivenAnswers
) -> ScreeningAnswer | None:
    """A row for an item that has none, with what stands of it from before there were rows. Nobody
    answered it yet in this version of the row, which is what an empty page was based on."""
    before = {side: getattr(there, side).get(item) for side in SIDES}
    if all((told.get(side, before[side]) or None) == before[side] for side in SIDES):
        return None
    if item not in _items_of(screening):
        raise InputError.at(Message("methods.screening:item-unknown", {"item": item}))
    row = ScreeningAnswer(
        organisation_id=screening.organisation_id,
        person_id=screening.person_id,
        screening=screening,
        item=item,
    )
    for side, value in before.items():
        setattr(row, side, value)
    act.create(row)
    return row


def _changed(
    act: Act, row: ScreeningAnswer, base: int, told: Mapping[str, object], mine: GivenUp
) -> Iterable[Clash]:
    try:
        act.save(row, base_version=base, changes=told, mine=mine)
    except ConflictError as error:
        if {each.field for each in error.conflicts} == {"worded"}:  # the same, in other words
            answers = {side: value for side, value in told.items() if side != "worded"}
            return _changed(act, row, base, answers, mine)
        return [_clash(row.item, error)]
    return []


def _noted(
    act: Act, screening: Screening, base: int, kept: Mapping[str, object], mine: GivenUp
) -> Iterable[Clash]:
    if not kept:
        return []
    try:
        act.save(screening, base_version=base, changes=kept, mine=mine)
    except ConflictError as error:
        return [_clash("", error)]
    return []


def _items_of(screening: Screening) -> frozenset[str]:
    return instrument_panel(screening.instrument).item_ids


def _clash(item: str, error: ConflictError) -> Clash:
    return Clash(
        item,
        {each.field: each.mine for each in error.conflicts},
        {each.field: each.theirs for each in error.conflicts},
        error.version,
    )

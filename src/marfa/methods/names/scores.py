"""From parts that met and parts that did not to one number.

The number is not a probability. A part *replaced* by another (left over on both sides) counts
heavily against; a part only *missing* on one side counts little, since desks write two, three or
five of somebody's names. What distinguishes close relatives has rules of its own: a name that is
the other with a first name in front is more likely the child or parent of its bearer.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marfa.methods.names.alignment import Alignment, Pair
from marfa.methods.names.similarity import Meeting
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import Reading, Role, Token


class Remark(StrEnum):
    """What counted against, beyond the parts themselves."""

    LINEAGE = "lineage"
    """A first name in front of the whole other name: parent and child are written so."""
    REVERSED = "reversed"
    """Own name and father's name change places."""
    ORDER = "order"
    FIRST_NAME = "first-name"
    """The first names differ: brothers and sisters are written so."""
    FIRST_MISSING = "first-missing"
    """The first name of the longer name is not in the other."""
    ONE_PART = "one-part"
    """Only one part is shared."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """The rule's weights, set by hand; the thresholds are what is calibrated on data."""

    conflict: float = 0.27
    conflict_share: float = 1.0
    missing: float = 0.13
    missing_body: float = 0.8
    first_conflict: float = 1.25
    lineage: float = 0.35
    lineage_other: float = 0.1
    first_missing: float = 0.25
    reversed: float = 0.35
    order: float = 0.06
    one_part: float = 0.25
    clear: float = 0.86
    """A part as alike as this is not doubted at all ..."""
    doubt: float = 0.3
    """... and is another name altogether when it is less alike by this."""


WEIGHING = Weighing()


@dataclass(frozen=True, slots=True)
class Score:
    value: float
    remarks: tuple[Remark, ...]


def score(
    left: Reading, right: Reading, alignment: Alignment, weighing: Weighing = WEIGHING
) -> Score:
    """The score in [0, 1] of two readings whose parts have been aligned."""
    tally = _tally(left, right, alignment, weighing)
    if tally.met <= 0:
        return Score(0.0, ())
    remarks: list[Remark] = []
    missing_rate = weighing.missing_body if left.is_body or right.is_body else weighing.missing
    whole = tally.met + weighing.conflict_share * tally.conflict + missing_rate * tally.missing
    value = tally.quality * tally.met / whole
    value *= 1.0 - min(1.0, tally.conflict) * weighing.conflict
    if tally.first_differs:
        remarks.append(Remark.FIRST_NAME)
        value /= weighing.first_conflict
    if tally.shared_parts == 1 and max(tally.parts) > 1:
        remarks.append(Remark.ONE_PART)
        value -= weighing.one_part / (2 if tally.light_met else 1)
    for remark, cost in _shape(left, right, alignment, weighing):
        remarks.append(remark)
        value -= cost
    return Score(max(0.0, min(1.0, value)), tuple(remarks))


@dataclass(frozen=True, slots=True)
class _Tally:
    met: float
    quality: float
    conflict: float
    missing: float
    shared_parts: int
    parts: tuple[int, int]
    first_differs: bool
    light_met: bool


def _tally(left: Reading, right: Reading, alignment: Alignment, weighing: Weighing) -> _Tally:
    met = quality = doubted = 0.0
    shared = 0
    first_differs = False
    for pair in alignment.pairs:
        doubt = _doubt(pair, weighing)
        sure = pair.weight * (1.0 - doubt)
        met += sure
        quality += sure * pair.likeness.value
        doubted += pair.weight * doubt
        if doubt < 0.5 and pair.weight >= 0.5:
            shared += max(len(pair.left), len(pair.right))
        if doubt > 0.5 and _is_first(pair.left, left) and _is_first(pair.right, right):
            first_differs = True
    over_left = _over(left.tokens, alignment.left_over)
    over_right = _over(right.tokens, alignment.right_over)
    if _has_first(alignment.left_over, left) and _has_first(alignment.right_over, right):
        first_differs = True
    conflict = min(over_left, over_right)
    return _Tally(
        met=met,
        quality=quality / met if met else 0.0,
        conflict=conflict + doubted,
        missing=abs(over_left - over_right),
        shared_parts=shared,
        parts=(_count(left.tokens), _count(right.tokens)),
        first_differs=first_differs,
        light_met=any(0 < pair.weight < 0.5 for pair in alignment.pairs),
    )


def _doubt(pair: Pair, weighing: Weighing) -> float:
    if pair.likeness.meeting in (Meeting.INITIAL, Meeting.DIMINUTIVE, Meeting.JOINED):
        return 0.0
    return max(0.0, min(1.0, (weighing.clear - pair.likeness.value) / weighing.doubt))


def _over(tokens: Sequence[Token], positions: Sequence[int]) -> float:
    return sum(tokens[position].weight for position in positions)


def _count(tokens: Sequence[Token]) -> int:
    return sum(token.weight >= 0.5 for token in tokens)


def _content(reading: Reading) -> list[int]:
    """Positions of the parts that carry the name, in the order written."""
    return [i for i, token in enumerate(reading.tokens) if token.role in _CONTENT]


_CONTENT = frozenset({Role.NAME, Role.INITIAL})


def _is_first(positions: Sequence[int], reading: Reading) -> bool:
    content = _content(reading)
    return bool(content) and content[0] in positions


def _has_first(over: Sequence[int], reading: Reading) -> bool:
    return _is_first(over, reading)


def _shape(
    left: Reading, right: Reading, alignment: Alignment, weighing: Weighing
) -> list[tuple[Remark, float]]:
    """Remarks on how the parts that met stand to each other, with what they cost."""
    found: list[tuple[Remark, float]] = []
    lineage = max(
        _lineage(left, right, alignment.left_over, {p.right: p.left for p in alignment.pairs}),
        _lineage(right, left, alignment.right_over, {p.left: p.right for p in alignment.pairs}),
    )
    if lineage:
        patronymic = _patronymic(left) or _patronymic(right)
        cost = weighing.lineage if patronymic else weighing.lineage_other
        found.append((Remark.LINEAGE, cost * lineage))
    elif _first_missing(left, right, alignment):
        found.append((Remark.FIRST_MISSING, weighing.first_missing))
    if _reversed(left, right, alignment):
        found.append((Remark.REVERSED, weighing.reversed))
    elif not _in_order(alignment):
        found.append((Remark.ORDER, weighing.order))
    return found


def _lineage(
    longer: Reading,
    shorter: Reading,
    over: Sequence[int],
    met: dict[tuple[int, ...], tuple[int, ...]],
) -> float:
    """How much it looks as if the longer name were a child of the bearer of the shorter.

    The first name of the shorter stands second in the longer, after a name that the shorter
    lacks. Muhammad in front of a first name is a habit and counts a third.
    """
    content_short = _content(shorter)
    content_long = _content(longer)
    if len(content_short) < 2 or len(content_long) <= len(content_short):
        return 0.0
    place = next((met[key] for key in met if content_short[0] in key), None)
    if place is None or place[0] not in content_long:
        return 0.0
    before = content_long[: content_long.index(place[0])]
    if not before or any(position not in over for position in before):
        return 0.0
    lone = longer.tokens[before[0]].families if len(before) == 1 else frozenset()
    return 0.33 if "muhammad" in lone else 1.0


def _first_missing(left: Reading, right: Reading, alignment: Alignment) -> bool:
    """Whether the longer of two chains of names begins with a name that the other lacks.

    Asked across scripts alone, where two common names meet by chance more easily.
    """
    if left.script is right.script:
        return False
    one, other = _content(left), _content(right)
    if len(one) == len(other) or not (_patronymic(left) or _patronymic(right)):
        return False
    if len(one) > len(other):
        return one[0] in alignment.left_over
    return other[0] in alignment.right_over


_CHAINED = ("lah", "din", "deen", "dine")


def _patronymic(reading: Reading) -> bool:
    """Whether a name looks like a chain of own, father's and grandfather's names."""
    return reading.script is Script.ARABIC or any(
        token.families
        or token.after_patronymic
        or token.has_article
        or token.text.endswith(_CHAINED)
        for token in reading.tokens
    )


def _reversed(left: Reading, right: Reading, alignment: Alignment) -> bool:
    """X son of Y on one side, Y son of X on the other."""
    place = {p.left[0]: p.right[0] for p in alignment.pairs}
    back = {p.right[0]: p.left[0] for p in alignment.pairs}
    for i, token in enumerate(left.tokens):
        if not token.after_patronymic or i not in place:
            continue
        father_right = place[i]
        son = next((k for k in range(i - 1, -1, -1) if left.tokens[k].role in _CONTENT), None)
        if son is None or son not in place:
            continue
        son_right = place[son]
        if right.tokens[son_right].after_patronymic and father_right < son_right:
            return back[son_right] == son
    return False


def _in_order(alignment: Alignment) -> bool:
    """Whether the parts come in one order, the last or first few having changed ends at most."""
    order = [pair.right[0] for pair in alignment.pairs if pair.weight >= 0.5]
    falls = sum(one > other for one, other in itertools.pairwise(order))
    return falls == 0 or (falls == 1 and order[-1] < order[0])

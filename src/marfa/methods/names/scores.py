"""From parts that met and parts that did not to one number.

The number is not a probability. A part *replaced* by another (left over on both sides) counts
heavily against; a part only *missing* on one side counts little, since desks write two, three or
five of somebody's names. What distinguishes close relatives has rules of its own: a name that is
the other with a given name in front is more likely the child or parent of its bearer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from marfa.methods.names.alignment import ACRONYM, Alignment, Pair
from marfa.methods.names.bands import limits_for
from marfa.methods.names.pronunciation import has_chains
from marfa.methods.names.similarity import Meeting
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import COUNTS, Reading, Role, Token

Number = TypeVar("Number", float, npt.NDArray[np.float64])


class Remark(StrEnum):
    """What counted against, beyond the parts themselves."""

    LINEAGE = "lineage"
    """A given name in front of the whole other name: parent and child are written so."""
    REVERSED = "reversed"
    """Own name and father's name change places."""
    ORDER = "order"
    ROTATED = "rotated"
    """The same parts, beginning with another one."""
    GIVEN_NAME = "first-name"
    """The given names differ: brothers and sisters are written so."""
    OTHER_SEX = "other-sex"
    """The given name of one has the ending of a woman's name."""
    FIRST_MISSING = "first-missing"
    """The longer name begins with a part that is not in the other."""
    ONE_PART = "one-part"
    """Only one part is shared."""
    COMMON = "common"
    """What is shared is common, and something else is not shared."""
    KUNYA = "kunya"
    """One name begins with a kunya that the other does not have."""
    FIELDS = "fields"
    """A part met one of another field: a family name a given name."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """The rule's weights, set by hand; the thresholds are what is calibrated on data."""

    conflict: float = 0.27
    missing: float = 0.13
    missing_body: float = 0.8
    asked_missing: float = 0.6
    """Where one name is a query: what a part of it costs that the record lacks ..."""
    asked_beyond: float = 0.08
    """... and a part of the record that was not asked for."""
    given_conflict: float = 1.25
    given_doubt: float = 1.6
    """A doubt about the given name counts so much more: brothers and sisters share all else."""
    lineage: float = 0.35
    lineage_muhammad: float = 0.3
    below: float = 0.01
    """So far below the threshold, at least, is a name that may be a child's or a parent's."""
    first_missing: float = 0.25
    reversed: float = 0.35
    order: float = 0.06
    rotated: float = 0.03
    one_part: float = 0.25
    field: float = 0.1
    letters_alone: float = 0.5
    told_apart: float = 0.8
    """Of parts that tell people apart, so much is wanted where something is not shared ..."""
    told_apart_across: float = 1.35
    """... across scripts more, where less is seen of each part ..."""
    common: float = 1.3
    """... and what is wanting to that costs so much by the part within one script ..."""
    common_across: float = 0.45
    """... and so much across scripts."""
    clear: float = 0.86
    """A part as alike as this is not doubted at all ..."""
    doubt: float = 0.3
    """... and is another name altogether when it is less alike by this."""
    clear_alone: float = 0.98
    """The same of two parts, where two or more of a longer name met nothing: among many parts two
    are near by chance."""
    clear_beside: float = 0.92
    """The same where one part met nothing."""
    cut_off: float = 0.5
    """Of a compound of which half met (Abd al-Razzaq, Abdul; Abd al-Ali, Ali) so much did not."""
    syllable: float = 0.3
    """Where names are made of syllables, one more makes another given name."""
    stands_from: float = 0.8
    """Where the own name alone is wanting, parts that tell people apart so much begin to say that
    it is the same family ..."""
    stands_whole: float = 1.4
    """... and here leave nothing but that to doubt."""


WEIGHING = Weighing()


KIN = frozenset({Remark.LINEAGE, Remark.FIRST_MISSING})
"""What is said where one name is the other with a name in front of it."""


@dataclass(frozen=True, slots=True)
class Score:
    """value: how alike the two are. standing: by what a search ranks: the value, and of what a
    missing own name cost as much as the rest is rare. Who left the own name out and who has a
    child's record look alike, so that the value says no more than possible; among many records
    the one with all that is rare is still the one to be looked at first.
    """

    value: float
    remarks: tuple[Remark, ...]
    standing: float = 0.0


@dataclass(frozen=True, slots=True)
class Rates:
    """What a part costs that only the one or only the other has."""

    left: float
    right: float


def rates_for(left: Reading, right: Reading, asked: str | None, w: Weighing = WEIGHING) -> Rates:
    """asked: which of the two is a query (``left`` or ``right``); None where both are records."""
    if left.is_body or right.is_body:
        return Rates(w.missing_body, w.missing_body)
    if asked is None:
        return Rates(w.missing, w.missing)
    if asked == "left":
        return Rates(w.asked_missing, w.asked_beyond)
    return Rates(w.asked_beyond, w.asked_missing)


def worth(
    sure: Number, paired: Number, left_over: Number, right_over: Number, doubted: Number,
    rates: Rates, w: Weighing = WEIGHING,
) -> Number:  # fmt: skip
    """The score but for what is said about order and kin; of numbers, or of arrays of them.

    sure: likeness of the parts that met, weighed and freed of doubt. paired: weight of the parts
    that met. left_over, right_over: weight of those that did not. doubted: what of the paired is
    more likely another name. An index bounds the score with the same function.
    """
    gap = left_over - right_over
    size = abs(gap)
    replaced = (left_over + right_over - size) / 2
    missing = rates.left * (size + gap) / 2 + rates.right * (size - gap) / 2
    conflict = replaced + doubted
    most = (conflict + 1.0 - abs(conflict - 1.0)) / 2
    return sure / (paired + replaced + missing) * (1.0 - most * w.conflict)


def doubt_of(value: float, w: Weighing = WEIGHING) -> float:
    """How much of a part so alike is doubted, from 0 to 1."""
    return max(0.0, min(1.0, (w.clear - value) / w.doubt))


def score(
    left: Reading,
    right: Reading,
    alignment: Alignment,
    common: Callable[[Token], float],
    asked: str | None = None,
    w: Weighing = WEIGHING,
) -> Score:
    """The score in [0, 1] of two readings whose parts have been aligned.

    common: how common a part is (``frequencies.py``). asked: as in :func:`rates_for`.
    """
    tally = _tally(left, right, alignment, common, w)
    if tally.sure <= 0:
        return Score(0.0, ())
    rates = rates_for(left, right, asked, w)
    value = worth(
        tally.sure, tally.paired, tally.left_over, tally.right_over, tally.doubted, rates, w
    )
    if tally.letters_alone:
        value *= w.letters_alone
    remarks: list[Remark] = []
    if tally.other_sex:
        remarks.append(Remark.OTHER_SEX)
    elif tally.given_differs:
        remarks.append(Remark.GIVEN_NAME)
    if tally.given_differs:
        value /= w.given_conflict
    if tally.shared_parts == 1 and max(left.parts, right.parts) > 1:
        remarks.append(Remark.ONE_PART)
        value -= w.one_part / (2 if tally.light_met else 1)
        # A common part alone says still less.
        value -= w.one_part * max(0.0, 1.0 - tally.told_apart) / 2
    elif tally.unmet > 0 and not (left.is_body or right.is_body):
        same = left.script is right.script and asked is None
        wanted = w.told_apart if same else w.told_apart_across
        if tally.told_apart < wanted:
            remarks.append(Remark.COMMON)
            rate = w.common if same else w.common_across
            value -= rate * (wanted - tally.told_apart) * min(1.0, tally.unmet)
    kin = 0.0
    for remark, cost in _shape(left, right, alignment, w):
        remarks.append(remark)
        value -= cost
        kin += cost if remark in KIN else 0.0
    standing = value
    if Remark.LINEAGE in remarks and kin >= w.lineage:
        # Whose record it is stays open, however low the threshold of the two scripts.
        value = min(value, limits_for(left.script, right.script).threshold - w.below)
    if kin and _lacks_own_name(left, right, tally, asked):
        rare = (tally.told_apart - w.stands_from) / (w.stands_whole - w.stands_from)
        standing += kin * max(0.0, min(1.0, rare))
    return Score(_within(value), tuple(remarks), _within(standing))


def _within(value: float) -> float:
    return max(0.0, min(1.0, value))


def _lacks_own_name(left: Reading, right: Reading, tally: _Tally, asked: str | None) -> bool:
    """Whether all of the shorter name met, which is that of who asks where somebody does."""
    shorter = "left" if len(left.content) < len(right.content) else "right"
    over = tally.left_over if shorter == "left" else tally.right_over
    return asked in (None, shorter) and over < COUNTS and tally.doubted < COUNTS


@dataclass(slots=True)
class _Tally:
    sure: float = 0.0
    paired: float = 0.0
    doubted: float = 0.0
    left_over: float = 0.0
    right_over: float = 0.0
    shared_parts: int = 0
    told_apart: float = 0.0
    unmet: float = 0.0
    given_differs: bool = False
    other_sex: bool = False
    light_met: bool = False
    letters_alone: bool = True
    """Whether initials are all that met, but for connectors and titles."""


def _tally(
    left: Reading,
    right: Reading,
    alignment: Alignment,
    common: Callable[[Token], float],
    w: Weighing,
) -> _Tally:
    found = _Tally()
    first_left, first_right = left.content[:1], right.content[:1]
    bodies = left.is_body or right.is_body
    clear = _clear(left, right, alignment, w)
    whole_body = bodies and not alignment.left_over and not alignment.right_over
    for pair in alignment.pairs:
        doubt = _doubt(pair, clear if _is_short(pair, left, right) else w.clear, w)
        cut = _cut_off(pair, left, right, alignment, w)
        found.left_over += cut[0]
        found.right_over += cut[1]
        given = _holds(pair.left, first_left) and _holds(pair.right, first_right)
        given = given or (_own_beside(left, pair.left) and _own_beside(right, pair.right))
        if given and not bodies and len(left.content) > 1 and len(right.content) > 1:
            doubt = min(1.0, doubt * w.given_doubt)
        is_letter = pair.likeness.meeting is Meeting.INITIAL
        found.letters_alone &= is_letter or pair.weight < COUNTS
        certain = pair.weight * (1.0 - doubt)
        found.sure += certain * pair.likeness.value
        found.paired += pair.weight
        found.doubted += pair.weight * doubt
        if pair.weight < COUNTS:
            found.light_met = True
        elif doubt < 0.5 and not _is_dangling(pair, left, right, alignment):
            found.shared_parts += _shared(pair, left, right, alignment, whole_body)
            told = certain * (1.0 - _commonness(pair, left, right, common))
            found.told_apart += told * (w.cut_off if any(cut) else 1.0)
        if given and doubt > 0.5 and not bodies:
            found.given_differs = True
            found.other_sex = pair.likeness.meeting is Meeting.SEX
    found.left_over += _over(left.tokens, alignment.left_over)
    found.right_over += _over(right.tokens, alignment.right_over)
    apart = _holds(alignment.left_over, first_left) and _holds(alignment.right_over, first_right)
    if apart and not bodies:
        found.given_differs = True
    found.unmet = found.left_over + found.right_over + found.doubted
    if found.unmet < COUNTS:
        found.unmet = 0.0
    return found


def _own_beside(reading: Reading, positions: Sequence[int]) -> bool:
    """Whether a part is the own name behind a Muhammad: of Muhammad Asif Khan and Muhammad Arif
    Khan each is called by the second."""
    content = reading.content
    if len(content) < 2 or reading.parts < 3 or content[1] not in positions:
        return False
    return "muhammad" in reading.tokens[content[0]].families


def _clear(left: Reading, right: Reading, alignment: Alignment, w: Weighing) -> float:
    """From where a part that met is not doubted: where two at most met, and others of a longer name
    did not, both have to be surer."""
    if sum(pair.weight >= COUNTS for pair in alignment.pairs) > 2:
        return w.clear
    beside = max(_counted(left, alignment.left_over), _counted(right, alignment.right_over))
    return (w.clear, w.clear_beside, w.clear_alone)[min(beside, 2)]


def _is_short(pair: Pair, left: Reading, right: Reading) -> bool:
    """Whether a part has so few consonants that much is near it."""
    one = sum(len(left.tokens[i].skeleton.strip("-")) for i in pair.left)
    other = sum(len(right.tokens[j].skeleton.strip("-")) for j in pair.right)
    return min(one, other) <= FEW_CONSONANTS


def _counted(reading: Reading, positions: Sequence[int]) -> int:
    return sum(reading.tokens[position].weight >= COUNTS for position in positions)


FEW_CONSONANTS = 4
JOINED_SURE = 0.96
"""Words written together are as many parts as they are apart, from here on, whatever is beside."""


def _shared(
    pair: Pair, left: Reading, right: Reading, alignment: Alignment, whole_body: bool
) -> int:
    """How many parts met: of a word written apart its pieces, of an acronym itself alone, unless
    it stands for the whole name of a body, and of a word in another script that has others beside
    it itself alone: much sounds like much."""
    if pair.likeness.meeting is not Meeting.JOINED:
        return max(len(pair.left), len(pair.right))
    if pair.likeness.value <= ACRONYM:
        return max(len(pair.left), len(pair.right)) if whole_body else 1
    one, other = (left, alignment.left_over), (right, alignment.right_over)
    reading, beside = one if len(pair.left) == 1 else other
    if left.script is not right.script and _counted(reading, beside):
        return 1
    if pair.likeness.value < JOINED_SURE and (alignment.left_over or alignment.right_over):
        return 1
    return max(len(pair.left), len(pair.right))


def _is_dangling(pair: Pair, left: Reading, right: Reading, alignment: Alignment) -> bool:
    """Whether the first word of a compound was cut off there: an Abdul that meets any Abd al-...
    It says something only where the whole other name was met."""
    if left.apart or right.apart:
        return False
    if left.tokens[pair.left[0]].role is Role.HEAD:
        return bool(alignment.right_over)
    return right.tokens[pair.right[0]].role is Role.HEAD and bool(alignment.left_over)


def _cut_off(
    pair: Pair, left: Reading, right: Reading, alignment: Alignment, w: Weighing
) -> tuple[float, float]:
    """What of a compound on either side was not met where the other has half of it and all else
    met: what is left over may be the rest (al-Ghafur Sundus Abd), and is counted itself."""
    one, other = left.tokens[pair.left[0]], right.tokens[pair.right[0]]
    if pair.likeness.meeting is Meeting.HEAD:
        left_is_whole = one.compound
    elif (one.role is Role.HEAD) != (other.role is Role.HEAD):
        left_is_whole = other.role is Role.HEAD
    else:
        return 0.0, 0.0
    if _counted(left, alignment.left_over) or _counted(right, alignment.right_over):
        return 0.0, 0.0
    return (w.cut_off * one.weight, 0.0) if left_is_whole else (0.0, w.cut_off * other.weight)


def _commonness(
    pair: Pair, left: Reading, right: Reading, common: Callable[[Token], float]
) -> float:
    values = [common(left.tokens[i]) for i in pair.left]
    values += [common(right.tokens[j]) for j in pair.right]
    return max(values)


def _doubt(pair: Pair, clear: float, w: Weighing) -> float:
    meeting = pair.likeness.meeting
    if meeting in (Meeting.INITIAL, Meeting.DIMINUTIVE, Meeting.JOINED):
        return 0.0
    if meeting is Meeting.SEX:
        return 1.0
    if meeting is Meeting.HEAD:
        # Half a compound is not merely near: what it lacks is counted.
        return doubt_of(pair.likeness.value, w)
    return max(0.0, min(1.0, (clear - pair.likeness.value) / w.doubt))


def _over(tokens: Sequence[Token], positions: Sequence[int]) -> float:
    return sum([tokens[position].weight for position in positions])


def _holds(positions: Sequence[int], first: Sequence[int]) -> bool:
    return bool(first) and first[0] in positions


def _shape(
    left: Reading, right: Reading, alignment: Alignment, w: Weighing
) -> list[tuple[Remark, float]]:
    """Remarks on how the parts that met stand to each other, with what they cost."""
    found: list[tuple[Remark, float]] = []
    if alignment.left_over or alignment.right_over:
        found += _kin(left, right, alignment, w)
    if _reversed(left, right, alignment) or _begins_exchanged(left, right, alignment):
        found.append((Remark.REVERSED, w.reversed))
    else:
        found += _order(alignment, w)
    if _lacks_syllable(left, right, alignment):
        found.append((Remark.GIVEN_NAME, w.syllable))
    apart = _fields_apart(left, right, alignment)
    if apart:
        found.append((Remark.FIELDS, w.field * apart))
    return found


def _kin(
    left: Reading, right: Reading, alignment: Alignment, w: Weighing
) -> list[tuple[Remark, float]]:
    found: list[tuple[Remark, float]] = []
    lineage = max(
        _lineage(left, right, alignment.left_over, {p.right: p.left for p in alignment.pairs}, w),
        _lineage(right, left, alignment.right_over, {p.left: p.right for p in alignment.pairs}, w),
    )
    if lineage:
        found.append((Remark.LINEAGE, lineage))
    elif _first_missing(left, right, alignment):
        found.append((Remark.FIRST_MISSING, w.first_missing))
    kunyas = [left.tokens[i].role for i in alignment.left_over]
    kunyas += [right.tokens[j].role for j in alignment.right_over]
    if Role.KUNYA in kunyas:
        found.append((Remark.KUNYA, 0.0))
    return found


def _lineage(
    longer: Reading,
    shorter: Reading,
    over: Sequence[int],
    met: dict[tuple[int, ...], tuple[int, ...]],
    w: Weighing,
) -> float:
    """What it costs where the longer name may be a child of the bearer of the shorter.

    The given name of the shorter stands second in the longer, after a name that the shorter
    lacks. Muhammad in front of a given name is a habit of many, and costs a little less.
    """
    content_short, content_long = shorter.content, longer.content
    if len(content_short) < 2 or len(content_long) <= len(content_short) or longer.is_body:
        return 0.0
    place = next((met[key] for key in met if content_short[0] in key), None)
    if place is None or place[0] not in content_long:
        return 0.0
    before = content_long[: content_long.index(place[0])]
    if not before or any(position not in over for position in before):
        return 0.0
    if all(longer.tokens[position].role is Role.INITIAL for position in before):
        # A letter in front is an initial, or the U of Burmese names.
        return 0.0
    if any(token.text in _OF_EUROPE for token in (*longer.tokens, *shorter.tokens)):
        return 0.0
    lone = longer.tokens[before[0]].families if len(before) == 1 else frozenset()
    return w.lineage_muhammad if "muhammad" in lone else w.lineage


_SYLLABLE = re.compile(r"[^\W\daeiouy]{0,3}[aeiouy]{1,3}(?:ng?|[klmprth])?")
_SYLLABIC = (Script.HAN, Script.HANGUL)


def _lacks_syllable(left: Reading, right: Reading, alignment: Alignment) -> bool:
    """Whether a syllable is left over beside a name in Han or Hangul all of which met: 金荣 is not
    Kim Jung Jong."""
    if left.is_body or right.is_body or not {left.script, right.script} & set(_SYLLABIC):
        return False
    over = [left.tokens[i] for i in alignment.left_over]
    over += [right.tokens[j] for j in alignment.right_over]
    counted = [token for token in over if token.weight >= COUNTS]
    return len(counted) == 1 and (
        counted[0].script in _SYLLABIC or bool(_SYLLABLE.fullmatch(counted[0].text))
    )


_OF_EUROPE = frozenset({"de", "da", "do", "dos", "du", "di", "della", "van", "von", "der", "den"})
"""Connectors of family names where a given name in front is one more of the bearer's own."""


def _first_missing(left: Reading, right: Reading, alignment: Alignment) -> bool:
    """Whether the longer of two chains of names begins with a name that the other lacks.

    Asked across scripts alone, where two common names meet by chance more easily.
    """
    if left.script is right.script:
        return False
    one, other = left.content, right.content
    if len(one) == len(other) or min(len(one), len(other)) < 2:
        return False
    if not (_is_chain(left) or _is_chain(right)):
        return False
    if len(one) > len(other):
        return one[0] in alignment.left_over
    return other[0] in alignment.right_over


_CHAINED = ("lah", "din", "deen", "dine")


def _is_chain(reading: Reading) -> bool:
    """Whether a name looks like a chain of own, father's and grandfather's names."""
    return has_chains(reading.script) or any(
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
        son = next((k for k in range(i - 1, -1, -1) if k in left.content), None)
        if son is None or son not in place or left.tokens[son].text == token.text:
            continue
        son_right = place[son]
        if right.tokens[son_right].after_patronymic and father_right < son_right:
            return back[son_right] == son
    return False


def _begins_exchanged(left: Reading, right: Reading, alignment: Alignment) -> bool:
    """Own and father's name exchanged at the head of two chains that go on alike."""
    if min(len(left.content), len(right.content)) < 3 or left.is_body or right.is_body:
        return False
    place = {pair.left[0]: pair.right[0] for pair in alignment.pairs if pair.weight >= COUNTS}
    one, other = left.content[:3], right.content[:3]
    met = [place.get(position) for position in one]
    return met == [other[1], other[0], other[2]] and all(
        left.tokens[position].families for position in one[:2]
    )


def _order(alignment: Alignment, w: Weighing) -> list[tuple[Remark, float]]:
    """Whether the parts come in one order; the same order begun elsewhere costs less."""
    order = [pair.right[0] for pair in alignment.pairs if pair.weight >= COUNTS]
    falls = sum(one > other for one, other in itertools.pairwise(order))
    if not falls:
        return []
    if falls == 1 and order[-1] < order[0]:
        if len(order) == 2:
            # Given and family name exchanged, as every second list does.
            return []
        return [(Remark.ROTATED, w.rotated)]
    return [(Remark.ORDER, w.order)]


def _fields_apart(left: Reading, right: Reading, alignment: Alignment) -> int:
    """How many parts met one that stands in another field of a form."""
    if not left.fields or not right.fields:
        return 0
    return sum(
        left.fields[pair.left[0]] != right.fields[pair.right[0]]
        for pair in alignment.pairs
        if pair.weight >= COUNTS
    )

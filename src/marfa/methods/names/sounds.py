"""How alike a word sounds to many others, all at once: ``phones.phone_similarity`` by columns.

Before a distance is worked out it is bounded by what the two words are made of, wherever it stands:
the bag distance (Bartolini, Ciaccia and Patella 2002, *String matching with metric trees using an
approximate distance*), here with weights. What one word has more of than the other is lost on the
way, or read as something else, and neither costs less than it weighs in the bag.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from marfa.methods.names import phones as one_by_one

Rows = npt.NDArray[np.intp]
Values = npt.NDArray[np.float32]
Signs = npt.NDArray[np.uint8]
Truth = npt.NDArray[np.bool_]

LONGEST = 40
_SIGNS = 128
"""Phones are ASCII."""
_HUNDRED = 100
_NEVER = 10_000

BAGS = ("lr", "nm", "bpf", "tTdDszSZcCXkqgGxh", "aeiouUEOAWY")
"""Phones by what they are read for: what is in one bag is never read cheaply for what is in
another."""
BRIDGES = "HjJvwy`"
"""Phones that are read cheaply for phones of several bags weigh nothing. Each may hide a phone of
the other word, and the most that it may hide is taken off the bound."""
_UNIT = 20
_FULL = 255
"""Weights of bags are whole numbers of twentieths, up to this."""
_END_COSTS = np.array([0.35, 0.25], dtype=np.float32)
_SLACK = np.float32(1e-3)
"""What a sum of single precision may be out by."""


class Sounds:
    """Words by row, each as its phones."""

    def __init__(self) -> None:
        self._words = _Words.of([])

    @classmethod
    def of(cls, words: Sequence[str]) -> Sounds:
        """Words in their order, all written at once."""
        found = cls()
        found._words = _Words.of(words)
        return found

    def put(self, row: int, phones: str) -> None:
        """Write a word's phones into a row, which may be the next one; "" for none."""
        held = len(self._words.lengths)
        if row >= held:
            self._words = self._words.beside(_Words.of([""] * max(64, held // 2, row + 1 - held)))
        self._words.put(row, _Words.of([phones]))

    def like(
        self,
        words: Sequence[str],
        asking: Rows,
        rows: Rows,
        abjad: Truth,
        floors: Values | float = 0.0,
    ) -> Values:
        """Similarity in [0, 1] of words to those in some rows, as ``phone_similarity`` has it; 0
        where it is less than a floor.

        asking: for each row, which of the words is compared with it. abjad: of each row, whether
        exactly one of the two leaves short vowels out.
        """
        found = np.zeros(len(rows), dtype=np.float32)
        asked, modes = _Words.of(words), abjad.astype(np.intp)
        sizes = np.maximum(asked.sizes[asking, modes], self._words.sizes[rows, modes])
        sizes += np.float32(0.35)
        lengths = self._words.lengths[rows]
        least = _bag_distance(asked.bags[asking, modes], self._words.bags[rows, modes])
        ends = self._ends(asked, asking, rows) * abjad
        near = least + ends <= sizes * (1 - np.float32(floors)) + _SLACK
        kept = np.flatnonzero(near & (lengths > 0) & (asked.lengths[asking] > 0))
        if not len(kept):
            return found
        own, rows, modes = asking[kept], rows[kept], modes[kept]
        signs = self._words.signs[rows, : int(lengths[kept].max())]
        cost = _distance(asked.signs[own], asked.lengths[own], signs, modes) + ends[kept]
        found[kept] = np.maximum(np.float32(0.0), 1 - cost / sizes[kept])
        found[found < floors] = 0.0
        return found

    def _ends(self, asked: _Words, asking: Rows, rows: Rows) -> Values:
        """What the ends of two words cost where one of the two leaves short vowels out."""
        kinds = _kinds()
        one, other = kinds[:, asked.ends[asking], [0, 1]], kinds[:, self._words.ends[rows], [0, 1]]
        found = _END_COSTS * ((one[0] & ~other[1]) + (other[0] & ~one[1]))
        return np.asarray(found.sum(axis=1), dtype=np.float32)


class _Words(NamedTuple):
    """Words by row: their phones, the first and the last of them, how many they are, and what they
    weigh as a whole and by bags: where both writings have vowels, and where one leaves them out."""

    signs: Signs
    ends: Signs
    lengths: npt.NDArray[np.uint8]
    sizes: Values
    bags: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, words: Sequence[str]) -> _Words:
        plain = [word.encode("ascii", "replace")[:LONGEST] for word in words]
        whole = b"".join([word.ljust(LONGEST, b"\0") for word in plain])
        signs = np.frombuffer(whole, dtype=np.uint8).reshape(-1, LONGEST)
        lengths = np.array([len(word) for word in plain], dtype=np.uint8)
        shown = signs[:, : int(lengths.max(initial=0))]
        bags = np.minimum(_bags()[shown].sum(axis=1), _FULL).astype(np.uint8)
        last = signs[np.arange(len(plain)), np.maximum(lengths, 1) - 1]
        ends = np.stack([signs[:, 0], last], axis=1)
        return cls(signs, ends, lengths, _weights()[shown].sum(axis=1), bags)

    def beside(self, more: _Words) -> _Words:
        """These words and then others."""
        return _Words(
            np.concatenate([self.signs, more.signs]),
            np.concatenate([self.ends, more.ends]),
            np.concatenate([self.lengths, more.lengths]),
            np.concatenate([self.sizes, more.sizes]),
            np.concatenate([self.bags, more.bags]),
        )

    def put(self, row: int, word: _Words) -> None:
        """Write the one word of others into a row."""
        self.signs[row], self.ends[row] = word.signs[0], word.ends[0]
        self.lengths[row], self.sizes[row] = word.lengths[0], word.sizes[0]
        self.bags[row] = word.bags[0]


def _distance(words: Signs, lengths: npt.NDArray[np.uint8], others: Signs, modes: Rows) -> Values:
    """The cheapest way from each word to the other beside it.

    What comes of adding letters of the other word runs down a column, and is the least of all that
    stands before less what the letters between cost: so all that one letter does is done at once.
    """
    costs, drop = _costs().ravel(), _drops()
    signs = np.ascontiguousarray(others.T).astype(np.intp)
    lost = np.zeros((len(signs) + 1, len(words)), dtype=np.int16)
    np.cumsum(drop[signs, modes], axis=0, out=lost[1:])
    found = lost[-1].copy()
    before = lost
    for place in range(int(lengths.max())):
        letters = words[:, place].astype(np.intp)
        after = before + drop[letters, modes]
        read = before[:-1] + costs.take(letters * _SIGNS + signs)
        np.minimum(read, after[1:], out=after[1:])
        after -= lost
        np.minimum.accumulate(after, axis=0, out=after)
        after += lost
        np.copyto(found, after[-1], where=lengths > place)
        before = after
    return np.asarray(found / _HUNDRED, dtype=np.float32)


def _bag_distance(word: npt.NDArray[np.uint8], others: npt.NDArray[np.uint8]) -> Values:
    """No more than the distance from a word to each of others, by row."""
    more = word.astype(np.int32) - others
    over = np.maximum(more[:, :-1], 0).sum(axis=1)
    under = over - more[:, :-1].sum(axis=1)
    hidden = word[:, -1].astype(np.int32) + others[:, -1]
    # Of what is full nothing is known.
    known = (word[:, -1] < _FULL) & (others[:, -1] < _FULL)
    return np.asarray((np.maximum(over, under) - hidden) * known / _UNIT, dtype=np.float32)


@cache
def _costs() -> npt.NDArray[np.int16]:
    """In hundredths, as what is lost: with whole numbers nothing is lost in adding up."""
    table = np.full((_SIGNS, _SIGNS), _HUNDRED, dtype=np.int16)
    for one, row in one_by_one.COSTS.items():
        for other, cost in row.items():
            table[ord(one), ord(other)] = round(cost * _HUNDRED)
    np.fill_diagonal(table, 0)
    table[:, 0] = table[0] = _NEVER
    return table


@cache
def _drops() -> npt.NDArray[np.int16]:
    found = _by_sign(one_by_one.PLAIN_DROP, one_by_one.ABJAD_DROP)
    return np.rint(found * _HUNDRED).astype(np.int16)


@cache
def _weights() -> Values:
    return _by_sign(one_by_one.PLAIN_WEIGHT, one_by_one.ABJAD_WEIGHT)


def _by_sign(*tables: dict[str, float]) -> Values:
    """By sign and mode."""
    found = np.ones((_SIGNS, len(tables)), dtype=np.float32)
    for mode, table in enumerate(tables):
        for sign, value in table.items():
            found[ord(sign), mode] = value
    found[0] = 0.0
    return found


@cache
def _bags() -> npt.NDArray[np.int32]:
    """By sign and mode what it weighs in each bag, and what of another word it may hide."""
    found = np.zeros((_SIGNS, 2, len(BAGS) + 1), dtype=np.int32)
    for mode, drop in enumerate((one_by_one.PLAIN_DROP, one_by_one.ABJAD_DROP)):
        weights = _bag_weights(drop)
        for sign, weight in weights.items():
            bag = next(number for number, bag in enumerate(BAGS) if sign in bag)
            found[ord(sign), mode, bag] = weight
        for sign in BRIDGES:
            hidden = (weights[other] - _read(sign, other) for other in weights)
            found[ord(sign), mode, -1] = max(0, math.ceil(max(hidden)))
    return found


def _bag_weights(drop: dict[str, float]) -> dict[str, int]:
    """What each consonant weighs: the most that neither losing it costs less, nor reading it for
    what weighs nothing or is in another bag; and of one bag none weighs more than another by more
    than it costs to read the one for the other."""
    every = {chr(sign) for sign in range(1, _SIGNS)} - set(BRIDGES)
    weights: dict[str, int] = {}
    for bag in BAGS:
        for sign in bag:
            ways = [_read(sign, other) for other in every - set(bag)]
            weights[sign] = math.floor(min(_UNIT * drop.get(sign, 1.0), *ways) + 1e-6)
    for _round in weights:
        for bag in BAGS:
            for sign in bag:
                near = [weights[o] + math.floor(_read(sign, o) + 1e-6) for o in bag]
                weights[sign] = min(near)
    return weights


def _read(one: str, other: str) -> float:
    """What it costs to read one phone for another, in units of bags."""
    if one == other:
        return 0.0
    return _UNIT * one_by_one.COSTS.get(one, {}).get(other, 1.0)


@cache
def _kinds() -> npt.NDArray[np.bool_]:
    """By sign, for the beginning and the end of a word: whether a vowel there has to be seen in the
    other writing, and whether it shows one."""
    found = np.zeros((2, _SIGNS, 2), dtype=np.bool_)
    soft = one_by_one.VOWELS + one_by_one.WEAK
    for end, seen in enumerate((one_by_one.VOWELS, one_by_one.CLOSING)):
        found[0, [ord(sign) for sign in seen], end] = True
        found[1, [ord(sign) for sign in soft], end] = True
    return found

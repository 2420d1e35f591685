"""How alike a word sounds to many others, all at once: ``phones.phone_similarity`` by columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from marfa.methods.names import phones as one_by_one

Rows = npt.NDArray[np.intp]
Values = npt.NDArray[np.float32]

LONGEST = 40
_SIGNS = 128
"""Phones are ASCII."""
_NEVER = np.float32(1e6)


class Sounds:
    """Words by row, each as its phones."""

    def __init__(self) -> None:
        self._signs = np.zeros((0, LONGEST), dtype=np.uint8)
        self._lengths = np.zeros(0, dtype=np.uint8)

    @classmethod
    def of(cls, words: Sequence[str]) -> Sounds:
        """Words in their order, all written at once."""
        found = cls()
        plain = [word.encode("ascii", "replace")[:LONGEST] for word in words]
        whole = b"".join([word.ljust(LONGEST, b"\0") for word in plain])
        found._signs = np.frombuffer(whole, dtype=np.uint8).reshape(-1, LONGEST)
        found._lengths = np.array([len(word) for word in plain], dtype=np.uint8)
        return found

    def put(self, row: int, phones: str) -> None:
        """Write a word's phones into a row, which may be the next one; "" for none."""
        if row >= len(self._signs):
            more = max(64, len(self._signs) // 2, row + 1 - len(self._signs))
            self._signs = np.vstack([self._signs, np.zeros((more, LONGEST), dtype=np.uint8)])
            self._lengths = np.append(self._lengths, np.zeros(more, dtype=np.uint8))
        signs = _signs_of(phones)
        self._signs[row] = 0
        self._signs[row, : len(signs)] = signs
        self._lengths[row] = len(signs)

    def like(self, phones: str, rows: Rows, *, abjad: bool) -> Values:
        """Similarity in [0, 1] of a word to those in some rows, as ``phone_similarity`` has it."""
        word = _signs_of(phones)
        lengths = self._lengths[rows]
        if not len(word) or not len(rows):
            return np.zeros(len(rows), dtype=np.float32)
        signs = self._signs[rows, : int(lengths.max(initial=1)) or 1]
        drop, weight = _drops(abjad), _weights(abjad)
        cost = _distance(word, signs, drop)
        if abjad:
            last = self._signs[rows, np.maximum(lengths, 1) - 1]
            cost = cost + _ends(word[0], word[-1], signs[:, 0], last)
        size = np.maximum(weight[word].sum(), weight[signs].sum(axis=1)) + np.float32(0.35)
        found = np.maximum(np.float32(0.0), 1 - cost / size)
        found[lengths == 0] = 0.0
        return np.asarray(found, dtype=np.float32)


def _distance(word: npt.NDArray[np.uint8], signs: npt.NDArray[np.uint8], drop: Values) -> Values:
    """The cheapest way from a word to each row of others.

    What comes of adding letters of the other word runs along a row, and is the least of all that
    stands before less what the letters between cost: so the whole column is done at once.
    """
    costs = _costs()
    lost = np.zeros((len(signs), signs.shape[1] + 1), dtype=np.float32)
    np.cumsum(drop[signs], axis=1, out=lost[:, 1:])
    row = lost
    for sign in word:
        new = np.empty_like(row)
        new[:, 0] = row[:, 0] + drop[sign]
        np.minimum(row[:, :-1] + costs[sign][signs], row[:, 1:] + drop[sign], out=new[:, 1:])
        new -= lost
        np.minimum.accumulate(new, axis=1, out=new)
        new += lost
        row = new
    return np.asarray(row[:, -1], dtype=np.float32)


def _ends(
    first: int, last: int, firsts: npt.NDArray[np.uint8], lasts: npt.NDArray[np.uint8]
) -> Values:
    vowel, soft, closing = _kinds()
    found = 0.35 * (vowel[first] & ~soft[firsts]) + 0.25 * (closing[last] & ~soft[lasts])
    found += 0.35 * (vowel[firsts] & ~soft[first]) + 0.25 * (closing[lasts] & ~soft[last])
    return np.asarray(found, dtype=np.float32)


def _signs_of(phones: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(phones[:LONGEST].encode("ascii", "replace"), dtype=np.uint8)


@cache
def _costs() -> Values:
    table = np.ones((_SIGNS, _SIGNS), dtype=np.float32)
    for one, row in one_by_one.COSTS.items():
        for other, cost in row.items():
            table[ord(one), ord(other)] = cost
    np.fill_diagonal(table, 0.0)
    table[:, 0] = table[0] = _NEVER
    return table


@cache
def _drops(abjad: bool) -> Values:
    return _by_sign(one_by_one.ABJAD_DROP if abjad else one_by_one.PLAIN_DROP)


@cache
def _weights(abjad: bool) -> Values:
    return _by_sign(one_by_one.ABJAD_WEIGHT if abjad else one_by_one.PLAIN_WEIGHT)


def _by_sign(table: dict[str, float]) -> Values:
    found = np.ones(_SIGNS, dtype=np.float32)
    for sign, value in table.items():
        found[ord(sign)] = value
    found[0] = 0.0
    return found


@cache
def _kinds() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """By sign: whether it is a vowel, a vowel or weak letter, a vowel that closes a word."""
    kinds = one_by_one.VOWELS, one_by_one.VOWELS + one_by_one.WEAK, one_by_one.CLOSING
    found = np.zeros((3, _SIGNS), dtype=np.bool_)
    for number, signs in enumerate(kinds):
        found[number, [ord(sign) for sign in signs]] = True
    return found[0], found[1], found[2]

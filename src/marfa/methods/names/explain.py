"""A comparison in words that a person can check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from marfa.domain.message import Message
from marfa.methods.names.alignment import Alignment, Pair
from marfa.methods.names.bands import Band, Limits
from marfa.methods.names.scores import Remark
from marfa.methods.names.similarity import Meeting
from marfa.methods.names.text import Script, normalise
from marfa.methods.names.tokens import Reading, Token


@dataclass(frozen=True, slots=True)
class Part:
    """One part that met another, or met nothing (``left`` or ``right`` is None).

    left, right: in plain letters. left_written, right_written: as somebody wrote them.
    """

    left: str | None
    right: str | None
    meeting: str
    likeness: float
    left_written: str | None = None
    right_written: str | None = None

    def swapped(self) -> Part:
        meeting = _OTHER_SIDE.get(self.meeting, self.meeting)
        return Part(
            self.right,
            self.left,
            meeting,
            self.likeness,
            self.right_written,
            self.left_written,
        )

    def message(self) -> Message:
        parts = {
            "left": self.left_written or self.left,
            "right": self.right_written or self.right,
        }
        params = {name: isolate_direction(text) for name, text in parts.items() if text is not None}
        return Message(f"methods.names:part-{self.meeting}", params)

    def as_json(self) -> dict[str, object]:
        return {
            "left": self.left,
            "right": self.right,
            "left_written": self.left_written or self.left,
            "right_written": self.right_written or self.right,
            "how": self.meeting,
            "likeness": round(self.likeness, 4),
        }


def isolate_direction(text: str) -> str:
    """Text whose direction does not disturb the sentence around it (FIRST STRONG ISOLATE)."""
    return f"\u2068{text}\u2069"


MISSING_LEFT = "missing-left"
MISSING_RIGHT = "missing-right"
_OTHER_SIDE = {MISSING_LEFT: MISSING_RIGHT, MISSING_RIGHT: MISSING_LEFT}


def explain_parts(left: Reading, right: Reading, alignment: Alignment) -> tuple[Part, ...]:
    """What met what in the order of the first name, then what was left over on either side."""
    met = [_part(pair, left, right) for pair in alignment.pairs]
    alone = [Part(left.tokens[i].written, None, MISSING_RIGHT, 0.0) for i in alignment.left_over]
    alone += [Part(None, right.tokens[j].written, MISSING_LEFT, 0.0) for j in alignment.right_over]
    return tuple(met + alone)


Words = Mapping[str, str]
"""Plain word -> the word as a name has it."""


def as_written(parts: tuple[Part, ...], ours: Words, theirs: Words) -> tuple[Part, ...]:
    """The parts with the words of the two names as they were written."""
    return tuple(
        Part(
            *(part.left, part.right, part.meeting, part.likeness),
            left_written=_rewritten(part.left, ours),
            right_written=_rewritten(part.right, theirs),
        )
        for part in parts
    )


def written_pairs(
    pairs: tuple[tuple[str, str], ...], left: str, right: str
) -> tuple[tuple[str, str], ...]:
    """Pairs of plain words as the two names write them."""
    ours, theirs = written_words(left), written_words(right)
    return tuple(
        (_rewritten(one, ours) or one, _rewritten(other, theirs) or other) for one, other in pairs
    )


def written_words(name: str) -> Words:
    """The words of a name as it has them, by what they are in plain letters."""
    found: dict[str, str] = {}
    for word in _BETWEEN_WORDS.split(name):
        plain = word.lower() if word.isalpha() and word.isascii() else normalise(word)
        if plain and " " not in plain:
            found.setdefault(plain, word.strip(_SIGNS))
    return found


_BETWEEN_WORDS = re.compile(r"[\s\-‐‑–—.,;:()/]+")
_SIGNS = '\u200e\u200f\u2066\u2067\u2068\u2069\u202a\u202b\u202c"“”«»[]'


def _rewritten(plain: str | None, words: Words) -> str | None:
    if plain is None:
        return None
    return " ".join(words.get(word, word) for word in plain.split(" "))


def _part(pair: Pair, left: Reading, right: Reading) -> Part:
    return Part(
        _words([left.tokens[i] for i in pair.left]),
        _words([right.tokens[j] for j in pair.right]),
        _meeting(pair),
        pair.likeness.value,
    )


def _meeting(pair: Pair) -> str:
    """Parts too unlike to be one name are told as different, though they stand in one place."""
    meeting = pair.likeness.meeting
    if meeting is Meeting.SPELLING and pair.likeness.value < DIFFERENT_BELOW:
        return Meeting.DIFFERENT.value
    return meeting.value


DIFFERENT_BELOW = 0.7


def _words(tokens: list[Token]) -> str:
    return " ".join(token.written for token in tokens)


def explain_remarks(found: tuple[Remark, ...]) -> tuple[Message, ...]:
    """What counted against, beyond the parts themselves."""
    return tuple(Message(f"methods.names:remark-{remark.value}") for remark in found)


def explain_unreadable(left: Script, right: Script) -> Message:
    """Why two names were not compared."""
    return Message("methods.names:not-compared-script", {"scripts": f"{left}-{right}"})


def explain_verdict(band: Band, score: float, limits: Limits) -> Message:
    """The score, its band, and how the limits of this pair of scripts came about."""
    params: dict[str, object] = {
        "score": round(score, 2),
        "threshold": limits.threshold,
        "scripts": limits.scripts,
        "data": limits.data,
    }
    if limits.borrowed_from is None:
        return Message(f"methods.names:verdict-{band.value}", params)
    return Message(
        f"methods.names:verdict-borrowed-{band.value}", params | {"other": limits.borrowed_from}
    )

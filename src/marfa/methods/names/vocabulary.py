"""The distinct parts of all names of an index, found by likeness."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from marfa.methods.names import lookalikes
from marfa.methods.names.alignment import (
    are_syllables,
    as_one,
    may_be_compound,
    value_of_run,
)
from marfa.methods.names.compare import Comparer
from marfa.methods.names.keys import (
    is_abjad,
    joined_keys,
    other_sounds,
    part_keys,
    part_skeletons,
    reduced_key,
    sought_keys,
)
from marfa.methods.names.lexicon import names_together, names_written
from marfa.methods.names.multimap import Multimap
from marfa.methods.names.prefixes import Beginnings
from marfa.methods.names.sounds import Rows, Sounds, Values
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import COUNTS, Role, Token

LIKE = 0.6
"""Parts less alike than this do not make a name a candidate."""

AT_LEAST = 0.66
"""So near, at least, is by sound or letters what is not compared in full."""

MAX_COMPARED = 10
"""At most so many parts of the vocabulary that are near by sound or letters alone are compared in
full with one part of a query."""

CLOSE_BY = 0.8
"""How near parts sound or are spelt at least, to be compared in full."""

TOGETHER_FLOOR = 0.8
"""How near words one after the other sound at least to be one word, before they are read as one."""

KNOWN_TOGETHER_FLOOR = 0.7
"""Two known names as one word are spelt so differently at most."""

ABJAD, KNOWN, BARE, MORE = 1, 2, 4, 8
"""Marks of a part: written without vowels, of a known family, only a letter or a first word, with
further readings."""

MAX_KNOWN = 20_000

Like = tuple[tuple[int, float], ...]
_Identity = tuple[str, str, str, bool, str]


class Vocabulary:
    """Parts by number, each with how often it is used; a part no longer used is gone."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer
        self._numbers: dict[_Identity, int] = {}
        self._tokens: list[Token | None] = []
        self._reduced: list[str | None] = []
        self._uses = array("I")
        self._flags = bytearray()
        self._sounds = Sounds()
        self._more: dict[int, range] = {}
        self._other_sounds = Sounds()
        self._rows = 0
        self._filed: Multimap[str] = Multimap()
        self._free: list[int] = []
        self._like: dict[_Identity, Like] = {}
        self._written: Beginnings | None = None
        self._sounding: Beginnings | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def token(self, number: int) -> Token:
        """The part with a number that is in use."""
        token = self._tokens[number]
        if token is None:
            raise KeyError(number)
        return token

    def known(
        self, text: str, written: str, script: Script, after_patronymic: bool
    ) -> Token | None:
        """A part that is in use, so that it need not be made a second time."""
        # What it does in a name is left open: most are names, and that is asked first.
        for role in Role:
            number = self._numbers.get((text, written, script.value, after_patronymic, role.value))
            if number is not None:
                return self._tokens[number]
        return None

    def number(self, token: Token) -> int | None:
        """The number of a part that is in use; None where it is not."""
        return self._numbers.get(_identity(token))

    def use(self, token: Token) -> int:
        """The number of a part, counted as used once more."""
        number = self._numbers.get(_identity(token))
        if number is None:
            number = self._file(token)
        self._uses[number] += 1
        return number

    def release(self, number: int) -> None:
        """A part is used once less; with its last use every trace of it goes."""
        self._uses[number] -= 1
        if self._uses[number]:
            return
        token = self.token(number)
        for key in _keys_of(token):
            self._filed.discard(key, number)
        if self._written is not None and self._sounding is not None:
            self._written.discard(token.text, number)
            self._sounding.discard(self._reduced[number] or "", number)
        del self._numbers[_identity(token)]
        self._sounds.put(number, "")
        for row in self._more.pop(number, ()):
            self._other_sounds.put(row, "")
        self._tokens[number] = self._reduced[number] = None
        self._free.append(number)

    def forget(self) -> None:
        """Forget what was learnt from queries and from parts that are gone."""
        self._like.clear()
        self._comparer.forget()

    def like(self, token: Token) -> Like:
        """Parts like one of a query with their likeness, the likest first."""
        sought = _identity(token)
        known = self._like.get(sought)
        if known is None:
            if len(self._like) >= MAX_KNOWN:
                self._like.clear()
            known = self._like[sought] = self._find(token)
        return known

    def together(self, runs: Sequence[Sequence[Token]]) -> list[Like]:
        """For each of some runs of neighbours of a query the parts that are those written as one
        word, the likest first."""
        asked = [self._asked_together(pieces) for pieces in runs]
        heard = self._heard(asked)
        return [
            self._compared_together(pieces, each.numbers, near)
            for pieces, each, near in zip(runs, asked, heard, strict=True)
        ]

    def _asked_together(self, pieces: Sequence[Token]) -> _Asked:
        phones = {"".join([piece.forms[0] for piece in pieces])}
        if any(piece.has_article for piece in pieces):
            phones.add("".join(["al" * p.has_article + p.forms[0] for p in pieces]))
        numbers = {n for each in phones for key in joined_keys(each) for n in self._filed.get(key)}
        text = "".join([piece.text for piece in pieces])
        if not are_syllables(pieces):
            numbers = {number for number in numbers if self._begins_so(pieces, number)}
        known = all(piece.families for piece in pieces)
        floor = KNOWN_TOGETHER_FLOOR if known else TOGETHER_FLOOR
        return _Asked(pieces[0], text, sorted(phones), sorted(numbers), floor)

    def _known_together(self, pieces: Sequence[Token]) -> set[int]:
        """Parts of the name that words written together are, and those of two names one after the
        other."""
        text = "".join([piece.text for piece in pieces])
        found = {number for name in names_written(text) for number in self._filed.get("=" + name)}
        if len(pieces) == 2:
            for one, other in product(pieces[0].families, pieces[1].families):
                found.update(self._filed.get(f"+{one}+{other}"))
        return found

    def _begins_so(self, pieces: Sequence[Token], number: int) -> bool:
        """Whether a part may be some words as one, by its first letter: within one script it is
        theirs."""
        token = self._tokens[number]
        return token is not None and (
            token.script is not pieces[0].script or token.text[0] == pieces[0].text[0]
        )

    def _compared_together(
        self, pieces: Sequence[Token], numbers: Sequence[int], near: Mapping[int, float]
    ) -> Like:
        known = self._known_together(pieces)
        chosen = near.keys() | known
        if may_be_compound(pieces):
            chosen.update(number for number in numbers if self.token(number).compound)
        if are_syllables(pieces):
            chosen.update(numbers)
        joined = as_one(pieces) if chosen else []
        found: list[tuple[float, int]] = []
        for number in chosen:
            heard = number in near or number in known
            value = self.value_together(pieces, self.token(number), joined, heard=heard)
            if value:
                found.append((value, number))
        found.sort(reverse=True)
        return tuple((number, value) for value, number in found)

    def value_together(
        self,
        pieces: Sequence[Token],
        whole: Token,
        joined: Sequence[Token] | None = None,
        *,
        heard: bool,
    ) -> float:
        """How alike words apart are to one word; 0 where they are not that word. joined, heard: as
        in ``alignment.value_of_run``."""
        return value_of_run(pieces, whole, self._comparer.likeness, joined, heard=heard)

    def of_first_letters(self, pieces: Sequence[Token]) -> list[int]:
        """Parts that have the first letters of neighbours of a query."""
        letters, script = "".join(piece.text[0] for piece in pieces), pieces[0].script
        found = (
            self._numbers.get((letters, letters, script.value, after, role.value))
            for after in (False, True)
            for role in Role
        )
        return [number for number in found if number is not None]

    def named_alike(self, token: Token) -> list[int]:
        """Parts that count and are written like a connector or title of a query, or are a Han
        character that it may be the reading of."""
        found = [n for n in self._filed.get(token.skeleton) if self.token(n).weight >= COUNTS]
        return [
            n
            for n in found
            if self.token(n).text == token.text
            or (Script.HAN in (token.script, self.token(n).script))
        ]

    def beginning(self, token: Token) -> Iterator[int]:
        """Parts that begin with one of a query: as it is written within its script, and as its
        consonants sound in the others, where it has two of them at least."""
        if self._written is None or self._sounding is None:
            known = [n for n, held in enumerate(self._tokens) if held is not None]
            self._written = Beginnings((self.token(n).text, n) for n in known)
            self._sounding = Beginnings((self._reduced[n] or "", n) for n in known)
        for number in self._written.with_prefix(token.text):
            if self.token(number).script is token.script:
                yield number
        sound = reduced_key(token)
        if len(sound) >= 2:
            for number in self._sounding.with_prefix(sound):
                if self.token(number).script is not token.script:
                    yield number

    def _find(self, token: Token) -> Like:
        numbers: set[int] = set()
        for key in sought_keys(token):
            numbers.update(self._filed.get(key))
        near = self._kin(token)
        at_most = self._at_most(token, sorted(numbers - near))
        nearest = sorted(at_most, key=lambda number: (-at_most[number], number))
        # What is said of the others is only how alike they can be at most.
        surely = [n for n in nearest[:MAX_COMPARED] if at_most[n] >= CLOSE_BY]
        for number in (*sorted(near), *surely):
            at_most[number] = self._comparer.likeness(token, self.token(number)).value
        found = [(value, number) for number, value in at_most.items() if value >= LIKE]
        found.sort(reverse=True)
        return tuple((number, value) for value, number in found)

    def _kin(self, token: Token) -> set[int]:
        """Those of its own name family, and compounds of which it may be a half."""
        names = token.families | token.shorts
        near = {number for family in names for number in self._filed.get("=" + family)}
        # Karim and Abd al-Karim are filed together and do not look alike as wholes.
        for key in part_skeletons(token):
            filed = self._filed.get(key)
            near.update(n for n in filed if _may_be_half(token, self.token(n)))
        if token.script is Script.ARABIC:
            near.update(self._filed.get("~" + lookalikes.without_dots(token.text)))
        if token.script is Script.LATIN:
            near.update(self._filed.get("~" + lookalikes.as_scanned(token.text)))
        return near

    def _at_most(self, token: Token, numbers: Sequence[int]) -> dict[int, float]:
        """How alike some parts can be at most to one of a query, where it is AT_LEAST; two known
        names are not."""
        if token.role is Role.NUMBER:
            return {}
        known, bare = bool(token.families), token.role in (Role.INITIAL, Role.HEAD)
        asked = [
            number
            for number in numbers
            if not (known and self._flags[number] & KNOWN)
            and (bare or not self._flags[number] & BARE)
        ]
        if not asked:
            return {}
        return self._heard([_Asked(token, token.text, token.forms[:4], asked, AT_LEAST)])[0]

    def _heard(self, asked: Sequence[_Asked]) -> list[dict[int, float]]:
        """For each word those of its parts that are as near as its floor by sound, or by letters
        within its script, and how near."""
        found: list[dict[int, float]] = [{} for _each in asked]
        places = [(n, number) for n, each in enumerate(asked) for number in each.numbers]
        if not places:
            return found
        of, rows = np.array(places, dtype=np.intp).T
        values = self._by_sound(asked, of, rows)
        tokens = [self.token(number) for _n, number in places]
        alike = [k for k, (n, _) in enumerate(places) if tokens[k].script is asked[n].word.script]
        if alike:
            texts = [asked[places[k][0]].text for k in alike], [tokens[k].text for k in alike]
            spelt = process.cpdist(*texts, scorer=OSA.normalized_similarity, score_cutoff=LIKE)
            values[alike] = np.maximum(values[alike], spelt)
        near = np.flatnonzero(values >= np.array([each.floor for each in asked])[of])
        for k, value in zip(near.tolist(), values[near].tolist(), strict=True):
            n, number = places[k]
            found[n][number] = value
        return found

    def _by_sound(self, asked: Sequence[_Asked], of: Rows, rows: Rows) -> Values:
        """How near each part in a row sounds to the word that asks for it."""
        flags = np.frombuffer(self._flags, dtype=np.uint8)[rows]
        leaves_out = np.array([is_abjad(each.word) for each in asked])
        abjad = ((flags & ABJAD) > 0) != leaves_out[of]
        floors = np.array([each.floor for each in asked], dtype=np.float32)[of]
        values = np.zeros(len(rows), dtype=np.float32)
        first = np.cumsum([0, *(len(each.phones) for each in asked)])
        words = [form for each in asked for form in each.phones]
        # Each part by each reading of its word; those with further readings by these too.
        times = np.diff(first)[of]
        places = np.repeat(np.arange(len(rows)), times)
        turn = np.arange(len(places)) - np.repeat(np.cumsum(times) - times, times)
        asking = first[of][places] + turn
        heard = self._sounds.like(words, asking, rows[places], abjad[places], floors[places])
        np.maximum.at(values, places, heard)
        more = [
            (k, row)
            for k in np.flatnonzero((flags & MORE)[places]).tolist()
            for row in self._more[int(rows[places[k]])]
        ]
        if more:
            k, others = np.array(more, dtype=np.intp).T
            at = places[k]
            heard = self._other_sounds.like(words, asking[k], others, abjad[at], floors[at])
            np.maximum.at(values, at, heard)
        return values

    def _file(self, token: Token) -> int:
        if self._free:
            number = self._free.pop()
            self._tokens[number] = token
        else:
            number = len(self._tokens)
            self._tokens.append(token)
            self._reduced.append(None)
            self._uses.append(0)
            self._flags.append(0)
        self._reduced[number] = reduced_key(token)
        self._sounds.put(number, token.forms[0] if token.readable else "")
        others = other_sounds(token)
        if others:
            self._more[number] = range(self._rows, self._rows + len(others))
            for row, phones in zip(self._more[number], others, strict=True):
                self._other_sounds.put(row, phones)
            self._rows += len(others)
        bare = token.role in (Role.INITIAL, Role.HEAD)
        flags = ABJAD * is_abjad(token) | KNOWN * bool(token.families) | BARE * bare
        self._flags[number] = flags | MORE * bool(others)
        self._numbers[_identity(token)] = number
        for key in _keys_of(token):
            self._filed.add(key, number)
        if self._written is not None and self._sounding is not None:
            self._written.add(token.text, number)
            self._sounding.add(self._reduced[number] or "", number)
        self._like.clear()
        return number


def _keys_of(token: Token) -> set[str]:
    """What a part is filed under: its keys, and two names that it is one after the other."""
    return part_keys(token) | {f"+{one}+{other}" for one, other in names_together(token.text)}


class _Asked(NamedTuple):
    """Parts asked how near they are to a word: to how it is spelt, and to its phones in one or
    several readings. word: its first part, where it is several written together. floor: less than
    this is not told."""

    word: Token
    text: str
    phones: Sequence[str]
    numbers: Sequence[int]
    floor: float


def _may_be_half(one: Token, other: Token) -> bool:
    """Whether a compound is one of the two: of two compounds what tells them apart is compared,
    which may be alike where the wholes are not (Noureldin, Nour Eddine)."""
    return one.compound or other.compound


def _identity(token: Token) -> _Identity:
    # "al" is an article in one name and a name in another, with another weight.
    return token.text, token.written, token.script.value, token.after_patronymic, token.role.value

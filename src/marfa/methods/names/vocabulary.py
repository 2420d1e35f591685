"""The distinct parts of all names of an index, found by likeness."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from marfa.methods.names.alignment import value_of_run
from marfa.methods.names.compare import Comparer
from marfa.methods.names.keys import (
    coarse,
    coarse_key,
    is_abjad,
    joined_keys,
    part_keys,
    part_skeletons,
    reduced,
    reduced_key,
)
from marfa.methods.names.multimap import Multimap
from marfa.methods.names.prefixes import Beginnings
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import COUNTS, Role, Token

LIKE = 0.6
"""Parts less alike than this do not make a name a candidate."""

MAX_COMPARED = 20
"""At most so many parts of the vocabulary are compared in full with one part of a query."""

AT_ALL_NEAR, NEAR = 0.5, 0.7
"""How near parts sound at least by broad classes, to be compared in full."""

MAX_KNOWN = 20_000

Like = tuple[tuple[int, float], ...]
_Identity = tuple[str, str, str, bool, str]


class Vocabulary:
    """Parts by number, each with how often it is used; a part no longer used is gone."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer
        self._numbers: dict[_Identity, int] = {}
        self._tokens: list[Token | None] = []
        self._coarse: list[str | None] = []
        self._reduced: list[str | None] = []
        self._uses = array("I")
        self._bare = bytearray()
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
        for key in part_keys(token):
            self._filed.discard(key, number)
        if self._written is not None and self._sounding is not None:
            self._written.discard(token.text, number)
            self._sounding.discard(self._reduced[number] or "", number)
        del self._numbers[_identity(token)]
        self._tokens[number] = self._coarse[number] = self._reduced[number] = None
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

    def together(self, pieces: Sequence[Token]) -> Like:
        """Parts that are neighbours of a query written as one word, the likest first."""
        phones = {"".join(piece.forms[0] for piece in pieces)}
        if any(piece.has_article for piece in pieces):
            phones.add("".join("al" * p.has_article + p.forms[0] for p in pieces))
        numbers = {n for each in phones for key in joined_keys(each) for n in self._filed.get(key)}
        near = {n for each in sorted(phones) for n in self._as_near(each, numbers)}
        found: list[tuple[float, int]] = []
        for number in near:
            value = value_of_run(pieces, self.token(number), self._comparer.likeness)
            if value:
                found.append((value, number))
        found.sort(reverse=True)
        return tuple((number, value) for value, number in found)

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

    def _as_near(self, phones: str, numbers: set[int]) -> list[int]:
        choices: dict[int, str | None] = {}
        abjads: dict[int, str | None] = {}
        for number in sorted(numbers):
            if self._bare[number]:
                abjads[number] = self._reduced[number]
            else:
                choices[number] = self._coarse[number]
        found = _extract(coarse(phones), choices, NEAR)
        return found + _extract(reduced(phones), abjads, NEAR)

    def _find(self, token: Token) -> Like:
        numbers: set[int] = set()
        for key in part_keys(token):
            numbers.update(self._filed.get(key))
        found: list[tuple[float, int]] = []
        for number in self._nearest(token, numbers, AT_ALL_NEAR):
            value = self._comparer.likeness(token, self.token(number)).value
            if value >= LIKE:
                found.append((value, number))
        found.sort(reverse=True)
        return tuple((number, value) for value, number in found)

    def _nearest(self, token: Token, numbers: set[int], least: float) -> list[int]:
        """Those that sound nearest by broad classes; spellings of its own name family first."""
        names = token.families | token.shorts
        near = {number for family in names for number in self._filed.get("=" + family)}
        # Karim and Abd al-Karim are filed together and do not look alike as wholes.
        for key in part_skeletons(token):
            filed = self._filed.get(key)
            near.update(n for n in filed if self.token(n).compound is not token.compound)
        # In order, so that what is cut off does not depend on the order of a set.
        rest = sorted(numbers - near)
        if is_abjad(token):
            choices = {number: self._reduced[number] for number in rest}
            best = _extract(reduced_key(token), choices, least)
        else:
            bare = self._bare
            abjads = {n: self._reduced[n] for n in rest if bare[n]}
            choices = {n: self._coarse[n] for n in rest if not bare[n]}
            best = _extract(coarse_key(token), choices, least)
            best += _extract(reduced_key(token), abjads, least)
        return [*sorted(near), *best]

    def _file(self, token: Token) -> int:
        if self._free:
            number = self._free.pop()
            self._tokens[number] = token
        else:
            number = len(self._tokens)
            self._tokens.append(token)
            self._coarse.append(None)
            self._reduced.append(None)
            self._uses.append(0)
            self._bare.append(0)
        self._coarse[number], self._reduced[number] = coarse_key(token), reduced_key(token)
        self._bare[number] = is_abjad(token)
        self._numbers[_identity(token)] = number
        for key in part_keys(token):
            self._filed.add(key, number)
        if self._written is not None and self._sounding is not None:
            self._written.add(token.text, number)
            self._sounding.add(self._reduced[number] or "", number)
        self._like.clear()
        return number


def _identity(token: Token) -> _Identity:
    # "al" is an article in one name and a name in another, with another weight.
    return token.text, token.written, token.script.value, token.after_patronymic, token.role.value


def _extract(sought: str, choices: dict[int, str | None], least: float) -> list[int]:
    found = process.extract(
        sought,
        choices,
        scorer=OSA.normalized_similarity,
        processor=None,
        limit=MAX_COMPARED,
        score_cutoff=least,
    )
    return [number for _text, _score, number in found]

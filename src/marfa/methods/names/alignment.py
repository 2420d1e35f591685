"""Which part of one name met which part of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz.distance import OSA

from marfa.methods.names import compounds, han, lexicon
from marfa.methods.names.similarity import Likeness, Meeting, likeness
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import Role, Token, make_token

FLOOR = 0.5
"""Parts less alike than this do not meet."""

SURE = 0.86
"""A part that met another as alike as this is not tried against several written together."""

MAX_RUN = 4
"""Words written apart on one side that may be one word on the other."""

JOINED_FLOOR = 0.87
JOINED_FLOOR_ACROSS = 0.92
"""Across scripts less is known of a word, and long ones are alike by chance more easily."""

ACRONYM = 0.86
MOST_INITIALS = 2
"""So many letters may stand for the words of a person's name (J.-C.); more only for a body's."""
WADE_GILES = 0.94
KNOWN_TOGETHER = 0.97

Likener = Callable[[Token, Token], Likeness]
Positions = tuple[int, ...]


class Pair(NamedTuple):
    """Parts that met: positions in each name (a run of them where one side is written apart)."""

    left: Positions
    right: Positions
    likeness: Likeness
    weight: float


class Alignment(NamedTuple):
    """What met, and what was left over on each side."""

    pairs: tuple[Pair, ...]
    left_over: Positions
    right_over: Positions


_Candidate = tuple[float, float, Positions, Positions, Pair]
"""What pairs are chosen by: likeness downwards, then how far apart they stand, then places."""


def _candidate(pair: Pair, apart: float) -> _Candidate:
    return (-pair.likeness.value, apart, pair.left, pair.right, pair)


def align_parts(
    left: Sequence[Token],
    right: Sequence[Token],
    compare: Likener = likeness,
    *,
    acronyms: bool = False,
) -> Alignment:
    """Best meeting of parts, each used once; greedy by likeness, place breaking ties.

    compare: likeness of two parts, where the caller keeps results. acronyms: whether the first
    letters of words may stand for them, as in names of bodies.
    """
    singles = sorted(_single(left, right, compare), key=_BY_RANK)
    chosen = _choose(singles)
    if _unsure(chosen, len(left), len(right), left, right):
        sure = [pair for pair in chosen if pair.likeness.value >= SURE]
        apart = _written_apart(left, right, sure, compare, acronyms)
        if apart:
            chosen = _choose(sorted([*singles, *apart], key=_BY_RANK))
    used_left = {i for pair in chosen for i in pair.left}
    used_right = {j for pair in chosen for j in pair.right}
    chosen.sort()
    return Alignment(
        pairs=tuple(chosen),
        left_over=tuple(i for i in range(len(left)) if i not in used_left),
        right_over=tuple(j for j in range(len(right)) if j not in used_right),
    )


_BY_RANK = itemgetter(slice(0, 4))


def _unsure(
    chosen: Sequence[Pair], here: int, there: int, left: Sequence[Token], right: Sequence[Token]
) -> bool:
    """Whether a part is left on one side that may have been written together with another."""
    sure = sum(pair.likeness.value >= SURE for pair in chosen)
    if sure >= min(here, there):
        return False
    return len(left) > 1 or len(right) > 1


def _choose(candidates: Sequence[_Candidate]) -> list[Pair]:
    """The first of the candidates and then each that uses no part used before."""
    used_left: set[int] = set()
    used_right: set[int] = set()
    chosen: list[Pair] = []
    for _value, _apart, here, there, pair in candidates:
        if used_left.isdisjoint(here) and used_right.isdisjoint(there):
            used_left.update(here)
            used_right.update(there)
            chosen.append(pair)
    return chosen


_LIGHT = frozenset({Role.PARTICLE, Role.TITLE, Role.LEGAL})


def _single(
    left: Sequence[Token], right: Sequence[Token], compare: Likener
) -> Iterator[_Candidate]:
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            if not _comparable(one, other):
                continue
            found = compare(one, other)
            if found.value >= FLOOR:
                apart = abs(i / len(left) - j / len(right))
                yield _candidate(Pair((i,), (j,), found, pair_weight(one, other)), apart)


def _comparable(one: Token, other: Token) -> bool:
    """A connector meets connectors; a name meets anything but them. Bin and De are also pinyin."""
    if (one.role in _LIGHT) == (other.role in _LIGHT) or one.text == other.text:
        return True
    return Script.HAN in (one.script, other.script)


def pair_weight(one: Token, other: Token) -> float:
    """What two parts that met weigh."""
    if one.script is not other.script and Script.HAN in (one.script, other.script):
        return max(one.weight, other.weight)
    return min(one.weight, other.weight)


class Run(NamedTuple):
    """Neighbours of one side, which may be one word on the other."""

    positions: Positions
    pieces: Sequence[Token]
    skeleton: str
    size: int


def _written_apart(
    left: Sequence[Token],
    right: Sequence[Token],
    sure: list[Pair],
    compare: Likener,
    acronyms: bool,
) -> list[_Candidate]:
    """Words apart on one side that are one word on the other."""
    sure_left = {i for pair in sure for i in pair.left if left[i].role not in _LIGHT}
    sure_right = {j for pair in sure for j in pair.right if right[j].role not in _LIGHT}
    found: list[_Candidate] = []
    runs = _runs(left, sure_left)
    for j in _wholes(right, sure_right) if runs else ():
        for run, met, weight in _met(runs, right[j], compare, acronyms):
            found.append(_candidate(Pair(run, (j,), met, weight), 0.0))
    runs = _runs(right, sure_right)
    for i in _wholes(left, sure_left) if runs else ():
        for run, met, weight in _met(runs, left[i], compare, acronyms):
            found.append(_candidate(Pair((i,), run, met, weight), 0.0))
    return found


def _wholes(tokens: Sequence[Token], sure: set[int]) -> list[int]:
    return [k for k, token in enumerate(tokens) if k not in sure and token.role not in _LIGHT]


def _runs(tokens: Sequence[Token], sure: set[int]) -> list[Run]:
    """Each run of words of one script of which none has surely met another."""
    found: list[Run] = []
    for start in range(len(tokens) - 1):
        if start in sure:
            continue
        consonants = tokens[start].skeleton.strip("-")
        size = len(tokens[start].forms[0])
        for end in range(start + 1, min(start + MAX_RUN, len(tokens))):
            if end in sure or tokens[end].script is not tokens[start].script:
                break
            consonants += tokens[end].skeleton.strip("-")
            size += len(tokens[end].forms[0])
            positions = tuple(range(start, end + 1))
            found.append(Run(positions, tokens[start : end + 1], consonants, size))
    return found


def _met(
    runs: Sequence[Run], whole: Token, compare: Likener, acronyms: bool
) -> Iterator[tuple[Positions, Likeness, float]]:
    """The runs that one word of the other side meets."""
    size = len(whole.forms[0])
    initials = acronyms or len(whole.text) == MOST_INITIALS
    for run in runs:
        value = 0.0
        if initials and is_acronym(run.pieces, whole):
            value = ACRONYM
        elif run.size <= 2 * size + 1 and size <= 2 * run.size + 1 and _may_be(run, whole):
            value = value_of_run(run.pieces, whole, compare)
        if value:
            weight = max(whole.weight, sum(piece.weight for piece in run.pieces) - 0.5)
            yield run.positions, Likeness(value, Meeting.JOINED), weight


CONSONANTS_FLOOR = 0.5
_SIGNS = (Script.HAN, Script.HANGUL)


def _may_be(run: Run, whole: Token) -> bool:
    """A quick look: whether the consonants of words apart are about those of the whole."""
    script = run.pieces[0].script
    if script is whole.script and (script in _SIGNS or not whole.readable):
        return run.pieces[0].text[0] == whole.text[0]
    if {script, whole.script} == {Script.HAN, Script.LATIN}:
        # A character has readings that are not its first.
        return True
    found = OSA.normalized_similarity(run.skeleton, whole.skeleton, score_cutoff=CONSONANTS_FLOOR)
    return found > 0.0


def is_acronym(pieces: Sequence[Token], whole: Token) -> bool:
    return len(whole.text) == len(pieces) and all(
        piece.text[0] == letter for piece, letter in zip(pieces, whole.text, strict=True)
    )


def _wade_giles(pieces: Sequence[Token], whole: Token) -> bool:
    """Syllables apart in Wade-Giles (Tse-tung), together in pinyin or in Han (Zedong)."""
    syllables = [han.wade_giles(piece.text) for piece in pieces]
    if not all(syllables):
        return False
    if whole.script is Script.HAN:
        wanted = {reading.replace("v", "u") for reading in han.readings(whole.text)}
    elif whole.script is Script.LATIN and len(whole.text) <= 14:
        wanted = {whole.text}
    else:
        return False
    return any("".join(parts) in wanted for parts in islice(product(*syllables), 500))


def _known_together(pieces: Sequence[Token], whole: Token) -> bool:
    """Two known names written as one word (محمدجواد for Mohammad Javad)."""
    first, second = pieces[0].families, pieces[1].families
    if not (first and second):
        return False
    return any(a in first and b in second for a, b in lexicon.names_together(whole.text))


def as_one(pieces: Sequence[Token]) -> list[Token]:
    """Words apart as the one word that they may be."""
    return [make_token(text, pieces[0].script) for text in texts_as_one(pieces)]


def texts_as_one(pieces: Sequence[Token]) -> list[str]:
    """How that one word is written."""
    texts = "".join([p.text for p in pieces]), "".join([p.written for p in pieces])
    return sorted({texts[0], texts[1].replace(" ", "")})


def may_be_compound(pieces: Sequence[Token]) -> bool:
    """Whether words apart are written together as compounds are."""
    return any(compounds.may_be_compound(text) for text in texts_as_one(pieces))


def are_syllables(pieces: Sequence[Token]) -> bool:
    """Whether words apart may be syllables in Wade-Giles."""
    latin = pieces[0].script is Script.LATIN and len(pieces) <= 3
    return latin and all(han.wade_giles(piece.text) for piece in pieces)


def value_of_run(
    pieces: Sequence[Token],
    whole: Token,
    compare: Likener,
    joined: Sequence[Token] | None = None,
    *,
    heard: bool = True,
) -> float:
    """How alike words apart, taken together, are to one word; 0 where they are not that word.

    joined: what ``as_one`` makes of them, where the caller asks for many wholes. heard: whether
    they sound or are spelt like it. Where they do not, they may still be the same compound, if both
    are one: of those what tells them apart is compared, and no other way reaches the floor.
    """
    if any(piece.role is Role.NUMBER for piece in pieces) and not any(
        letter.isdigit() for letter in whole.text
    ):
        # A number is no letter of a name.
        return 0.0
    script = pieces[0].script
    if len(pieces) == 2 and _known_together(pieces, whole):
        return KNOWN_TOGETHER
    if script is Script.LATIN and len(pieces) <= 3 and _wade_giles(pieces, whole):
        return WADE_GILES
    if script is whole.script and pieces[0].text[0] != whole.text[0]:
        return 0.0
    if not heard and not (whole.compound and may_be_compound(pieces)):
        return 0.0
    value = max([compare(word, whole).value for word in joined or as_one(pieces)])
    floor = JOINED_FLOOR if script is whole.script else JOINED_FLOOR_ACROSS
    return value * 0.98 if value >= floor else 0.0

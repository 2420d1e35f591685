"""A name taken apart: parts with their roles, compounds joined, connectors set aside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from marfa.methods.names import compounds, lexicon
from marfa.methods.names.compounds import canonical_word
from marfa.methods.names.phones import skeleton as skeleton_of
from marfa.methods.names.pieces import join_initials, join_pieces
from marfa.methods.names.pronunciation import has_initials, read_phones
from marfa.methods.names.reading_groups import group_readings
from marfa.methods.names.text import MAX_CHARACTERS, Script, normalise, script_of_word
from marfa.methods.names.writings import writing_of


class Role(StrEnum):
    """What a part of a name does in it."""

    NAME = "name"
    INITIAL = "initial"
    NUMBER = "number"
    HEAD = "head"
    """The first half of a compound where it stands apart: Abd, Abu."""
    KUNYA = "kunya"
    """Father or mother of somebody (Abu Omar), in front of a whole name."""
    FILLER = "filler"
    """A name that usage adds or leaves out: Khan, Agha, Sayyid."""
    TITLE = "title"
    PARTICLE = "particle"
    """A connector: bin, ould, de, van."""
    LEGAL = "legal"
    """A legal form: Ltd, GmbH, OOO."""


WEIGHTS = {
    Role.NAME: 1.0,
    Role.INITIAL: 0.6,
    Role.NUMBER: 0.6,
    Role.HEAD: 0.5,
    Role.KUNYA: 0.5,
    Role.FILLER: 0.55,
    Role.TITLE: 0.12,
    Role.PARTICLE: 0.06,
    Role.LEGAL: 0.1,
}
"""What a part counts, a personal name being 1. Set by hand."""

PATRONYMIC = frozenset(
    {
        "bin",
        "ibn",
        "ben",
        "bint",
        "binti",
        "binte",
        "ould",
        "wuld",
        "walad",
        "ولد",
        "بن",
        "ابن",
        "بنت",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a name.

    text: canonical form, without article (``abdrahman``, ``tikriti``).
    written: the normalised words that it was made of (``abd al rahman``).
    forms: strings of phones that it may be read as, likeliest first.
    skeleton: its consonants by class, the same in every script.
    families: known names that it is a spelling of.
    shorts: known names that it is a short form of.
    readable: whether it has a reading; without one it meets nothing of another script.
    compound: whether it may be a compound, by its beginning or end.
    """

    text: str
    written: str
    script: Script
    role: Role
    forms: tuple[str, ...]
    skeleton: str
    families: frozenset[str] = frozenset()
    shorts: frozenset[str] = frozenset()
    readable: bool = True
    after_patronymic: bool = False
    compound: bool = False

    @property
    def weight(self) -> float:
        return WEIGHTS[self.role]

    @property
    def has_article(self) -> bool:
        """Whether an article stood before it."""
        return self.written != self.text and self.written.startswith(("al ", "el ", "ul ", "ال"))


@dataclass(frozen=True)
class Reading:
    """A name in one script, one of the ways in which a record writes it; a part may be in another
    script than the rest (``reading_groups.py``), and ``script`` is that of the first.

    fields: for each part the field of a form that it stands in, where the name was given so.
    """

    tokens: tuple[Token, ...]
    script: Script
    fields: tuple[str, ...] = ()

    @cached_property
    def is_body(self) -> bool:
        """Whether words of it belong to companies or organisations and not to people."""
        body = lexicon.words_of_kind("body")
        return any(token.role is Role.LEGAL or token.text in body for token in self.tokens)

    @cached_property
    def readable(self) -> bool:
        """Whether each part that counts can be read in another script."""
        return all(token.readable for token in self.tokens if token.weight >= COUNTS)

    @cached_property
    def apart(self) -> bool:
        """Whether it is a second reading, of a name that is one compound: Abdul Murad may be short
        for Abdul Hakim Murad. It counts only where both of its words meet something."""
        if len(self.tokens) != 2 or self.fields:
            return False
        head, rest = self.tokens
        return head.role is Role.HEAD and head.script is rest.script

    @cached_property
    def content(self) -> tuple[int, ...]:
        """Positions of the parts that carry the name, in the order written."""
        return tuple(i for i, token in enumerate(self.tokens) if token.role in _CONTENT)

    @cached_property
    def parts(self) -> int:
        """How many of its parts count."""
        return sum(token.weight >= COUNTS for token in self.tokens)


COUNTS = 0.5
"""Parts that weigh less are connectors and titles."""

_CONTENT = frozenset({Role.NAME, Role.INITIAL})


def is_sometimes_light(token: Token) -> bool:
    """Whether a part is a connector or title, here or where it stands elsewhere in a name."""
    return WEIGHTS[_role(token.text, token.written, token.script)] < COUNTS or token.weight < COUNTS


@dataclass(frozen=True)
class ParsedName:
    """A whole name as written: a reading for each script."""

    readings: tuple[Reading, ...]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """What names are put in order by, where two must be taken in one fixed order."""
        return tuple(token.written for token in self.tokens)

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(t for reading in self.readings if not reading.apart for t in reading.tokens)


Known = Callable[[str, str, Script, bool], Token | None]
"""By text, words as written, script and whether a patronymic stood before: a part made earlier."""


def parse(name: str, known: Known | None = None) -> ParsedName:
    """Take a name apart; work is bounded by the limits in ``text``.

    known: where parts that were made before are had again; what comes of it is the same.
    """
    normal = normalise(_in_speaking_order(name))
    readings: list[Reading] = []
    for script, words in _by_script(normal).items():
        parts = _tokens(join_pieces(words), script, known)
        if parts:
            readings.append(Reading(parts, script))
    found: list[Reading] = []
    for group in group_readings(readings):
        reading = group[0] if len(group) == 1 else _joined(group)
        found.append(reading)
        if len(reading.tokens) == 1 and (apart := _apart(reading)):
            found.append(apart)
    return ParsedName(tuple(found))


def _joined(group: list[Reading]) -> Reading:
    """Readings that are one name; what its parts do in it is asked anew."""
    tokens: list[Token] = []
    for token in (token for reading in group for token in reading.tokens):
        role = _role(token.text, token.written, token.script)
        tokens.append(token if token.role is role else replace(token, role=role))
    return Reading(tuple(_with_kunya(_promoted(tokens))), tokens[0].script)


def _apart(reading: Reading) -> Reading | None:
    """The two words of a name that is one compound."""
    (token,) = reading.tokens
    head, _space, rest = token.written.partition(" ")
    for heads, canonical in ((compounds.ABD, ("abd", "عبد")), (compounds.ABU, ("abu", "ابو"))):
        text = canonical[token.script is Script.ARABIC]
        if head in heads and rest and token.text.startswith(text) and len(token.text) > len(text):
            stem = make_token(token.text[len(text) :], token.script, written=rest)
            first = replace(make_token(text, token.script, written=head), role=Role.HEAD)
            return Reading((first, stem), token.script)
    return None


_COMMA = re.compile("[,،]")


def _in_speaking_order(name: str) -> str:
    """A family name with a comma goes behind the given names: ``HAQ, Abdul`` is Abdul Haq."""
    pieces = _COMMA.split(name[:MAX_CHARACTERS])
    if len(pieces) != 2 or not all(piece.strip() for piece in pieces):
        return name
    if len(pieces[0].split()) > len(pieces[1].split()):
        # A whole name and what else its bearer is called.
        return name
    legal = lexicon.words_of_kind("legal")
    if any(word in legal for word in normalise(pieces[1]).split()):
        return name
    return f"{pieces[1]} {pieces[0]}"


def tokens(name: str) -> tuple[Token, ...]:
    """The parts of a name in the order written (all its scripts one after the other)."""
    return parse(name).tokens


def skeleton(name: str) -> str:
    """Script-neutral consonant skeleton of the parts that count, parted by spaces.

    ``skeleton("محمد عبد الرحمن") == skeleton("Mohamed Abderrahmane")``. Spellings of a known
    name family share the skeleton of the family. Titles and connectors are left out.
    """
    return " ".join(
        _family_skeleton(token) for token in tokens(name) if token.role in (Role.NAME, Role.FILLER)
    )


def _family_skeleton(token: Token) -> str:
    if not token.families:
        return token.skeleton
    family = min(token.families).rstrip("0123456789")
    return make_token(canonical_word(family), Script.LATIN).skeleton


def make_token(
    word: str, script: Script, *, written: str | None = None, after_patronymic: bool = False
) -> Token:
    """One part from one canonical word."""
    written = word if written is None else written
    forms = read_phones(word, script, written)
    families = lexicon.name_families().get(word, frozenset())
    meanings = lexicon.body_words().get(word, frozenset())
    return Token(
        text=word,
        written=written,
        script=script,
        role=_role(word, written, script),
        forms=forms or (word,),
        skeleton=skeleton_of(forms[0] if forms else word),
        families=families | meanings,
        shorts=lexicon.short_forms().get(lexicon.without_doubles(word), frozenset()),
        readable=bool(forms),
        after_patronymic=after_patronymic,
        compound=compounds.may_be_compound(word),
    )


def _role(word: str, written: str, script: Script) -> Role:
    if script is Script.DIGIT or word.isdigit():
        return Role.NUMBER
    if len(word) == 1 and has_initials(script):
        return Role.INITIAL
    if written in compounds.ABD or written in compounds.ABU or written in compounds.UMM:
        return Role.HEAD
    for kind in (Role.PARTICLE, Role.TITLE, Role.FILLER, Role.LEGAL):
        known = lexicon.words_of_kind(kind.value)
        if word in known or written in known:
            return kind
    return Role.NAME


def _by_script(normal: str) -> dict[Script, list[str]]:
    """Words by script; numbers go with the words before them, else with those after them."""
    found: dict[Script, list[str]] = {}
    words = normal.split()
    scripts = [script_of_word(word) for word in words]
    current = next((script for script in scripts if script is not Script.DIGIT), None)
    for word, script in zip(words, scripts, strict=True):
        if script is Script.DIGIT:
            script = current or script
        else:
            current = script
        found.setdefault(script, []).append(word)
    divided: dict[Script, list[str]] = {}
    for script, words in found.items():
        writing = writing_of(script)
        divided[script] = join_initials(writing.divide(words) if writing else words)
    return divided


def _tokens(
    pieces: list[compounds.Piece], script: Script, known: Known | None
) -> tuple[Token, ...]:
    found: list[Token] = []
    patronymic = False
    for piece in pieces:
        token = known(piece.text, piece.written, script, patronymic) if known else None
        if token is None:
            token = make_token(
                piece.text, script, written=piece.written, after_patronymic=patronymic
            )
        else:
            # What it does in one name it need not do in another (``_promoted``).
            role = _role(piece.text, piece.written, script)
            token = token if token.role is role else replace(token, role=role)
        found.append(token)
        patronymic = token.role is Role.PARTICLE and token.text in PATRONYMIC
    return tuple(_with_kunya(_promoted(found)))


def _with_kunya(found: list[Token]) -> list[Token]:
    """Father or mother of somebody, in front of two parts or more, is no own name of the bearer.

    Names that begin so and are everybody's (Abu Bakr) stay names.
    """
    first, content = found[0] if found else None, sum(t.role in _CONTENT for t in found)
    if first is None or content < 3 or first.families or first.role is not Role.NAME:
        return found
    head, *rest = first.written.split()
    if rest and head in compounds.KUNYA and rest[0] not in compounds.ARTICLES:
        return [replace(first, role=Role.KUNYA), *found[1:]]
    return found


def _promoted(found: list[Token]) -> list[Token]:
    """Where too little else was written, titles or connectors are names (Imam; Zhu De)."""
    own = [token for token in found if token.role in (Role.NAME, Role.FILLER, Role.INITIAL)]
    if not own:
        return [t if t.role is Role.NUMBER else replace(t, role=Role.NAME) for t in found]
    last = found[-1]
    if last.role is Role.TITLE and len(found) > 1 and last.text not in _SUFFIXES:
        # Behind a name it is a family's (al-Qadi), if not somebody's office.
        return [*found[:-1], replace(last, role=Role.FILLER)]
    if len(own) == 1 and len(found) == 2:
        return [replace(t, role=Role.NAME) if _may_be_name(t) else t for t in found]
    return found


_SUFFIXES = frozenset({"jr", "sr", "md", "phd", "esq"})


def _may_be_name(token: Token) -> bool:
    return token.role is Role.PARTICLE and token.text not in PATRONYMIC | _NEVER_NAMES


_NEVER_NAMES = frozenset({"al", "el", "ul", "ال", "ag", "and", "und", "et"})

"""Keys under which parts of names are found without a full scan.

A part is filed under its consonant skeletons and, where they are long enough, under each skeleton
less one consonant, so that one consonant lost, added or exchanged still meets (the
symmetric-deletion scheme of Bocek, Hunt & Stiller 2007, "Fast similarity search in large
dictionaries").
"""

from __future__ import annotations

from itertools import groupby

from marfa.methods.names import lookalikes
from marfa.methods.names.compounds import without_joined_article
from marfa.methods.names.phones import skeletons_of
from marfa.methods.names.pronunciation import leaves_vowels_out
from marfa.methods.names.similarity import as_letters, compound_stems
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import Token, make_token
from marfa.methods.names.writings import latin

MIN_LENGTH = 4
"""Skeletons shorter than this say too little to be filed under with a consonant left out."""


LONG = 6
"""Skeletons as long as this are filed under their first and last consonants too, and without two at
either end ..."""
ENDS = 4
"""... so many of them: two letters may be wrong in a long word."""

SHORT = 3
"""Skeletons as long as this are filed under each two of their consonants with their places ..."""
_BROAD = str.maketrans("fmr", "bnl")
"""... and of shorter ones letters that are near one another across classes count as one."""


def part_skeletons(token: Token) -> set[str]:
    """Skeletons of a part: one for each way in which its phones may fall into classes."""
    found: set[str] = set()
    for form in (*token.forms[:6], *_other_forms(token)):
        found |= skeletons_of(form)
        if form.endswith("H"):
            # A ta marbuta, which some read as t: Aminah, Aminat.
            found |= skeletons_of(form[:-1] + "t")
    return found


def other_sounds(token: Token) -> list[str]:
    """Phones of a part beside its likeliest: other readings, and without an article joined on."""
    if not token.readable:
        return []
    found = list(token.forms[1:6])
    if token.script is Script.LATIN and (bare := without_joined_article(token.text)):
        found.append(latin.phones(bare))
    return found


def part_keys(token: Token) -> set[str]:
    """All keys of a part; two parts that share one may be the same name."""
    found = part_skeletons(token)
    _add_near(found)
    found.update("=" + family for family in token.families | token.shorts)
    if token.script is Script.ARABIC:
        found.add("~" + lookalikes.without_dots(token.text))
    if token.script is Script.LATIN and len(token.text) > 3:
        found.add("~" + lookalikes.as_scanned(token.text))
    return found


def sought_keys(token: Token) -> set[str]:
    """The keys that parts like one of a query have: of three consonants and of two of them each
    looks for the other, and not for its like."""
    return {_ACROSS.get(key[0], key[0]) + key[1:] for key in part_keys(token)}


_ACROSS = {"<": ">", ">": "<"}


def joined_keys(phones: str) -> set[str]:
    """The keys that a word has which is like some taken together, from their phones one after the
    other."""
    found = skeletons_of(phones)
    _add_near(found)
    return {_ACROSS.get(key[0], key[0]) + key[1:] for key in found if key}


def _add_near(found: set[str]) -> None:
    for one in list(found):
        if len(one) >= MIN_LENGTH:
            found.update(_once(one[:i] + one[i + 1 :]) for i in range(len(one)))
            if len(one) >= LONG:
                found.update(("[" + one[:ENDS], "]" + one[-ENDS:], one[2:], one[:-2]))
        elif len(one) == SHORT:
            found.update("?" + one[:i] + "_" + one[i + 1 :] for i in range(SHORT))
            found.update("<" + one[:i] + one[i + 1 :] for i in range(SHORT))
        elif len(one) < SHORT:
            found.update(("?" + one.translate(_BROAD), ">" + one))


def _once(consonants: str) -> str:
    """Neighbours that are alike, once, as in a skeleton."""
    return "".join(letter for letter, _same in groupby(consonants))


def _other_forms(token: Token) -> list[str]:
    """Phones without the first or last word of a compound, and with a scan's letters read."""
    found = [make_token(stem, token.script).forms[0] for stem in compound_stems(token)]
    if token.script is Script.LATIN:
        plain = as_letters(token.text)
        if plain != token.text:
            found.append(make_token(plain, token.script).forms[0])
    return found


_COARSE = str.maketrans("TDZqcJjxXGSCEUO", "tdskssskhkssiuu")
_REDUCED = str.maketrans(
    {
        **dict(zip("TDZqcJjxXGSC", "tdskssskhkss", strict=True)),
        **dict.fromkeys("aeoA`Hh", ""),
        **dict.fromkeys("iEyY", "i"),
        **dict.fromkeys("uUOwW", "u"),
    }
)


def coarse_key(token: Token) -> str:
    """Its sound by broad classes with vowels, for a quick look before the full comparison."""
    return coarse(token.forms[0] if token.forms else token.text)


def coarse(phones: str) -> str:
    """The same of phones."""
    return phones.translate(_COARSE)


def reduced_key(token: Token) -> str:
    """The same without the vowels that writings leave out."""
    return reduced(token.forms[0] if token.forms else token.text)


def reduced(phones: str) -> str:
    """The same of phones."""
    return phones.translate(_REDUCED)


def is_abjad(token: Token) -> bool:
    """Whether its script leaves vowels out."""
    return leaves_vowels_out(token.script)

"""Several names in one string, apart, as the aliases of published lists hold them."""

from __future__ import annotations

import re

from marfa.methods.names import normalise, tokens
from marfa.methods.names.tokens import COUNTS


def split_names(text: str, *, person: bool) -> list[str]:
    """The names of a string, in their order, each once.

    ``Azim Adhajani; Azim Agha-Jani`` are two, and so are ``Ermias Ghermay, Guro``: a comma behind
    a whole name of a person parts names, one behind a family name does not (``Bin Al Shibh,
    Ramzi``; ``AW MOHAMMED, Ahmed Abdi``), nor does one of a body. ``أبو شيماء (Abu-Shaima; Abu-
    Shayma)`` are three: what stands in brackets behind another script is the name once more.
    """
    outside, inside = _brackets(text)
    found: list[str] = []
    for piece in _PARTED.split(outside):
        name = _DESCRIBED.split(piece)[0]
        found += _at_commas(name) if person else [name]
    found += [_DESCRIBED.split(name)[0] for name in inside]
    plain = (name.strip(_AROUND) for name in found)
    return list(dict.fromkeys(name for name in plain if normalise(name)))


_PARTED = re.compile(r"\s*[;؛]\s*|\s+(?:a\.?k\.?a\.?|alias|also known as)\s+|\s+[b-z]\)\s+")
_DESCRIBED = re.compile(r",? (?:born|son of|née) |,? \b(?:passport|nationality)\b", re.IGNORECASE)
_AROUND = ' ,،;:"“”'
_BRACKETS = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_NOTE = re.compile(r"original script|identit|formerly|previously|number|\d{4}", re.IGNORECASE)


def _brackets(text: str) -> tuple[str, list[str]]:
    """The string without what stands in brackets, and the names in them."""
    inside: list[str] = []
    outside = _BRACKETS.sub(" ", text).strip()
    for found in _BRACKETS.finditer(text):
        said = re.sub(r"\(([^()]*)\)", lambda note: _unless_note(note[1]), found[1])
        other_script = _is_latin(outside) != _is_latin(said)
        if ";" in said or other_script or re.fullmatch(r"[A-Z]{2,8}", said):
            inside += [piece for piece in re.split(r"\s*;\s*", said) if not _NOTE.search(piece)]
    return outside or text, inside


def _unless_note(text: str) -> str:
    return "" if _NOTE.search(text) else f" {text} "


def _is_latin(text: str) -> bool:
    return all(letter < "\u0250" for letter in text if letter.isalpha())


def _at_commas(text: str) -> list[str]:
    pieces = [piece.strip() for piece in re.split("[,،]", text)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2 or _is_family_name(pieces[0], pieces[1]):
        return [text]
    return [text] if any(_SUFFIX.fullmatch(piece) for piece in pieces) else pieces


def _is_family_name(before: str, behind: str) -> bool:
    """Whether what stands before a comma is a family name: one part, or alone in capitals."""
    counted = [token for token in tokens(before) if token.weight >= COUNTS]
    if len(counted) < 2 or len(before.split()[0]) == 1:
        return True
    return before.isupper() and not behind.isupper()


_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\b.*", re.IGNORECASE)


def count_parts(name: str) -> int:
    """How many parts of a name count: ``al-Bija`` and ``Abu Omar`` have one."""
    from marfa.methods.names.tokens import parse

    return max((reading.parts for reading in parse(name).readings), default=0)

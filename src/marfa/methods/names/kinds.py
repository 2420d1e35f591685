"""What a name is the name of. Names of two kinds are never compared with one another."""

from __future__ import annotations

import re
from enum import StrEnum

from marfa.domain.message import InputError, Message
from marfa.methods.names.text import normalise


class Kind(StrEnum):
    """People, bodies (companies, groups, authorities), vessels."""

    PERSON = "person"
    BODY = "body"
    VESSEL = "vessel"

    @classmethod
    def of(cls, given: str | Kind | None) -> Kind | None:
        """A kind from its word. Raises InputError for another word."""
        if given is None or isinstance(given, Kind):
            return given
        try:
            return cls(given)
        except ValueError:
            message = Message("methods.names:kind-unknown", {"kind": str(given)})
            raise InputError.at(message, field="kind") from None


VESSEL_PREFIXES = frozenset(
    {"mv", "mt", "ms", "ss", "mts", "mfv", "fv", "sy", "my", "lpg", "lng", "hsc", "tug", "barge"}
    | {"vessel", "ship", "tanker", "motor", "سفينه", "السفينه", "ناقله", "الناقله", "باخره"}
)
_SHIP_ABBREVIATION = re.compile(r"\b([MSFTL])\s*[./]\s*([VTSY])\b\.?", re.IGNORECASE)


_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def vessel_name(name: str) -> str:
    """A ship's name without M/V, SS and the like in front, which lists add and leave out, and with
    a Roman number at its end in digits: ships of one owner differ by that alone."""
    plain = normalise(_SHIP_ABBREVIATION.sub(r"\1\2 ", name)).split()
    while len(plain) > 1 and plain[0] in VESSEL_PREFIXES:
        plain.pop(0)
    if len(plain) > 1 and plain[-1] in _NUMERALS:
        plain[-1] = str(_NUMERALS.index(plain[-1]) + 1)
    return " ".join(plain)


def is_imo_number(text: str) -> bool:
    """Whether seven digits carry the check digit of a ship's IMO number (resolution A.1117(30)).

    The first six, weighed 7 down to 2, add up to a sum that ends in the seventh.
    """
    digits = imo_digits(text)
    if len(digits) != 7:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(7, 1, -1), strict=False))
    return total % 10 == int(digits[-1])


def imo_digits(text: str) -> str:
    """The digits of what was written as an IMO number (``IMO 9074729``)."""
    return "".join(letter for letter in normalise(text) if letter.isdigit())

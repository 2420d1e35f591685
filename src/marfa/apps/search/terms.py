"""Search terms: a code, a number, a name, or more than one of these."""

from __future__ import annotations

from dataclasses import dataclass

from marfa.domain.codes import parse_code
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError

SHORTEST, LONGEST = 2, 200


@dataclass(frozen=True)
class Typed:
    """code: of a person or household. number: to be looked for among documents and telephones.
    name: to be looked for by name. Empty where it is not that."""

    code: str = ""
    number: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.number or self.name)


def take_apart(text: str) -> Typed:
    """What it may be; nothing for what is too short."""
    plain = " ".join(without_marks(text).split())[:LONGEST]
    if len(plain) < SHORTEST:
        return Typed()
    digits = any(c.isdecimal() for c in latin_digits(plain))
    letters = any(c.isalpha() for c in plain)
    return Typed(
        code=_code(plain) if digits and not letters else "",
        number=plain if digits else "",
        name=plain if letters else "",
    )


def _code(text: str) -> str:
    try:
        return parse_code(text)
    except InputError:
        return ""

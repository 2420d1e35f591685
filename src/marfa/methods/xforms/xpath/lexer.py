"""Tokens of XPath 1.0 (W3C Recommendation of 16 November 1999, section 3.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 20_000
"""Characters that one expression may have."""

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
    | (?P<symbol>//|::|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
    )""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"and", "or", "div", "mod"})
_ENDS_OPERAND = frozenset({")", "]", ".", "..", "*"})


class XPathSyntaxError(ValueError):
    """The expression cannot be read. ``at`` counts its characters from 1."""

    def __init__(self, reason: str, at: int, detail: str = "") -> None:
        super().__init__(f"{reason} at {at}")
        self.reason = reason
        self.at = at
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Token:
    """kind: number, literal, name, op (an operator written as a word or ``*``) or symbol."""

    kind: str
    text: str
    at: int


def tokens(expression: str) -> list[Token]:
    """The tokens of an expression, ended by one of kind ``end``.

    Raises XPathSyntaxError at the first character that begins no token.
    """
    if len(expression) > LONGEST:
        raise XPathSyntaxError("too-long", LONGEST)
    found: list[Token] = []
    at = 0
    text = expression.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            rest = text[at:].lstrip()
            raise XPathSyntaxError("character", len(text) - len(rest) + 1, rest[:1])
        kind, word = match.lastgroup, match.group(match.lastgroup)
        start = match.start(match.lastgroup) + 1
        found.append(_token(kind, word, start, found[-1] if found else None))
        at = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found


def _token(kind: str, word: str, at: int, before: Token | None) -> Token:
    """Section 3.7: after an operand, ``*`` and the four words are operators."""
    operand = before is not None and (
        before.kind in ("literal", "number", "name")
        or (before.kind == "symbol" and before.text in _ENDS_OPERAND)
    )
    if operand and (word == "*" or (kind == "name" and word in _OPERATORS)):
        return Token("op", word, at)
    if kind == "literal":
        return Token(kind, word[1:-1], at)
    return Token(kind, word, at)

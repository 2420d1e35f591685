"""How common a part of a name is: two Mohamed Alis say little, two Kashlafs much.

What ships is a table by script of the commonest parts, in people of a thousand who bear it
(``data/frequencies.tsv``). It gives orders of magnitude, written for this project. A caller who has
a list or a register counts that instead (:meth:`Frequencies.of`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from marfa.methods.names.tables import read_rows
from marfa.methods.names.tokens import Role, Token, parse

MOST = 0.75
LETTER = 60.0
"""Of a thousand names so many have a part that begins with some one letter, at the least."""
FIRST_WORD = 150.0
"""Of a thousand names so many have a compound with some one first word (Abd), at the least."""

ENOUGH_NAMES = 200
"""A list with fewer names than this says nothing about what is common."""


class Frequencies:
    """Shares of names by script and part, and what follows from them.

    shares: script code -> family or canonical word -> bearers in a thousand names.
    """

    def __init__(self, shares: Mapping[str, Mapping[str, float]]) -> None:
        self._shares = shares

    @classmethod
    def shipped(cls) -> Frequencies:
        """What comes with this library."""
        return _shipped()

    @classmethod
    def of(cls, names: Iterable[str]) -> Frequencies:
        """Counted in a caller's own names; where they are fewer than ENOUGH_NAMES, what ships.

        A part that is common by the table that ships stays so: a short list may lack it.
        """
        counts: dict[str, Counter[str]] = {}
        sizes: Counter[str] = Counter()
        total = 0
        for name in names:
            total += 1
            for reading in parse(name).readings:
                sizes[reading.script] += 1
                found = counts.setdefault(reading.script, Counter())
                found.update(
                    {key for t in reading.tokens if t.role is Role.NAME for key in _keys(t)}
                )
        if total < ENOUGH_NAMES:
            return cls.shipped()
        shares = {script: dict(table) for script, table in _shipped()._shares.items()}
        for script, found in counts.items():
            table = shares.setdefault(script, {})
            for key, count in found.items():
                if sizes[script] >= ENOUGH_NAMES and count > 1:
                    table[key] = max(table.get(key, 0.0), 1000.0 * count / sizes[script])
        return cls(shares)

    def commonness(self, token: Token) -> float:
        """0 for a part that tells people apart, up to MOST for one that nearly everybody has."""
        table = self._shares.get(token.script, {})
        share = max((table.get(name, 0.0) for name in _keys(token)), default=0.0)
        if token.role is Role.INITIAL:
            share = max(share, LETTER)
        if token.role is Role.HEAD:
            share = max(share, FIRST_WORD)
        found = 0.0 if share <= 0.4 else 0.12 + 0.28 * math.log10(share)
        return max(0.0, min(MOST, found))


def _keys(token: Token) -> set[str]:
    """By its families where it has any: spellings of one name are counted together."""
    return set(token.families) or {token.text}


@cache
def _shipped() -> Frequencies:
    shares: dict[str, dict[str, float]] = {}
    for script, share, *names in read_rows("frequencies.tsv"):
        shares.setdefault(script, {}).update(dict.fromkeys(names, float(share)))
    return Frequencies(shares)

"""A long row of tables in few data: how each may go on, whatever was shown before.

Tables that are shown every day without end cannot be attacked all at once. Instead of them the
register keeps *lives*: for each thing that had to stay possible on some day, a row of days in whole
persons that fits everything shown, by the state in which it ends. From one day to the next no more
came and went in it than truly did, and a few. The true people are the first of them. A next table
may only show what lets each life go on. Then no earlier thing becomes impossible by it: what comes
depends on the past through the last state alone.

A small number of people who came or went since a day on which the number was withheld is looked at
from the truth: the true people of all days before must be able to have become so many today.

Two numbers of the same people that differ by 1 to k - 1, however far apart they were counted, are
a small number who came or went. So each number that was ever shown or withheld is kept, a withheld
one with the values that were found possible for it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.release import NOT_KNOWN, Released, Value
from marfa.methods.disclosure.releases.rows import Row, Statement
from marfa.methods.disclosure.releases.space import Bag, Space
from marfa.methods.disclosure.tables.arrays import Ints

State = tuple[tuple[str, int], ...]
"""People by combination, those with anybody in them, in order."""

MOST_LIVES = 800
"""Lives beyond which nothing new is shown, rather than judged for hours."""


@dataclass(frozen=True)
class Numbers:
    """Of the same people on all days. shown: every number that was shown. held: of every number
    that was withheld, the values near it that an attacker had to take for possible."""

    shown: frozenset[int] = frozenset()
    held: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def near(self, count: int, minimum: int) -> list[int]:
        """Numbers that differ from this one by a small number."""
        known = self.shown | self.held.keys()
        return sorted(each for each in known if 0 < abs(each - count) < minimum)

    def allows(self, count: int, minimum: int) -> bool:
        """Whether a number may be shown: beside it, any small number may have come or gone."""
        return all(
            each not in self.shown and steps(count, each, minimum) <= self.held[each]
            for each in self.near(count, minimum)
        )

    def and_those(self, other: Numbers) -> Numbers:
        """Those of the same people under another name too."""
        held = {**self.held}
        for count, possible in other.held.items():
            held[count] = held.get(count, possible) & possible
        return Numbers(self.shown | other.shown, held)

    def and_shown(self, count: int) -> Numbers:
        """With one more number that is shown."""
        return Numbers(self.shown | {count}, self.held)

    def and_held(self, count: int, possible: frozenset[int]) -> Numbers:
        """With one more number that is withheld."""
        if count in self.shown:
            return self
        return Numbers(self.shown, {**self.held, count: self.held.get(count, possible) & possible})


def steps(count: int, other: int, minimum: int) -> frozenset[int]:
    """What the other number must be able to be, so that any small number lies between them."""
    sign = 1 if other > count else -1
    return frozenset(max(count + sign * each, 0) for each in range(1, minimum))


@dataclass(frozen=True)
class Past:
    """What is left of all tables of a row.

    last: those of the last day, with the counts that they withhold. bags: columns of the
    combinations. lives: the states of the last day. numbers: by people, what was counted of them.
    strict: so many lives, the first, in which on no day more people came or went than truly did.
    """

    last: tuple[Released, ...] = ()
    bags: tuple[tuple[str, ...], ...] = ()
    lives: tuple[State, ...] = ()
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    strict: int = 1

    def as_text(self) -> str:
        """Lives and numbers, packed."""
        data = {
            "bags": [list(columns) for columns in self.bags],
            "lives": [list(map(list, life)) for life in self.lives],
            "strict": self.strict,
            "numbers": {
                name: [sorted(each.shown), [[c, sorted(p)] for c, p in sorted(each.held.items())]]
                for name, each in sorted(self.numbers.items())
            },
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def past_from_text(text: str, last: Sequence[Released]) -> Past:
    """What ``as_text`` packed. Raises InputError for anything else."""
    try:
        data: Any = json.loads(zlib.decompress(base64.b64decode(text, validate=True)))
        bags = tuple(tuple(map(str, columns)) for columns in data["bags"])
        lives = tuple(tuple((str(c), int(n)) for c, n in life) for life in data["lives"])
        numbers = {
            str(name): Numbers(
                frozenset(map(int, shown)), {int(c): frozenset(map(int, p)) for c, p in held}
            )
            for name, (shown, held) in data["numbers"].items()
        }
        # Of what was kept before the difference was made, the truth alone is known to be strict.
        strict = int(data.get("strict", 1))
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        raise InputError.at(Message("methods.disclosure.releases:not-a-register")) from error
    return Past(tuple(last), bags, lives, numbers, strict)


def row_names(statement: Statement) -> list[tuple[str, ...]]:
    """Names for the people of each row, the same on every day.

    Those of the only site are those of all sites too: when another opens, these are two.
    """
    return [_people(statement.space.bags[row.bag], row.inside) for row in statement.rows]


def _people(bag: Bag, inside: Ints) -> tuple[str, ...]:
    """The values of each column that has not all of them; of one that has a single value, with and
    without it."""
    at = np.unravel_index(inside, bag.shape)
    found: list[dict[str, list[Value]]] = [{}]
    for name, values, places in zip(bag.columns, bag.values, at, strict=True):
        here = np.unique(places)
        said = [{**each, name: [values[place] for place in here.tolist()]} for each in found]
        if len(here) < len(values):
            found = said
        elif len(values) == 1:
            found += said
    return tuple(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in found)


def combination_names(bag: Bag) -> list[str]:
    """A name for each combination of a bag."""
    places = np.array(np.unravel_index(np.arange(bag.size), bag.shape)).T.tolist()
    return [
        json.dumps(
            {n: v[at] for n, v, at in zip(bag.columns, bag.values, place, strict=True)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for place in places
    ]


def state_rows(space: Space, version: int, *, fresh: bool) -> list[Row]:
    """A row for each combination of a version, of which nothing is public. fresh: whether it is to
    stay near its true value where it can."""
    mark: list[tuple[int, int]] = [(NOT_KNOWN, 0)] if fresh else []
    return [
        Row(version, number, np.array([place], dtype=np.int64), held=not fresh, fresh=[*mark])
        for number, bag in enumerate(space.bags)
        for place in range(bag.size)
    ]

"""Which open answers could change the outcome: exactly, over every completion of the others.

An answer matters if, for some way of answering all other open items, a yes and a no to it
give different outcomes. Items of one dimension with the same strength and signals are alike,
and more than three of a strength change nothing further, so the completions of a dimension
are few; what a dimension can become is combined with what the others can become.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from marfa.methods.screening.answers import Answer
from marfa.methods.screening.delphi import DIMENSIONS, outcome, positive
from marfa.methods.screening.instrument import Item, Strength
from marfa.methods.screening.result import ProfileResult

Kind = tuple[int, int]
"""Index of the strength (3 for unrated) and bits of the signals: items alike."""
Tally = tuple[int, int, int, int]
"""Yes answers: strong, medium, weak, and bits of the signals."""
Seen = tuple[int, int]
"""Bits of positive dimensions and bits of signals."""

_CAPS = (2, 3, 1)
_ORDER = (Strength.STRONG, Strength.MEDIUM, Strength.WEAK, Strength.UNRATED)


def could_change(result: ProfileResult) -> tuple[Item, ...]:
    """Open items whose answer could change the outcome on either axis.

    Empty where the instrument gives no band.
    """
    if not result.instrument.gives_band:
        return ()
    groups = _groups(result)
    found: list[Item] = []
    for name, (known, waiting) in groups.items():
        others = _combined(_seen(other, *groups[other]) for other in groups if other != name)
        matters = {
            kind: _matters(name, known, waiting, kind, others, result.child)
            for kind in dict(waiting)
        }
        found += [
            item
            for item, answer in result.pairs()
            if item.dimension == name and answer.is_open and matters[_kind(item)]
        ]
    return tuple(found)


def _kind(item: Item) -> Kind:
    return _ORDER.index(item.strength), int(item.signals)


Waiting = tuple[tuple[Kind, int], ...]


def _groups(result: ProfileResult) -> dict[str, tuple[Tally, Waiting]]:
    known: dict[str, Tally] = dict.fromkeys(result.instrument.dimensions, (0, 0, 0, 0))
    waiting: dict[str, Counter[Kind]] = {name: Counter() for name in known}
    for item, answer in result.pairs():
        if answer is Answer.YES:
            known[item.dimension] = _add(known[item.dimension], _kind(item))
        elif answer.is_open:
            waiting[item.dimension][_kind(item)] += 1
    return {name: (known[name], tuple(sorted(waiting[name].items()))) for name in known}


def _add(tally: Tally, kind: Kind) -> Tally:
    strength, signals = kind
    counts = list(tally[:3])
    if strength < len(counts):
        counts[strength] = min(counts[strength] + 1, _CAPS[strength])
    return counts[0], counts[1], counts[2], tally[3] | signals


@lru_cache(maxsize=4096)
def _reachable(known: Tally, waiting: Waiting) -> frozenset[Tally]:
    """Every tally that some completion of the dimension's open items gives."""
    reached = {known}
    for kind, number in waiting:
        for _ in range(min(number, max(_CAPS))):
            reached |= {_add(tally, kind) for tally in reached}
    return frozenset(reached)


def _show(dimension: str, tally: Tally) -> Seen:
    bit = DIMENSIONS.get(dimension)
    return int(bit) if bit and positive(*tally[:3]) else 0, tally[3]


@lru_cache(maxsize=4096)
def _seen(dimension: str, known: Tally, waiting: Waiting) -> frozenset[Seen]:
    return frozenset(_show(dimension, tally) for tally in _reachable(known, waiting))


def _combined(parts: Iterable[frozenset[Seen]]) -> frozenset[Seen]:
    total: set[Seen] = {(0, 0)}
    for part in parts:
        total = {(a | c, b | d) for a, b in total for c, d in part}
    return frozenset(total)


def _matters(
    dimension: str,
    known: Tally,
    waiting: Waiting,
    kind: Kind,
    others: frozenset[Seen],
    child: bool,
) -> bool:
    fewer = tuple((one, number - (one == kind)) for one, number in waiting)
    steps = {
        (_show(dimension, tally), _show(dimension, _add(tally, kind)))
        for tally in _reachable(known, fewer)
    }
    return any(
        outcome(before[0] | found, before[1] | signals, child)
        != outcome(after[0] | found, after[1] | signals, child)
        for before, after in steps
        if before != after
        for found, signals in others
    )

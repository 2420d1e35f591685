"""Reconciling a case of a file with the rules, and with what is known here."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from marfa.domain.message import Problem
from marfa.methods import htcds

Plain = dict[str, Any]
TURNS = 10
"""One value that is left out may show another that contradicts."""
OWN = ("extensions", "marfa", "marfa_reference")
"""Each organisation has a reference of its own for a case."""


def drop_contradictions(case: htcds.Case, today: date) -> htcds.Case:
    """The case without the values that contradict others; where even that is of no help, what
    makes it a case at all."""
    found = case
    for _ in range(TURNS):
        problems = htcds.problems(found, today=today)
        if not problems:
            return found
        plain = htcds.to_plain(found)
        for path in sorted((_path(each) for each in problems), key=_from_the_end):
            _drop(plain, path)
        found = htcds.from_plain(plain)
    return htcds.Case(status=case.status, marfa=htcds.Marfa(reference=case.marfa.reference))


def case_difference(given: htcds.Case, ours: htcds.Case) -> Plain:
    """What stands in one case and not in the other, by section and field; lists as a whole."""
    return _less(htcds.to_plain(given), htcds.to_plain(ours))


def with_said(ours: htcds.Case, said: Mapping[str, Any]) -> htcds.Case:
    """A case with what somebody else said, wherever nothing of ours stands."""
    plain = htcds.to_plain(ours)
    _fill(plain, said)
    return htcds.from_plain(plain)


def fields_in(said: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Names of fields, and how many values each has."""
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from fields_in(value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for each in value:
                yield from fields_in(each)
        else:
            yield key, len(value) if isinstance(value, list) else 1


def _less(given: Plain, ours: Plain) -> Plain:
    found: Plain = {}
    for key, value in given.items():
        other = ours.get(key)
        if isinstance(value, dict):
            left = _less(value, other if isinstance(other, dict) else {})
            if left:
                found[key] = left
        elif key != OWN[-1] and value != other:
            found[key] = value
    return found


def _fill(plain: Plain, said: Mapping[str, Any]) -> None:
    for key, value in said.items():
        if isinstance(value, Mapping):
            _fill(plain.setdefault(key, {}), value)
        elif key not in plain or _holds(value, plain[key]):
            plain[key] = copy.deepcopy(value)


def _holds(said: object, ours: object) -> bool:
    """Whether a list that somebody else told has all of ours, and so more than it."""
    return isinstance(said, list) and isinstance(ours, list) and all(x in said for x in ours)


def _path(problem: Problem) -> list[str]:
    pointer = problem.place.field or ""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _from_the_end(path: list[str]) -> list[tuple[int, str]]:
    """So that what stands later in a list goes first, and no place moves below another."""
    return [(-int(part), "") if part.isdigit() else (0, part) for part in path]


def _drop(plain: Plain, path: list[str]) -> None:
    """Take one value out of a case, and the part that is empty then."""
    if not path:
        plain.clear()
        return
    holders: list[Any] = [plain]
    for part in path[:-1]:
        held = holders[-1]
        inner = held[int(part)] if isinstance(held, list) else held.get(part)
        if inner is None:
            return
        holders.append(inner)
    last, held = path[-1], holders[-1]
    if isinstance(held, list):
        del held[int(last)]
    else:
        held.pop(last, None)
    inside = list(zip(path[:-1], pairwise(holders), strict=True))
    for part, (outer, inner) in reversed(inside):
        if not inner:
            del outer[int(part) if isinstance(outer, list) else part]

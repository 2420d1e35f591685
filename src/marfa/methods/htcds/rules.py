"""Every rule of our profile of the standard, and what in a case breaks them.

A rule has a name; its message says what was expected, and beside it stands what was found, never
as it was written but as a code, a kind or a size (``found``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from marfa.domain.message import Message, Place, Problem
from marfa.methods.htcds.cross_field_rules import CASE_CHECKS
from marfa.methods.htcds.layout import (
    MOST_PARTS,
    SPECS_OF,
    Path,
    Section,
    pointer,
    section_branches,
)
from marfa.methods.htcds.plain_data import from_plain, held, to_plain
from marfa.methods.htcds.record import Case
from marfa.methods.htcds.redaction import found
from marfa.methods.htcds.values import FIELD_CHECKS, VALUE_CHECKS, Terms, broken_rules

SHAPE_RULES = ("object", "parts", "many", "unknown", "repeated", "empty-part", "empty")
"""Rules about the tree of a case: objects, lists of parts, keys."""

FILE_RULES = ("reference-twice", "continued", "split", "numbered", "row-length")
"""Rules between the cases of one file; all but the first concern CSV."""

RULES: tuple[str, ...] = (
    *SHAPE_RULES,
    *FIELD_CHECKS,
    *VALUE_CHECKS,
    *CASE_CHECKS,
    *FILE_RULES,
)
"""The name of every rule."""

MOST_PROBLEMS = 100
"""Problems told of one case, and of one file: what is made to do harm can have millions."""

REFERENCE = ("extensions", "marfa", "marfa_reference")

_OURS = re.compile(r"(org|prs|vic|per|cas|cco|hte|spl|con|marfa)_[0-9A-Za-z_]{1,60}")


class Repeated(dict[str, Any]):
    """A JSON object that had a key twice."""


@dataclass(frozen=True)
class Finding:
    """One broken rule. path: where, from the case down."""

    rule: str
    path: Path
    message: Message


def problems(case: Case, *, today: date, identity: bool = False) -> tuple[Problem, ...]:
    """What is wrong with a case; nothing, if it can be sent.

    today: no date but a planned one may be later. identity: fields that identify are let
    through; without it a case that has any is refused, so make it ``coded`` first.
    The place of each problem is a JSON pointer into the case.
    """
    terms = Terms(today, identity)
    return tuple(
        Problem(each.message, Place(field=pointer(each.path)))
        for each in judged(to_plain(case), terms, case)[0]
    )


def findings(plain: object, terms: Terms) -> list[Finding]:
    """Broken rules of one case as plain data."""
    return judged(plain, terms)[0]


def judged(
    plain: object, terms: Terms, case: Case | None = None
) -> tuple[list[Finding], Case | None]:
    """Broken rules of one case as plain data, up to MOST_PROBLEMS, and the case, where each value
    is right.

    case: the same, where it is there already. Rules between fields are asked last.
    """
    found = list(islice(_shape_and_values(plain, (), terms), MOST_PROBLEMS))
    if found or not isinstance(plain, Mapping):
        return found, None
    case = from_plain(plain) if case is None else case
    for rule, check in CASE_CHECKS.items():
        found += (make_finding(rule, path, what) for path, what in check(case, terms))
    return found, case


def reference_twice(plain: object, is_new: Callable[[str], bool]) -> Iterator[Finding]:
    """Whether the case has the reference of an earlier one of its file, which ``is_new`` knows."""
    reference = held(plain, REFERENCE) if isinstance(plain, Mapping) else None
    if isinstance(reference, str) and not is_new(reference):
        yield make_finding("reference-twice", REFERENCE, found(reference))


def make_finding(rule: str, path: Path, what: Message, **params: object) -> Finding:
    """One broken rule. what: what was found. params: for the sentence of what was expected."""
    expected = Message(f"methods.htcds:rule-{rule}", params)
    values = {"rule": rule, "found": what, "expected": expected}
    return Finding(rule, path, Message("methods.htcds:broken", values))


def _shape_and_values(plain: object, path: tuple[str, ...], terms: Terms) -> Iterator[Finding]:
    if not isinstance(plain, Mapping):
        yield make_finding("object", path, found(plain))
    elif not plain:
        yield make_finding("empty", path, Message("methods.htcds:found-nothing"))
    else:
        yield from _object(plain, path, path, terms)


def _object(
    plain: Mapping[str, Any], at: Path, section: tuple[str, ...], terms: Terms
) -> Iterator[Finding]:
    if isinstance(plain, Repeated):
        yield make_finding("repeated", at, Message("methods.htcds:found-repeated"))
    specs = SPECS_OF.get(section, {})
    below = section_branches(section)
    for number, (key, value) in enumerate(plain.items(), start=1):
        if key in specs:
            for place, rule, what, params in broken_rules(specs[key], value, terms):
                where = (*at, key) if place is None else (*at, key, place)
                yield make_finding(rule, where, found(what), **params)
        elif key in below:
            yield from _branch(value, (*at, key), (*section, key), below[key], terms)
        else:
            shown = key if _OURS.fullmatch(key) else None
            where = (*at, shown) if shown else at
            yield make_finding("unknown", where, Message("methods.htcds:found-key", {"n": number}))


def _branch(
    value: object, at: Path, path: tuple[str, ...], section: Section | None, terms: Terms
) -> Iterator[Finding]:
    if section is None or not section.many:
        if not isinstance(value, Mapping):
            yield make_finding("object", at, found(value))
        elif not value:
            yield make_finding("empty-part", at, found(value))
        else:
            yield from _object(value, at, path, terms)
        return
    if not isinstance(value, list) or not value:
        yield make_finding("parts", at, found(value))
    elif len(value) > MOST_PARTS:
        yield make_finding("many", at, found(value), most=MOST_PARTS)
    else:
        for place, part in enumerate(value):
            where = (*at, place)
            if not isinstance(part, Mapping):
                yield make_finding("object", where, found(part))
            elif not part:
                yield make_finding("empty-part", where, found(part))
            else:
                yield from _object(part, where, path, terms)

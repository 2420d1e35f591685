"""Whom a change of a list can touch: subjects are sought by the names that changed.

Screening a register again asks every subject anew, although hardly anybody meets what changed. Here
the subjects are filed by their names once, and each name that changed finds those who may meet it,
by the bounds of the names library, without comparing: nobody who would meet it is left out
(``tests/methods/watchlists/test_reach.py``). Only they are then screened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from marfa.methods.names import Kind, NameIndex
from marfa.methods.watchlists.entries import Entry
from marfa.methods.watchlists.name_strings import count_parts
from marfa.methods.watchlists.screening import FLOOR, MIN_NUMBER, PART_ALIKE, facts_of
from marfa.methods.watchlists.subjects import Subject

PART_MAY_BE = PART_ALIKE - 0.1
"""A part that may be an alias of one part: of what is not compared in full only a bound is known,
and a name of one part may score a little more than its part is like."""

WORTH = 4
"""So many subjects a name that changed, at least, make filing them worth while."""


def is_worth(subjects: Sequence[Subject], fresh: Sequence[tuple[str, Entry]]) -> bool:
    """Whether seeking subjects costs less than asking each."""
    return len(subjects) >= WORTH * sum(len(entry.names) for _list, entry in fresh)


def subjects_near(
    subjects: Sequence[Subject], fresh: Iterable[tuple[str, Entry]], floor: float = FLOOR
) -> list[Subject]:
    """The subjects who may meet one of some entries, in their order, and perhaps others.

    floor: as screening has it, at least 0.6; for less all of them are given.
    """
    if floor < FLOOR:
        return list(subjects)
    filed = _Filed(subjects)
    found: set[str] = set()
    for _list_name, entry in fresh:
        if entry.kind != "aircraft":
            found |= filed.near(entry, floor)
    return [subject for subject in subjects if subject.subject_id in found]


class _Filed:
    """Subjects by their names, by what else is known of them, and by their documents."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._index = NameIndex()
        self._told: set[str] = set()
        self._bearers: dict[str, set[str]] = {}
        for subject in subjects:
            for name in subject.names:
                self._index.add(subject.subject_id, name, kind=subject.kind)
            if subject.facts.births or subject.facts.documents:
                self._told.add(subject.subject_id)
            for document in subject.facts.documents:
                self._bearers.setdefault(document.key, set()).add(subject.subject_id)

    def near(self, entry: Entry, floor: float) -> set[str]:
        """Who may meet an entry."""
        kind = Kind(entry.kind)
        found: set[str] = set()
        for each in entry.names:
            found |= self._index.askers(each.text, floor, kind=kind)
        if kind is Kind.PERSON:
            found |= self._by_parts([each.text for each in entry.names])
        for document in facts_of(entry, kind).documents:
            if len(document.key) >= MIN_NUMBER:
                found |= self._bearers.get(document.key, set())
        return found

    def _by_parts(self, names: Sequence[str]) -> set[str]:
        """Who has parts of several names, or an alias of one part: that counts beside a date or a
        document, or beside another part of the entry."""
        found = self._index.askers_apart(names) if len(names) > 1 else set()
        singles = [name for name in names if count_parts(name) <= 1]
        if singles:
            aliased = set[str]().union(
                *(self._index.askers_by_part(name, PART_MAY_BE) for name in singles)
            )
            found |= aliased & (self._told | self._index.askers_by_two(names))
        return found

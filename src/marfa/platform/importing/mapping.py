"""Which column of a sheet is read as which field: as somebody says it, as a preset knows it, or
guessed by the heading. What is not read is told of each column, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marfa.domain.message import InputError, Message, Problem
from marfa.platform.importing.fields import SheetField, SheetSubject, heading_words
from marfa.platform.importing.rows import letter_of


class Chosen(StrEnum):
    """Why a column is read as it is, or not."""

    SAID = "said"
    PRESET = "preset"
    GUESSED = "guessed"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"
    TWICE = "twice"


@dataclass(frozen=True)
class Column:
    """One column. field: as which it is read; None where it is left out. reason: the key of why it
    is withheld."""

    place: int
    heading: str
    chosen: Chosen
    field: SheetField | None = None
    reason: str = ""

    @property
    def letter(self) -> str:
        return letter_of(self.place)


def map_columns(
    heading: Sequence[str],
    subject: SheetSubject,
    *,
    said: Mapping[str, str] | None = None,
    preset: str | None = None,
    purpose: bool = False,
) -> tuple[Column, ...]:
    """All columns in their order.

    said: field by heading or letter; an empty field leaves the column out. purpose: whether one is
    named for what is otherwise withheld. Raises InputError for what is said and cannot be.
    """
    told = _told(heading, subject, said or {}, purpose)
    known = subject.presets[preset] if preset else {}
    guesses = {word: each.name for each in subject.fields for word in each.words}
    taken = {each for each in told.values() if each}
    found: list[Column] = []
    for place, name in enumerate(heading):
        if place in told:
            found.append(Column(place, name, Chosen.SAID, subject.field(told[place])))
            continue
        column = _guessed(place, name, subject, (known, guesses), purpose)
        if column.field is not None and column.field.name in taken:
            column = Column(place, name, Chosen.TWICE)
        elif column.field is not None:
            taken.add(column.field.name)
        found.append(column)
    return tuple(found)


def _guessed(
    place: int,
    name: str,
    subject: SheetSubject,
    known: tuple[Mapping[str, str], Mapping[str, str]],
    purpose: bool,
) -> Column:
    words = heading_words(name)
    for table, chosen in zip(known, (Chosen.PRESET, Chosen.GUESSED), strict=True):
        field = subject.field(table.get(words, "")) if words else None
        if field is not None:
            return _allowed(Column(place, name, chosen, field), subject, purpose)
    return _allowed(Column(place, name, Chosen.UNKNOWN), subject, purpose)


def _allowed(column: Column, subject: SheetSubject, purpose: bool) -> Column:
    """The column, or that it is withheld. A heading that the app itself names for a field that
    anybody may fill is never; with a purpose what is withheld is read where it has a field."""
    field = column.field
    if field is not None and (purpose or not field.purpose):
        return column
    reason = subject.withheld(column.heading) or ("sensitive" if field is not None else "")
    if not reason:
        return column
    return Column(column.place, column.heading, Chosen.WITHHELD, None, reason)


def _told(
    heading: Sequence[str], subject: SheetSubject, said: Mapping[str, str], purpose: bool
) -> dict[int, str]:
    problems: list[Problem] = []
    found: dict[int, str] = {}
    for column, name in said.items():
        place = _place_of(column, heading)
        fault = _fault_of(place, column, name, (subject, heading, purpose))
        if fault is None and name and name in found.values():
            fault = Message("platform.importing:map-field-twice", {"field": name})
        if fault is not None:
            problems += InputError.at(fault, field="--map").problems
        elif place is not None:
            found[place] = name
    if problems:
        raise InputError(*problems)
    return found


def _fault_of(
    place: int | None, column: str, name: str, about: tuple[SheetSubject, Sequence[str], bool]
) -> Message | None:
    subject, heading, purpose = about
    if place is None:
        return Message("platform.importing:map-column-unknown", {"column": column[:80]})
    if not name:
        return None
    field = subject.field(name)
    if field is None:
        known = ", ".join(each.name for each in subject.fields)
        return Message("platform.importing:map-field-unknown", {"field": name[:80], "known": known})
    if field.purpose and not purpose:
        return Message("platform.importing:map-purpose", {"field": name})
    own = field.purpose or heading_words(heading[place]) in field.words
    if subject.withheld(heading[place]) and not own:
        return Message("platform.importing:map-withheld", {"column": heading[place][:80]})
    return None


def _place_of(column: str, heading: Sequence[str]) -> int | None:
    """By the heading, else by the letters of a spreadsheet."""
    wanted = " ".join(column.split())
    if wanted in heading:
        return heading.index(wanted)
    letters = [letter_of(place) for place in range(len(heading))]
    return letters.index(wanted.upper()) if wanted.upper() in letters else None

"""What an app says of the fields that a sheet may have of one of its subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from marfa.domain.message import Message
from marfa.domain.prohibited_grounds import plain_words

Values = Mapping[str, object]
Fault = tuple[str, Message]
"""A field, and what is wrong with it."""


@dataclass(frozen=True)
class SheetField:
    """One field. label: for whom it is shown. read: a text of a cell as its value; raises
    InputError whose messages do not repeat it. words: headings under which it stands, compared
    without case and signs. purpose: it is read where a purpose is named alone. unique: no two rows
    have the same."""

    name: str
    label: object
    read: Callable[[str], object]
    words: frozenset[str] = frozenset()
    purpose: bool = False
    unique: bool = False


@dataclass(frozen=True)
class SheetSubject:
    """What a row of a sheet is about.

    check: what is wrong with a row whose cells could all be read. withheld: for a heading the key
    of why its column is left out unless somebody names a purpose; None for all others. presets:
    by name the field of each heading, in plain words, of one kind of program.
    """

    fields: Sequence[SheetField]
    check: Callable[[Values], Iterable[Fault]] = lambda _values: ()
    withheld: Callable[[str], str | None] = lambda _heading: None
    presets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def field(self, name: str) -> SheetField | None:
        return next((each for each in self.fields if each.name == name), None)


def heading_words(heading: str) -> str:
    """A heading as it is compared: without the group that KoboToolbox puts before it, and without
    the language that XLSForm puts behind it."""
    return plain_words(heading.rsplit("::", 1)[0].rsplit("/", 1)[-1])

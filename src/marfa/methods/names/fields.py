"""A name given by the fields of a form instead of as one string."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from marfa.domain.message import InputError, Message
from marfa.methods.names.reading_groups import group_readings
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import ParsedName, Reading, Token, parse


@dataclass(frozen=True)
class PersonName:
    """A person's name by fields; each may be empty.

    given: one's own name. father, grandfather: their own names. family: what a family shares, be
    it a family name or one by origin. other: whatever stands in no field.
    """

    given: str = ""
    father: str = ""
    grandfather: str = ""
    family: str = ""
    other: str = ""

    @classmethod
    def of(cls, data: Mapping[str, object]) -> PersonName:
        """From a mapping. Raises InputError for a field that is not known, or no text."""
        known = {entry.name for entry in fields(cls)}
        for name, value in data.items():
            if name not in known or not isinstance(value, str):
                raise InputError.at(
                    Message("methods.names:name-field-unknown", {"name": str(name)}),
                    field=str(name),
                )
        return cls(**{name: str(value) for name, value in data.items()})

    @property
    def text(self) -> str:
        """All of it in one string, in the order of a chain of names."""
        return " ".join(value for value in self._values().values() if value.strip())

    def _values(self) -> dict[str, str]:
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}

    def parse(self) -> ParsedName:
        """Its parts, each with the field that it stands in."""
        tokens: dict[Script, list[Token]] = {}
        where: dict[Script, list[str]] = {}
        for name, value in self._values().items():
            for reading in parse(value).readings:
                if reading.apart:
                    # A compound in its field is that compound.
                    continue
                tokens.setdefault(reading.script, []).extend(reading.tokens)
                where.setdefault(reading.script, []).extend([name] * len(reading.tokens))
        found = [Reading(tuple(tokens[s]), s, tuple(where[s])) for s in tokens]
        return ParsedName(tuple(_joined(group) for group in group_readings(found)))


def _joined(group: Sequence[Reading]) -> Reading:
    """Readings that are one name, its parts in the order of the readings."""
    tokens = tuple(token for reading in group for token in reading.tokens)
    fields = tuple(field for reading in group for field in reading.fields)
    return Reading(tokens, group[0].script, fields)


def text_of(name: str | PersonName) -> str:
    """The name as one string."""
    return name if isinstance(name, str) else name.text


def parse_name(name: str | PersonName) -> ParsedName:
    """Either kind of name, taken apart."""
    if isinstance(name, str):
        return parse(name)
    found = name.parse()
    # One field alone says nothing about where its parts stand.
    if len({field for reading in found.readings for field in reading.fields}) < 2:
        return ParsedName(tuple(replace(reading, fields=()) for reading in found.readings))
    return found

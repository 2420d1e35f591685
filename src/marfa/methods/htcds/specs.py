"""What the standard says about one field, and how our profile of it reads the standard."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SPEC = "htcds"
"""Key of a field's :class:`Spec` in the metadata of the dataclasses of ``record``."""

LONGEST_TEXT = 255
LONGEST_LONG_TEXT = 32_768
"""Characters. The standard gives no lengths; these are those of the Salesforce types on which its
sheet is written (Text, Long Text Area)."""


class ValueType(StrEnum):
    """Types of the standard's sheet. Lookups to organisations, persons and users are LOOKUP."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    LOOKUP = "lookup"
    PHONE = "phone"
    CODE = "code"
    COUNTRY = "country"
    LANGUAGE = "language"
    DATE = "date"
    NUMBER = "number"
    DEGREES = "degrees"
    CHECKBOX = "checkbox"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Spec:
    """One field.

    name: as the standard writes it, or with ``marfa_`` in front for our extension.
    codes: name of the code list in ``marfa.domain``. several: Multiselect Picklist.
    core: the standard's mark; it makes nothing compulsory. deprecated: read and written all the
    same. identifying: a name, a contact, a place finer than a country, or free text, which may
    hold any of these; left out unless asked for. low, high: bounds, both included.
    planned: may lie in the future.
    """

    name: str
    kind: ValueType
    codes: str | None = None
    several: bool = False
    core: bool = False
    deprecated: bool = False
    identifying: bool = False
    low: int | None = None
    high: int | None = None
    planned: bool = False

    @property
    def ours(self) -> bool:
        """Whether it belongs to our extension and not to the standard."""
        return self.name.startswith("marfa_")


def free_text_field(name: str, kind: ValueType = ValueType.TEXT, **marks: Any) -> Any:
    """A text of any kind; each can hold a name, so each is identifying."""
    return _field(Spec(name, kind, identifying=True, **marks))


def code_field(name: str, codes: str, **marks: Any) -> Any:
    """One code of a list."""
    return _field(Spec(name, ValueType.CODE, codes, **marks))


def codes_field(name: str, codes: str, **marks: Any) -> Any:
    """Any number of codes of a list, each once."""
    return field(
        default=(), metadata={SPEC: Spec(name, ValueType.CODE, codes, several=True, **marks)}
    )


def countries_field(name: str, **marks: Any) -> Any:
    """Any number of countries."""
    return field(default=(), metadata={SPEC: Spec(name, ValueType.COUNTRY, several=True, **marks)})


def plain_field(name: str, kind: ValueType, **marks: Any) -> Any:
    """A checkbox, a country, a language, a reference."""
    return _field(Spec(name, kind, **marks))


def date_metadata(name: str, **marks: Any) -> dict[str, Spec]:
    """The metadata of a date, which may be known in part."""
    return {SPEC: Spec(name, ValueType.DATE, **marks)}


def number_field(
    name: str, low: int, high: int, *, kind: ValueType = ValueType.NUMBER, **marks: Any
) -> Any:
    """A number from low to high."""
    return _field(Spec(name, kind, low=low, high=high, **marks))


def degrees_field(name: str, high: int, **marks: Any) -> Any:
    """Degrees from -high to high; a point on the map, so identifying."""
    return number_field(name, -high, high, kind=ValueType.DEGREES, identifying=True, **marks)


def _field(spec: Spec) -> Any:
    return field(default=None, metadata={SPEC: spec})

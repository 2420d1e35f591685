"""What is wrong with a submission. What a person told is in it, and never in a log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from marfa.domain.message import Message


class FindingKind(StrEnum):
    OTHER_FORM = "other-form"
    OTHER_VERSION = "other-version"
    INSTANCE_ID = "instance-id"
    UNKNOWN = "unknown"
    TWICE = "twice"
    IRRELEVANT = "irrelevant"
    REQUIRED = "required"
    TYPE = "type"
    CHOICE = "choice"
    CONSTRAINT = "constraint"
    CALCULATION = "calculation"
    READONLY = "readonly"
    COUNT = "count"
    TIME = "time"
    NOT_EVALUATED = "not-evaluated"


class Personal:
    """A value that a person told. It shows itself only to who asks for ``value``."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Personal(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    path: the place, ``/data/child[2]/age``. label: the question in the form's default language,
    without what is filled in. message: a sentence that carries neither values nor names.
    expected, found: values, where there are any. words: what the form says to a broken rule.
    """

    kind: FindingKind
    path: str
    label: str
    message: Message
    expected: Personal | None = None
    found: Personal | None = None
    words: Personal | None = None

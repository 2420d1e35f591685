"""What else is known of two people, as evidence for or against one name being one person.

Accepted: a date of birth however partial, sex, the father's name, documents. Nationality,
religion, ethnicity and their like are refused: they say nothing about who somebody is, and
weighing them would be profiling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Protocol, runtime_checkable

from marfa.domain.message import InputError, Message
from marfa.methods.names.dates import Born
from marfa.methods.names.text import normalise


@runtime_checkable
class Span(Protocol):
    """A date known at least to lie between two days."""

    @property
    def earliest(self) -> date: ...

    @property
    def latest(self) -> date: ...


REFUSED = frozenset(
    {"nationality", "citizenship", "country", "religion", "faith", "sect", "denomination"}
    | {"ethnicity", "ethnic_group", "race", "tribe", "clan", "caste", "language", "mother_tongue"}
)


@dataclass(frozen=True)
class Document:
    """A document with a number; kind and issuer as written, compared without case."""

    number: str
    kind: str | None = None
    issuer: str | None = None

    @property
    def key(self) -> str:
        return "".join(letter for letter in normalise(self.number) if letter.isalnum())


@dataclass(frozen=True)
class Facts:
    """What is known of one of the two. Everything is optional.

    sex: compared as written (``female``, ``male``, another word of the caller's code list).
    """

    born: Span | None = None
    sex: str | None = None
    father: str | None = None
    documents: tuple[Document, ...] = ()

    @classmethod
    def of(cls, given: object, side: str) -> Facts:
        """Facts from a mapping. Raises InputError for what is refused or not understood."""
        if isinstance(given, Facts):
            return given
        if not isinstance(given, Mapping):
            raise InputError.at(Message("methods.names:context-not-understood"), field=side)
        known = {entry.name for entry in fields(cls)}
        for name in given:
            _check_field(str(name), known, side)
        return cls(
            born=_born(given.get("born"), side),
            sex=_text(given.get("sex"), f"{side}.sex"),
            father=_text(given.get("father"), f"{side}.father"),
            documents=_documents(given.get("documents"), side),
        )


@dataclass(frozen=True)
class Context:
    """What is known of the bearer of the first name and of the second."""

    left: Facts = field(default_factory=Facts)
    right: Facts = field(default_factory=Facts)

    @classmethod
    def of(cls, given: Context | Mapping[str, object] | None) -> Context:
        """A context from None, a context, or ``{"left": {...}, "right": {...}}``.

        Raises InputError for what is refused or not understood.
        """
        if given is None:
            return cls()
        if isinstance(given, Context):
            return given
        if not isinstance(given, Mapping):
            raise InputError.at(Message("methods.names:context-not-understood"))
        for name in given:
            _check_field(str(name), {"left", "right"}, "")
        sides = (Facts.of(given.get(side) or {}, side) for side in ("left", "right"))
        return cls(*sides)

    def swapped(self) -> Context:
        return Context(self.right, self.left)


def _check_field(name: str, known: set[str], side: str) -> None:
    place = f"{side}.{name}" if side else name
    if name.lower() in REFUSED:
        raise InputError.at(Message("methods.names:context-refused", {"name": name}), field=place)
    if name not in known:
        raise InputError.at(Message("methods.names:context-unknown", {"name": name}), field=place)


def _born(value: object, side: str) -> Span | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return Born(value.year, value.month, value.day)
    if isinstance(value, str):
        return Born.parse(value, field=f"{side}.born")
    if isinstance(value, Span):
        return value
    raise InputError.at(Message("methods.names:context-not-understood"), field=f"{side}.born")


def _text(value: object, place: str) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise InputError.at(Message("methods.names:context-not-understood"), field=place)
    return value


def _documents(value: object, side: str) -> tuple[Document, ...]:
    place = f"{side}.documents"
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise InputError.at(Message("methods.names:context-not-understood"), field=place)
    found: list[Document] = []
    for item in value:
        if isinstance(item, Document):
            found.append(item)
            continue
        if not isinstance(item, Mapping) or not set(item) <= {"number", "kind", "issuer"}:
            raise InputError.at(Message("methods.names:context-not-understood"), field=place)
        number = _text(item.get("number"), f"{place}.number")
        if number:
            kind = _text(item.get("kind"), f"{place}.kind")
            found.append(Document(number, kind, _text(item.get("issuer"), f"{place}.issuer")))
    return tuple(found)


@dataclass(frozen=True)
class Evidence:
    """What the context adds to or takes from the score of the names, with the reasons."""

    effect: float = 0.0
    same_document: bool = False
    messages: tuple[Message, ...] = ()

    def apply(self, name_score: float) -> float:
        """The score with the evidence.

        Weak evidence moves a score by little and never makes a match of names that share
        nothing. A shared document lifts it: half of what separates the names from one name
        remains.
        """
        if self.same_document:
            name_score = max(name_score, SAME_DOCUMENT - (1.0 - name_score) * 0.45)
        effect = self.effect if name_score >= 0.4 or self.effect < 0 else 0.0
        return max(0.0, min(1.0, name_score + effect))


NO_EVIDENCE = Evidence()

SAME_DOCUMENT = 0.95
OTHER_DOCUMENT = -0.1
SAME_DAY = 0.06
DATES_AGREE = 0.03
YEARS_APART = -0.08
DATES_APART = -0.35
OTHER_SEX = -0.15
SAME_FATHER = 0.05
OTHER_FATHER = -0.15
"""Effects on the score, set by hand. Born years apart tells parent from child; ages that are
estimates are often a year or two out."""


def weigh_context(context: Context, same_name: Callable[[str, str], float | None]) -> Evidence:
    """The evidence of a context. same_name: scores two names, for the fathers'."""
    left, right = context.left, context.right
    found: list[tuple[float, str]] = []
    if left.born is not None and right.born is not None:
        found += _dates(left.born, right.born)
    if left.sex and right.sex and left.sex.casefold() != right.sex.casefold():
        found.append((OTHER_SEX, "sex-differs"))
    if left.father and right.father:
        found += _fathers(same_name(left.father, right.father))
    documents = _compare_documents(left.documents, right.documents)
    if documents == "document-differs":
        found.append((OTHER_DOCUMENT, documents))
    same = documents == "document-same"
    codes = [code for _effect, code in found] + (["document-same"] if same else [])
    return Evidence(
        effect=sum(effect for effect, _code in found),
        same_document=same,
        messages=tuple(Message(f"methods.names:context-{code}") for code in codes),
    )


def _dates(first: Span, second: Span) -> list[tuple[float, str]]:
    first, second = _whole_year(first), _whole_year(second)
    gap = max((first.earliest - second.latest).days, (second.earliest - first.latest).days)
    if gap > 2 * 366:
        return [(DATES_APART, "dates-apart")]
    if gap > 0:
        return [(YEARS_APART, "dates-near")]
    if first.earliest == first.latest == second.earliest == second.latest:
        return [(SAME_DAY, "dates-same")]
    known = max((span.latest - span.earliest).days for span in (first, second))
    return [(DATES_AGREE, "dates-agree")] if known <= 366 else []


def _whole_year(span: Span) -> Span:
    """1 January is what desks write when they know the year alone."""
    if span.earliest == span.latest and (span.earliest.month, span.earliest.day) == (1, 1):
        return Born(span.earliest.year)
    return span


def _fathers(value: float | None) -> list[tuple[float, str]]:
    if value is None:
        return []
    if value >= 0.8:
        return [(SAME_FATHER, "father-same")]
    return [(OTHER_FATHER, "father-differs")] if value < 0.5 else []


def _compare_documents(left: tuple[Document, ...], right: tuple[Document, ...]) -> str | None:
    """Same number and no other kind or issuer: the same. Same kind and issuer, other number."""
    differs = False
    for one in left:
        for other in right:
            kinds = _agree(one.kind, other.kind)
            issuers = _agree(one.issuer, other.issuer)
            if one.key and one.key == other.key and kinds is not False and issuers is not False:
                return "document-same"
            differs = differs or (one.key != other.key and kinds is True and issuers is True)
    return "document-differs" if differs else None


def _agree(first: str | None, second: str | None) -> bool | None:
    if not first or not second:
        return None
    return normalise(first) == normalise(second)

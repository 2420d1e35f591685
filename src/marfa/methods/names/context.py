"""What else is known of two people, as evidence for or against one name being one person.

Accepted: dates of birth however partial, sex, the father's name, places, documents. Nationality,
religion, ethnicity and their like are refused: they say nothing about who somebody is, and
weighing them would be profiling. Each thing that is known is one feature with its strength.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Protocol, runtime_checkable

from marfa.domain.message import InputError, Message
from marfa.methods.names.bands import Band
from marfa.methods.names.dates import Born, read_births
from marfa.methods.names.kinds import imo_digits
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
        """What numbers are compared by; of a ship's IMO number its digits alone."""
        if self.kind and normalise(self.kind) in ("imo", "imo number"):
            return imo_digits(self.number)
        return "".join(letter for letter in normalise(self.number) if letter.isalnum())


@dataclass(frozen=True)
class Facts:
    """What is known of one of the two. Everything is optional.

    born: one date or several, if only one of them can be right. sex: ``female`` or ``male``; other
    words say nothing. places: where somebody was born or lived, never of which country they are.
    """

    born: Span | tuple[Span, ...] | None = None
    sex: str | None = None
    father: str | None = None
    documents: tuple[Document, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def births(self) -> tuple[Span, ...]:
        """The dates of birth."""
        if self.born is None:
            return ()
        return self.born if isinstance(self.born, tuple) else (self.born,)

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
            places=_texts(given.get("places"), f"{side}.places"),
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


def _born(value: object, side: str) -> tuple[Span, ...] | None:
    if value is None or value == "":
        return None
    if isinstance(value, (list, tuple)):
        return tuple(span for each in value for span in _born(each, side) or ())
    if isinstance(value, date):
        return (Born(value.year, value.month, value.day),)
    if isinstance(value, str):
        return read_births(value, field=f"{side}.born")
    if isinstance(value, Span):
        return (value,)
    raise InputError.at(Message("methods.names:context-not-understood"), field=f"{side}.born")


def _texts(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(text for each in value if (text := _text(each, place)))
    text = _text(value, place)
    return (text,) if text else ()


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
class Feature:
    """One thing that the context adds: what it is, and what it does to the score."""

    code: str
    effect: float

    @property
    def message(self) -> Message:
        return Message(f"methods.names:context-{self.code}")

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "effect": self.effect}


@dataclass(frozen=True)
class Evidence:
    """What the context adds to or takes from the score of the names."""

    features: tuple[Feature, ...] = ()

    @property
    def effect(self) -> float:
        """What all of it together adds to a score."""
        return sum(feature.effect for feature in self.features)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The reasons, in words."""
        return tuple(feature.message for feature in self.features)

    @property
    def same_document(self) -> bool:
        """Whether both have one document."""
        return any(feature.code == "document-same" for feature in self.features)

    @property
    def other_sex(self) -> bool:
        """Whether one is given as a woman and the other as a man."""
        return any(feature.code == "sex-differs" for feature in self.features)

    def apply(self, name_score: float) -> float:
        """The score with the evidence.

        Weak evidence moves a score by little and never makes a match of names that share
        nothing. A shared document lifts it: half of what separates the names from one name
        remains.
        """
        if self.same_document:
            name_score = max(name_score, SAME_DOCUMENT - (1.0 - name_score) * 0.45)
        effect = self.effect if name_score >= 0.4 or self.effect < 0 else 0.0
        most = OTHER_SEX_AT_MOST if self.other_sex else 1.0
        return max(0.0, min(most, name_score + effect))

    def band(self, band: Band, by_name: Band) -> Band:
        """One document under two names is a sign that a person looks at, never unlikely; a man and
        a woman are never likely one person."""
        if self.other_sex and band is Band.LIKELY:
            return Band.POSSIBLE
        if self.same_document and Band.UNLIKELY in (band, by_name) and band is not Band.LIKELY:
            return Band.POSSIBLE
        return band


NO_EVIDENCE = Evidence()

SAME_DOCUMENT = 0.95
OTHER_SEX_AT_MOST = 0.58
"""Whatever else agrees: under the lowest limit from which names are likely."""

EFFECTS = {
    "dates-same": 0.06,
    "dates-agree": 0.03,
    "dates-exchanged": 0.02,
    "dates-digit": -0.03,
    "dates-near": -0.08,
    "dates-apart": -0.35,
    "sex-differs": -0.42,
    "father-same": 0.05,
    "father-differs": -0.15,
    "place-same": 0.03,
    "place-differs": -0.03,
    "document-same": 0.0,
    "document-differs": -0.1,
}
"""Effects on the score, set by hand. Born years apart tells parent from child; ages that are
estimates are often a year or two out. Opposite sexes bring any name under the threshold. A shared
document does not add to the score but lifts it (``Evidence.apply``)."""


def weigh_context(context: Context, same_name: Callable[[str, str], float | None]) -> Evidence:
    """The evidence of a context. same_name: scores two names, for fathers and places."""
    left, right = context.left, context.right
    codes = [
        _dates(left.births, right.births),
        _sexes(left.sex, right.sex),
        _fathers(same_name(left.father, right.father)) if left.father and right.father else None,
        _places(left.places, right.places, same_name),
        compare_documents(left.documents, right.documents),
    ]
    return Evidence(tuple(Feature(code, EFFECTS[code]) for code in codes if code))


_DATES_BEST_FIRST = (
    *("dates-same", "dates-agree", "dates-exchanged", None),
    *("dates-digit", "dates-near", "dates-apart"),
)


def _dates(left: tuple[Span, ...], right: tuple[Span, ...]) -> str | None:
    """Of several dates the two that fit best; None where none is known, or where two that say
    nothing are what fits best."""
    found = [_compare_dates(one, other) for one in left for other in right]
    return min(found, key=_DATES_BEST_FIRST.index, default=None)


def _compare_dates(first: Span, second: Span) -> str | None:
    one, other = _whole_year(first), _whole_year(second)
    gap = max((one.earliest - other.latest).days, (other.earliest - one.latest).days)
    exact = one.earliest == one.latest and other.earliest == other.latest
    if gap > 0 and exact:
        if _exchanged(one.earliest, other.earliest):
            return "dates-exchanged"
        if _one_digit_wrong(one.earliest, other.earliest):
            return "dates-digit"
    if gap > 2 * 366:
        return "dates-apart"
    if gap > 0:
        return "dates-near"
    if exact:
        return "dates-same"
    known = max((span.latest - span.earliest).days for span in (one, other))
    return "dates-agree" if known <= 366 else None


def _exchanged(one: date, other: date) -> bool:
    """Day and month written the other way round."""
    return one.year == other.year and (one.month, one.day) == (other.day, other.month)


def _one_digit_wrong(one: date, other: date) -> bool:
    pairs = zip(one.isoformat(), other.isoformat(), strict=True)
    return sum(digit != wrong for digit, wrong in pairs) == 1


def _whole_year(span: Span) -> Span:
    """1 January is what desks write when they know the year alone."""
    if span.earliest == span.latest and (span.earliest.month, span.earliest.day) == (1, 1):
        return Born(span.earliest.year)
    return span


FEMALE = frozenset({"female", "f", "woman", "girl", "انثي", "امراه", "femme", "ж", "женский"})
MALE = frozenset({"male", "m", "man", "boy", "ذكر", "رجل", "homme", "м", "мужской"})


def _sexes(left: str | None, right: str | None) -> str | None:
    """Only female and male say anything against one another."""
    if not left or not right:
        return None
    one, other = normalise(left), normalise(right)
    opposite = (one in FEMALE and other in MALE) or (one in MALE and other in FEMALE)
    return "sex-differs" if opposite else None


def _fathers(value: float | None) -> str | None:
    if value is None or 0.5 <= value < 0.8:
        return None
    return "father-same" if value >= 0.8 else "father-differs"


def _places(
    left: tuple[str, ...],
    right: tuple[str, ...],
    same_name: Callable[[str, str], float | None],
) -> str | None:
    values = [same_name(one, other) for one in left for other in right]
    known = [value for value in values if value is not None]
    if not known or 0.5 <= max(known) < 0.8:
        return None
    return "place-same" if max(known) >= 0.8 else "place-differs"


MIN_NUMBER = 4
"""Numbers shorter than this are shared by chance."""


def compare_documents(left: tuple[Document, ...], right: tuple[Document, ...]) -> str | None:
    """Same number and no other kind or issuer: the same. Same kind and issuer, other number."""
    differs = False
    for one in left:
        for other in right:
            kinds = _agree(one.kind, other.kind)
            issuers = _agree(one.issuer, other.issuer)
            same = one.key == other.key and len(one.key) >= MIN_NUMBER
            if same and kinds is not False and issuers is not False:
                return "document-same"
            differs = differs or (one.key != other.key and kinds is True and issuers is True)
    return "document-differs" if differs else None


def _agree(first: str | None, second: str | None) -> bool | None:
    if not first or not second:
        return None
    return normalise(first) == normalise(second)

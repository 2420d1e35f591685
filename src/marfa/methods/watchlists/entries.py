"""An entry of a list: who is listed, under which names, and the hash of what it says.

What a publisher says of an entry is kept whole (``content``); beside it stands what screening
reads, one shape for all publishers. Nationality and citizenship are content alone: nothing reads
them.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from marfa.methods.names.dates import ABOUT_YEARS, Between, Born
from marfa.methods.watchlists.records import Node

KINDS = ("person", "body", "vessel", "aircraft")


class Quality(StrEnum):
    """How good a publisher says that a name is."""

    PRIMARY = "primary"
    ORIGINAL = "original-script"
    GOOD = "good"
    ALIAS = "a.k.a."
    FORMER = "f.k.a."
    LOW = "low"

    @property
    def is_weak(self) -> bool:
        return self is Quality.LOW


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of an entry."""

    text: str
    quality: Quality


@dataclass(frozen=True, slots=True)
class ListedBirth:
    """A date of birth as far as it is known: a first and a last day, ISO 8601.

    precision: ``exact``, ``about`` or ``between``, as the publisher says.
    """

    earliest: str
    latest: str
    precision: str = "exact"

    def span(self) -> Between:
        """The days as Names reads them; an estimate is taken to be out by two years."""
        first, last = date.fromisoformat(self.earliest), date.fromisoformat(self.latest)
        if self.precision != "about":
            return Between(first, last)
        return Between(
            date(max(first.year - ABOUT_YEARS, 1), 1, 1), date(last.year + ABOUT_YEARS, 12, 31)
        )


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document: its number, its kind in the publisher's words, who issued it."""

    number: str
    kind: str = ""
    issuer: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry.

    reference: the publisher's lasting key (``LYi.026``). source_id: a key of the publisher's that
    may change while the entry stays. regime: the list or programme within the publication.
    content: all that the publisher says, without what moves while nothing is said anew.
    """

    reference: str
    kind: str
    names: tuple[ListedName, ...]
    source_id: str = ""
    regime: str = ""
    births: tuple[ListedBirth, ...] = ()
    places: tuple[str, ...] = ()
    documents: tuple[ListedDocument, ...] = ()
    sex: str = ""
    listed_on: str = ""
    content: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The name under which it is listed."""
        return self.names[0].text

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the kind and the canonical content; of what screening reads where no content
        is kept."""
        said: dict[str, object] = {"kind": self.kind, "content": self.content}
        if self.content is None:
            said = {key: value for key, value in self.as_json().items() if key != "source_id"}
        return digest_of(said)

    @cached_property
    def screened_digest(self) -> str:
        """SHA-256 of what screening reads of it: the rest may change and no score does."""
        said = self.as_json()
        read = ("kind", "names", "births", "places", "documents", "sex")
        return digest_of({key: said[key] for key in read})

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        data: dict[str, Any] = {
            "reference": self.reference,
            "kind": self.kind,
            "source_id": self.source_id,
            "regime": self.regime,
            "listed_on": self.listed_on,
            "names": [{"text": each.text, "quality": each.quality.value} for each in self.names],
            "births": [
                {"earliest": b.earliest, "latest": b.latest, "precision": b.precision}
                for b in self.births
            ],
            "places": list(self.places),
            "documents": [
                {"number": d.number, "kind": d.kind, "issuer": d.issuer} for d in self.documents
            ],
            "sex": self.sex,
        }
        return data if self.content is None else data | {"content": self.content}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Entry:
        """From what :meth:`as_json` gave."""
        return cls(
            data["reference"],
            data["kind"],
            tuple(ListedName(each["text"], Quality(each["quality"])) for each in data["names"]),
            data["source_id"],
            data["regime"],
            tuple(ListedBirth(**each) for each in data["births"]),
            tuple(data["places"]),
            tuple(ListedDocument(**each) for each in data["documents"]),
            data["sex"],
            data["listed_on"],
            data.get("content"),
        )

    def with_unique_names(self) -> Entry:
        """Without a name that stands before it in the same letters, best quality first."""
        best: dict[str, ListedName] = {}
        order = list(Quality)
        for each in self.names:
            key = each.text.casefold()
            known = best.get(key)
            if known is None or order.index(each.quality) < order.index(known.quality):
                best[key] = each
        return replace(self, names=tuple(best.values()))


def digest_of(value: object) -> str:
    """SHA-256 of a value as JSON that has one spelling: sorted keys, no spaces, escaped ASCII."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_content(node: Node, moving: Iterable[str] = ()) -> dict[str, Any]:
    """What an element says, in one form whatever its layout.

    White space is one space, letters are composed (NFC), a day has no time zone behind it; what
    is empty is left out, and what may stand several times stands in one order. moving: elements
    and attributes that move while nothing is said anew (counters, days of the last edit).
    """
    left_out = frozenset(moving)
    found = _content(node, left_out)
    return found if isinstance(found, dict) else ({"text": found} if found else {})


def _content(node: Node, left_out: frozenset[str]) -> Any:
    found: dict[str, Any] = {
        f"@{name}": text
        for name, value in node.attributes.items()
        if name not in left_out and (text := _plain(value))
    }
    groups: dict[str, list[Any]] = {}
    for child in node.children:
        if child.tag not in left_out and (said := _content(child, left_out)):
            groups.setdefault(child.tag, []).append(said)
    for tag, values in groups.items():
        found[tag] = sorted(values, key=_order) if len(values) > 1 else values[0]
    text = _plain(node.own_text)
    if not found:
        return text
    return found | ({"text": text} if text else {})


def _order(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def _plain(text: str) -> str:
    found = " ".join(unicodedata.normalize("NFC", text).split())
    day = _DAY_WITH_ZONE.fullmatch(found)
    return day[1] if day else found


_DAY_WITH_ZONE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2}|T00:00:00(?:\.0+)?Z?)")


def born(year: str, month: str = "", day: str = "", precision: str = "exact") -> ListedBirth | None:
    """A date of birth from its numbers; None where the year is no year, and without what is no
    month or day."""
    try:
        found = Born(int(year), int(month) if month else None, int(day) if month and day else None)
    except ValueError:
        return born(year, precision=precision) if month else None
    return ListedBirth(found.earliest.isoformat(), found.latest.isoformat(), precision)


def born_from_text(text: str, precision: str = "exact") -> ListedBirth | None:
    """A date of birth as lists write it: ``1962``, ``15 Mar 1962``, ``Mar 1962``, ``03/15/1962``
    is not read, since nobody knows which of the two is the month."""
    words = text.replace(".", " ").replace(",", " ").split()
    if words and words[0].casefold() in ("circa", "c", "approximately", "about"):
        words, precision = words[1:], "about"
    plain = " ".join(words)
    if found := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", plain):
        return born(found[1], found[2] or "", found[3] or "", precision)
    if found := re.fullmatch(r"(?:(\d{1,2}) )?([A-Za-z]{3,9}) (\d{4})", plain):
        month = _MONTHS.get(found[2][:3].casefold())
        return born(found[3], str(month), found[1] or "", precision) if month else None
    if found := re.fullmatch(r"(\d{4}) (?:to|-) (\d{4})", plain):
        return born_between(found[1], found[2])
    return None


_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def born_between(first: str, last: str) -> ListedBirth | None:
    """Born between two years; None where they are none, or exchanged."""
    one, other = born(first), born(last)
    if one is None or other is None or other.latest < one.earliest:
        return None
    return ListedBirth(one.earliest, other.latest, "between")

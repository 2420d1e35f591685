"""Who is to be screened: rows of a table, with what else is known of each.

Nationality and its like are refused where somebody maps them, and not read where a table has them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import unguard_text
from marfa.methods.names import Facts, Kind
from marfa.methods.names.context import REFUSED
from marfa.methods.watchlists.entries import digest_of

FIELDS = ("subject_id", "name", "kind", "born", "sex", "father", "place", "document")
SEVERAL = frozenset({"name", "born", "place", "document"})
"""Fields for which more than one column may be given."""
ALWAYS = ("subject_id", "name")
LONGEST = 4_000
"""Characters of a cell."""


@dataclass(frozen=True)
class Subject:
    """Somebody or something to be screened.

    names: all names of one subject, the first is shown. kind: None where nobody said it. known:
    what else is known, as ``Facts.of`` takes it.
    """

    subject_id: str
    names: tuple[str, ...]
    kind: Kind | None = None
    born: tuple[str, ...] = ()
    sex: str = ""
    father: str = ""
    places: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    @cached_property
    def facts(self) -> Facts:
        """What else is known. Raises InputError for a date that is not understood."""
        kind = "imo" if self.kind is Kind.VESSEL else None
        return Facts.of(
            {
                "born": list(self.born) or None,
                "sex": self.sex or None,
                "father": self.father or None,
                "places": list(self.places),
                "documents": [{"number": number, "kind": kind} for number in self.documents],
            },
            "subject",
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that screening reads of it."""
        return digest_of(self.as_json())

    def as_json(self) -> dict[str, Any]:
        return {
            "subject_id": self.subject_id,
            "names": list(self.names),
            "kind": self.kind.value if self.kind else None,
            "born": list(self.born),
            "sex": self.sex,
            "father": self.father,
            "places": list(self.places),
            "documents": list(self.documents),
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Subject:
        """From what :meth:`as_json` gave."""
        return cls(
            data["subject_id"],
            tuple(data["names"]),
            Kind.of(data["kind"]),
            tuple(data["born"]),
            data["sex"],
            data["father"],
            tuple(data["places"]),
            tuple(data["documents"]),
        )


def read_mapping(pairs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Columns by field, from ``FIELD=COLUMN`` each. Raises InputError for a field that is not
    known, or is refused."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        field = field.strip().casefold()
        if field in REFUSED:
            message = Message("methods.watchlists:map-refused", {"name": field})
            raise InputError.at(message, field="--map")
        if not equals or field not in FIELDS or not column:
            params = {"pair": pair[:80], "fields": ", ".join(FIELDS)}
            raise InputError.at(Message("methods.watchlists:map-unknown", params), field="--map")
        if field in found and field not in SEVERAL:
            message = Message("methods.watchlists:map-twice", {"name": field})
            raise InputError.at(message, field="--map")
        found[field] = (*found.get(field, ()), column)
    return found


def read_subjects(
    source: Path, mapping: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Subject]:
    """The rows of a table (CSV, UTF-8), one after the other.

    mapping: columns by field; None for ``subject_id``, ``name`` and ``kind``, the last of which may
    be absent. Nothing else of the table is read. Raises InputError with the row.
    """
    rows = _rows(source)
    number, header = next(rows, (1, []))
    places = _places(source, [cell.strip() for cell in header], mapping)
    seen: set[str] = set()
    for number, cells in rows:
        if len(cells) != len(header):
            params = {"found": len(cells), "wanted": len(header)}
            raise _refusal(source, "table-width", number, **params)
        subject = _subject(source, number, cells, places)
        if subject.subject_id in seen:
            raise _refusal(source, "subject-twice", number, subject=subject.subject_id[:80])
        seen.add(subject.subject_id)
        yield subject


def _rows(source: Path) -> Iterator[tuple[int, list[str]]]:
    row = 0
    try:
        with source.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline(1 << 20)
            if not first.strip():
                raise _refusal(source, "file-empty", 1)
            stream.seek(0)
            delimiter = max(",;\t", key=first.count)
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            for row, cells in enumerate(reader, 1):
                if any(cell.strip() for cell in cells):
                    yield row, cells
    except UnicodeDecodeError:
        raise _refusal(source, "file-not-utf8") from None
    except csv.Error:
        raise _refusal(source, "table-broken", row + 1) from None
    except OSError:
        raise _refusal(source, "file-unreadable") from None


def _places(
    source: Path, header: list[str], mapping: Mapping[str, Sequence[str]] | None
) -> dict[str, list[int]]:
    wanted = {name: (name,) for name in (*ALWAYS, "kind")} if mapping is None else mapping
    if mapping is None and "kind" not in header:
        wanted = {name: (name,) for name in ALWAYS}
    if mapping is not None:
        wanted = {name: (name,) for name in ALWAYS} | dict(mapping)
    found: dict[str, list[int]] = {}
    for field, columns in wanted.items():
        for column in columns:
            if header.count(column) != 1:
                key = "column-twice" if column in header else "column-missing"
                raise _refusal(source, key, 1, column=column)
            found.setdefault(field, []).append(header.index(column))
    return found


def _subject(source: Path, row: int, cells: list[str], places: Mapping[str, list[int]]) -> Subject:
    def texts(field: str) -> tuple[str, ...]:
        found = (unguard_text(" ".join(cells[n].split())) for n in places.get(field, ()))
        return tuple(text for text in found if text)

    def text(field: str) -> str:
        return next(iter(texts(field)), "")

    if any(len(cell) > LONGEST for cell in cells):
        raise _refusal(source, "cell-long", row, most=LONGEST)
    if not text("subject_id"):
        raise _refusal(source, "subject-unnamed", row)
    if not texts("name"):
        raise _refusal(source, "subject-nameless", row)
    try:
        subject = Subject(
            text("subject_id"),
            texts("name"),
            Kind.of(text("kind").casefold() or None),
            texts("born"),
            text("sex"),
            text("father"),
            texts("place"),
            texts("document"),
        )
        _ = subject.facts
    except InputError as wrong:
        raise InputError.at(wrong.problems[0].message, file=source.name, row=row) from None
    return subject


def _refusal(source: Path, key: str, row: int | None = None, **params: object) -> InputError:
    return InputError.at(Message(f"methods.watchlists:{key}", params), file=source.name, row=row)

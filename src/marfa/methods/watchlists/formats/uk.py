"""The UK Sanctions List (XML and CSV), and the former consolidated list of OFSI (CSV).

Layouts: https://www.gov.uk/government/publications/the-uk-sanctions-list and the guide to its
change of format in 2022 (``Designations`` and ``UK-Sanctions-List.csv``, key ``UniqueID``), and
OFSI's ``ConList.csv`` (key ``Group ID``), which is no longer kept up since 28 January 2026. Both
tables have a row for each combination of names, births and the like.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from marfa.methods.watchlists.entries import (
    Entry,
    ListedBirth,
    ListedDocument,
    ListedName,
    Quality,
    born,
    born_from_text,
    canonical_content,
)
from marfa.methods.watchlists.formats.list_file import Listing, refusal
from marfa.methods.watchlists.records import Node, xml_records

KINDS = {"individual": "person", "entity": "body", "ship": "vessel"}
UNIQUE_ID = re.compile(r"[A-Z]{2,6}\d{2,6}")
PASSPORT, NATIONAL = "Passport", "National Identification Number"
IMO, REGISTRATION = "IMO", "Registration"
GROUP_ID = re.compile(r"\d{1,9}")
MOVING = ("LastUpdated", "DateGenerated")
_DAY = re.compile(r"(?:(\d{1,2}|dd|DD)/)?(?:(\d{1,2}|mm|MM)/)?(\d{4})")


def read_uk(source: Path) -> Listing:
    """The UK Sanctions List as a listing."""
    records = xml_records(source, root="Designations", depth=2)
    root = next(records)
    head = next(records, None)
    day = root.get("DateGenerated") or (head.own_text if head and head.tag != "Designation" else "")
    dated = _iso(day)
    if not dated or head is None:
        raise refusal(source, "file-undated")
    return Listing(source, "uk-xml", dated, None, _entries(source, head, records))


def _entries(source: Path, head: Node, records: Iterator[Node]) -> Iterator[Entry]:
    if head.tag == "Designation":
        yield _entry(source, head)
    for node in records:
        if node.tag != "Designation":
            raise refusal(source, "record-unknown", found=node.tag[:40])
        yield _entry(source, node)


def _entry(source: Path, node: Node) -> Entry:
    reference = node.text("UniqueID")
    if not UNIQUE_ID.fullmatch(reference):
        raise refusal(source, "reference-broken", found=reference[:40])
    said = node.text("IndividualEntityShip")
    kind = KINDS.get(said.casefold())
    if kind is None:
        raise refusal(source, "kind-unknown", found=said[:40])
    names = _names(node)
    if not names:
        raise refusal(source, "entry-nameless", reference=reference)
    births = [_birth(text) for text in _texts(node, "DOB")]
    return Entry(
        reference,
        kind,
        tuple(sorted(names, key=lambda each: each.quality is not Quality.PRIMARY)),
        source_id=node.text("OFSIGroupID"),
        regime=node.text("RegimeName"),
        births=tuple(dict.fromkeys(birth for birth in births if birth is not None)),
        places=tuple(dict.fromkeys(_texts(node, "TownOfBirth"))),
        documents=_documents(node),
        sex=_sex(next(iter(_texts(node, "Gender")), "")),
        listed_on=_iso(node.text("DateDesignated")),
        content=canonical_content(node, MOVING),
    ).with_unique_names()


def _names(node: Node) -> list[ListedName]:
    found: list[ListedName] = []
    for name in (each for group in node.all("Names") for each in group.all("Name")):
        text = " ".join(part for n in range(1, 7) if (part := name.text(f"Name{n}")))
        primary = name.text("NameType").casefold() == "primary name"
        weak = name.text("AliasStrength").casefold().startswith("low")
        quality = Quality.PRIMARY if primary else Quality.LOW if weak else Quality.GOOD
        if text:
            found.append(ListedName(text, quality))
    for text in node.texts("NonLatinNames", "NonLatinName", "NameNonLatinScript"):
        found.append(ListedName(text, Quality.ORIGINAL))
    return found


def _documents(node: Node) -> tuple[ListedDocument, ...]:
    kinds = {
        "PassportNumber": PASSPORT,
        "NationalIdentifierNumber": NATIONAL,
        "IMONumber": IMO,
        "BusinessRegistrationNumber": REGISTRATION,
    }
    found = (
        ListedDocument(text, kind) for tag, kind in kinds.items() for text in _texts(node, tag)
    )
    return tuple(dict.fromkeys(found))


def _sex(said: str) -> str:
    word = said.casefold()
    return word if word in ("male", "female") else ""


def _deep(node: Node, tag: str) -> list[Node]:
    """The elements of a name at any depth."""
    found = node.all(tag)
    for child in node.children:
        found += _deep(child, tag)
    return found


def _texts(node: Node, tag: str) -> list[str]:
    return [text for each in _deep(node, tag) if (text := each.own_text)]


def _birth(text: str) -> ListedBirth | None:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    day, month = (part if part and part.isdigit() else "" for part in found.groups()[:2])
    return born(found[3], month if month != "00" else "", day if day != "00" else "")


def _iso(text: str) -> str:
    """A day as ``2024-05-06``, from that, ``06/05/2024`` or ``06-May-2024``; empty for anything
    else."""
    if found := re.match(r"(\d{4}-\d{2}-\d{2})", text):
        return found[1]
    if found := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if found := re.match(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})", text):
        day = born_from_text(" ".join(found.groups()))
        return day.earliest if day else ""
    return ""


@dataclass(frozen=True)
class _Columns:
    """The columns of a table by what they hold; a column that a table lacks holds nothing."""

    key: str
    keys: re.Pattern[str]
    kind: str
    name_type: str
    strength: str
    original: str
    birth: str
    town: str
    regime: str
    listed_on: str
    number: str
    numbers: Mapping[str, str]
    sex: str = ""

    @property
    def needed(self) -> set[str]:
        return {self.key, self.kind, self.name_type, "Name 6"}


UK_LIST = _Columns(
    "Unique ID",
    UNIQUE_ID,
    "Designation Type",
    "Name type",
    "Alias strength",
    "Name non-latin script",
    "D.O.B",
    "Town of birth",
    "Regime Name",
    "Date Designated",
    "OFSI Group ID",
    {
        "Passport number": PASSPORT,
        "National Identifier number": NATIONAL,
        "IMO number": IMO,
        "Business registration number (s)": REGISTRATION,
    },
    "Gender",
)
OFSI_LIST = _Columns(
    "Group ID",
    GROUP_ID,
    "Group Type",
    "Alias Type",
    "Alias Quality",
    "Name Non-Latin Script",
    "DOB",
    "Town of Birth",
    "Regime",
    "Listed On",
    "Group ID",
    {"Passport Number": PASSPORT, "National Identification Number": NATIONAL},
)


def read_uk_csv(source: Path) -> Listing:
    """Either table as a listing: its first row gives the day, its second the columns."""
    rows = _rows(source)
    first = " ".join(next(rows, [])).strip()
    dated = _iso(re.sub(r"^(?:Report Date|Last Updated)\W*", "", first, flags=re.IGNORECASE))
    if not dated:
        raise refusal(source, "file-undated")
    header = next(rows, [])
    columns = UK_LIST if UK_LIST.key in header else OFSI_LIST
    missing = columns.needed - set(header)
    if missing:
        raise refusal(source, "column-missing", column=", ".join(sorted(missing)))
    layout = "uk-csv" if columns is OFSI_LIST else "uk-list-csv"
    return Listing(source, layout, dated, None, _entries_of_rows(source, header, rows, columns))


def _rows(source: Path) -> Iterator[list[str]]:
    try:
        with source.open(encoding="utf-8-sig", newline="") as stream:
            for cells in csv.reader(stream, strict=True):
                if any(cells):
                    yield [" ".join(cell.split()) for cell in cells]
    except UnicodeDecodeError:
        raise refusal(source, "file-not-utf8") from None
    except csv.Error:
        raise refusal(source, "file-cut") from None
    except OSError:
        raise refusal(source, "file-unreadable") from None


def _entries_of_rows(
    source: Path, header: list[str], rows: Iterator[list[str]], columns: _Columns
) -> Iterator[Entry]:
    groups: dict[str, list[dict[str, str]]] = {}
    for number, cells in enumerate(rows, 3):
        if len(cells) != len(header):
            wanted = len(header)
            raise refusal(source, "table-width", row=number, found=len(cells), wanted=wanted)
        said = dict(zip(header, cells, strict=True))
        groups.setdefault(said[columns.key], []).append(said)
    for reference, group in groups.items():
        yield _entry_of_rows(source, reference, group, columns)


def _entry_of_rows(
    source: Path, reference: str, group: list[dict[str, str]], columns: _Columns
) -> Entry:
    said_kind = group[0][columns.kind]
    kind = KINDS.get(said_kind.casefold())
    if not columns.keys.fullmatch(reference):
        raise refusal(source, "reference-broken", found=reference[:40])
    if kind is None:
        raise refusal(source, "kind-unknown", found=said_kind[:40])
    names = [name for said in group for name in _names_of_row(said, columns)]
    if not names:
        raise refusal(source, "entry-nameless", reference=reference)
    births = (_birth(said.get(columns.birth, "")) for said in group)
    numbers = (
        ListedDocument(said[column], kind_of)
        for said in group
        for column, kind_of in columns.numbers.items()
        if said.get(column)
    )
    places = (said.get(columns.town, "") for said in group)
    return Entry(
        reference,
        kind,
        tuple(sorted(names, key=lambda each: each.quality is not Quality.PRIMARY)),
        source_id=group[0].get(columns.number, ""),
        regime=group[0].get(columns.regime, ""),
        births=tuple(dict.fromkeys(birth for birth in births if birth is not None)),
        places=tuple(dict.fromkeys(place for place in places if place)),
        documents=tuple(dict.fromkeys(numbers)),
        sex=_sex(next((s for said in group if (s := said.get(columns.sex, ""))), "")),
        listed_on=_iso(group[0].get(columns.listed_on, "")),
        content={"rows": _content_of(group)},
    ).with_unique_names()


def _names_of_row(said: Mapping[str, str], columns: _Columns) -> Iterator[ListedName]:
    parts = (said.get(f"Name {n}", "") for n in range(1, 7))
    text = " ".join(part for part in parts if part)
    primary = said[columns.name_type].casefold() == "primary name"
    weak = said.get(columns.strength, "").casefold().startswith("low")
    if text:
        yield ListedName(
            text, Quality.PRIMARY if primary else Quality.LOW if weak else Quality.GOOD
        )
    if other := said.get(columns.original, ""):
        yield ListedName(other, Quality.ORIGINAL)


def _content_of(group: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """What the rows say, whatever their order; one that is there twice says no more."""
    rows = {
        tuple(sorted((k, v) for k, v in said.items() if v and k != "Last Updated"))
        for said in group
    }
    return [dict(row) for row in sorted(rows)]

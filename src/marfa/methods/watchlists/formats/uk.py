"""The UK Sanctions List (XML), and the former consolidated list of OFSI (CSV).

Layouts: https://www.gov.uk/government/publications/the-uk-sanctions-list (``Designations``, key
``UniqueID``) and OFSI's ``ConList.csv`` (a row a name, key ``Group ID``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from marfa.methods.watchlists.entries import (
    Entry,
    ListedBirth,
    ListedDocument,
    ListedName,
    Quality,
    born,
    canonical_content,
)
from marfa.methods.watchlists.formats.list_file import Listing, refusal
from marfa.methods.watchlists.records import Node, xml_records

KINDS = {"individual": "person", "entity": "body", "ship": "vessel"}
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
    if not re.fullmatch(r"[A-Z]{3}\d{4,5}", reference):
        raise refusal(source, "reference-broken", found=reference[:40])
    said = node.text("IndividualEntityShip")
    kind = KINDS.get(said.casefold())
    if kind is None:
        raise refusal(source, "kind-unknown", found=said[:40])
    names = _names(node)
    if not names:
        raise refusal(source, "entry-nameless", reference=reference)
    details = _deep(node, "IndividualDetails") + _deep(node, "ShipDetails")
    births = [_birth(text) for each in details for text in _texts(each, "DOB")]
    return Entry(
        reference,
        kind,
        tuple(sorted(names, key=lambda each: each.quality is not Quality.PRIMARY)),
        source_id=node.text("OFSIGroupID"),
        regime=node.text("RegimeName"),
        births=tuple(dict.fromkeys(birth for birth in births if birth is not None)),
        places=tuple(dict.fromkeys(t for each in details for t in _texts(each, "TownOfBirth"))),
        documents=_documents(details),
        sex=next((t.casefold() for each in details for t in _texts(each, "Gender")), ""),
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


def _documents(details: Sequence[Node]) -> tuple[ListedDocument, ...]:
    kinds = {
        "PassportNumber": "Passport",
        "NationalIdentifierNumber": "National Identification Number",
        "IMONumber": "IMO",
    }
    return tuple(
        ListedDocument(text, kind)
        for each in details
        for tag, kind in kinds.items()
        for text in _texts(each, tag)
    )


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
    """A day as ``2024-05-06``, from that or from ``06/05/2024``; empty for anything else."""
    if found := re.match(r"(\d{4}-\d{2}-\d{2})", text):
        return found[1]
    if found := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    return ""


def read_uk_csv(source: Path) -> Listing:
    """OFSI's list as a listing: its first row gives the day, its second the columns."""
    rows = _rows(source)
    first = next(rows, [])
    dated = _iso(first[1]) if len(first) > 1 else ""
    if not dated:
        raise refusal(source, "file-undated")
    header = next(rows, [])
    missing = {"Group ID", "Name 6", "Group Type"} - set(header)
    if missing:
        raise refusal(source, "column-missing", column=", ".join(sorted(missing)))
    return Listing(source, "uk-csv", dated, None, _entries_of_rows(source, header, rows))


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


def _entries_of_rows(source: Path, header: list[str], rows: Iterator[list[str]]) -> Iterator[Entry]:
    groups: dict[str, list[dict[str, str]]] = {}
    for number, cells in enumerate(rows, 3):
        if len(cells) != len(header):
            wanted = len(header)
            raise refusal(source, "table-width", row=number, found=len(cells), wanted=wanted)
        said = dict(zip(header, cells, strict=True))
        groups.setdefault(said["Group ID"], []).append(said)
    for reference, group in groups.items():
        yield _entry_of_rows(source, reference, group)


def _entry_of_rows(source: Path, reference: str, group: list[dict[str, str]]) -> Entry:
    kind = KINDS.get(group[0]["Group Type"].casefold())
    if not reference.isdigit():
        raise refusal(source, "reference-broken", found=reference[:40])
    if kind is None:
        raise refusal(source, "kind-unknown", found=group[0]["Group Type"][:40])
    names: list[ListedName] = []
    for said in group:
        parts = (said.get(f"Name {n}", "") for n in range(1, 7))
        text = " ".join(part for part in parts if part)
        primary = said.get("Alias Type", "").casefold() == "primary name"
        weak = said.get("Alias Quality", "").casefold().startswith("low")
        quality = Quality.PRIMARY if primary else Quality.LOW if weak else Quality.GOOD
        names += [ListedName(text, quality)] if text else []
        if other := said.get("Name Non-Latin Script", ""):
            names.append(ListedName(other, Quality.ORIGINAL))
    if not names:
        raise refusal(source, "entry-nameless", reference=reference)
    births = [_birth(said.get("DOB", "")) for said in group]
    rows = [{k: v for k, v in said.items() if v and k != "Last Updated"} for said in group]
    return Entry(
        reference,
        kind,
        tuple(sorted(names, key=lambda each: each.quality is not Quality.PRIMARY)),
        source_id=reference,
        regime=group[0].get("Regime", ""),
        births=tuple(dict.fromkeys(birth for birth in births if birth is not None)),
        places=tuple(dict.fromkeys(t for s in group if (t := s.get("Town of Birth", "")))),
        documents=tuple(
            dict.fromkeys(
                ListedDocument(s[column], kind_of)
                for s in group
                for column, kind_of in _NUMBERS.items()
                if s.get(column)
            )
        ),
        listed_on=_iso(group[0].get("Listed On", "")),
        content={"rows": sorted(rows, key=lambda each: sorted(each.items()))},
    ).with_unique_names()


_NUMBERS = {
    "Passport Number": "Passport",
    "National Identification Number": "National Identification Number",
}

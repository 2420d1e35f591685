"""The SDN list of the United States Office of Foreign Assets Control, CSV without a header.

Layout: ``SDN.CSV`` (ent_num, name, type, program, title, call sign, vessel type, tonnage, gross
tonnage, flag, owner, remarks), ``-0-`` for nothing, and beside it ``ALT.CSV`` (ent_num, alt_num,
type, name, remarks), which is read where it lies in the same folder under the same stem. The
file gives no day; births, documents and weak aliases (in quotation marks) stand in the remarks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from marfa.methods.watchlists.entries import (
    Entry,
    ListedBirth,
    ListedDocument,
    ListedName,
    Quality,
    born_from_text,
)
from marfa.methods.watchlists.formats.list_file import Listing, refusal

NOTHING = "-0-"
WIDTH = 12
KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "body"}
TYPES = {"aka": Quality.ALIAS, "fka": Quality.FORMER, "nka": Quality.GOOD}
FIELDS = (
    *("ent_num", "name", "type", "program", "title", "call_sign", "vessel_type", "tonnage"),
    *("gross_tonnage", "flag", "owner", "remarks"),
)


def read_ofac_csv(source: Path) -> Listing:
    """The file as a listing."""
    return Listing(source, "ofac-csv", "", None, _entries(source))


def alternates_of(source: Path) -> Path | None:
    """The file of other names that belongs to one of primary names, where it lies beside it."""
    for old, new in (("sdn", "alt"), ("SDN", "ALT"), ("cons_prim", "cons_alt")):
        beside = source.with_name(source.name.replace(old, new))
        if beside != source and beside.is_file():
            return beside
    return None


def _entries(source: Path) -> Iterator[Entry]:
    beside = alternates_of(source)
    alternates = _alternates(beside) if beside else {}
    for row, cells in _rows(source):
        if len(cells) != WIDTH:
            raise refusal(source, "table-width", row=row, found=len(cells), wanted=WIDTH)
        yield _entry(source, row, cells, alternates.get(cells[0], []))


def _rows(source: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers; the sign for the end of a DOS file ends it."""
    try:
        with source.open(encoding="utf-8-sig", errors="strict", newline="") as stream:
            for row, cells in enumerate(csv.reader(stream, strict=True), 1):
                if cells in ([], ["\x1a"]):
                    continue
                plain = (" ".join(cell.split()) for cell in cells)
                yield row, ["" if cell == NOTHING else cell for cell in plain]
    except UnicodeDecodeError:
        raise refusal(source, "file-not-utf8") from None
    except csv.Error:
        raise refusal(source, "file-cut") from None
    except OSError:
        raise refusal(source, "file-unreadable") from None


def _alternates(source: Path) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for row, cells in _rows(source):
        if len(cells) != 5:
            raise refusal(source, "table-width", row=row, found=len(cells), wanted=5)
        found.setdefault(cells[0], []).append(cells[1:])
    return found


def _entry(source: Path, row: int, cells: list[str], others: list[list[str]]) -> Entry:
    said = dict(zip(FIELDS, cells, strict=True))
    if not said["ent_num"].isdigit():
        raise refusal(source, "reference-broken", row=row, found=cells[0][:40])
    kind = KINDS.get(said["type"].casefold())
    if kind is None:
        raise refusal(source, "kind-unknown", row=row, found=said["type"][:40])
    if not said["name"]:
        raise refusal(source, "entry-nameless", row=row, reference=said["ent_num"])
    names = [ListedName(said["name"], Quality.PRIMARY)]
    names += [ListedName(o[2], TYPES.get(o[1].casefold(), Quality.ALIAS)) for o in others if o[2]]
    names += [ListedName(text, Quality.LOW) for text in _WEAK.findall(said["remarks"])]
    content: dict[str, object] = {name: text for name, text in said.items() if text}
    if others:
        content["alternates"] = sorted(" | ".join(each[1:]) for each in others)
    return Entry(
        said["ent_num"],
        kind,
        tuple(names),
        source_id=said["ent_num"],
        regime=said["program"],
        births=_births(said["remarks"]),
        places=_places(said["remarks"]),
        documents=_documents(said["remarks"]),
        sex=_first(_SEX, said["remarks"]).casefold(),
        content=content,
    ).with_unique_names()


_WEAK = re.compile(r"[afn]\.k\.a\. '([^']+)'")
_SEX = re.compile(r"\bGender (Male|Female)\b")
_BORN = re.compile(r"\bDOB ([^;.(]+)")
_PLACE = re.compile(r"\bPOB ([^;,.(]+)")
_DOCUMENT = re.compile(
    r"\b(Passport|National ID No\.|Identification Number|SSN|Registration Number|"
    r"Vessel Registration Identification|Tax ID No\.) (?:IMO )?([A-Z0-9][A-Z0-9 /-]{2,30}?)"
    r"(?: \(([^)]*)\))?\s*(?:[;.]|$)",
    re.IGNORECASE,
)


def _births(remarks: str) -> tuple[ListedBirth, ...]:
    found = [born_from_text(text.strip()) for text in _BORN.findall(remarks)]
    return tuple(dict.fromkeys(birth for birth in found if birth is not None))


def _places(remarks: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in _PLACE.findall(remarks)))


def _documents(remarks: str) -> tuple[ListedDocument, ...]:
    found = (ListedDocument(f[2], f[1], f[3] or "") for f in _DOCUMENT.finditer(remarks))
    return tuple(dict.fromkeys(found))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""

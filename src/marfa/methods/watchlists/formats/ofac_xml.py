"""Lists of the United States Office of Foreign Assets Control, XML: SDN and consolidated non-SDN.

Layout: https://ofac.treasury.gov/sdn-list-data-formats-data-schemas (``sdn.xsd``). The lasting key
is ``uid``; ``Record_Count`` must be what is there. Aliases of category ``weak`` are those that OFAC
itself does not expect anybody to screen by alone.
"""

from __future__ import annotations

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
    canonical_content,
)
from marfa.methods.watchlists.formats.list_file import Listing, refusal
from marfa.methods.watchlists.records import Node, xml_records

KINDS = {"individual": "person", "entity": "body", "vessel": "vessel", "aircraft": "aircraft"}
TYPES = {"a.k.a.": Quality.ALIAS, "f.k.a.": Quality.FORMER, "n.k.a.": Quality.GOOD}


def read_ofac_xml(source: Path) -> Listing:
    """The file as a listing."""
    records = xml_records(source, root="sdnList", depth=2)
    next(records)
    head = next(records, None)
    if head is None or head.tag != "publshInformation":
        raise refusal(source, "file-undated")
    day = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", head.text("Publish_Date"))
    if day is None:
        raise refusal(source, "file-undated")
    count = head.text("Record_Count")
    dated = f"{day[3]}-{int(day[1]):02d}-{int(day[2]):02d}"
    stated = int(count) if count.isascii() and count.isdigit() else None
    return Listing(source, "ofac-xml", dated, stated, _entries(source, records))


def _entries(source: Path, records: Iterator[Node]) -> Iterator[Entry]:
    for node in records:
        if node.tag != "sdnEntry":
            raise refusal(source, "record-unknown", found=node.tag[:40])
        yield _entry(source, node)


def _entry(source: Path, node: Node) -> Entry:
    uid = node.text("uid")
    if not uid.isdigit():
        raise refusal(source, "reference-broken", found=uid[:40])
    kind = KINDS.get(node.text("sdnType").casefold())
    if kind is None:
        raise refusal(source, "kind-unknown", found=node.text("sdnType")[:40])
    primary = _name(node)
    if not primary:
        raise refusal(source, "entry-nameless", reference=uid)
    names = [ListedName(primary, Quality.PRIMARY)]
    for alias in (each for group in node.all("akaList") for each in group.all("aka")):
        weak = alias.text("category").casefold() == "weak"
        quality = Quality.LOW if weak else TYPES.get(alias.text("type"), Quality.ALIAS)
        if text := _name(alias):
            names.append(ListedName(text, quality))
    return Entry(
        uid,
        kind,
        tuple(names),
        source_id=uid,
        regime="; ".join(node.texts("programList", "program")),
        births=_births(node),
        places=_places(node),
        documents=_documents(node),
        sex=_sex(node),
        content=canonical_content(node),
    ).with_unique_names()


def _name(node: Node) -> str:
    return " ".join(part for tag in ("firstName", "lastName") if (part := node.text(tag)))


def _births(node: Node) -> tuple[ListedBirth, ...]:
    texts = node.texts("dateOfBirthList", "dateOfBirthItem", "dateOfBirth")
    found = [birth for text in texts if (birth := born_from_text(text)) is not None]
    return tuple(dict.fromkeys(found))


def _places(node: Node) -> tuple[str, ...]:
    born = node.texts("placeOfBirthList", "placeOfBirthItem", "placeOfBirth")
    # "Shati, Gaza": the last of several is the country.
    towns = [text.split(",")[0].strip() for text in born]
    towns += node.texts("addressList", "address", "city")
    return tuple(dict.fromkeys(towns))


def _documents(node: Node) -> tuple[ListedDocument, ...]:
    found: list[ListedDocument] = []
    for each in (one for group in node.all("idList") for one in group.all("id")):
        number, kind = each.text("idNumber"), each.text("idType")
        if number and kind.casefold() not in NO_DOCUMENTS:
            found.append(ListedDocument(number, kind, each.text("idCountry")))
    return tuple(found)


NO_DOCUMENTS = frozenset({"gender", "website", "email address", "phone number", "title"})
"""What the list keeps among the documents and is none."""


def _sex(node: Node) -> str:
    for each in (one for group in node.all("idList") for one in group.all("id")):
        if each.text("idType").casefold() == "gender":
            return each.text("idNumber").casefold()
    return ""

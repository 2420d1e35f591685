"""The Consolidated List of the United Nations Security Council, XML.

Layout: https://www.un.org/sc/resources/sc-sanctions.xsd. ``REFERENCE_NUMBER`` is the lasting key;
``DATAID`` changes while an entry stays; ``VERSIONNUM`` never moves, and ``LAST_DAY_UPDATED`` says
nothing of most edits: an entry has changed when its content has.
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
    born_between,
    born_from_text,
    canonical_content,
)
from marfa.methods.watchlists.formats.list_file import Listing, refusal
from marfa.methods.watchlists.name_strings import split_names
from marfa.methods.watchlists.records import Node, xml_records

ROOT = "CONSOLIDATED_LIST"
KINDS = {"INDIVIDUAL": "person", "ENTITY": "body"}
MOVING = ("DATAID", "VERSIONNUM", "LAST_DAY_UPDATED", "SORT_KEY", "SORT_KEY_LAST_MOD")
REFERENCE = re.compile(r"[A-Z]{2,3}([ie])\.\d{3,4}")
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
QUALITIES = {
    "good": Quality.GOOD,
    "low": Quality.LOW,
    "a.k.a.": Quality.ALIAS,
    "f.k.a.": Quality.FORMER,
}


def read_un(source: Path) -> Listing:
    """The file as a listing."""
    records = xml_records(source, root=ROOT, depth=3)
    head = next(records)
    dated = head.get("dateGenerated")
    if not re.match(r"\d{4}-\d{2}-\d{2}", dated):
        raise refusal(source, "file-undated")
    return Listing(source, "un-xml", dated, None, _entries(source, records))


def _entries(source: Path, records: Iterator[Node]) -> Iterator[Entry]:
    for node in records:
        if node.tag not in KINDS:
            raise refusal(source, "record-unknown", found=node.tag[:40])
        yield _entry(source, node)


def _entry(source: Path, node: Node) -> Entry:
    reference = node.text("REFERENCE_NUMBER")
    shape = REFERENCE.fullmatch(reference)
    kind = KINDS[node.tag]
    if shape is None:
        raise refusal(source, "reference-broken", found=reference[:40])
    if (shape[1] == "i") != (kind == "person"):
        raise refusal(source, "reference-of-other-kind", reference=reference)
    names = _names(node, person=kind == "person")
    if not names or names[0].quality is not Quality.PRIMARY:
        raise refusal(source, "entry-nameless", reference=reference)
    return Entry(
        reference,
        kind,
        tuple(names),
        source_id=node.text("DATAID"),
        regime=node.text("UN_LIST_TYPE"),
        births=_births(node),
        places=_places(node),
        documents=_documents(node),
        sex=node.text("GENDER").casefold(),
        listed_on=node.text("LISTED_ON")[:10],
        content=canonical_content(node, MOVING),
    ).with_unique_names()


def _names(node: Node, *, person: bool) -> list[ListedName]:
    primary = " ".join(part for tag in NAME_PARTS if (part := node.text(tag)))
    found = [ListedName(primary, Quality.PRIMARY)] if primary else []
    for text in node.texts("NAME_ORIGINAL_SCRIPT"):
        for name in split_names(text, person=person):
            found.append(ListedName(name, Quality.ORIGINAL))
    for alias in node.all(f"{node.tag}_ALIAS"):
        quality = QUALITIES.get(alias.text("QUALITY").casefold(), Quality.ALIAS)
        for name in split_names(alias.text("ALIAS_NAME"), person=person):
            found.append(ListedName(name, quality))
    return found


def _births(node: Node) -> tuple[ListedBirth, ...]:
    given = [_birth(each) for each in node.all("INDIVIDUAL_DATE_OF_BIRTH")]
    for alias in node.all("INDIVIDUAL_ALIAS"):
        given.append(born_from_text(alias.text("DATE_OF_BIRTH")))
    return tuple(dict.fromkeys(birth for birth in given if birth is not None))


def _birth(node: Node) -> ListedBirth | None:
    about = node.text("TYPE_OF_DATE").casefold().startswith("approx")
    precision = "about" if about else "exact"
    if first := node.text("FROM_YEAR"):
        return born_between(first, node.text("TO_YEAR") or first)
    for text in (node.text("DATE")[:10], node.text("YEAR"), node.text("NOTE")):
        if text and (found := born_from_text(text, precision)):
            return found
    return None


def _places(node: Node) -> tuple[str, ...]:
    """Towns and provinces of birth and residence; countries are no evidence of who somebody is."""
    found: list[str] = []
    for tag in ("INDIVIDUAL_PLACE_OF_BIRTH", "INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS"):
        for place in node.all(tag):
            found += [place.text("CITY"), place.text("STATE_PROVINCE")]
    found += node.texts("INDIVIDUAL_ALIAS", "CITY_OF_BIRTH")
    return tuple(dict.fromkeys(place for place in found if place))


def _documents(node: Node) -> tuple[ListedDocument, ...]:
    found: list[ListedDocument] = []
    for each in node.all("INDIVIDUAL_DOCUMENT"):
        kind = each.text("TYPE_OF_DOCUMENT") or each.text("TYPE_OF_DOCUMENT2")
        issuer = each.text("ISSUING_COUNTRY") or each.text("COUNTRY_OF_ISSUE")
        if number := each.text("NUMBER"):
            found.append(ListedDocument(number, kind, issuer))
    return tuple(found)

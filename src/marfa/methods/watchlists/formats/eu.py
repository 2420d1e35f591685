"""The consolidated list of persons, groups and entities under EU financial sanctions, XML 1.1.

Layout: the schema of the Financial Sanctions Files (``http://eu.europa.ec/fpi/fsd/export``, from
https://webgate.ec.europa.eu/fsd/fsf). The lasting key is ``euReferenceNumber``; ``logicalId``
is a key of the database.
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
    born,
    born_between,
    born_from_text,
    canonical_content,
)
from marfa.methods.watchlists.formats.list_file import Listing, refusal
from marfa.methods.watchlists.records import Node, xml_records

KINDS = {"person": "person", "P": "person", "enterprise": "body", "E": "body"}
MOVING = ("logicalId", "generationDate", "globalFileId")


def read_eu(source: Path) -> Listing:
    """The file as a listing."""
    records = xml_records(source, root="export", depth=2)
    dated = next(records).get("generationDate")
    if not re.match(r"\d{4}-\d{2}-\d{2}", dated):
        raise refusal(source, "file-undated")
    return Listing(source, "eu-xml", dated, None, _entries(source, records))


def _entries(source: Path, records: Iterator[Node]) -> Iterator[Entry]:
    for node in records:
        if node.tag != "sanctionEntity":
            raise refusal(source, "record-unknown", found=node.tag[:40])
        yield _entry(source, node)


def _entry(source: Path, node: Node) -> Entry:
    reference = node.get("euReferenceNumber") or node.get("logicalId")
    if not re.fullmatch(r"[\w./-]{1,40}", reference):
        raise refusal(source, "reference-broken", found=reference[:40])
    subject = (node.all("subjectType") or [Node("", {})])[0]
    kind = KINDS.get(subject.get("code")) or KINDS.get(subject.get("classificationCode"))
    if kind is None:
        raise refusal(source, "kind-unknown", found=subject.get("code")[:40])
    names = _names(node)
    if not names:
        raise refusal(source, "entry-nameless", reference=reference)
    return Entry(
        reference,
        kind,
        tuple(names),
        source_id=node.get("logicalId"),
        regime="; ".join(dict.fromkeys(r.get("programme") for r in node.all("regulation"))),
        births=tuple(dict.fromkeys(b for each in node.all("birthdate") if (b := _birth(each)))),
        places=_places(node),
        documents=_documents(node),
        sex={"M": "male", "F": "female"}.get(_genders(node), ""),
        listed_on=node.get("designationDate")[:10],
        content=canonical_content(node, MOVING),
    ).with_unique_names()


def _names(node: Node) -> list[ListedName]:
    """The first name is the primary one; those that are not strong are weak."""
    found: list[ListedName] = []
    for alias in node.all("nameAlias"):
        parts = (alias.get(name) for name in ("firstName", "middleName", "lastName"))
        text = alias.get("wholeName") or " ".join(part for part in parts if part)
        if text:
            weak = alias.get("strong").casefold() == "false" or _is_called_weak(alias)
            quality = Quality.LOW if weak else Quality.GOOD
            found.append(ListedName(text, quality if found else Quality.PRIMARY))
    return found


def _is_called_weak(alias: Node) -> bool:
    """Of names taken over from the United Nations a remark says the quality."""
    return any("low quality" in remark.casefold() for remark in alias.texts("remark"))


def _genders(node: Node) -> str:
    return next((a.get("gender") for a in node.all("nameAlias") if a.get("gender")), "")


def _birth(node: Node) -> ListedBirth | None:
    """A bound alone (born by 1980) and a date of another calendar are kept and not compared."""
    precision = "about" if node.get("circa").casefold() == "true" else "exact"
    if node.get("calendarType").upper() not in ("", "GREGORIAN"):
        return None
    first, last = node.get("yearRangeFrom"), node.get("yearRangeTo")
    if first or last:
        return born_between(first, last)
    if found := born_from_text(node.get("birthdate")[:10], precision):
        return found
    return born(node.get("year"), node.get("monthOfYear"), node.get("dayOfMonth"), precision)


def _places(node: Node) -> tuple[str, ...]:
    found = [each.get(name) for each in node.all("birthdate") for name in ("city", "place")]
    found += [each.get(name) for each in node.all("address") for name in ("city", "place")]
    return tuple(dict.fromkeys(place for place in found if place))


def _documents(node: Node) -> tuple[ListedDocument, ...]:
    found = (
        ListedDocument(
            number,
            each.get("identificationTypeDescription") or each.get("identificationTypeCode"),
            each.get("issuedBy") or each.get("countryDescription"),
        )
        for each in node.all("identification")
        for name in ("number", "latinNumber")
        if (number := each.get(name))
    )
    return tuple(dict.fromkeys(found))

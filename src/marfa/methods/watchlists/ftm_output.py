"""Entries as FollowTheMoney entities and statements, for the programs that read these.

Entities: a JSON object a line, a ``Sanction`` beside each listed one. Statements: CSV, a row a
value, in the columns of ``ftm statements``. Nationality is not written: nothing here reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from marfa.domain.spreadsheets import TableWriter
from marfa.methods.watchlists.entries import Entry, Quality

SCHEMATA = {
    "person": "Person",
    "body": "LegalEntity",
    "vessel": "Vessel",
    "aircraft": "Airplane",
}
PROPERTIES = {
    Quality.PRIMARY: "name",
    Quality.ORIGINAL: "alias",
    Quality.GOOD: "alias",
    Quality.ALIAS: "alias",
    Quality.FORMER: "previousName",
    Quality.LOW: "weakAlias",
}
STATEMENT_COLUMNS = (
    *("id", "entity_id", "canonical_id", "prop", "prop_type", "schema", "value", "dataset"),
    *("original_value", "lang", "external", "first_seen", "last_seen", "origin"),
)
TYPES = {
    **dict.fromkeys(("name", "alias", "weakAlias", "previousName"), "name"),
    **dict.fromkeys(("birthDate", "listingDate"), "date"),
    **dict.fromkeys(("passportNumber", "idNumber", "imoNumber"), "identifier"),
    "entity": "entity",
    "gender": "gender",
    "topics": "topic",
}


def entity_id(list_name: str, entry: Entry) -> str:
    """The key of an entity: its list and reference."""
    return f"{list_name}-{entry.reference.lower().replace('.', '-')}"


def entities_of(list_name: str, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """Two entities for each entry: whoever is listed, and the listing."""
    for entry in entries:
        yield entity_of(list_name, entry)
        yield _sanction(list_name, entry)


def entity_of(list_name: str, entry: Entry) -> dict[str, Any]:
    """Whoever is listed, as an entity."""
    said: dict[str, list[str]] = {}
    for each in entry.names:
        said.setdefault(PROPERTIES[each.quality], []).append(each.text)
    if entry.kind == "person":
        said["birthDate"] = [_date(b.earliest, b.latest) for b in entry.births]
        said["birthPlace"] = list(entry.places)
        said["gender"] = [entry.sex] if entry.sex in ("male", "female") else []
    for document in entry.documents:
        said.setdefault(_property_of(entry, document.kind), []).append(document.number)
    said["topics"] = ["sanction"]
    return {
        "id": entity_id(list_name, entry),
        "caption": entry.name,
        "schema": SCHEMATA[entry.kind],
        "properties": {
            name: sorted({v for v in values if v})
            for name, values in sorted(said.items())
            if any(values)
        },
        "datasets": [list_name],
    }


def _sanction(list_name: str, entry: Entry) -> dict[str, Any]:
    said = {
        "entity": [entity_id(list_name, entry)],
        "authorityId": [entry.reference],
        "program": [entry.regime] if entry.regime else [],
        "listingDate": [entry.listed_on] if entry.listed_on else [],
    }
    if list_name == "un":
        said["unscId"] = [entry.reference]
    return {
        "id": f"{entity_id(list_name, entry)}-listing",
        "caption": entry.reference,
        "schema": "Sanction",
        "properties": {name: values for name, values in sorted(said.items()) if values},
        "datasets": [list_name],
    }


def _date(earliest: str, latest: str) -> str:
    """A date of birth as far as FollowTheMoney can say it; of a range the first year."""
    if earliest == latest:
        return earliest
    return earliest[:7] if earliest[:7] == latest[:7] else earliest[:4]


def _property_of(entry: Entry, kind: str) -> str:
    plain = kind.casefold()
    if entry.kind == "vessel" and "imo" in plain:
        return "imoNumber"
    if entry.kind == "person" and ("pass" in plain or "pasa" in plain):
        return "passportNumber"
    return "idNumber" if entry.kind in ("person", "body") else "registrationNumber"


def write_statements(
    stream: TextIO, list_name: str, entries: Iterable[Entry], *, seen: str
) -> None:
    """Every value as a row. seen: the day of the version."""
    writer = TableWriter(stream, lineterminator="\n")
    writer.writerow(STATEMENT_COLUMNS)
    for entry in entries:
        for entity in (entity_of(list_name, entry), _sanction(list_name, entry)):
            for row in _statements(list_name, entity, seen):
                writer.writerow(row)


def _statements(list_name: str, entity: Mapping[str, Any], first: str) -> Iterator[list[str]]:
    key, schema = entity["id"], entity["schema"]
    values = [(prop, value) for prop, said in entity["properties"].items() for value in said]
    for prop, value in (("id", key), *values):
        # As followthemoney makes the key of a statement: SHA-1 of what tells it from another.
        told = f"{list_name}.{key}.{prop}.{value}.False"
        digest = hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()
        kind = "id" if prop == "id" else TYPES.get(prop, "string")
        yield [digest, key, key, prop, kind, schema, value, list_name, "", "", "", first, first, ""]

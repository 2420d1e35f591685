"""Lists as FollowTheMoney entities, a line each (https://followthemoney.tech).

People, bodies and vessels are entries; other entities (addresses, sanctions, documents) are read
for nothing. The key is ``id``. The file gives no day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from marfa.methods.watchlists.entries import (
    Entry,
    ListedDocument,
    ListedName,
    Quality,
    born_from_text,
)
from marfa.methods.watchlists.formats.list_file import Listing, refusal

KINDS = {
    **dict.fromkeys(("Person",), "person"),
    **dict.fromkeys(("Organization", "Company", "LegalEntity", "PublicBody"), "body"),
    "Vessel": "vessel",
    "Airplane": "aircraft",
}
NAMES = {
    "name": Quality.PRIMARY,
    "alias": Quality.ALIAS,
    "previousName": Quality.FORMER,
    "weakAlias": Quality.LOW,
}
DOCUMENTS = {
    "passportNumber": "Passport",
    "idNumber": "National Identification Number",
    "imoNumber": "IMO",
    "registrationNumber": "registration",
    "taxNumber": "tax",
}
LONGEST = 1 << 20
"""Characters of a line."""


def read_ftm(source: Path) -> Listing:
    """The file as a listing."""
    return Listing(source, "ftm", "", None, _entries(source))


def _entries(source: Path) -> Iterator[Entry]:
    try:
        with source.open(encoding="utf-8") as stream:
            row = 0
            while line := stream.readline(LONGEST + 1):
                row += 1
                if len(line) > LONGEST:
                    raise refusal(source, "record-large", row=row)
                if line.strip() and (entry := _entry(source, row, line)) is not None:
                    yield entry
    except UnicodeDecodeError:
        raise refusal(source, "file-not-utf8") from None
    except OSError:
        raise refusal(source, "file-unreadable") from None


def _entry(source: Path, row: int, line: str) -> Entry | None:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise refusal(source, "line-broken", row=row) from None
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise refusal(source, "line-broken", row=row)
    schema, said = data.get("schema"), data.get("properties")
    if not isinstance(schema, str) or not isinstance(said, dict):
        raise refusal(source, "line-broken", row=row)
    if schema not in KINDS:
        return None
    entry = entry_of_properties(data["id"], KINDS[schema], said)
    if entry is None:
        raise refusal(source, "entry-nameless", row=row, reference=data["id"][:80])
    return entry


def entry_of_properties(reference: str, kind: str, said: Mapping[str, Any]) -> Entry | None:
    """An entry from the properties of an entity; None where it has no name."""
    names = [
        ListedName(text, quality) for prop, quality in NAMES.items() for text in _texts(said, prop)
    ]
    if not names or not _texts(said, "name"):
        return None
    # Of several names the first is the one under which it is listed.
    first = names[0].text
    names = [
        ListedName(each.text, Quality.GOOD)
        if each.quality is Quality.PRIMARY and each.text != first
        else each
        for each in names
    ]
    births = [born_from_text(text[:10]) for text in _texts(said, "birthDate")]
    content = {k: sorted(_texts(said, k)) for k in sorted(said) if k not in MOVING}
    return Entry(
        reference,
        kind,
        tuple(names),
        source_id=reference,
        regime="; ".join(_texts(said, "programId")),
        births=tuple(dict.fromkeys(birth for birth in births if birth is not None)),
        places=tuple(dict.fromkeys(text.split(",")[0] for text in _texts(said, "birthPlace"))),
        documents=tuple(
            ListedDocument(text, kind_of)
            for prop, kind_of in DOCUMENTS.items()
            for text in _texts(said, prop)
        ),
        sex=next((text.casefold() for text in _texts(said, "gender")), ""),
        content={"properties": {key: texts for key, texts in content.items() if texts}},
    ).with_unique_names()


MOVING = frozenset({"modifiedAt", "retrievedAt", "createdAt"})


def _texts(said: Mapping[str, Any], prop: str) -> list[str]:
    values = said.get(prop)
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, Sequence):
        return []
    return [" ".join(each.split()) for each in values if isinstance(each, str) and each.strip()]

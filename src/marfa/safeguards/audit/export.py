"""Entries as they were written, for export and for checking."""

from __future__ import annotations

import json
from collections.abc import Iterator

from marfa.domain.canonical import canonical_json
from marfa.safeguards.audit import chain
from marfa.safeguards.audit.encoding import Content, encode_moment
from marfa.safeguards.audit.models import Entry


def content_of_entry(entry: Entry) -> Content:
    """The content that an entry's hash is over, from its columns."""
    return {
        "action": entry.action,
        "actor": str(entry.actor_id),
        "actor_kind": entry.actor_kind,
        "at": encode_moment(entry.at),
        "detail": json.loads(entry.detail),
        "object": str(entry.object_id) if entry.object_id else None,
        "object_kind": entry.object_kind,
        "organisation": str(entry.organisation_id) if entry.organisation_id else None,
        "outcome": entry.outcome,
        "policies": entry.policies.split(),
        "purpose": entry.purpose,
        "rows": entry.rows,
        "rows_root": bytes(entry.rows_root).hex() if entry.rows_root is not None else None,
        "subject": str(entry.subject_id) if entry.subject_id else None,
    }


def line_of(entry: Entry) -> str:
    """An entry as one line of an export: canonical JSON of its content, place and hashes."""
    return canonical_json(
        {
            "content": content_of_entry(entry),
            "hash": bytes(entry.hash).hex(),
            "lane": chain.lane_of(entry.place),
            "previous": bytes(entry.previous).hex(),
            "sequence": chain.sequence_of(entry.place),
        }
    )


def export_lines() -> Iterator[str]:
    """All entries by lane and sequence, as of one moment, without holding them in memory."""
    for entry in Entry.objects.order_by("place").iterator(chunk_size=2000):
        yield line_of(entry)

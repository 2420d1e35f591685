"""What an entry says, as bytes that are the same everywhere: canonical JSON (RFC 8785).

Only what has one spelling alone is let in: whole numbers, truth values, null, and texts and keys
of printable ASCII.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from marfa.domain.canonical import LARGEST, canonical_json
from marfa.safeguards.audit.event import Event

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,99}")
ACTION = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
DOMAIN = b"marfa/log/entry/1\0"

Content: TypeAlias = dict[str, Any]
FIELDS = (
    "action",
    "actor",
    "actor_kind",
    "at",
    "detail",
    "object",
    "object_kind",
    "organisation",
    "outcome",
    "policies",
    "purpose",
    "rows",
    "rows_root",
    "subject",
)
"""The fields of an entry's content, in their order of spelling."""


def content_digest(content: Content) -> bytes:
    """SHA-256 of an entry's content; 32 bytes, of no other kind of thing."""
    return hashlib.sha256(DOMAIN + canonical_json(content).encode("ascii")).digest()


def content_of(event: Event, at: datetime) -> Content:
    """The content of an entry.

    Raises ValueError where a code is none: a name, an address or a sentence has blanks, marks or
    letters that codes do not have, and does not come into the log by mistake.
    """
    check_event(event)
    return {
        "action": event.action,
        "actor": str(event.actor.id),
        "actor_kind": event.actor.kind.value,
        "at": encode_moment(at),
        "detail": dict(event.detail),
        "object": str(event.object_id) if event.object_id else None,
        "object_kind": event.object_kind,
        "organisation": str(event.organisation) if event.organisation else None,
        "outcome": event.outcome.value,
        "policies": list(event.policies),
        "purpose": event.purpose.value,
        "rows": event.rows,
        "rows_root": event.rows_root.hex() if event.rows_root is not None else None,
        "subject": str(event.subject) if event.subject else None,
    }


def check_event(event: Event) -> None:
    """Raise ValueError for an event that does not consist of codes, keys and numbers."""
    if not ACTION.fullmatch(event.action):
        raise ValueError("an action is named as people.open_identity")
    codes = [event.object_kind or "none", *event.policies, *event.detail]
    codes += [value for value in event.detail.values() if isinstance(value, str) and value]
    if not all(CODE.fullmatch(code) for code in codes):
        raise ValueError(f"{event.action}: the log takes codes and numbers alone")
    if not 0 <= event.rows <= LARGEST or not _numbers_fit(event.detail):
        raise ValueError(f"{event.action}: a number is too large or below nothing")
    if event.rows_root is not None and len(event.rows_root) != hashlib.sha256().digest_size:
        raise ValueError(f"{event.action}: a Merkle root has 32 bytes")


def _numbers_fit(detail: Mapping[str, object]) -> bool:
    kinds = (str, int, bool, type(None))
    return all(
        isinstance(value, kinds) and (not isinstance(value, int) or abs(value) <= LARGEST)
        for value in detail.values()
    )


def encode_moment(at: datetime) -> str:
    """A moment with six digits behind the second, in UTC; raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

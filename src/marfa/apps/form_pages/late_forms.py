"""Late forms: sent when their session had ended, or refused; kept sealed for a quarter of an hour.

For the person whose session it was, in the browser that sent them.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import QueryDict

from marfa.apps.form_pages.models import LateForm
from marfa.crypto.context import Context
from marfa.platform import clock
from marfa.platform.keys.holders import by_header
from marfa.platform.revisions.draft_sealer import load_sealer

KEPT_FOR = timedelta(minutes=15)
LARGEST = 200_000
"""Bytes of a form that is kept, and of a draft."""


NEVER = re.compile(r"pass|code|secret|token|\bpin\b|otp|^csrf", re.IGNORECASE)
"""Fields of which nothing is ever kept: what proves who somebody is."""
HIDDEN = frozenset({"do", "base_version", "draft_version", "batch", "next", "person"})
CODED = re.compile(r"on|[a-z]+(_[a-z]+)+|[0-9a-hjkmnp-tv-z]{20}|[0-9a-f-]{36}")
"""A tick, a code of several words, a reference, a key: what a page sends for what was chosen."""


@dataclass(frozen=True)
class LateSubmission:
    """What was sent. page: where the form stood. action: where it was sent to. files: whether
    files came with it, which are not kept."""

    page: str
    action: str
    fields: Mapping[str, list[str]]
    files: bool = False


def typed_words(sent: QueryDict) -> list[str]:
    """What somebody typed into a form; not what the page itself sent, nor what proves who they
    are."""
    words = ((name, value.strip()) for name, values in sent.lists() for value in values)
    return [
        value
        for name, value in words
        if value and name not in HIDDEN and not NEVER.search(name) and not CODED.fullmatch(value)
    ]


def keep_late(*, user: UUID, sent: LateSubmission) -> str:
    """Keep a form; the secret by which the browser gets it back."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    digest = digest_of(secret)
    content = json.dumps([sent.page, sent.action, dict(sent.fields), sent.files]).encode()
    LateForm.objects.create(
        user_id=user,
        digest=digest,
        sealed=load_sealer().seal(content, _place(user, digest)),
        sent_at=now,
        expires_at=now + KEPT_FOR,
    )
    return secret


def late_form(*, user: UUID, secret: str) -> LateSubmission | None:
    """What this person sent from this browser, or None: somebody else's is none."""
    row = LateForm.objects.filter(
        user_id=user, digest=digest_of(secret), expires_at__gt=clock.now()
    ).first()
    if row is None:
        return None
    content = load_sealer().open(bytes(row.sealed), _place(user, row.digest))
    return LateSubmission(*json.loads(content))


def drop_late(*, user: UUID, secret: str) -> None:
    """Delete a form that was sent again."""
    LateForm.objects.filter(user_id=user, digest=digest_of(secret)).delete()


def delete_expired() -> int:
    """Delete forms that nobody came back for in time; how many."""
    return LateForm.objects.filter(expires_at__lte=clock.now()).delete()[0]


def reseal_late_form(row: LateForm, version: int) -> dict[str, object]:
    """The columns of a form that is sealed by another version of the instance key."""
    place = _place(row.user_id, row.digest)
    content = load_sealer().open(bytes(row.sealed), place)
    return {"sealed": load_sealer().seal_under(version, content, place)}


def digest_of(secret: str) -> str:
    """What of the browser's secret stands in the database."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _place(user: UUID, digest: str) -> Context:
    return Context("form_pages_lateform", "sealed", json.dumps([str(user), digest]))


LATE_FORMS = by_header("form_pages.late_forms", LateForm, "sealed", reseal_late_form)
"""They are sealed anew when the instance key is rotated."""

"""Drafts: kept while a person types, so that nothing typed is lost; opened by that person alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from marfa.crypto.context import Context
from marfa.platform import clock
from marfa.platform.revisions.codec import from_json, to_json
from marfa.platform.revisions.draft_sealer import load_sealer
from marfa.platform.revisions.errors import DraftMovedError
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.ownership import Owner
from marfa.platform.rowsecurity.tables import columns_for

KEEP_FOR = timedelta(days=14)


@dataclass(frozen=True)
class OpenDraft:
    """A draft as its owner sees it. ``version`` goes along when it is saved again."""

    version: int
    base_version: int | None
    content: Mapping[str, object]
    saved_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Unsent:
    """That a person has a draft, without what is in it."""

    form: str
    subject: UUID | None
    saved_at: datetime


def unsent_by(user: UUID) -> list[Unsent]:
    """The drafts of a person whose time is not over, the latest first."""
    found = Draft.objects.filter(user_id=user, expires_at__gt=clock.now()).order_by("-saved_at")
    return [
        Unsent(form, UUID(subject) if subject else None, at)
        for form, subject, at in found.values_list("form", "subject", "saved_at")
    ]


def save_draft(
    *,
    user: UUID,
    form: str,
    subject: UUID | None,
    content: Mapping[str, object],
    owner: Owner,
    base_version: int | None = None,
    seen: int = 0,
    keep_for: timedelta = KEEP_FOR,
) -> int:
    """Keep what was typed; its new version.

    owner: whose the record is that it is about (``owner_of``), or would be.
    seen: version of the draft that the page shows, 0 for none. Raises DraftMovedError with what is
    stored when that is another one: a second page is open.
    """
    now = clock.now()
    place = _place(user, form, subject)
    key = {"user_id": user, "form": form, "subject": _text(subject)}
    values = {
        "base_version": base_version,
        "sealed": load_sealer().seal(json.dumps(to_json(content)).encode(), place),
        "saved_at": now,
        "expires_at": now + keep_for,
        **columns_for(owner),
    }
    with transaction.atomic():
        Draft.objects.filter(**key, expires_at__lte=now).delete()
        if seen and Draft.objects.filter(**key, version=seen).update(**values, version=seen + 1):
            return seen + 1
        row, made = Draft.objects.get_or_create(**key, defaults=values)
        if made:
            return row.version
    raise DraftMovedError(row.version, _content(row, place))


def open_draft(*, user: UUID, form: str, subject: UUID | None) -> OpenDraft | None:
    """The person's draft for a form, or None where there is none or its time is over."""
    row = Draft.objects.filter(
        user_id=user, form=form, subject=_text(subject), expires_at__gt=clock.now()
    ).first()
    if row is None:
        return None
    content = _content(row, _place(user, form, subject))
    return OpenDraft(row.version, row.base_version, content, row.saved_at, row.expires_at)


def discard_draft(*, user: UUID, form: str, subject: UUID | None) -> bool:
    """Delete a draft, as when its form was sent; whether there was one."""
    found = Draft.objects.filter(user_id=user, form=form, subject=_text(subject))
    return bool(found.delete()[0])


def discard_all(*, form: str, subjects: Iterable[UUID]) -> None:
    """Delete what anybody typed on a form about these rows, where nothing more may be kept."""
    Draft.objects.filter(form=form, subject__in=[_text(each) for each in subjects]).delete()


def delete_expired() -> int:
    """Delete the drafts whose time is over (they cannot be opened any more); how many."""
    return Draft.objects.filter(expires_at__lte=clock.now()).delete()[0]


def reseal_draft(row: Draft, version: int) -> Mapping[str, object]:
    """The columns of a draft that is sealed by another version of the instance key."""
    place = _place(row.user_id, row.form, row.subject)
    content = load_sealer().open(bytes(row.sealed), place)
    return {"sealed": load_sealer().seal_under(version, content, place)}


def _text(subject: UUID | str | None) -> str:
    return str(subject) if subject else ""


def _place(user: UUID, form: str, subject: UUID | str | None) -> Context:
    row = json.dumps([str(user), form, _text(subject)])
    return Context("revisions_draft", "sealed", row)


def _content(row: Draft, place: Context) -> Mapping[str, object]:
    found = from_json(json.loads(load_sealer().open(bytes(row.sealed), place)))
    assert isinstance(found, dict)  # noqa: S101 - save_draft writes nothing else
    return found

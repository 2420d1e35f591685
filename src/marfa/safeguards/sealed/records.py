"""Sealing content, to whom it can be opened by, two at a time."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from marfa.crypto.aead import open_sealed, seal_bytes
from marfa.crypto.boxes import close_box, open_box
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.keys import Key
from marfa.crypto.lines import Point, key_between, points_of
from marfa.crypto.padding import pad_value, unpad_value
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.sealed.key_lock import Unlocked
from marfa.safeguards.sealed.models import KeyHolder, SealedRecord, Share
from marfa.safeguards.sealed.policy_facts import Standing
from marfa.safeguards.words import Purpose

FEWEST_HOLDERS = 2
MOST_HOLDERS = 20


def seal_record(
    *,
    actor: Actor,
    purpose: Purpose,
    kind: str,
    standing: Standing,
    content: bytes,
    holders: Collection[UUID],
    subject: UUID | None = None,
) -> SealedRecord:
    """Content that any two of the holders open together, and nobody alone.

    standing: the facts of the charter about whom it is about.
    Raises InputError for fewer than two holders, and for one without keys.
    """
    record = SealedRecord(kind=kind, subject=subject, sealed_by=actor.id, sealed_at=clock.now())
    key = Key.random()
    record.content = seal_bytes(key, pad_value(content), content_place(record))
    shares = shares_of(record, key, holders)
    nobody: frozenset[UUID] = frozenset()
    facts = {
        **standing,
        "holders": frozenset(holders),
        "asked_by": nobody,
        "approved_by": nobody,
        "reason_given": False,
        "in_force": False,
    }
    resource = Resource("SealedRecord", record.pk, facts)
    with action(actor=actor, code="sealed.seal", purpose=purpose, resource=resource) as act:
        if subject:
            act.about(subject)
        act.note(kind=kind, holders=len(shares))
        record.save(force_insert=True)
        Share.objects.bulk_create(shares)
    return record


def shares_of(record: SealedRecord, key: Key, holders: Collection[UUID]) -> list[Share]:
    """A share for each holder, sealed to their public key; not saved. Raises InputError."""
    keys = keys_of(holders)
    return [
        Share(
            record=record,
            staff=staff,
            place=point.at,
            box=close_box(point.encode(), to=public, context=share_place(record, staff)),
        )
        for (staff, public), point in zip(
            keys.items(), points_of(key, range(1, len(keys) + 1)), strict=True
        )
    ]


def keys_of(holders: Collection[UUID]) -> dict[UUID, bytes]:
    """The public keys of those who shall hold shares, in the order of their own; raises
    InputError for too few or too many, and for one without keys."""
    people = sorted(set(holders))
    if not FEWEST_HOLDERS <= len(people) <= MOST_HOLDERS:
        values = {"fewest": FEWEST_HOLDERS, "most": MOST_HOLDERS}
        raise InputError.at(Message("safeguards.sealed:holders-number", values), field="holders")
    keys = dict(KeyHolder.objects.filter(pk__in=people).values_list("pk", "public_key"))
    if len(keys) < len(people):
        raise InputError.at(Message("safeguards.sealed:holders-without-keys"), field="holders")
    return {staff: bytes(keys[staff]) for staff in people}


def own_point(record: SealedRecord, unlocked: Unlocked) -> Point:
    """The point of who has unlocked their keys; raises InputError for who holds none."""
    share = record.shares.filter(staff=unlocked.staff).first()
    if share is None:
        raise InputError.at(Message("safeguards.sealed:no-share"))
    box, place = bytes(share.box), share_place(record, unlocked.staff)
    try:
        return Point.decode(open_box(box, private=unlocked.private, context=place))
    except NotAuthenticError:
        raise InputError.at(Message("safeguards.sealed:no-share")) from None


def content_of(record: SealedRecord, one: Point, other: Point) -> tuple[bytes, Key]:
    """The content and its key, from the points of two people; raises InputError where these do not
    fit, which is what a record that was changed or moved looks like."""
    try:
        key = key_between(one, other)
        return unpad_value(open_sealed(key, bytes(record.content), content_place(record))), key
    except (NotAuthenticError, ValueError):
        raise InputError.at(Message("safeguards.sealed:does-not-open")) from None


def content_place(record: SealedRecord) -> Context:
    return Context("sealed_sealedrecord", "content", str(record.pk), record.generation)


def share_place(record: SealedRecord, staff: UUID) -> Context:
    return Context("sealed_share", "box", f"{record.pk}/{staff}", record.generation)

"""Setting up one's keys, and changing the passphrase."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from marfa.crypto import passphrases
from marfa.crypto.boxes import new_private_key, public_key_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.sealed.key_lock import lock_place, open_lock, take_back
from marfa.safeguards.sealed.models import KeyHolder, OpeningRequest, Share
from marfa.safeguards.words import Purpose

COST = passphrases.STANDARD
CODE = "sealed.set_up"


def set_up(
    *, actor: Actor, account: Resource, passphrase: str, known: Collection[str] = ()
) -> KeyHolder:
    """The first keys of a member of staff.

    account: the actor's own, with the facts of the charter.
    known: what others know of the person, which counts nothing in a passphrase.
    Raises InputError for a passphrase that can be guessed, and for who has keys already.
    """
    _check(passphrase, known)
    private = new_private_key()
    sealed = passphrases.lock_with_passphrase(private, passphrase, lock_place(actor.id), cost=COST)
    now = clock.now()
    with action(actor=actor, code=CODE, purpose=Purpose.SECURITY, resource=account) as act:
        act.note(step="new")
        if KeyHolder.objects.filter(pk=actor.id).exists():
            raise InputError.at(Message("safeguards.sealed:keys-there"), field="passphrase")
        return KeyHolder.objects.create(
            staff=actor.id,
            public_key=public_key_of(private),
            lock=sealed.as_json(),
            made_at=now,
            changed_at=now,
        )


def change_passphrase(
    *, actor: Actor, account: Resource, old: str, new: str, known: Collection[str] = ()
) -> None:
    """The same keys under another passphrase; they are locked everywhere.

    Raises InputError where the old one is wrong or the new one can be guessed.
    """
    _check(new, known)
    private, generation = open_lock(actor=actor, passphrase=old)
    sealed = passphrases.lock_with_passphrase(private, new, lock_place(actor.id), cost=COST)
    with action(actor=actor, code=CODE, purpose=Purpose.SECURITY, resource=account) as act:
        act.note(step="passphrase")
        changed = KeyHolder.objects.filter(pk=actor.id, generation=generation).update(
            lock=sealed.as_json(), generation=generation + 1, changed_at=clock.now()
        )
        if changed != 1:
            raise InputError.at(Message("safeguards.sealed:keys-changed"), field="passphrase")
        take_back(actor.id)


def start_anew(
    *, actor: Actor, account: Resource, passphrase: str, known: Collection[str] = ()
) -> int:
    """New keys for who forgot the passphrase: what was sealed to the old ones is lost to them.

    Others who hold a share can name them again. Returns how many records they can no longer
    open. Raises InputError for a passphrase that can be guessed.
    """
    _check(passphrase, known)
    private = new_private_key()
    sealed = passphrases.lock_with_passphrase(private, passphrase, lock_place(actor.id), cost=COST)
    with action(actor=actor, code=CODE, purpose=Purpose.SECURITY, resource=account) as act:
        holder = KeyHolder.objects.select_for_update().get(pk=actor.id)
        holder.public_key, holder.lock = public_key_of(private), sealed.as_json()
        holder.generation += 1
        holder.changed_at = clock.now()
        holder.save()
        lost = Share.objects.filter(staff=actor.id).delete()[0]
        _close_requests_of(actor.id)
        take_back(actor.id)
        act.note(step="anew", lost=lost)
    return lost


def holders_among(staff: Collection[UUID]) -> frozenset[UUID]:
    """Those who have keys, to whom something can be sealed."""
    return frozenset(KeyHolder.objects.filter(pk__in=staff).values_list("pk", flat=True))


def _check(passphrase: str, known: Collection[str]) -> None:
    weak = passphrases.passphrase_weakness(passphrase, known=known)
    if weak:
        raise InputError.at(Message(f"safeguards.sealed:passphrase-{weak}"), field="passphrase")


def _close_requests_of(staff: UUID) -> None:
    """What was approved for old keys does not open with the new ones, and who was named with the
    old ones is named again: others may ask who has the new ones."""
    waiting = OpeningRequest.objects.filter(state__in=OpeningRequest.OPEN)
    others = waiting.filter(new_holders__isnull=False)
    # No lookup inside of JSON: SQLite has none for lists.
    named = [
        key
        for key, holders in others.values_list("pk", "new_holders")
        if str(staff) in (holders or ())
    ]
    theirs = waiting.filter(Q(asked_by=staff) | Q(pk__in=named))
    theirs.update(state=OpeningRequest.State.WITHDRAWN, approval=None, closed_at=clock.now())

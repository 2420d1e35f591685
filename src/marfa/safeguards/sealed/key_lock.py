"""Unlocking one's keys for a while.

The private key is sealed under a key of the session, which is nowhere whole: one half is in the
person's cookie, the other in the database. A copy of the database opens nothing, a stolen cookie
neither. After fifteen minutes without use the half in the database is gone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from datetime import timedelta
from typing import NoReturn
from uuid import UUID

from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.key_derivation import derive_key
from marfa.crypto.key_wrap import unwrap_key, wrap_key
from marfa.crypto.keys import KEY_BYTES, Key
from marfa.crypto.passphrases import Lock
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.limits import limiter
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.sealed.errors import LockedError
from marfa.safeguards.sealed.models import KeyHolder, UnlockedSession

IDLE = timedelta(minutes=15)
TRIES = limiter.Limit("sealed.passphrase", burst=5, interval=timedelta(minutes=5))

_GATE = object()


class Unlocked:
    """The private key of one person, in this process, now.

    It is made by :func:`unlock` and :func:`resume` alone, from a passphrase or a cookie, so what
    has neither (a job, a command, a message in a queue) cannot have it. It is not pickled.
    """

    __slots__ = ("private", "staff")

    def __init__(self, gate: object, staff: UUID, private: Key) -> None:
        if gate is not _GATE:
            raise TypeError("keys are unlocked with a passphrase or a cookie")
        self.staff = staff
        self.private = private

    def __repr__(self) -> str:
        return "Unlocked(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("unlocked keys are not pickled or copied")


def lock_place(staff: UUID) -> Context:
    """Where a private key lies under its passphrase."""
    return Context("sealed_keyholder", "lock", str(staff))


def unlock_keys(*, actor: Actor, passphrase: str) -> tuple[Unlocked, str]:
    """The keys of a person, and what goes into their cookie.

    Raises InputError for a wrong passphrase, for too many tries, and for who has no keys.
    """
    private, generation = open_lock(actor=actor, passphrase=passphrase)
    half, other = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    forget_idle(actor.id)
    UnlockedSession.objects.create(
        digest=_digest(other),
        staff=actor.id,
        generation=generation,
        half=half,
        wrapped=wrap_key(
            private, under=_between(half, other), context=_place(actor.id, generation)
        ),
        used_at=clock.now(),
    )
    return Unlocked(_GATE, actor.id, private), base64.urlsafe_b64encode(other).decode().rstrip("=")


def open_lock(*, actor: Actor, passphrase: str) -> tuple[Key, int]:
    """The private key and its generation, from the passphrase alone. Raises like :func:`unlock`."""
    _only_a_person(actor)
    if not limiter.spend_attempt(TRIES, str(actor.id)):
        raise InputError.at(Message("safeguards.sealed:too-many-tries"), field="passphrase")
    holder = KeyHolder.objects.filter(pk=actor.id).first()
    if holder is None:
        raise InputError.at(Message("safeguards.sealed:no-keys"), field="passphrase")
    try:
        private = Lock.from_json(holder.lock).open(passphrase, lock_place(actor.id))
    except NotAuthenticError:
        raise InputError.at(
            Message("safeguards.sealed:passphrase-wrong"), field="passphrase"
        ) from None
    limiter.give_attempts_back(TRIES, str(actor.id))
    return private, holder.generation


def resume_keys(cookie: str, *, actor: Actor) -> Unlocked:
    """The keys that a person unlocked before; using them puts off their end.

    Raises LockedError where they are locked, for whatever reason.
    """
    _only_a_person(actor)
    other = _half_of(cookie)
    now = clock.now()
    used = UnlockedSession.objects.filter(
        pk=_digest(other), staff=actor.id, used_at__gt=now - IDLE
    ).update(used_at=now)
    row = UnlockedSession.objects.filter(pk=_digest(other), staff=actor.id).first()
    current = KeyHolder.objects.filter(pk=actor.id).values_list("generation", flat=True).first()
    if row is None or not used or row.generation != current:
        lock_keys(cookie)
        raise LockedError
    under = _between(bytes(row.half), other)
    try:
        private = unwrap_key(
            bytes(row.wrapped), under=under, context=_place(row.staff, row.generation)
        )
    except NotAuthenticError:
        raise LockedError from None
    return Unlocked(_GATE, actor.id, private)


def is_unlocked(cookie: str, *, actor: Actor) -> bool:
    """Whether a person's keys are unlocked; asking does not put off their end."""
    try:
        digest = _digest(_half_of(cookie))
    except LockedError:
        return False
    rows = UnlockedSession.objects.filter(pk=digest, staff=actor.id)
    return rows.filter(used_at__gt=clock.now() - IDLE).exists()


def lock_keys(cookie: str) -> None:
    """Lock what a cookie unlocks."""
    try:
        UnlockedSession.objects.filter(pk=_digest(_half_of(cookie))).delete()
    except LockedError:
        return


def take_back(staff: UUID) -> int:
    """Lock the keys of a person everywhere; in how many places they were unlocked."""
    return UnlockedSession.objects.filter(staff=staff).delete()[0]


def forget_idle(staff: UUID | None = None) -> int:
    """Delete the halves that nobody used for too long, of one person or of all; how many."""
    idle = UnlockedSession.objects.filter(used_at__lte=clock.now() - IDLE)
    return (idle if staff is None else idle.filter(staff=staff)).delete()[0]


def _only_a_person(actor: Actor) -> None:
    if actor.kind is not ActorKind.PERSON:
        raise LockedError


def _half_of(cookie: str) -> bytes:
    try:
        other = base64.b64decode(cookie.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise LockedError from None
    if len(other) != KEY_BYTES:
        raise LockedError
    return other


def _digest(other: bytes) -> str:
    return hashlib.sha256(b"marfa/sealed/1/" + other).hexdigest()


def _between(half: bytes, other: bytes) -> Key:
    both = Key(bytes(a ^ b for a, b in zip(half, other, strict=True)))
    return derive_key(both, "sealed/session")


def _place(staff: UUID, generation: int) -> Context:
    return Context("sealed_unlockedsession", "wrapped", str(staff), generation)

"""Passwords for apps of others, one for each device: random, shown once, and good for OpenRosa
alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from marfa.apps.accounts.models import User
from marfa.apps.forms.models import Device
from marfa.apps.forms.policy_facts import form_to_come
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import actor_of
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock
from marfa.platform.limits.limiter import Limit, spend_attempt
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

GROUP = 5
MOST_DEVICES = 20
WRONG = Limit("forms.device", burst=20, interval=timedelta(seconds=30))
"""Wrong attempts from one source. A right password is never kept out, and cannot be guessed."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Connected:
    """device: as it is stored. password: what the app is given; it is nowhere else."""

    device: Device
    password: str


def connect_device(
    *, actor: Actor, user: User, organisation: Organisation, label: str
) -> Connected:
    """Let an app on one device send forms for a person. Raises InputError; DeniedError."""
    name = label.strip()
    if not name or len(name) > 60:
        raise InputError.at(Message("apps.forms:device-name"), field="label")
    check_visible(name, field="label")
    if devices_in_use(user).count() >= MOST_DEVICES:
        raise InputError.at(Message("apps.forms:too-many-devices", {"most": MOST_DEVICES}))
    password = _password()
    made = Device(
        user=user,
        organisation=organisation,
        label=name,
        digest=_digest(password),
        made_at=clock.now(),
    )
    with _filling(actor, organisation) as act:
        act.create(made)
        act.note(what="device_connected", device=str(made.pk))
    return Connected(made, password)


def revoke_device(*, actor: Actor, device: Device) -> None:
    """End what an app on a device may do, at once; doing it again changes nothing.

    Its holder may. Raises DeniedError.
    """
    with _filling(actor, device.organisation) as act:
        Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=clock.now())
        act.note(what="device_revoked", device=str(device.pk))


def _filling(actor: Actor, organisation: Organisation) -> AbstractContextManager[Act]:
    return action(
        actor=actor,
        code="forms.fill",
        purpose=Purpose.REGISTRATION,
        resource=form_to_come(organisation.pk),
    )


def devices_in_use(user: User) -> QuerySet[Device]:
    """Devices of a person that were not withdrawn."""
    return Device.objects.filter(user=user, revoked_at=None).order_by("made_at", "id")


def device_actor(reference: str, password: str) -> tuple[Device, Actor] | None:
    """Who sends with this device: the person with the roles held now at its organisation.

    None where the device, the password or the person does not hold.
    """
    device = (
        Device.objects.select_related("user")
        .filter(reference=reference[:20], revoked_at=None, user__is_active=True)
        .first()
    )
    stored = device.digest if device else _digest("")
    if not hmac.compare_digest(stored, _digest(password)) or device is None:
        return None
    _note_use(device)
    whole = actor_of(device.user)
    roles = frozenset(held for held in whole.roles if held.organisation == device.organisation_id)
    return device, Actor(whole.id, whole.kind, roles)


def may_try_again(source: str) -> bool:
    """Whether a source that was wrong may go on; taking one of its attempts."""
    return spend_attempt(WRONG, source)


def _note_use(device: Device) -> None:
    today = clock.now().date()
    if device.last_used_on != today:
        Device.objects.filter(pk=device.pk).update(last_used_on=today)


def _password() -> str:
    """160 bits and more, in groups that can be typed."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(33))
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def _digest(password: str) -> str:
    plain = password.strip().lower().replace("-", "")
    return hashlib.sha256(f"marfa.forms.device:{plain}".encode()).hexdigest()


def device_of(user: User, reference: str) -> Device | None:
    """A device of a person, by its reference."""
    return Device.objects.filter(user=user, reference=reference).first()

"""Passkeys: WebAuthn credentials (W3C Web Authentication, Level 3, section 7) that name their
holder and asked for finger, face or PIN, so that one is two factors at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from marfa.apps.accounts.limits import CHALLENGE
from marfa.apps.accounts.log_entries import log_account_event
from marfa.apps.accounts.models import Passkey, User
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock
from marfa.platform.limits.limiter import spend_attempt

GOOD_FOR = timedelta(minutes=5)
MOST = 10
LONGEST_NAME = 60
LONGEST_ANSWER = 20_000
VERIFIED = UserVerificationRequirement.REQUIRED
Kept = dict[str, Any]
"""What is kept of a question in the session until it is answered."""


class RefusedError(Exception):
    """The answer proves nothing; it is not said why.

    user: whose passkey was named, where one was; for the log alone.
    """

    def __init__(self, user: User | None = None) -> None:
        super().__init__()
        self.user = user


@dataclass(frozen=True)
class PasskeyRequest:
    """options: for the browser, as JSON. kept: for the session, until the answer comes."""

    options: Mapping[str, Any]
    kept: Kept


def ask_to_register(*, user: User, origin: str) -> PasskeyRequest:
    """The question that makes a new passkey; devices that have one already say so."""
    options, state = _server(origin).register_begin(
        PublicKeyCredentialUserEntity(
            id=user.reference.encode(), name=user.username, display_name=user.username
        ),
        credentials=[_descriptor(each) for each in user.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
    )
    return PasskeyRequest(dict(options), _keep(state, "register", user))


def register_passkey(
    *, user: User, name: str, origin: str, kept: Kept | None, answer: str
) -> Passkey:
    """Store a new passkey of a user under the name that they give it.

    Raises RefusedError for an answer that does not fit its question, InputError for an empty
    name or one passkey too many.
    """
    given = " ".join(name.split())
    if not given or len(given) > LONGEST_NAME or not given.isprintable():
        message = Message("apps.accounts:passkey-name", {"highest": LONGEST_NAME})
        raise InputError.at(message, field="name")
    check_visible(given, field="name")
    state = _spend(kept, "register", user)
    try:
        made = _server(origin).register_complete(state, _read(answer))
        data = made.credential_data
    except Exception:
        # Whatever the library finds wrong in what a browser sent, it proves nothing.
        raise RefusedError from None
    if data is None:
        raise RefusedError
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            if user.passkeys.count() >= MOST:
                message = Message("apps.accounts:passkeys-many", {"highest": MOST})
                raise InputError.at(message, field="name")
            return Passkey.objects.create(
                user=user,
                credential=websafe_encode(data.credential_id),
                public_key=_key_bytes(data.public_key),
                sign_count=made.counter,
                name=given,
                made_at=clock.now(),
            )
    except IntegrityError:
        raise RefusedError from None


def ask_to_prove(*, origin: str, user: User | None = None) -> PasskeyRequest:
    """The question that a passkey answers. Without a user any passkey of this origin may: the
    answer then says whose it is, so no name is asked for and none can be tried."""
    known = [_descriptor(each) for each in user.passkeys.all()] if user else None
    options, state = _server(origin).authenticate_begin(known, user_verification=VERIFIED)
    return PasskeyRequest(dict(options), _keep(state, "prove", user))


def prove_passkey(*, origin: str, kept: Kept | None, answer: str, user: User | None = None) -> User:
    """Whom a passkey proves. With a user, it must be one of theirs.

    Raises RefusedError for every other answer: another origin, another question, one already
    used, another person's key, no finger, face or PIN, a counter that ran backwards.
    """
    state = _spend(kept, "prove", user)
    given = _read(answer)
    passkey = _named_in(given)
    if passkey is None or not passkey.user.is_active or user not in (None, passkey.user):
        raise RefusedError
    try:
        response = AuthenticationResponse.from_dict(given)
        _server(origin).authenticate_complete(state, [_credential(passkey)], response)
        handle = response.response.user_handle
        counter = response.response.authenticator_data.counter
    except Exception:
        raise RefusedError(passkey.user) from None
    if handle != passkey.user.reference.encode() and not (handle is None and user):
        raise RefusedError(passkey.user)
    _count(passkey, counter)
    return passkey.user


def _count(passkey: Passkey, counter: int) -> None:
    """Note the use of a key. A counter that does not grow tells of a copy (section 6.1.1)."""
    grown = Q(sign_count__lt=counter) if counter else Q(sign_count=0)
    good = Passkey.objects.filter(grown, pk=passkey.pk, doubted_at=None)
    if good.update(sign_count=counter, last_used_on=clock.now().date()) != 1:
        Passkey.objects.filter(pk=passkey.pk, doubted_at=None).update(doubted_at=clock.now())
        log_account_event("accounts.passkey_doubted", user=passkey.user)
        raise RefusedError(passkey.user)


def _server(origin: str) -> Fido2Server:
    """The relying party: this origin alone, not its subdomains or other ports."""
    entity = PublicKeyCredentialRpEntity(
        name=settings.MARFA.title or "Workspace", id=urlsplit(origin).hostname
    )
    return Fido2Server(
        entity,
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda given: given == origin,
    )


def _keep(state: Mapping[str, Any], purpose: str, user: User | None) -> Kept:
    return {
        "challenge": state["challenge"],
        "purpose": purpose,
        "user": str(user.pk) if user else "",
        "at": clock.now().isoformat(),
    }


def _spend(kept: Kept | None, purpose: str, user: User | None) -> dict[str, Any]:
    """The question, for the one answer that it is good for."""
    if not kept or kept["purpose"] != purpose or kept["user"] != (str(user.pk) if user else ""):
        raise RefusedError
    age = clock.now() - datetime.fromisoformat(kept["at"])
    # The session alone could be read by two requests at once before either has emptied it.
    if age >= GOOD_FOR or not spend_attempt(CHALLENGE, kept["challenge"]):
        raise RefusedError
    return {"challenge": kept["challenge"], "user_verification": VERIFIED}


def _read(answer: str) -> dict[str, Any]:
    try:
        given = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise RefusedError
    return given


def _named_in(given: Mapping[str, Any]) -> Passkey | None:
    name = given.get("rawId")
    if not isinstance(name, str):
        return None
    return Passkey.objects.select_related("user").filter(credential=name).first()


def _key_bytes(key: CoseKey) -> bytes:
    return cbor.encode(dict(key))


def _credential(passkey: Passkey) -> AttestedCredentialData:
    stored = cbor.decode(bytes(passkey.public_key))
    if not isinstance(stored, Mapping):
        raise TypeError("a COSE key is a map")
    key = CoseKey.parse(stored)
    return AttestedCredentialData.create(Aaguid(bytes(16)), _id(passkey), key)


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=_id(passkey))


def _id(passkey: Passkey) -> bytes:
    return websafe_decode(passkey.credential)

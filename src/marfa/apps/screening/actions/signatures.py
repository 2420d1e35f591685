"""Two people sign that a list of questions is used with real people; either takes it back alone."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.screening.models import ListSignature
from marfa.domain.message import InputError, Message
from marfa.methods.screening import Instrument
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

SIGN = "texts.sign"
PURPOSE = Purpose.ADMINISTRATION
HOLDS = timedelta(days=365)


def sign_list(*, actor: Actor, instrument: Instrument, seen: str, accepted: bool) -> ListSignature:
    """Sign for a list as it is. Who signs after a colleague is the second person, and the list is
    in use.

    seen: the digest that the signer saw. Raises DeniedError; InputError where the list changed
    since, where nothing was accepted, and for a second signature of one's own.
    """
    if not accepted:
        raise InputError.at(Message("apps.screening:not-accepted"), field="accepted")
    if seen != instrument.digest:
        raise InputError.at(Message("apps.screening:list-changed"))
    with _signing(actor) as act:
        waiting = waiting_signature(instrument)
        if waiting is None:
            act.note(what="list_signed", list=instrument.name, second=False)
            made = ListSignature(
                instrument=instrument.name,
                version=instrument.version,
                digest=instrument.digest,
                signed_at=clock.now(),
                signed_by=actor.id,
            )
            act.create(made)
            return made
        act.note(what="list_signed", list=instrument.name, second=True)
        if waiting.signed_by == actor.id:
            raise InputError.at(Message("apps.screening:signed-by-you"))
        now = clock.now()
        mine = {"second_at": now, "second_by": actor.id, "until": (now + HOLDS).date()}
        if not ListSignature.objects.filter(pk=waiting.pk, second_at=None).update(**mine):
            raise InputError.at(Message("apps.screening:changed-since"))
    waiting.refresh_from_db()
    return waiting


def take_back_signatures(*, actor: Actor, instrument: Instrument) -> None:
    """End every signature under a list, at once. One person is enough. Raises DeniedError."""
    with _signing(actor) as act:
        act.note(what="list_stopped", list=instrument.name)
        open_ones = ListSignature.objects.filter(instrument=instrument.name, ended_at=None)
        open_ones.update(ended_at=clock.now(), ended_by=actor.id)


def waiting_signature(instrument: Instrument) -> ListSignature | None:
    """What one person signed of the list as it is, and nobody else yet."""
    rows = ListSignature.objects.filter(
        instrument=instrument.name, digest=instrument.digest, second_at=None, ended_at=None
    )
    return rows.order_by("signed_at", "pk").first()


def _signing(actor: Actor) -> AbstractContextManager[Act]:
    return action(actor=actor, code=SIGN, purpose=PURPOSE, resource=organisation_resource())

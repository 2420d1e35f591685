"""The app's part of a demonstration: consents agreed, refused and withdrawn."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.agreements.actions import add_recipient, make_agreement
from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.actions import (
    ConsentAnswer,
    record_consent,
    refuse_consent,
    withdraw_consent,
)
from marfa.apps.consents.consent_text import Shown, told_in
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.registry.demo import find_operation
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

ASSISTANCE = Purpose.ASSISTANCE


def make_demo(desks: tuple[Desk, ...]) -> None:
    """Three people are asked whether a clinic may be told."""
    known = find_operation()
    if known is None:
        return
    with row_context(known.boss.organisations):
        _agree(known.boss, known.came[0][0], known.came[2][0], known.there[2][0])


def _agree(boss: Actor, agrees: Person, takes_back: Person, refuses: Person) -> None:
    """A clinic with an agreement, and three answers to whether it may be told."""
    clinic = add_recipient(
        actor=by_command(), kind="health", name="Lighthouse Clinic · عيادة المنارة"
    )
    now = clock.now()
    make_agreement(
        actor=by_command(),
        recipient=clinic,
        purposes=(ASSISTANCE.value,),
        starts_at=now,
        until=now + timedelta(days=180),
    )
    said = {"actor": boss, "purpose": ASSISTANCE, "answer": free_answer(clinic)}
    record_consent(person=agrees, **said)  # type: ignore[arg-type]
    given = record_consent(person=takes_back, **said)  # type: ignore[arg-type]
    withdraw_consent(actor=boss, purpose=ASSISTANCE, consent=given)
    refuse_consent(person=refuses, **said)  # type: ignore[arg-type]


def free_answer(clinic: Recipient) -> ConsentAnswer:
    """Asked in Arabic, free and understood."""
    return ConsentAnswer(
        about=ASSISTANCE.value,
        recipient=clinic,
        shown=Shown.of(told_in("ar")),
        language="apc",
        understood=True,
    )

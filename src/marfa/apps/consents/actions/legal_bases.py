"""Legal grounds other than consent, where consent is not free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from marfa.apps.agreements.models import Recipient
from marfa.apps.agreements.models.recipients import PURPOSES
from marfa.apps.consents.actions.consents import lock_person
from marfa.apps.consents.actions.recall import end_sharings
from marfa.apps.consents.grounds import Age, age_of
from marfa.apps.consents.models import LegalBasisRecord, Sharing
from marfa.apps.consents.models.consents import GROUNDS
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_records import record_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

LONGEST = timedelta(days=366)
BEST_INTERESTS = "best_interests"


@dataclass(frozen=True)
class OtherBasis:
    """A ground: of ``basis_grounds``; about: for which purpose; recipient: None for ourselves."""

    about: str
    recipient: Recipient | None
    ground: str
    reason: str
    review_on: date
    child_view: str = ""


def record_other_basis(
    *, actor: Actor, purpose: Purpose, person: Person, told: OtherBasis
) -> LegalBasisRecord:
    """Write down another ground with its reason and the day on which somebody looks again.

    Raises InputError where the reason or the day is missing, or the best interests of a child are
    named for somebody who is grown up; DeniedError.
    """
    _check(told, person)
    basis = str(GROUNDS.entry(told.ground).attributes["basis"])
    with together():
        held = lock_person(person.pk)
        with action(
            actor=actor,
            code="records.write",
            purpose=purpose,
            resource=record_of(held, LegalBasisRecord),
            subject=held.pk,
        ) as act:
            act.note(what="basis_recorded", about=told.about, ground=told.ground)
            made = LegalBasisRecord(
                organisation_id=held.organisation_id,
                person=held,
                purpose=told.about,
                recipient=told.recipient,
                ground=told.ground,
                basis=basis,
                reason=told.reason.strip(),
                review_on=told.review_on,
                at=clock.now(),
                by=actor.id,
            )
            if told.child_view.strip():
                made.child_view = told.child_view.strip()
            act.create(made)
    return made


def end_basis(*, actor: Actor, purpose: Purpose, basis: LegalBasisRecord) -> None:
    """A ground counts no more; what was opened on it ends. Raises DeniedError."""
    with together():
        held = lock_person(basis.person_id)
        with action(
            actor=actor,
            code="records.write",
            purpose=purpose,
            resource=record_of(held, LegalBasisRecord),
            subject=held.pk,
        ) as act:
            act.note(what="basis_ended", about=basis.purpose, ground=basis.ground)
            LegalBasisRecord.objects.filter(pk=basis.pk, ended_at=None).update(ended_at=clock.now())
            end_sharings(Sharing.objects.filter(basis=basis))


def _check(told: OtherBasis, person: Person) -> None:
    if told.about not in PURPOSES or told.ground not in GROUNDS:
        raise InputError.at(Message("apps.consents:answer-unknown"), field="ground")
    if not told.reason.strip():
        raise InputError.at(Message("apps.consents:basis-reason"), field="reason")
    today = clock.now().date()
    if not today < told.review_on <= today + LONGEST:
        raise InputError.at(Message("apps.consents:basis-review"), field="review_on")
    if told.ground != BEST_INTERESTS:
        return
    if age_of(person, clock.now()) is Age.ADULT:
        raise InputError.at(Message("apps.consents:best-interests-of-adult"), field="ground")
    if not told.child_view.strip():
        raise InputError.at(Message("apps.consents:child-view-needed"), field="child_view")

"""The ground on which data about a person may be used or sent, now or at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.models import Consent, LegalBasisRecord, Withdrawal
from marfa.apps.consents.models.consents import FOR_CHILDREN
from marfa.apps.registry.care import inverse_relationship
from marfa.apps.registry.models import Person, Relationship
from marfa.platform import clock
from marfa.safeguards.words import Purpose

ANSWERS_FOR = ("parent", "guardian", "foster_parent")
"""What somebody has to be to a child, and verified to be, in order to answer for it."""


class Age(StrEnum):
    """Whether somebody else answers for a person."""

    CHILD = "child"
    ADULT = "adult"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Ground:
    """What one may rest upon towards one recipient, for one purpose.

    consent: in force and counting. withdrawn: a yes was taken back, and none counts since.
    basis: another ground in force.
    """

    consent: Consent | None
    withdrawn: bool
    basis: LegalBasisRecord | None


def age_of(person: Person, at: datetime) -> Age:
    """In doubt, a child; where nothing at all is known of the age, that is said."""
    if person.age_disputed and person.age_decided_at is None:
        return Age.CHILD
    if person.child_until is None:
        return Age.NOT_KNOWN
    return Age.CHILD if at.date() < person.child_until else Age.ADULT


def verified_guardians(child: UUID) -> QuerySet[Relationship]:
    """Relationships of those who may answer for a child: verified, and not ended; said from
    either side."""
    theirs = Q(to=child, kind__in=ANSWERS_FOR)
    its_own = Q(person=child, kind__in=[inverse_relationship(kind) for kind in ANSWERS_FOR])
    return Relationship.objects.filter(
        theirs | its_own, state=Relationship.State.VERIFIED, ended_at=None
    ).order_by("recorded_at", "pk")


def current_consents(person: UUID) -> QuerySet[Consent]:
    """The newest answer for each purpose and recipient, the newest of all first."""
    return (
        Consent.objects.filter(person=person, successors=None)
        .select_related("recipient__guest", "guardian")
        .prefetch_related("withdrawals")
        .order_by("-at", "-pk")
    )


def current_consent(
    person: UUID, purpose: Purpose | str, recipient: Recipient | None
) -> Consent | None:
    """The newest answer to one question."""
    return current_consents(person).filter(purpose=purpose, recipient=recipient).first()


def consent_counts(consent: Consent, person: Person, at: datetime) -> bool:
    """Whether who answered may answer for the person: what a suspected guardian said counts
    neither when it is given nor when it is taken back."""
    age = age_of(person, at)
    if consent.given_by in FOR_CHILDREN:
        guardian = consent.guardian
        verified = (
            guardian is not None
            and guardian.state == Relationship.State.VERIFIED
            and guardian.ended_at is None
        )
        return verified and age is not Age.ADULT
    return age is Age.ADULT or (age is Age.NOT_KNOWN and consent.no_doubt_of_age)


def is_withdrawn(consent: Consent) -> bool:
    """Whether a consent was taken back."""
    return bool(consent.withdrawals.all())


def was_taken_back(person: UUID, purpose: Purpose | str, recipient: Recipient | None) -> bool:
    """Whether any yes to one question was ever taken back, whatever was answered afterwards: by
    anybody but a parent or guardian who was found to be none."""
    by_none = {
        "given_by__in": FOR_CHILDREN,
        "consent__guardian__state": Relationship.State.REFUTED,
    }
    asked = {"consent__purpose": purpose, "consent__recipient": recipient}
    return Withdrawal.objects.filter(person=person, **asked).exclude(**by_none).exists()


def bases_in_force(person: UUID, at: datetime) -> QuerySet[LegalBasisRecord]:
    """Other grounds that count at a moment: not ended, and looked at again in time."""
    still = Q(ended_at=None) | Q(ended_at__gt=at)
    return LegalBasisRecord.objects.filter(
        still, person=person, at__lte=at, review_on__gt=at.date()
    ).order_by("-at", "-pk")


def ground_of(
    person: Person, purpose: Purpose | str, recipient: Recipient | None, at: datetime | None = None
) -> Ground:
    """On what one may rest; four queries."""
    moment = at or clock.now()
    newest = current_consent(person.pk, purpose, recipient)
    basis = bases_in_force(person.pk, moment).filter(purpose=purpose, recipient=recipient).first()
    if newest is not None and _in_force(newest, person, moment):
        return Ground(newest, False, basis)
    return Ground(None, was_taken_back(person.pk, purpose, recipient), basis)


def _in_force(consent: Consent, person: Person, at: datetime) -> bool:
    said_yes = consent.decision == Consent.Decision.GIVEN
    return said_yes and consent_counts(consent, person, at) and not is_withdrawn(consent)

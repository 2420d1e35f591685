"""What tests of consent and sharing share: a person, recipients, agreements, answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from marfa.apps.accounts.models import User
from marfa.apps.agreements.actions import add_recipient, make_agreement
from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.consents.actions import (
    ConsentAnswer,
    OtherBasis,
    record_consent,
    record_other_basis,
    refuse_consent,
)
from marfa.apps.consents.consent_text import Shown, told_in
from marfa.apps.consents.models import Consent
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewName, NewPerson, register_person
from marfa.apps.registry.models import Person, Relationship
from marfa.domain.dates import PartialDate
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose
from tests.conftest import Operation

NAME = "Widad Canary-Name"
ASSISTANCE = Purpose.ASSISTANCE
GROWN_UP = PartialDate.gregorian(1990)


def fresh(user: User) -> Actor:
    """A member of staff who just proved their second factor."""
    return actor_of(user, stepped_up_at=clock.now())


def site_of(operation: Operation) -> Site:
    return Site.objects.filter(organisation=operation.controller).order_by("created_at", "pk")[0]


def registered(operation: Operation, born: PartialDate | None = GROWN_UP, **told: Any) -> Person:
    """Somebody who was born in 1990, unless something else is said."""
    new = NewPerson(names=(NewName(NAME),), sex="female", born=born, basis="stated", **told)
    return register_person(
        actor=fresh(operation.supervisor),
        purpose=Purpose.REGISTRATION,
        site=site_of(operation),
        told=new,
    )


def clinic(**changes: Any) -> Recipient:
    told: dict[str, Any] = {"kind": "health", "name": "Clinic of the Gate", **changes}
    return add_recipient(actor=by_command(), **told)


def lantern(operation: Operation) -> Recipient:
    """The guest partner as a recipient."""
    return add_recipient(actor=by_command(), kind="protection", guest=operation.guest)


def agreed(
    recipient: Recipient, *purposes: str, days: int = 90, starts: datetime | None = None
) -> DataAgreement:
    start = starts or clock.now()
    return make_agreement(
        actor=by_command(),
        recipient=recipient,
        purposes=purposes or ("assistance",),
        starts_at=start,
        until=start + timedelta(days=days),
    )


def answer(recipient: Recipient | None, **changes: Any) -> ConsentAnswer:
    """A free answer of somebody who understood what was put to them."""
    given: dict[str, Any] = {
        "about": "assistance",
        "recipient": recipient,
        "shown": Shown.of(told_in("ar")),
        "language": "apc",
        "understood": True,
        **changes,
    }
    return ConsentAnswer(**given)


def agree(
    operation: Operation, person: Person, recipient: Recipient | None, **changes: Any
) -> Consent:
    return record_consent(
        actor=fresh(operation.supervisor),
        purpose=ASSISTANCE,
        person=person,
        answer=answer(recipient, **changes),
    )


def refuse(
    operation: Operation, person: Person, recipient: Recipient | None, **changes: Any
) -> Consent:
    return refuse_consent(
        actor=fresh(operation.supervisor),
        purpose=ASSISTANCE,
        person=person,
        answer=answer(recipient, **changes),
    )


def on_other_ground(
    operation: Operation,
    person: Person,
    recipient: Recipient | None,
    ground: str = "vital_interest",
    review_on: date | None = None,
    **changes: str,
) -> None:
    told = OtherBasis(
        about=changes.pop("about", "assistance"),
        recipient=recipient,
        ground=ground,
        reason="She does not wake up.",
        review_on=review_on or clock.now().date() + timedelta(days=30),
        **changes,
    )
    record_other_basis(
        actor=fresh(operation.supervisor), purpose=ASSISTANCE, person=person, told=told
    )


def guardian_of(child: Person, adult: Person, *, verified: bool) -> Relationship:
    now = clock.now()
    return Relationship.objects.create(
        organisation_id=child.organisation_id,
        person=adult,
        to=child,
        kind="guardian",
        state="verified" if verified else "claimed",
        settled_at=now if verified else None,
        recorded_at=now,
        version=1,
    )

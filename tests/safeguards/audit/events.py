"""Events as tests make them."""

from __future__ import annotations

from uuid import UUID, uuid4

from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Detail, Event
from marfa.safeguards.words import Outcome, Purpose

ACTOR = Actor(id=UUID(int=7), kind=ActorKind.PERSON)


def event(
    action: str = "people.open_identity",
    *,
    subject: UUID | None = None,
    outcome: Outcome = Outcome.DONE,
    **detail: Detail,
) -> Event:
    return Event(
        action=action,
        actor=ACTOR,
        purpose=Purpose.ASSISTANCE,
        subject=subject or uuid4(),
        object_kind="Person",
        object_id=uuid4(),
        organisation=UUID(int=9),
        policies=("role.case_worker",),
        outcome=outcome,
        detail=detail,
    )

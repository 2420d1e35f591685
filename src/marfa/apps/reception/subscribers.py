"""What follows in the queue from events of people."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.reception.actions.reasons import (
    join_queue,
    leave_queue,
    raise_new_reasons,
    raise_queue_urgency,
    wait_where_they_are,
)
from marfa.apps.registry.events import (
    CareInDoubt,
    PersonChanged,
    PersonLeft,
    PersonMoved,
    PersonPart,
    PersonRegistered,
)
from marfa.apps.registry.models import Person
from marfa.platform.events import listen_to

TOLD = frozenset(
    {PersonPart.PERSON, PersonPart.DOCUMENTS, PersonPart.RELATIONSHIPS, PersonPart.HOUSEHOLD}
)


def _person(key: UUID) -> Person:
    return Person.objects.select_related("site").get(pk=key)


@listen_to(PersonRegistered)
def wait_to_be_seen(event: PersonRegistered) -> None:
    """Every adult is seen alone, every child apart from who came with them: a place for each. Who
    comes back has the reasons that still stand."""
    person = _person(event.person)
    join_queue(person)
    if not raise_new_reasons(person):
        raise_queue_urgency(person)


@listen_to(PersonChanged)
def look_again(event: PersonChanged) -> None:
    """What is known now may be a further reason; it never is one less."""
    if event.part in TOLD:
        raise_new_reasons(_person(event.person))


@listen_to(PersonLeft)
def stop_waiting(event: PersonLeft) -> None:
    """Who is not there is not called."""
    leave_queue(_person(event.person))


@listen_to(PersonMoved)
def wait_elsewhere(event: PersonMoved) -> None:
    """Their place in the queue goes with them."""
    wait_where_they_are(_person(event.person))


@listen_to(CareInDoubt)
def look_who_cares(event: CareInDoubt) -> None:
    """A child may be without care now, which is a reason."""
    raise_new_reasons(_person(event.person))

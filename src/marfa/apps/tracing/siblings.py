"""Who must not be parted: brothers and sisters, and a child who is a parent and their child."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.registry.care import Tie, known_of, ties_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.tracing.models import Parting
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition

TOGETHER = frozenset({"sibling", "parent", "child"})


def stays_with(actor: Actor, person: Person) -> list[Person]:
    """Children who belong to a child and are here: brothers and sisters, their own baby, or their
    mother or father where these are children themselves. Two children, two records.

    What is claimed counts too: whoever parts children does not wait for papers. A protected child
    counts for those alone who may know of them: no page says to others that they are here. For
    a guest that is each child whom they were not given; what they prepare is answered by somebody
    of the organisation, for whom all count.
    """
    ties: list[Tie] = [tie for tie in ties_of([person.pk])[person.pk] if tie.kind in TOGETHER]
    known = known_of({tie.other for tie in ties})
    day = clock.today(person.time_zone)
    keys = [key for key, other in known.items() if other.present and other.is_child(day)]
    return list(told_of(actor, person).filter(pk__in=keys).order_by("registered_at", "pk"))


def told_of(actor: Actor, person: Person) -> QuerySet[Person]:
    """Of whom somebody may be told on the page of a child: whom they may know of, and all of their
    own organisation who are not protected."""
    told = visibility_condition(PERSON, actor)
    if person.organisation_id in actor.organisations:
        told |= Q(protected=False)
    return Person.objects.filter(told)


def agreed_partings(person: Person) -> set[UUID]:
    """Keys of those from whom a person may be apart, since two people said so and it was not to be
    looked at again yet."""
    found = Parting.objects.filter(
        person=person, state=Parting.State.AGREED, review_at__gt=clock.now()
    )
    return set(found.values_list("other", flat=True))

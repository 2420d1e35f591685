"""Households: joined, left, split and merged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db.models import QuerySet

from marfa.apps.registry.actions.base import person_action
from marfa.apps.registry.actions.registration import free_code
from marfa.apps.registry.events import PersonPart
from marfa.apps.registry.models import Household, HouseholdMember, Person
from marfa.apps.registry.visibility import about_seen
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def member_of(person: Person) -> Household | None:
    """The household to which somebody belongs now."""
    row = HouseholdMember.objects.filter(person=person, until=None).select_related("household")
    found = row.order_by("-since", "pk").first()
    return found.household if found else None


def join_household(
    *, actor: Actor, purpose: Purpose, person: Person, household: Household
) -> HouseholdMember:
    """Somebody belongs to a household from now on, and to no other. Raises DeniedError."""
    _same_owner([person], household)
    with person_action(actor, purpose, person, "household_joined", PersonPart.HOUSEHOLD):
        present = HouseholdMember.objects.filter(person=person, household=household, until=None)
        found = present.first()
        if found is not None:
            return found
        now = clock.now()
        leave_quietly(person, now)
        return _join(person, household, now)


def leave_household(*, actor: Actor, purpose: Purpose, person: Person) -> None:
    """Somebody belongs to no household any more. Raises DeniedError."""
    with person_action(actor, purpose, person, "household_left", PersonPart.HOUSEHOLD):
        leave_quietly(person, clock.now())


def split_household(*, actor: Actor, purpose: Purpose, people: Sequence[Person]) -> Household:
    """Some people become a household of their own, the first its head. Raises DeniedError,
    InputError for nobody."""
    if not people:
        raise InputError.at(Message("apps.registry:household-empty"))
    with together(), _changing_all(actor, purpose, people, "household_split"):
        now, first = clock.now(), people[0]
        for person in people:
            leave_quietly(person, now)
        made = Household.objects.create(
            code=free_code(Household, first.organisation_id),
            organisation_id=first.organisation_id,
            site_id=first.site_id,
            formed_at=now,
        )
        for person in people:
            _join(person, made, now, head=person is first)
    return made


def merge_households(
    *, actor: Actor, purpose: Purpose, into: Household, other: Household
) -> Household:
    """Everybody of one household belongs to another from now on; the empty one ends.

    Whoever does it may change everybody who moves; of whom they may not know stays, and so does
    the household then. Raises DeniedError, InputError.
    """
    if into.pk == other.pk:
        raise InputError.at(Message("apps.registry:household-same"), field="household")
    people = [row.person for row in _members(other).filter(about_seen(actor))]
    _same_owner(people, into)
    with together(), _changing_all(actor, purpose, people, "household_merged"):
        now = clock.now()
        for person in people:
            leave_quietly(person, now)
            _join(person, into, now)
    return into


def choose_head(*, actor: Actor, purpose: Purpose, household: Household, person: Person) -> None:
    """Who speaks for a household; it says nothing about who cares for whom. Raises DeniedError."""
    rows = HouseholdMember.objects.filter(household=household, until=None)
    with person_action(actor, purpose, person, "household_head", PersonPart.HOUSEHOLD):
        if not rows.filter(person=person).exists():
            raise InputError.at(Message("apps.registry:not-a-member"), field="person")
        rows.exclude(person=person).update(head=False)
        rows.filter(person=person).update(head=True)


def members_now(household: Household) -> list[Person]:
    """Everybody who belongs to a household now, the head first."""
    return [row.person for row in _members(household)]


def _members(household: Household) -> QuerySet[HouseholdMember]:
    rows = HouseholdMember.objects.filter(household=household, until=None)
    return rows.select_related("person", "person__site").order_by("-head", "since", "pk")


def leave_quietly(person: Person, at: datetime) -> None:
    """End what somebody belongs to, within the action that says why."""
    rows = HouseholdMember.objects.filter(person=person, until=None)
    households = list(rows.values_list("household_id", flat=True))
    rows.update(until=at, head=False)
    left = Household.objects.filter(pk__in=households, ended_at=None)
    left.exclude(members__until=None).update(ended_at=at)


def _join(
    person: Person, household: Household, at: datetime, *, head: bool = False
) -> HouseholdMember:
    if household.ended_at is not None:
        raise InputError.at(Message("apps.registry:household-ended"), field="household")
    return HouseholdMember.objects.create(
        organisation_id=household.organisation_id,
        household=household,
        person=person,
        head=head,
        since=at,
    )


def _same_owner(people: Collection[Person], household: Household) -> None:
    """A household belongs to one organisation, and so does everybody in it."""
    if any(person.organisation_id != household.organisation_id for person in people):
        raise InputError.at(Message("apps.registry:household-elsewhere"), field="household")


@contextmanager
def _changing_all(
    actor: Actor, purpose: Purpose, people: Sequence[Person], what: str
) -> Iterator[None]:
    """Change everybody of these, each decided and each in the log; or nobody."""
    if not people:
        yield
        return
    with (
        person_action(actor, purpose, people[0], what, PersonPart.HOUSEHOLD),
        _changing_all(actor, purpose, people[1:], what),
    ):
        yield

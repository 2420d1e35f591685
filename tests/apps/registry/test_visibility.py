"""Who is in a list of people: the charter, the query and the database's own net agree.

The lists hold whom the charter allows and nobody else; row-level security lets through at least
these. With the real tables of openings, assignments and exclusions.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.apps.accounts.models import User
from marfa.apps.organisations.actions import (
    assign_user,
    create_team,
    exclude_from_object,
    join_team,
    open_site,
    open_to_organisation,
)
from marfa.apps.organisations.models import Organisation, Site, Team
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.columns import Flag, Rows, Standing
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role
from tests.apps.registry.full_record import a_person
from tests.conftest import Operation
from tests.support.visibility import disagreements

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """One person. who: ``ours`` or ``theirs``; place: which site; others: what holds of them."""

    who: str
    place: int
    others: frozenset[str]


OTHERS = (
    *("protected", "erased", "team"),
    *("opened", "opening ended", "assigned", "partner assigned", "colleague assigned"),
    *("shut out", "team shut out", "guest shut out"),
)
TOLD = st.builds(
    Told,
    st.sampled_from(["ours", "ours", "theirs"]),
    st.integers(0, 1),
    st.frozensets(st.sampled_from(OTHERS), max_size=4),
)


class World:
    """The operation, with a second site on each side and a team."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        ours, theirs = operation.controller, operation.guest
        self.sites: dict[str, list[Site]] = {"ours": two_sites(ours), "theirs": two_sites(theirs)}
        self.team: Team = create_team(organisation=ours, name="Night")
        join_team(team=self.team, user=operation.colleague)
        self.case_worker: User = next(iter(operation.desks.values()))

    def actors(self) -> list[Actor]:
        """The people of the operation as they are, and every role at each place."""
        op = self.operation
        people = [*op.desks.values(), op.colleague, op.supervisor, op.officer, op.partner]
        found = [actor_of(user) for user in [*people, op.outsider]]
        places = [
            (op.controller, None),
            (op.controller, self.sites["ours"][0].pk),
            (op.guest, None),
        ]
        for role in Role:
            for owner, site in places:
                held = HeldRole(role, owner.pk, site)
                found.append(Actor(op.colleague.pk, ActorKind.PERSON, frozenset({held})))
        return found

    def register(self, told: Told) -> UUID:
        site, op = self.sites[told.who][told.place], self.operation
        person, others = a_person(site), told.others
        if "protected" in others:
            person.protected, person.protected_at = True, clock.now()
        if "erased" in others:
            person.erased_at = clock.now()
        if "team" in others and told.who == "ours":
            person.team = self.team
        with row_context([site.organisation_id]):
            person.save(force_insert=True)
        key, other = person.pk, op.guest if told.who == "ours" else op.controller
        if {"opened", "opening ended"} & others:
            open_to_organisation(
                organisation=other,
                object_kind="Person",
                object_id=key,
                until=clock.now() + HOUR,
                owner=site.organisation_id,
            )
        if "opening ended" in others:
            end_openings(key)
        workers = {"assigned": self.case_worker, "partner assigned": op.partner}
        for name, user in {**workers, "colleague assigned": op.colleague}.items():
            if name in others:
                assign_user(user=user, object_kind="Person", object_id=key)
        if "shut out" in others:
            exclude_from_object(object_kind="Person", object_id=key, user=op.colleague)
        if "team shut out" in others:
            exclude_from_object(object_kind="Person", object_id=key, team=self.team)
        if "guest shut out" in others:
            exclude_from_object(object_kind="Person", object_id=key, organisation=op.guest)
        return key


def two_sites(organisation: Organisation) -> list[Site]:
    found = list(Site.objects.filter(organisation=organisation).order_by("created_at", "pk")[:2])
    while len(found) < 2:
        zone = "Asia/Damascus"
        found.append(open_site(organisation=organisation, name=f"S{len(found)}", time_zone=zone))
    return found


def end_openings(key: UUID) -> None:
    from marfa.apps.organisations.models import AccessGrant

    now = clock.now()
    AccessGrant.objects.filter(object_id=key).update(starts_at=now - HOUR, until=now)


def in_context_of(world: World) -> contextlib.AbstractContextManager[None]:
    return row_context([world.operation.controller.pk, world.operation.guest.pk])


def keys(actor: Actor, action: str = "people.see") -> set[UUID]:
    return set(
        Person.objects.filter(visibility_condition(PERSON, actor, action)).values_list(
            "pk", flat=True
        )
    )


def compare(world: World) -> Iterator[str]:
    """Everything on which the three do not agree."""
    for number, actor in enumerate(world.actors()):
        # Each role is asked both; in turn, since each question is a list and its decisions.
        for action in ("people.see", "people.count")[: 1 + (number % 3 == 0)]:
            with in_context_of(world):
                wrong = disagreements(Person, PERSON, actor, action)
                allowed = keys(actor, action)
            if wrong:
                yield f"charter and list: {actor.roles} {action} {wrong}"
            with row_context(actor.organisations):
                let_through = set(Person.objects.values_list("pk", flat=True))
                again = keys(actor, action)
            if not allowed <= let_through:
                yield f"hidden by the database: {actor.roles} {allowed - let_through}"
            if again != allowed:
                yield f"another list within the net: {actor.roles}"


@settings(
    max_examples=4,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people=st.lists(TOLD, min_size=1, max_size=4))
def test_charter_list_and_database_agree_about_everybody(
    people: list[Told], operation: Operation
) -> None:
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        now = clock.now()
        patch.setattr(clock, "now", lambda: now)
        world = World(operation)
        for told in people:
            world.register(told)
        assert list(compare(world)) == []
        transaction.set_rollback(True)


def test_each_thing_that_may_hold_by_itself(operation: Operation) -> None:
    """So that none of them depends on what chance tries."""
    world = World(operation)
    for other in OTHERS:
        for who in ("ours", "theirs"):
            world.register(Told(who, 0, frozenset({other})))
            world.register(Told(who, 0, frozenset({other, "opened", "partner assigned"})))
    assert list(compare(world)) == []


def test_what_everybody_of_the_operation_sees(operation: Operation) -> None:
    """In words, so that a wrong policy and a wrong list that agree are found too."""
    world = World(operation)
    here = world.register(Told("ours", 0, frozenset()))
    there = world.register(Told("ours", 1, frozenset()))
    hidden = world.register(Told("ours", 0, frozenset({"protected"})))
    erased = world.register(Told("ours", 0, frozenset({"erased"})))
    opened = world.register(Told("ours", 0, frozenset({"opened"})))
    ended = world.register(Told("ours", 0, frozenset({"opening ended"})))
    closed = world.register(Told("ours", 0, frozenset({"opened", "guest shut out"})))
    theirs = world.register(Told("theirs", 0, frozenset()))
    with in_context_of(world):
        partner = keys(actor_of(operation.partner))
        assert opened in partner
        assert not {here, there, hidden, erased, ended, closed} & partner
        supervisor = keys(at(world, Role.SUPERVISOR, 0))
        assert {here, opened, ended, closed} <= supervisor
        assert not {there, hidden, erased, theirs} & supervisor
        assert keys(actor_of(operation.outsider)) == set()


def at(world: World, role: Role, place: int) -> Actor:
    held = HeldRole(role, world.operation.controller.pk, world.sites["ours"][place].pk)
    return Actor(world.operation.outsider.pk, ActorKind.PERSON, frozenset({held}))


@pytest.mark.parametrize(
    ("fact", "other"),
    [
        ("protected", "protected"),
        ("erased", "erased"),
        ("excluded", "shut out"),
        ("excluded_places", "guest shut out"),
    ],
)
def test_a_list_that_overlooks_a_fact_is_found(
    operation: Operation, fact: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the query is told less than the charter."""
    from django.db.models import Q

    world = World(operation)
    world.register(Told("ours", 0, frozenset({other, "opened", "colleague assigned"})))
    blind = Rows() if isinstance(PERSON.facts[fact], Rows) else Flag(Q(pk__in=[]))
    told_less = Standing("Person", {**PERSON.facts, fact: blind})
    for way in ("resources", "read"):
        monkeypatch.setattr(told_less, way, getattr(PERSON, way))
    with in_context_of(world):
        found = [disagreements(Person, told_less, actor) for actor in world.actors() if actor.roles]
        assert any(found)
        resource = PERSON.resources(Person.objects.all())
        assert all(
            (key in keys(actor)) == decide(actor, "people.see", each).allowed
            for actor in world.actors()
            for key, each in resource.items()
        )

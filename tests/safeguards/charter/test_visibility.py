"""Which rows are seen: the database answers as the charter does, for every role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter import engine, source, visibility
from marfa.safeguards.charter.columns import Column, Fixed, Flag, Rows, Standing
from marfa.safeguards.charter.loader import all_policies
from marfa.safeguards.charter.translation import TranslationError
from marfa.safeguards.words import Role
from tests.support.charter import CONTROLLER, GUEST, HARBOUR, HILL, NIGHT, Facts, key, staff
from tests.support.harbour.models import CASE, PERSON, TIES, Case, Person, Tie
from tests.support.visibility import disagreements

ORGANISATIONS = [CONTROLLER, GUEST]
SITES = [HARBOUR, HILL]
STAFF = [key("amal"), key("basil")]
MEMBERS = {
    "assigned": STAFF,
    "granted": ORGANISATIONS,
    "excluded": STAFF,
    "excluded_place": [GUEST, HARBOUR, NIGHT],
}
PLACE = st.sampled_from([(None, None), (HARBOUR, None), (HILL, None), (HARBOUR, NIGHT)])
HELD = st.builds(
    lambda role, organisation, place: HeldRole(role, organisation, *place),
    st.sampled_from(Role),
    st.sampled_from(ORGANISATIONS),
    PLACE,
)
ACTORS = st.builds(
    lambda id, roles: Actor(id, ActorKind.PERSON, frozenset(roles)),
    st.sampled_from(STAFF),
    st.lists(HELD, max_size=3),
) | st.builds(Actor, st.just(key("job")), st.sampled_from([ActorKind.JOB, ActorKind.VISITOR]))
TIE = st.sampled_from(
    [
        (sort, member, minutes)
        for sort, members in MEMBERS.items()
        for member in members
        for minutes in (None, 5, -5, 0)
    ]
)
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(ORGANISATIONS),
        PLACE,
        st.booleans(),
        st.sampled_from([False, False, False, True]),
        st.lists(TIE, max_size=4),
    ),
    min_size=1,
    max_size=5,
)


def tie(object_id: UUID, member: tuple[str, UUID, int | None]) -> None:
    sort, who, minutes = member
    until = None if minutes is None else clock.now() + timedelta(minutes=minutes)
    Tie.objects.create(object_id=object_id, sort=sort, member=who, until=until)


def register(people: list[Any]) -> None:
    for organisation, (site, team), protected, erased, members in people:
        person = Person.objects.create(
            organisation_id=organisation,
            site_id=site,
            team_id=team,
            protected=protected,
            erased_at=clock.now() if erased else None,
        )
        case = Case.objects.create(person=person, team_id=team)
        for member in members:
            tie(person.pk, member)
            tie(case.pk, member)


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["people.see", "people.count"])
@settings(max_examples=35, derandomize=True)
@given(people=PEOPLE, actors=st.lists(ACTORS, min_size=1, max_size=4))
def test_a_row_is_listed_where_the_charter_allows_it(
    action: str, people: list[Any], actors: list[Actor]
) -> None:
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        now = clock.now()
        patch.setattr(clock, "now", lambda: now)
        register(people)
        for actor in actors:
            assert disagreements(Person, PERSON, actor, action) == {}
            assert disagreements(Case, CASE, actor, action) == {}
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_every_role_meets_every_sort_of_row(role: Role) -> None:
    """Each single fact, so that no role depends on what chance tries."""
    register([(CONTROLLER, (HARBOUR, NIGHT), flag, False, []) for flag in (False, True)])
    register([(CONTROLLER, (None, None), False, True, []), (GUEST, (HILL, None), False, False, [])])
    for sort, members in MEMBERS.items():
        for member in members:
            for minutes in (None, -5):
                register([(GUEST, (HARBOUR, None), False, False, [(sort, member, minutes)])])
    places = [(None, None), (HARBOUR, None), (HILL, None), (HARBOUR, NIGHT)]
    for organisation in ORGANISATIONS:
        for site, team in places:
            actor = staff(HeldRole(role, organisation, site, team))
            for action in ("people.see", "people.count"):
                assert disagreements(Person, PERSON, actor, action) == {}


@pytest.mark.django_db
def test_identity_is_listed_as_the_charter_allows_too() -> None:
    """An action with a purpose, whose prohibitions look at it."""
    register([(CONTROLLER, (HARBOUR, None), False, False, [("assigned", STAFF[0], None)])])
    register([(CONTROLLER, (HARBOUR, None), False, False, [])])
    for purpose in ("assistance", "registration", "sanctions", "evidence"):
        context: Facts = {"on_record": True, "purpose": purpose}
        for role in Role:
            actor = staff(role)
            assert disagreements(Person, PERSON, actor, "people.open_identity", context) == {}


@pytest.mark.parametrize("action", ["people.see", "people.count", "people.open_identity"])
def test_what_is_listed_can_be_translated(action: str) -> None:
    context: Facts = (
        {}
        if action != "people.open_identity"
        else {
            "on_record": True,
            "purpose": "assistance",
        }
    )
    visibility.visibility_condition(PERSON, staff(Role.CASE_WORKER), action, context)


def test_what_has_no_translation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '@id("x") permit (principal, action, resource) when { resource.name like "a*" };'
    (policy,) = source.read_policies(text)
    monkeypatch.setattr(engine.Engine, "of", lambda *_: [policy])
    with pytest.raises(TranslationError):
        visibility.visibility_condition(PERSON, staff(Role.CASE_WORKER))


def test_no_policy_names_one_single_thing() -> None:
    """All that have the same facts have the same answer, so that they may be asked about once."""
    for policy in all_policies():
        scope = policy.body["resource"]
        # A desk is no row: there is one of each name.
        assert scope["op"] in ("All", "is") or scope["entity"]["type"] == "Desk", policy.id
        assert not list(resource_itself(policy.body["conditions"])), policy.id
    text = '@id("x") permit (principal, action, resource) when { principal == resource };'
    (named,) = source.read_policies(text)
    assert list(resource_itself(named.body["conditions"]))


def resource_itself(part: Any) -> Iterator[Any]:
    """Where conditions look at the resource but not at its facts, its kind or where it stands."""
    if isinstance(part, dict):
        for operator, inner in part.items():
            if operator in (".", "has", "is") and inner["left"] == {"Var": "resource"}:
                continue
            if operator == "in" and inner["left"] == {"Var": "resource"}:
                yield from resource_itself(inner["right"])
            elif (operator, inner) == ("Var", "resource"):
                yield part
            else:
                yield from resource_itself(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from resource_itself(inner)


def test_a_model_declares_each_fact_as_what_it_is() -> None:
    good = dict(PERSON.facts)
    Standing("Person", good)
    wrong = [
        {name: column for name, column in good.items() if name != "protected"},
        good | {"nationality": Column("nationality")},
        good | {"protected": Rows()},
        good | {"assigned": Fixed(False)},
        good | {"excluded": Flag(Q())},
    ]
    for facts in wrong:
        with pytest.raises(ValueError, match="Person"):
            Standing("Person", facts)
    assert set(TIES) <= set(good)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["protected", "erased", "excluded", "excluded_places", "granted"])
def test_a_fact_that_the_query_overlooks_is_found(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison notices when the database is told less than the charter."""
    for protected, erased in ((False, False), (True, False), (False, True)):
        register([(CONTROLLER, (HARBOUR, None), protected, erased, [])])
    for sort, member in (("excluded", STAFF[0]), ("excluded_place", HARBOUR), ("granted", GUEST)):
        register([(CONTROLLER, (HARBOUR, None), False, False, [(sort, member, None)])])
    blind = Rows() if isinstance(PERSON.facts[name], Rows) else Flag(Q(pk__in=[]))
    told_less = Standing("Person", {**PERSON.facts, name: blind})
    actor = staff(HeldRole(Role.CASE_WORKER, GUEST), HeldRole(Role.SUPERVISOR, CONTROLLER, HARBOUR))
    assert disagreements(Person, PERSON, actor) == {}
    for way in ("resources", "read"):
        monkeypatch.setattr(told_less, way, getattr(PERSON, way))
    if name == "granted":
        actor = staff(HeldRole(Role.CASE_WORKER, GUEST))
    assert disagreements(Person, told_less, actor)

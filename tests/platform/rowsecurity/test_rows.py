"""Row-level security: what a context sees, writes and leaves behind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.apps.organisations.actions import (
    close_to_organisation,
    create_organisation,
    open_to_organisation,
)
from marfa.apps.organisations.models import AccessGrant, Organisation
from marfa.apps.organisations.object_access import standing_rows
from marfa.platform import clock
from marfa.platform.rowsecurity import context, policies
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.safeguards.actor import HeldRole
from marfa.safeguards.charter.columns import Standing
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role
from tests.support.charter import key, staff
from tests.support.harbour.models import PERSON, Person
from tests.support.rows import APP, TABLE, as_app, make_role, on_postgresql, protect, unprotect

# The owner: it changes policies and roles, and acts as the application by itself.
pytestmark = [on_postgresql, pytest.mark.owner, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)


class Harbour:
    """Two organisations with three people each."""

    def __init__(self) -> None:
        self.ours = create_organisation(name="Ours", kind=Organisation.Kind.CONTROLLER)
        self.theirs = create_organisation(name="Theirs", kind=Organisation.Kind.GUEST)
        self.people = {
            each.pk: [Person.objects.create(organisation_id=each.pk).pk for _ in range(3)]
            for each in (self.ours, self.theirs)
        }


@pytest.fixture
def harbour() -> Iterator[Harbour]:
    make_role()
    made = Harbour()
    protect()
    try:
        with as_app():
            yield made
    finally:
        unprotect()
        Person.objects.all().delete()


def seen() -> set[UUID]:
    return set(Person.objects.values_list("pk", flat=True))


def test_without_a_context_nothing_is_seen(harbour: Harbour) -> None:
    assert seen() == set()
    with transaction.atomic():
        assert seen() == set()


@pytest.mark.parametrize("inside", [False, True])
def test_a_context_sees_its_own(harbour: Harbour, inside: bool) -> None:
    """Also outside a transaction of ours: such a statement is one together with its context."""
    for each in (harbour.ours, harbour.theirs):
        with row_context([each.pk]):
            if inside:
                with transaction.atomic():
                    assert seen() == set(harbour.people[each.pk])
            assert seen() == set(harbour.people[each.pk])
            assert set(Person.objects.iterator(chunk_size=1)) == set(Person.objects.all())
    with every_organisation():
        assert len(seen()) == 6
    assert seen() == set()


def test_contexts_change_within_a_transaction_and_with_savepoints(harbour: Harbour) -> None:
    ours, theirs = harbour.ours.pk, harbour.theirs.pk
    with transaction.atomic(), row_context([ours]):
        assert seen() == set(harbour.people[ours])
        with row_context([theirs]):
            with transaction.atomic():
                assert seen() == set(harbour.people[theirs])
                transaction.set_rollback(True)
            assert seen() == set(harbour.people[theirs])
        assert seen() == set(harbour.people[ours])
        with row_context([]):
            assert seen() == set()
    assert seen() == set()


def test_only_ones_own_is_written(harbour: Harbour) -> None:
    ours, theirs = harbour.ours.pk, harbour.theirs.pk
    with row_context([ours]):
        Person.objects.create(organisation_id=ours)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Person.objects.create(organisation_id=theirs)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Person.objects.bulk_create([Person(organisation_id=theirs)])
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Person.objects.filter(pk=harbour.people[ours][0]).update(organisation_id=theirs)
        assert Person.objects.filter(pk__in=harbour.people[theirs]).update(protected=True) == 0
        assert Person.objects.filter(pk__in=harbour.people[theirs]).delete()[0] == 0


def test_what_is_open_is_seen_until_its_moment(harbour: Harbour) -> None:
    ours, theirs = harbour.ours.pk, harbour.theirs.pk
    person = harbour.people[ours][0]
    now = clock.now()
    grant = open_to_organisation(
        organisation=harbour.theirs,
        object_kind="Person",
        object_id=person,
        until=now + DAY,
        owner=ours,
    )
    open_to_organisation(
        organisation=harbour.theirs,
        object_kind="Case",
        object_id=harbour.people[ours][1],
        until=now + DAY,
        owner=ours,
    )
    with row_context([theirs]):
        assert seen() == {*harbour.people[theirs], person}
        with clock.set_to(now + DAY):
            assert seen() == set(harbour.people[theirs])
        assert Person.objects.filter(pk=person).update(protected=True) == 1
        assert Person.objects.filter(pk=person).delete()[0] == 0, "others do not delete it"
    close_to_organisation(grant=grant)
    with row_context([theirs]):
        assert seen() == set(harbour.people[theirs])


def test_an_opened_row_is_not_given_away(harbour: Harbour) -> None:
    """A policy sees the row before and the row after and never both, so a guest could make an
    opened row its own: afterwards it would be. Raw SQL, as nothing above may be relied upon."""
    ours, theirs = harbour.ours.pk, harbour.theirs.pk
    person, other = harbour.people[ours][0], harbour.people[ours][1]
    open_until(harbour, person, owner=ours)
    stealing = [
        ("organisation_id", theirs),
        ("organisation_id", key("elsewhere")),
        ("id", harbour.people[theirs][0]),
        ("id", other),
        ("id", key("new")),
    ]
    for column, value in stealing:
        with row_context([theirs]), refused():
            update(column, value, person)
    with row_context([ours]):
        assert seen() == set(harbour.people[ours])
        with refused():
            update("organisation_id", theirs, person)
    with row_context([ours, theirs]):
        update("organisation_id", theirs, person)
    with row_context([theirs]):
        assert person in seen(), "who acts for both hands a row over"


def test_without_the_trigger_an_opened_row_would_be_given_away(harbour: Harbour) -> None:
    """The planted fault: the policies by themselves let it pass."""
    person = harbour.people[harbour.ours.pk][0]
    open_until(harbour, person, owner=harbour.ours.pk)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP TRIGGER {policies.KEEPER} ON {TABLE}")
        cursor.execute(f"SET ROLE {APP}")
    with row_context([harbour.theirs.pk]):
        update("organisation_id", harbour.theirs.pk, person)
    with row_context([harbour.ours.pk]):
        assert person not in seen()


def test_an_opening_from_before_lets_nothing_be_changed(harbour: Harbour) -> None:
    """It does not say whose the object is: what is written could be in anybody's name."""
    person = harbour.people[harbour.ours.pk][0]
    open_until(harbour, person, owner=harbour.ours.pk)
    AccessGrant.objects.update(owner=None)
    with row_context([harbour.theirs.pk]):
        assert person in seen()
        with refused():
            update("protected", True, person)


def open_until(harbour: Harbour, person: UUID, *, owner: UUID) -> None:
    open_to_organisation(
        organisation=harbour.theirs,
        object_kind="Person",
        object_id=person,
        until=clock.now() + DAY,
        owner=owner,
    )


@contextlib.contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        yield


def update(column: str, value: UUID | bool, person: UUID) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", [value, person])  # noqa: S608
        assert cursor.rowcount == 1


def test_the_application_cannot_lift_it(harbour: Harbour) -> None:
    """What only the owner of the tables may say has no effect; nor can it change tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(context.EVERYTHING_ON)
        assert seen() == set()
    for statement in (
        f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY marfa_select ON {TABLE}",
        f"TRUNCATE {TABLE}",
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM django_migrations",
    ):
        with (
            pytest.raises(ProgrammingError, match=r"must be owner|permission denied|appended"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_owner_sees_all_only_where_it_says_so(harbour: Harbour) -> None:
    """FORCE: forgetting shows nothing, so that no migration works on a part unseen."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DROP ROLE IF EXISTS marfa_owner")
        cursor.execute("CREATE ROLE marfa_owner NOLOGIN")
        cursor.execute("GRANT USAGE, CREATE ON SCHEMA public TO marfa_owner")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO marfa_owner")
        cursor.execute(f"ALTER TABLE {TABLE} OWNER TO marfa_owner")
    try:
        with as_app("marfa_owner"):
            assert seen() == set()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(context.EVERYTHING_ON)
                assert len(seen()) == 6
            assert seen() == set()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {TABLE} OWNER TO marfa")
            cursor.execute("DROP OWNED BY marfa_owner")
            cursor.execute("DROP ROLE marfa_owner")


def test_conditions_are_computed_once_a_statement(harbour: Harbour) -> None:
    with row_context([harbour.ours.pk]), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM harbour_person")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "InitPlan" in plan
    assert "hashed SubPlan" in plan


ORGANISATIONS = [key("controller"), key("guest")]
HELD = st.builds(HeldRole, st.sampled_from(Role), st.sampled_from(ORGANISATIONS))
PEOPLE = st.lists(
    st.tuples(st.sampled_from(ORGANISATIONS), st.booleans(), st.booleans()), min_size=1, max_size=4
)
STANDING = Standing("Person", {**PERSON.facts, **standing_rows("Person")})


@settings(max_examples=25, derandomize=True)
@given(people=PEOPLE, roles=st.lists(HELD, max_size=3))
def test_nothing_that_an_actor_may_see_is_hidden(
    people: list[tuple[UUID, bool, bool]], roles: list[HeldRole]
) -> None:
    """Row-level security lets through at least what ``visible`` lists: same grants, same clock."""
    actor = staff(*roles)
    with transaction.atomic():
        for position, organisation in enumerate(ORGANISATIONS):
            kind = Organisation.Kind.GUEST if position else Organisation.Kind.CONTROLLER
            Organisation.objects.create(
                id=organisation, name=str(position), kind=kind, created_at=clock.now()
            )
        for organisation, protected, is_open in people:
            person = Person.objects.create(organisation_id=organisation, protected=protected)
            other = next(each for each in ORGANISATIONS if each != organisation)
            if is_open:
                open_to_organisation(
                    organisation=Organisation.objects.get(pk=other),
                    object_kind="Person",
                    object_id=person.pk,
                    until=clock.now() + DAY,
                    owner=organisation,
                )
        allowed = set(
            Person.objects.filter(visibility_condition(STANDING, actor)).values_list(
                "pk", flat=True
            )
        )
        make_role()
        protect()
        with as_app(), row_context(actor.organisations):
            assert allowed <= seen()
            again = Person.objects.filter(visibility_condition(STANDING, actor)).values_list(
                "pk", flat=True
            )
            assert set(again) == allowed
        transaction.set_rollback(True)


def switch_rapidly(harbour: Harbour, rounds: int = 60) -> list[str]:
    """What was seen that should not have been, by threads that keep their connections and change
    whom they act for with every turn, outside and inside transactions, also cut off by errors."""
    leaks: list[str] = []
    organisations = [harbour.ours.pk, harbour.theirs.pk]

    def work(worker: int) -> None:
        try:
            for turn in range(rounds):
                mine = organisations[(worker + turn) % 2]
                with row_context([mine]):
                    if turn % 3 == 0:
                        found = seen()
                    else:
                        with transaction.atomic():
                            found = seen()
                            transaction.set_rollback(turn % 3 == 1)
                if found != set(harbour.people[mine]):
                    leaks.append(f"{worker}/{turn}: another's rows")
                if seen():
                    leaks.append(f"{worker}/{turn}: rows outside a context")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    return leaks


def test_nothing_leaks_through_connections_that_are_used_again(harbour: Harbour) -> None:
    assert switch_rapidly(harbour) == []


def test_a_setting_for_the_session_would_be_found(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: what a connection was told outlives the transaction."""
    from marfa.platform.rowsecurity import statement_wrapper

    right = context.context_statement
    monkeypatch.setattr(
        statement_wrapper,
        "context_statement",
        lambda scope: right(scope).replace(", true)", ", false)"),
    )
    assert switch_rapidly(harbour, rounds=6)


def test_all_of_it_can_be_lifted_and_put_up_again(harbour: Harbour) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT count(*) FROM pg_policies WHERE tablename = %s", [TABLE])
        assert cursor.fetchone()[0] == len(policies.COMMANDS)
    unprotect()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP}")
    assert len(seen()) == 6
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    protect()

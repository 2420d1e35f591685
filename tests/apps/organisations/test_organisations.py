"""Organisations, sites and roles: what holds in code, and what the database itself refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.manifest import Desk, my_work
from marfa.apps.organisations.actions import create_organisation, grant_role, open_site
from marfa.apps.organisations.models import Organisation, RoleGrant
from marfa.apps.organisations.queries import desks_of, ending_soon
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.words import Role
from tests.conftest import Operation
from tests.support.rows import APP, on_postgresql


def test_there_is_one_controller(operation: Operation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(
            name="Another", kind=Organisation.Kind.CONTROLLER, created_at=clock.now()
        )


@pytest.mark.parametrize("zone", ["", "Nowhere/Town", "GMT+25", "../etc/passwd"])
def test_a_site_has_a_known_clock(operation: Operation, zone: str) -> None:
    with pytest.raises(InputError, match="time-zone-unknown"):
        open_site(organisation=operation.controller, name="New", time_zone=zone)
    assert operation.controller.sites.count() == 2


def test_names_are_needed(operation: Operation) -> None:
    with pytest.raises(InputError, match="name-empty"):
        open_site(organisation=operation.controller, name="  ", time_zone="Asia/Damascus")
    with pytest.raises(InputError, match="name-empty"):
        create_organisation(name=" ", kind=Organisation.Kind.GUEST)


def test_a_role_holds_for_its_time_alone(operation: Operation) -> None:
    user = create_user(username="for-a-while", display_name="")
    now = clock.now()
    grant = grant_role(
        user=user,
        role=Role.CASE_WORKER,
        organisation=operation.controller,
        ends_at=now + timedelta(hours=1),
    )
    assert desks_of(user) == {Desk.PROTECTION}
    RoleGrant.objects.filter(pk=grant.pk).update(
        starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1)
    )
    assert desks_of(user) == frozenset()
    RoleGrant.objects.filter(pk=grant.pk).update(starts_at=now + timedelta(hours=2), ends_at=None)
    assert desks_of(user) == frozenset()


def test_a_blocked_person_has_no_desk(operation: Operation) -> None:
    user = operation.desks[Desk.PROTECTION]
    user.is_active = False
    assert desks_of(user) == frozenset()


def test_a_role_ends_in_the_future_and_at_an_own_site(operation: Operation) -> None:
    user = operation.outsider
    with pytest.raises(InputError, match="end-past"):
        grant_role(
            user=user,
            role=Role.FINANCE_ANALYST,
            organisation=operation.controller,
            ends_at=clock.now() - timedelta(seconds=1),
        )
    guest = Organisation.objects.get(kind=Organisation.Kind.GUEST)
    site = operation.controller.sites.first()
    with pytest.raises(InputError, match="site-elsewhere"):
        grant_role(user=user, role=Role.FINANCE_ANALYST, organisation=guest, site=site)
    assert desks_of(user) == frozenset()


@pytest.mark.parametrize("wrong", [{"role": "treasurer"}, {"ends_at": clock.now()}])
def test_the_database_refuses_a_wrong_role(operation: Operation, wrong: dict[str, object]) -> None:
    right = {
        "user": operation.outsider,
        "role": "finance_analyst",
        "organisation": operation.controller,
        "starts_at": clock.now() + timedelta(minutes=1),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(**(right | wrong))


def test_roles_that_end_soon_wait_for_administrators(operation: Operation) -> None:
    administrator = operation.desks[Desk.ADMINISTRATION]
    assert my_work(administrator) == []
    grant_role(
        user=operation.outsider,
        role=Role.FINANCE_ANALYST,
        organisation=operation.controller,
        ends_at=clock.now() + timedelta(days=3),
    )
    (item,) = my_work(administrator)
    assert item.url == reverse("organisations:ending")
    assert "1 role ends" in str(item.text)
    assert list(ending_soon(operation.desks[Desk.RECEPTION])) == []
    page = operation.at(Desk.ADMINISTRATION).get(reverse("home")).content.decode()
    assert str(item.text) in page


def test_the_pages_show_who_works_where(operation: Operation) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    people = client.get(reverse("organisations:people")).content.decode()
    for user in operation.desks.values():
        assert user.display_name in people
    sites = client.get(reverse("organisations:sites")).content.decode()
    assert operation.controller.name in sites
    assert "Tripoli" in sites


@pytest.mark.parametrize(
    "name", ["organisations:people", "organisations:ending", "organisations:sites", "home"]
)
def test_queries_do_not_grow_with_rows(operation: Operation, name: str) -> None:
    from django.test.utils import CaptureQueriesContext

    client = operation.at(Desk.ADMINISTRATION)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(name))
        return len(captured)

    before = count()
    for number in range(20):
        user = create_user(username=f"more-{number}", display_name="")
        grant_role(user=user, role=Role.FINANCE_ANALYST, organisation=operation.controller)
        open_site(
            organisation=operation.controller, name=f"Site {number}", time_zone="Asia/Damascus"
        )
    assert count() == before


@on_postgresql
def test_these_tests_have_the_rights_of_the_application(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP,)

"""Roles: who holds what, where, for how long; who stands in; what can never happen."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marfa.apps.accounts.actions import allow_sign_in, create_user
from marfa.apps.manifest import Desk
from marfa.apps.organisations import actions
from marfa.apps.organisations.models import (
    AccessGrant,
    Delegation,
    Organisation,
    RoleGrant,
)
from marfa.apps.organisations.object_access import (
    assigned_users,
    excluded_organisations,
    excluded_users,
    objects_shut_to,
    organisations_let_to,
)
from marfa.apps.organisations.queries import (
    actor_of,
    desks_of,
    grants_in_force,
    lasting_administrators,
    loans_of,
)
from marfa.apps.organisations.roles import DESK_OF, roles_here
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actor import HeldRole
from marfa.safeguards.words import Role
from tests.conftest import Operation

DAY = timedelta(days=1)


def grant_of(operation: Operation, desk: Desk) -> RoleGrant:
    return grants_in_force().get(user=operation.desks[desk])


def test_every_role_has_its_desk() -> None:
    assert set(DESK_OF) == set(Role)
    assert set(DESK_OF.values()) == set(Desk)


def test_a_role_without_its_desk_cannot_be_given(
    operation: Operation, settings: pytest.FixtureRequest
) -> None:
    settings.DESKS = (Desk.RECEPTION, Desk.ADMINISTRATION)  # type: ignore[attr-defined]
    assert set(roles_here()) == {
        Role.RECEPTION_OFFICER,
        Role.ADMINISTRATOR,
        Role.DATA_PROTECTION_OFFICER,
    }
    with pytest.raises(InputError, match="role-not-here"):
        actions.grant_role(
            user=operation.outsider, role=Role.CASE_WORKER, organisation=operation.controller
        )


def test_an_actor_holds_roles_with_their_places(operation: Operation) -> None:
    tripoli = operation.controller.sites.get(time_zone="Africa/Tripoli")
    with CaptureQueriesContext(connection) as captured:
        actor = actor_of(operation.desks[Desk.RECEPTION])
    assert len(captured) == 1
    assert actor.roles == {
        HeldRole(Role.RECEPTION_OFFICER, operation.controller.pk, site=tripoli.pk)
    }
    assert actor_of(operation.partner).organisations == {operation.guest.pk}
    assert actor_of(operation.outsider).roles == frozenset()


def test_a_role_for_a_team_makes_a_member_and_ends_with_the_team(operation: Operation) -> None:
    team = actions.create_team(organisation=operation.controller, name="Tracing")
    actions.grant_role(
        user=operation.outsider,
        role=Role.CASE_WORKER,
        organisation=operation.controller,
        team=team,
    )
    assert team.memberships.filter(user=operation.outsider, ends_at=None).exists()
    (held,) = actor_of(operation.outsider).roles
    assert (held.team, held.site) == (team.pk, None)
    actions.leave_team(team=team, user=operation.outsider)
    assert actor_of(operation.outsider).roles == frozenset()
    actions.end_team(team=team)
    team.refresh_from_db()
    with pytest.raises(InputError, match="team-ended"):
        actions.join_team(team=team, user=operation.outsider)


@pytest.mark.parametrize(
    ("role", "problem"),
    [
        (Role.ADMINISTRATOR, "role-of-controller"),
        (Role.DATA_PROTECTION_OFFICER, "role-of-controller"),
    ],
)
def test_no_guest_looks_after_the_installation(
    operation: Operation, role: Role, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        actions.grant_role(user=operation.partner, role=role, organisation=operation.guest)


def test_places_belong_together(operation: Operation) -> None:
    site = operation.controller.sites.first()
    team = actions.create_team(organisation=operation.guest, name="Guests")
    with pytest.raises(InputError, match="team-elsewhere"):
        actions.grant_role(
            user=operation.outsider,
            role=Role.CASE_WORKER,
            organisation=operation.controller,
            team=team,
        )
    with pytest.raises(InputError, match="one-scope"):
        actions.grant_role(
            user=operation.outsider,
            role=Role.CASE_WORKER,
            organisation=operation.controller,
            site=site,
            team=team,
        )
    with pytest.raises(InputError, match="site-elsewhere"):
        actions.create_team(organisation=operation.guest, name="Others", site=site)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(
            user=operation.outsider,
            role=Role.CASE_WORKER,
            organisation=operation.controller,
            site=site,
            team=team,
            starts_at=clock.now(),
        )


def test_nobody_gives_themselves_a_role(operation: Operation) -> None:
    administrator = operation.desks[Desk.ADMINISTRATION]
    with pytest.raises(InputError, match="grant-to-oneself"):
        actions.grant_role(
            user=administrator,
            role=Role.ADMINISTRATOR,
            organisation=operation.controller,
            granted_by=administrator,
        )


def test_the_same_role_is_held_once_at_a_place(operation: Operation) -> None:
    worker = operation.desks[Desk.PROTECTION]
    with pytest.raises(InputError, match="role-held"):
        actions.grant_role(user=worker, role=Role.CASE_WORKER, organisation=operation.controller)
    site = operation.controller.sites.first()
    actions.grant_role(
        user=worker, role=Role.CASE_WORKER, organisation=operation.controller, site=site
    )


@pytest.mark.parametrize("holder", [Desk.ADMINISTRATION, Desk.PROTECTION])
@pytest.mark.parametrize("role", [Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR])
def test_who_lets_in_who_watches_and_who_reads_are_different_people(
    operation: Operation, holder: Desk, role: Role
) -> None:
    if (holder, role) == (Desk.ADMINISTRATION, Role.ADMINISTRATOR):
        role = Role.CASE_WORKER
    with pytest.raises(InputError, match="role-apart"):
        actions.grant_role(
            user=operation.desks[holder], role=role, organisation=operation.controller
        )


def test_nor_does_one_come_to_it_by_a_loan(operation: Operation) -> None:
    worker = operation.desks[Desk.PROTECTION]
    with pytest.raises(InputError, match="role-apart"):
        actions.lend_role(
            lender=worker,
            grant=grant_of(operation, Desk.PROTECTION),
            to=operation.desks[Desk.ADMINISTRATION],
            ends_at=clock.now() + DAY,
        )


def test_a_lent_role_holds_for_its_time_and_both_see_it(operation: Operation) -> None:
    worker, colleague = operation.desks[Desk.PROTECTION], operation.desks[Desk.RECEPTION]
    start = clock.now()
    loan = actions.lend_role(
        lender=worker,
        grant=grant_of(operation, Desk.PROTECTION),
        to=colleague,
        starts_at=start + DAY,
        ends_at=start + 3 * DAY,
    )
    assert [list(loans_of(user)) for user in (worker, colleague)] == [[loan], [loan]]
    assert list(loans_of(operation.outsider)) == []
    held = []
    for days in (0, 2, 4):
        with clock.set_to(start + days * DAY):
            held.append(Desk.PROTECTION in desks_of(colleague))
            assert Desk.PROTECTION in desks_of(worker), "the lender keeps the role"
    assert held == [False, True, False]
    assert Role.CASE_WORKER in actor_of(colleague, at=start + 2 * DAY).role_names


def test_a_lent_role_ends_with_the_role_and_with_the_lender(operation: Operation) -> None:
    worker, colleague = operation.desks[Desk.PROTECTION], operation.desks[Desk.RECEPTION]
    grant = grant_of(operation, Desk.PROTECTION)
    actions.lend_role(lender=worker, grant=grant, to=colleague, ends_at=clock.now() + DAY)
    assert Desk.PROTECTION in desks_of(colleague)
    actions.block_user(user=worker)
    assert Desk.PROTECTION not in desks_of(colleague)
    allow_sign_in(user=worker, allowed=True)
    assert Desk.PROTECTION in desks_of(colleague)
    actions.revoke_role(grant=grant)
    assert desks_of(colleague) == {Desk.RECEPTION}
    assert list(loans_of(colleague)) == []


def test_what_was_lent_cannot_be_lent_on(operation: Operation) -> None:
    worker, colleague = operation.desks[Desk.PROTECTION], operation.desks[Desk.RECEPTION]
    grant = grant_of(operation, Desk.PROTECTION)
    later = clock.now() + DAY
    actions.lend_role(lender=worker, grant=grant, to=colleague, ends_at=later)
    with pytest.raises(InputError, match="not-yours-to-lend"):
        actions.lend_role(lender=colleague, grant=grant, to=operation.outsider, ends_at=later)


def test_what_cannot_be_lent(operation: Operation) -> None:
    worker = operation.desks[Desk.PROTECTION]
    grant = grant_of(operation, Desk.PROTECTION)
    now = clock.now()

    def lend(days: float, to: object = operation.outsider) -> None:
        actions.lend_role(lender=worker, grant=grant, to=to, ends_at=now + days * DAY)  # type: ignore[arg-type]

    with pytest.raises(InputError, match="lend-to-oneself"):
        lend(1, worker)
    with pytest.raises(InputError, match="end-past"):
        lend(-1)
    with pytest.raises(InputError, match="lent-too-long"):
        lend(91)
    RoleGrant.objects.filter(pk=grant.pk).update(ends_at=now + DAY)
    grant.refresh_from_db()
    with pytest.raises(InputError, match="lent-beyond-role"):
        lend(2)
    operation.outsider.is_active = False
    with pytest.raises(InputError, match="lend-to-blocked"):
        lend(1)
    with clock.set_to(now + 2 * DAY), pytest.raises(InputError, match="not-yours-to-lend"):
        lend(3, operation.colleague)
    assert not Delegation.objects.exists()


def test_a_loan_is_taken_back_before_and_after_its_beginning(operation: Operation) -> None:
    worker, colleague = operation.desks[Desk.PROTECTION], operation.desks[Desk.RECEPTION]
    grant, now = grant_of(operation, Desk.PROTECTION), clock.now()
    for start in (now, now + DAY):
        loan = actions.lend_role(
            lender=worker, grant=grant, to=colleague, starts_at=start, ends_at=now + 3 * DAY
        )
        actions.take_back_role(delegation=loan)
        assert list(loans_of(colleague)) == []
        with clock.set_to(now + 2 * DAY):
            assert desks_of(colleague) == {Desk.RECEPTION}


def test_the_last_administrator_stays(operation: Operation) -> None:
    only = operation.desks[Desk.ADMINISTRATION]
    grant = grant_of(operation, Desk.ADMINISTRATION)
    with pytest.raises(InputError, match="last-administrator"):
        actions.revoke_role(grant=grant)
    with pytest.raises(InputError, match="last-administrator"):
        actions.block_user(user=only)
    only.refresh_from_db()
    assert only.is_active
    # One whose role ends, and one who stands in, would leave nobody one day.
    actions.grant_role(
        user=operation.outsider,
        role=Role.ADMINISTRATOR,
        organisation=operation.controller,
        ends_at=clock.now() + DAY,
    )
    with pytest.raises(InputError, match="last-administrator"):
        actions.revoke_role(grant=grant)
    second = create_user(username="second", display_name="")
    actions.grant_role(user=second, role=Role.ADMINISTRATOR, organisation=operation.controller)
    actions.revoke_role(grant=grant)
    assert [each.user for each in lasting_administrators()] == [second]


def test_a_guest_partner_leaves_with_all_its_roles(operation: Operation) -> None:
    team = actions.create_team(organisation=operation.guest, name="Guests")
    actions.join_team(team=team, user=operation.partner)
    record = new_id()
    actions.open_to_organisation(
        organisation=operation.guest,
        object_kind="Person",
        object_id=record,
        until=clock.now() + DAY,
        owner=operation.controller.pk,
    )
    assert organisations_let_to("Person", record) == {operation.guest.pk}
    actions.end_organisation(organisation=operation.guest)
    assert actor_of(operation.partner).roles == frozenset()
    assert organisations_let_to("Person", record) == frozenset()
    guest = Organisation.objects.get(pk=operation.guest.pk)
    for act in (
        lambda: actions.grant_role(
            user=operation.partner, role=Role.CASE_WORKER, organisation=guest
        ),
        lambda: actions.open_site(organisation=guest, name="x", time_zone="Asia/Damascus"),
        lambda: actions.create_team(organisation=guest, name="x"),
        lambda: actions.open_to_organisation(
            organisation=guest,
            object_kind="Person",
            object_id=record,
            until=clock.now() + DAY,
            owner=operation.controller.pk,
        ),
    ):
        with pytest.raises(InputError, match="organisation-ended"):
            act()
    with pytest.raises(InputError, match="controller-stays"):
        actions.end_organisation(organisation=operation.controller)


def test_an_opening_has_an_end(operation: Operation) -> None:
    record, now = new_id(), clock.now()

    def open_until(moment: datetime) -> AccessGrant:
        return actions.open_to_organisation(
            organisation=operation.guest,
            object_kind="Person",
            object_id=record,
            until=moment,
            owner=operation.controller.pk,
        )

    with pytest.raises(InputError, match="end-past"):
        open_until(now)
    grant = open_until(now + DAY)
    assert organisations_let_to("Case", record) == frozenset()
    with clock.set_to(now + DAY):
        assert organisations_let_to("Person", record) == frozenset()
    actions.close_to_organisation(grant=grant)
    assert organisations_let_to("Person", record) == frozenset()


def test_exclusion_meets_people_teams_and_organisations(operation: Operation) -> None:
    worker, record = operation.desks[Desk.PROTECTION], new_id()
    team = actions.create_team(organisation=operation.controller, name="Tracing")
    actions.join_team(team=team, user=operation.colleague)
    actions.assign_user(user=worker, object_kind="Person", object_id=record)
    assert assigned_users("Person", record) == {worker.pk}
    named = {"object_kind": "Person", "object_id": record}
    actions.exclude_from_object(user=worker, **named)  # type: ignore[arg-type]
    of_team = actions.exclude_from_object(team=team, **named)  # type: ignore[arg-type]
    actions.exclude_from_object(organisation=operation.guest, **named)  # type: ignore[arg-type]
    assert assigned_users("Person", record) == frozenset()
    assert excluded_users("Person", record) == {worker.pk, operation.colleague.pk}
    assert excluded_organisations("Person", record) == {operation.guest.pk}
    # Leaving the team is no way around it, and its end is none either.
    actions.end_team(team=team)
    for user in (worker, operation.colleague, operation.partner):
        shut = objects_shut_to(user.pk, actor_of(user).organisations, "Person")
        assert record in set(shut.values_list("object_id", flat=True))
    actions.lift_exclusion(exclusion=of_team)
    assert excluded_users("Person", record) == {worker.pk}
    with pytest.raises(InputError, match="exclude-one"):
        actions.exclude_from_object(user=worker, team=team, **named)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="exclude-one"):
        actions.exclude_from_object(**named)  # type: ignore[arg-type]


def test_assigning_twice_is_one_assignment(operation: Operation) -> None:
    worker, record = operation.desks[Desk.PROTECTION], new_id()
    first = actions.assign_user(user=worker, object_kind="Case", object_id=record)
    assert actions.assign_user(user=worker, object_kind="Case", object_id=record) == first
    actions.unassign_user(user=worker, object_kind="Case", object_id=record)
    assert assigned_users("Case", record) == frozenset()


STEP = st.tuples(
    st.sampled_from(["grant", "revoke", "block", "unblock", "lend", "later"]),
    st.integers(0, 3),
    st.sampled_from([Role.ADMINISTRATOR, Role.CASE_WORKER, Role.DATA_PROTECTION_OFFICER]),
    st.booleans(),
)


class Histories(TestCase):
    """Whatever is tried in whatever order, somebody can let others in, and sides stay apart."""

    @settings(max_examples=25, derandomize=True)
    @given(st.lists(STEP, max_size=25))
    def test_any_history(self, steps: list[tuple[str, int, Role, bool]]) -> None:
        controller = actions.create_organisation(name="Us", kind=Organisation.Kind.CONTROLLER)
        people = [create_user(username=f"person-{n}", display_name="") for n in range(4)]
        actions.grant_role(user=people[0], role=Role.ADMINISTRATOR, organisation=controller)
        now = clock.now()
        for what, which, role, ends in steps:
            now += timedelta(hours=1)
            with clock.set_to(now):
                with contextlib.suppress(InputError):
                    self._step(what, people, which, role, now + DAY if ends else None, controller)
                assert lasting_administrators().exists()
                for user in people:
                    user.refresh_from_db()
                    roles = actor_of(user).role_names
                    assert len({r if r != Role.CASE_WORKER else None for r in roles}) <= 1, roles

    def _step(self, what, people, which, role, ends_at, controller) -> None:  # type: ignore[no-untyped-def]
        user = people[which]
        held = grants_in_force().filter(user=user, role=role).first()
        if what == "grant":
            actions.grant_role(user=user, role=role, organisation=controller, ends_at=ends_at)
        elif what == "revoke" and held:
            actions.revoke_role(grant=held)
        elif what == "block":
            actions.block_user(user=user)
        elif what == "unblock":
            allow_sign_in(user=user, allowed=True)
        elif what == "lend" and held:
            to = people[(which + 1) % 4]
            actions.lend_role(
                lender=user, grant=held, to=to, ends_at=clock.now() + timedelta(hours=5)
            )

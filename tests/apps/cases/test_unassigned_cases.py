"""A case whose responsible person may not read it is nobody's: what the database says of all cases
is what the charter says of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.follow_up import plan_contact
from marfa.apps.cases import unassigned_cases
from marfa.apps.cases.actions import assign_case, take_case
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import case_of
from marfa.apps.cases.queries import ASKED, READ, cases_without_worker, own_cases
from marfa.apps.cases.supervision import supervision_board
from marfa.apps.cases.unassigned_cases import is_unheld, unheld_of
from marfa.apps.cases.work import work_items_of
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import (
    assign_user,
    block_user,
    create_team,
    exclude_from_object,
    grant_role,
    join_team,
    lend_role,
    lift_exclusion,
    open_to_organisation,
    revoke_role,
    unassign_user,
)
from marfa.apps.organisations.models import Exclusion, RoleGrant, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions import hand_over, take_up
from marfa.apps.screening.models import HandOver
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.words import Role
from tests.apps.cases.office import Office
from tests.apps.screening.test_interview import Office as Gate
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Held:
    """A case, and somebody who is responsible for it, with the role of a case worker or another."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.office = Office(operation)
        self.case: Case = self.office.case()
        self.worker: User = operation.desks[Desk.PROTECTION]
        self.site: Site = self.case.site

    @property
    def person(self) -> Person:
        return self.case.person

    def give(self, user: User) -> None:
        """Make somebody responsible who could not be, by any action."""
        Case.objects.filter(pk=self.case.pk).update(worker=user.pk)
        assign_user(user=user, object_kind="Person", object_id=self.person.pk)
        self.worker = user

    def hire(self, role: Role, **where: object) -> None:
        user = create_user(username="hired", display_name="Hired")
        place = {"organisation": self.operation.controller, **where}
        grant_role(user=user, role=role, **place)  # type: ignore[arg-type]
        self.give(user)

    def grant(self) -> RoleGrant:
        return RoleGrant.objects.get(user=self.worker)

    def leave(self) -> None:
        unassign_user(user=self.worker, object_kind="Person", object_id=self.person.pk)

    def shut(self, **whom: object) -> Exclusion:
        return exclude_from_object(object_kind="Person", object_id=self.person.pk, **whom)  # type: ignore[arg-type]

    def readable(self) -> bool:
        actor = actor_of(User.objects.get(pk=self.worker.pk))
        return decide(actor, READ, case_of(self.person, self.case.pk), ASKED).allowed


def nothing(held: Held) -> None:
    """As it is."""


def role_ended(held: Held) -> None:
    revoke_role(grant=held.grant())


def blocked(held: Held) -> None:
    block_user(user=held.worker)


def excluded(held: Held) -> None:
    held.shut(user=held.worker)


def excluded_and_let_in(held: Held) -> None:
    lift_exclusion(exclusion=held.shut(user=held.worker))


def excluded_and_assigned_again(held: Held) -> None:
    excluded_and_let_in(held)
    assign_user(user=held.worker, object_kind="Person", object_id=held.person.pk)


def somebody_else_excluded(held: Held) -> None:
    held.shut(user=held.operation.colleague)


def former_team_excluded(held: Held) -> None:
    team = create_team(organisation=held.operation.controller, name="Night")
    join_team(team=team, user=held.worker)
    held.shut(team=team)


def organisation_excluded(held: Held) -> None:
    held.shut(organisation=held.operation.controller)


def another_organisation_excluded(held: Held) -> None:
    held.shut(organisation=held.operation.guest)


def lent_role(held: Held) -> None:
    lender = held.operation.colleague
    role_ended(held)
    grant = RoleGrant.objects.get(user=lender)
    lend_role(lender=lender, grant=grant, to=held.worker, ends_at=clock.now() + DAY)


def lent_by_who_is_blocked(held: Held) -> None:
    lent_role(held)
    block_user(user=held.operation.colleague)


def focal_point(held: Held) -> None:
    held.hire(Role.FOCAL_POINT)


def supervisor_there(held: Held) -> None:
    held.hire(Role.SUPERVISOR, site=held.site)
    held.leave()


def supervisor_of_all(held: Held) -> None:
    held.hire(Role.SUPERVISOR)
    held.leave()


def supervisor_elsewhere(held: Held) -> None:
    there = Site.objects.filter(organisation=held.operation.controller).exclude(pk=held.site.pk)
    held.hire(Role.SUPERVISOR, site=there[0])


def supervisor_of_the_team(held: Held) -> None:
    team = create_team(organisation=held.operation.controller, name="Night")
    Person.objects.filter(pk=held.person.pk).update(team=team)
    held.hire(Role.SUPERVISOR, team=team)


def protected_from_supervisor(held: Held) -> None:
    supervisor_there(held)
    Person.objects.filter(pk=held.person.pk).update(protected=True, protected_at=clock.now())


def case_worker_elsewhere(held: Held) -> None:
    """Who is assigned works with the person wherever their role holds."""
    held.give(held.operation.colleague)


def guest(held: Held) -> None:
    held.give(held.operation.partner)


def guest_with_the_record(held: Held) -> None:
    guest(held)
    open_to_organisation(
        organisation=held.operation.guest,
        object_kind="Person",
        object_id=held.person.pk,
        until=clock.now() + DAY,
        owner=held.operation.controller.pk,
    )


SITUATIONS: dict[Callable[[Held], None], bool] = {
    nothing: True,
    role_ended: False,
    blocked: False,
    excluded: False,
    excluded_and_let_in: False,
    excluded_and_assigned_again: True,
    somebody_else_excluded: True,
    former_team_excluded: False,
    organisation_excluded: False,
    another_organisation_excluded: True,
    lent_role: True,
    lent_by_who_is_blocked: False,
    focal_point: False,
    supervisor_there: True,
    supervisor_of_all: True,
    supervisor_elsewhere: False,
    supervisor_of_the_team: True,
    protected_from_supervisor: False,
    case_worker_elsewhere: True,
    guest_with_the_record: True,
}


@pytest.fixture
def held(operation: Operation) -> Iterator[Held]:
    with every_organisation():
        yield Held(operation)


@pytest.mark.parametrize(
    ("happens", "reads"), SITUATIONS.items(), ids=lambda each: getattr(each, "__name__", str(each))
)
def test_it_is_nobodys_where_the_charter_lets_its_worker_not_read_it(
    held: Held, happens: Callable[[Held], None], reads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    happens(held)
    assert held.readable() is reads
    assert is_unheld(held.case) is not reads
    for many in (unassigned_cases.MANY, 1):
        # Few in doubt are asked about alone, many with all others.
        monkeypatch.setattr(unassigned_cases, "MANY", many)
        assert Case.objects.filter(unheld_of(Case.objects.all())).exists() is not reads


@pytest.mark.parametrize("happens", [role_ended, blocked, excluded, focal_point])
def test_it_stands_where_what_is_nobodys_stands_and_is_taken(
    held: Held, happens: Callable[[Held], None]
) -> None:
    happens(held)
    boss = held.operation.supervisor
    supervisor = actor_of(boss)
    assert list(cases_without_worker(supervisor)) == [held.case]
    assert any("unassigned" in str(item.text) for item in work_items_of(boss))
    counts = {concern.name: count for concern, count in supervision_board(supervisor).concerns}
    assert counts["nobodys"] == 1
    case = Case.objects.select_related("person", "site").get(pk=held.case.pk)
    take_case(actor=supervisor, case=case)
    assert not cases_without_worker(supervisor).exists()
    assert list(own_cases(supervisor)) == [case]
    with pytest.raises(InputError, match="taken-already"):
        take_case(actor=supervisor, case=case)


def test_it_is_taken_with_what_waits_in_it(held: Held) -> None:
    due = clock.now() + timedelta(hours=1)
    row = plan_contact(actor=held.office.worker, case=held.case, way="in_person", due_at=due)
    role_ended(held)
    supervisor = held.office.supervisor
    take_case(actor=supervisor, case=held.case)
    row.refresh_from_db()
    assert row.responsible == supervisor.id
    assert Deadline.objects.get(subject=row.pk).responsible == supervisor.id


def test_pages_say_that_nobody_is_responsible(held: Held) -> None:
    excluded(held)
    browser = signed_in(held.operation.supervisor)
    there = reverse("cases:responsible", args=[held.case.reference])
    shown = browser.get(reverse("cases:case", args=[held.case.reference])).content.decode()
    assert "No one is responsible for this case yet." in shown
    assert "Take this case" in browser.get(there).content.decode()
    listed = browser.get(reverse("caseload:concern", args=["nobodys"])).content.decode()
    assert there in listed
    assert there in browser.get(reverse("caseload:mine")).content.decode()


def test_a_focal_point_takes_somebody_up_and_the_case_is_nobodys(operation: Operation) -> None:
    with every_organisation():
        gate = Gate(operation)
        row = gate.finished(cd_papers="yes", core_imminent="yes")
        made = hand_over(actor=gate.officer, screening=row, ground=HandOver.Ground.AGREED)
        focal = User.objects.get(username="focal")
        take_up(actor=actor_of(focal), hand_over=made)
        case = Case.objects.get(person=row.person)
        assert case.worker is None
        assert list(cases_without_worker(gate.worker)) == [case]
        take_case(actor=gate.worker, case=case)
        assert list(own_cases(gate.worker)) == [case]


def test_who_is_given_a_case_is_the_one_who_may_read_it(held: Held) -> None:
    role_ended(held)
    assign_case(actor=held.office.supervisor, case=held.case, worker=held.operation.colleague)
    assert not is_unheld(held.case)
    assert list(own_cases(held.office.colleague)) == [held.case]

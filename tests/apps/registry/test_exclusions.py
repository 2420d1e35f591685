"""Somebody is shut out of a record: at once, confirmed by another, lifted by two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.follow_up import plan_contact
from marfa.apps.cases.models import Case, CaseStep
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user, create_team, join_team
from marfa.apps.organisations.models import Assignment
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions.exclusions import (
    ask_to_lift,
    confirm_exclusion,
    exclude_from_record,
    keep_excluded,
    lift_from_record,
    question_exclusion,
    settle_exclusion,
)
from marfa.apps.registry.exclusion_work import work_items_of
from marfa.apps.registry.models import Person, RecordExclusion
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import Office
from tests.apps.registry.protection import called, protect
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
WHY = "He is her uncle."
LATE = timedelta(hours=72)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def shut(office: Office, who: str = "protection", by: str = "supervisor") -> RecordExclusion:
    """Shut somebody of the operation out of the record of the office's woman."""
    ((user,), (decided,)) = called(who), called(by)
    office.person.refresh_from_db()
    return exclude_from_record(
        actor=actor_of(decided), person=office.person, who=user, wish="colleague", reason=WHY
    )


def sees(who: str, person: Person) -> bool:
    actor = actor_of(*called(who))
    return Person.objects.filter(visibility_condition(PERSON, actor), pk=person.pk).exists()


def code_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].message.code.partition(":")[2]


def test_it_holds_at_once_and_the_case_is_anothers_the_same_minute(office: Office) -> None:
    case = office.case()
    contact = plan_contact(
        actor=office.worker, case=case, due_at=clock.now() + timedelta(days=2), way="in_person"
    )
    assert case.worker == office.worker.id
    assert sees("protection", office.person), "the control: until then they see her"
    before = clock.now()
    row = shut(office)
    assert not sees("protection", office.person)
    case.refresh_from_db()
    assert case.worker == office.supervisor.id
    held = Assignment.objects.filter(object_id=office.person.pk, ends_at=None)
    assert list(held.values_list("user", flat=True)) == [office.supervisor.id]
    step = CaseStep.objects.filter(case=case, kind="assigned").latest("at")
    assert (step.before, step.after) == (str(office.worker.id), str(office.supervisor.id))
    assert step.at - before < timedelta(minutes=1)
    waiting = Deadline.objects.filter(subject=contact.pk, state="open")
    assert set(waiting.values_list("responsible", flat=True)) <= {office.supervisor.id, None}
    assert row.confirm_by - row.began_at < LATE + timedelta(seconds=1)
    with open_vault():
        assert RecordExclusion.objects.get().reason == WHY
    told = Entry.objects.filter(action="access.exclude", subject_id=office.person.pk)
    assert [entry.outcome for entry in told] == ["done"]


def test_reception_shuts_out_on_the_persons_word_and_reads_no_reason(office: Office) -> None:
    case = office.case()
    (worker,) = called("protection")
    client = signed_in(office.operation.desks[Desk.RECEPTION])
    there = reverse("people:exclusions", args=[office.person.reference])
    shown = client.get(there).content.decode()
    assert worker.display_name in shown
    sent = {"do": "exclude", "who": worker.reference, "wish": "person"}
    answer = client.post(there, sent)
    assert answer.status_code == 302
    row = RecordExclusion.objects.get()
    assert (row.wish, row.reason) == ("person", None)
    assert not sees("protection", office.person)
    case.refresh_from_db()
    assert case.worker == office.supervisor.id, "reception itself is never responsible for a case"
    again = client.get(there).content.decode()
    assert worker.reference not in again, "whoever is shut out can be chosen no more"
    assert row.reference not in again, "who is shut out is told to those who confirm it"
    whole = signed_in(office.operation.supervisor).get(there).content.decode()
    assert row.reference in whole
    assert worker.display_name in whole


def test_who_is_shut_out_is_told_nothing(office: Office) -> None:
    """Their pages are those of somebody who was never told of her; what they are told is 404."""
    case = office.case()
    worker = office.operation.desks[Desk.PROTECTION]
    code = format_code(office.person.code)
    mine = (reverse("caseload:mine"), "/", "/timeline/")
    hers = (
        reverse("people:person", args=[office.person.reference]),
        reverse("people:exclusions", args=[office.person.reference]),
        reverse("cases:case", args=[case.reference]),
    )
    client = signed_in(worker)
    seen = [client.get(address).content.decode() for address in mine]
    assert any(office.person.code in text or code in text for text in seen), "the control"
    assert [client.get(address).status_code for address in hers] == [200, 200, 200]
    shut(office)
    for address in mine:
        text = client.get(address).content.decode()
        assert office.person.code not in text
        assert code not in text
        assert case.reference not in text
    nobody = client.get(reverse("people:person", args=["0" * 20]))
    for address in hers:
        answer = client.get(address)
        assert answer.status_code == nobody.status_code == 404
    assert list(work_items_of(worker)) == []


def test_an_administrator_is_not_told_of_their_own(office: Office) -> None:
    boss = office.operation.desks[Desk.ADMINISTRATION]
    client = signed_in(boss)
    there = reverse("organisations:exclusions")
    shut(office)
    (worker,) = called("protection")
    assert worker.display_name in client.get(there).content.decode(), "the control"
    shut(office, "administration")
    table = client.get(there).content.decode().partition("<table")[2]
    assert boss.display_name not in table
    own = client.get(reverse("organisations:person", args=[boss.reference])).content.decode()
    other = client.get(reverse("organisations:person", args=[worker.reference])).content.decode()
    assert "no records" in own
    assert "1 record" in other


def test_a_second_person_confirms_it(office: Office) -> None:
    row = shut(office)
    with pytest.raises(DeniedError):
        confirm_exclusion(actor=office.supervisor, exclusion=row)
    with pytest.raises(DeniedError):
        confirm_exclusion(actor=office.worker, exclusion=row)
    (colleague,) = called("colleague")
    with pytest.raises(DeniedError):
        confirm_exclusion(actor=actor_of(colleague), exclusion=row)
    assign_user(user=colleague, object_kind="Person", object_id=office.person.pk)
    assert len(list(work_items_of(colleague))) == 1
    confirm_exclusion(actor=actor_of(colleague), exclusion=row)
    row.refresh_from_db()
    assert row.confirmed_by == colleague.pk
    assert Deadline.objects.get(subject=row.pk).state == "met"
    assert list(work_items_of(colleague)) == []
    with pytest.raises(InputError) as error:
        confirm_exclusion(actor=actor_of(colleague), exclusion=row)
    assert code_of(error) == "exclusion-confirmed"


def test_of_an_erased_record_nothing_is_settled(office: Office) -> None:
    row = shut(office)
    (officer,) = called("officer")
    Person.objects.filter(pk=office.person.pk).update(erased_at=clock.now())
    row.refresh_from_db()
    with clock.set_to(row.confirm_by), pytest.raises(DeniedError) as denied:
        settle_exclusion(actor=actor_of(officer), exclusion=row)
    assert "OP29.excluded.erased" in denied.value.decision.policies


def test_what_nobody_confirms_goes_to_the_officer_and_never_lapses(office: Office) -> None:
    row = shut(office)
    (officer,) = called("officer")
    client = signed_in(officer)
    there = reverse("unconfirmed:list")
    with pytest.raises(DeniedError):
        settle_exclusion(actor=actor_of(officer), exclusion=row)
    assert list(work_items_of(officer)) == []
    assert row.reference not in client.get(there).content.decode()
    for days in (3, 400):
        with clock.set_to(row.began_at + timedelta(days=days, seconds=1)):
            assert not sees("protection", office.person), "it holds, however long nobody answers"
            (item,) = work_items_of(officer)
            assert item.url == there
    with clock.set_to(row.confirm_by):
        answer = signed_in(officer).get(there).content.decode()
        assert row.reference in answer
        assert office.person.code not in answer
        assert format_code(office.person.code) not in answer
        assert office.person.reference not in answer
        assert WHY not in answer
        settle_exclusion(actor=actor_of(officer), exclusion=row)
        assert list(work_items_of(officer)) == []
    row.refresh_from_db()
    assert row.confirmed_by == officer.pk


def test_an_officer_who_is_shut_out_is_told_nothing(office: Office) -> None:
    (officer,) = called("officer")
    row = shut(office, "officer")
    with clock.set_to(row.confirm_by):
        assert list(work_items_of(officer)) == []
        assert (
            row.reference
            not in signed_in(officer).get(reverse("unconfirmed:list")).content.decode()
        )
        with pytest.raises(DeniedError):
            settle_exclusion(actor=actor_of(officer), exclusion=row)


def test_two_people_lift_it_and_nobody_alone(office: Office) -> None:
    row = shut(office)
    (colleague,) = called("colleague")
    assign_user(user=colleague, object_kind="Person", object_id=office.person.pk)
    second = actor_of(colleague)
    for alone in (office.supervisor, second):
        with pytest.raises(DeniedError):
            lift_from_record(actor=alone, exclusion=row)
    for outsider in (office.worker, office.officer):
        with pytest.raises(DeniedError):
            ask_to_lift(actor=outsider, exclusion=row, why="She asks for him.")
    ask_to_lift(actor=office.supervisor, exclusion=row, why="She asks for him.")
    with pytest.raises(DeniedError):
        lift_from_record(actor=office.supervisor, exclusion=row)
    assert not sees("protection", office.person)
    keep_excluded(actor=second, exclusion=row)
    with pytest.raises(DeniedError):
        lift_from_record(actor=second, exclusion=row)
    ask_to_lift(actor=office.supervisor, exclusion=row, why="She asks for him.")
    lift_from_record(actor=second, exclusion=row)
    assert sees("protection", office.person)
    assert not Assignment.objects.filter(user=office.worker.id, ends_at=None).exists()
    assert Deadline.objects.get(subject=row.pk).state == "withdrawn"
    with pytest.raises(InputError) as error:
        ask_to_lift(actor=second, exclusion=row, why="Again.")
    assert code_of(error) == "exclusion-ended"


def test_the_officer_asks_and_who_works_with_the_person_decides(office: Office) -> None:
    row = shut(office)
    (officer,) = called("officer")
    with clock.set_to(row.confirm_by):
        question_exclusion(actor=actor_of(officer), exclusion=row, why="Nobody knows of it.")
        with pytest.raises(DeniedError):
            lift_from_record(actor=actor_of(officer), exclusion=row)
        assert not sees("protection", office.person)
        lift_from_record(actor=office.supervisor, exclusion=row)
        assert sees("protection", office.person)


def test_the_database_refuses_it_to_one_alone(office: Office) -> None:
    row = shut(office)
    mine, now = office.supervisor.id, clock.now()
    for alone in (
        {"confirmed_at": now, "confirmed_by": mine},
        {"ended_at": now, "ended_by": mine},
        {"asked_at": now, "asked_by": mine, "ended_at": now, "ended_by": mine},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecordExclusion.objects.filter(pk=row.pk).update(**alone)


@pytest.mark.parametrize(
    ("wish", "reason", "code"),
    [
        ("colleague", "  ", "sentence-needed"),
        ("own", "", "sentence-needed"),
        ("whim", "x", "exclude-wish"),
        ("person", "x" * 501, "words-long"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    office: Office, wish: str, reason: str, code: str
) -> None:
    (user,) = called("protection")
    with pytest.raises(InputError) as error:
        exclude_from_record(
            actor=office.supervisor, person=office.person, who=user, wish=wish, reason=reason
        )
    assert code_of(error) == code
    assert not RecordExclusion.objects.exists()
    assert sees("protection", office.person)


def test_nobody_is_shut_out_twice_nor_the_organisation_that_keeps_the_record(
    office: Office,
) -> None:
    shut(office)
    (user,) = called("protection")
    for who, code in ((user, "exclude-already"), (office.operation.controller, "exclude-whom")):
        with pytest.raises(InputError) as error:
            exclude_from_record(
                actor=office.supervisor, person=office.person, who=who, wish="person"
            )
        assert code_of(error) == code


def test_a_team_is_shut_out_with_all_who_ever_belonged_to_it(office: Office) -> None:
    case = office.case()
    team = create_team(organisation=office.operation.controller, name="Night")
    join_team(team=team, user=User.objects.get(pk=office.worker.id))
    exclude_from_record(actor=office.officer, person=office.person, who=team, wish="person")
    assert not sees("protection", office.person)
    case.refresh_from_db()
    assert case.worker == office.supervisor.id


def test_who_leaves_for_their_own_reasons_finds_nothing_either(office: Office) -> None:
    case = office.case()
    client = signed_in(office.operation.desks[Desk.PROTECTION])
    (me,) = called("protection")
    sent = {"do": "exclude", "who": me.reference, "wish": "own", "reason": "She is my cousin."}
    there = reverse("people:exclusions", args=[office.person.reference])
    answer = client.post(there, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
    case.refresh_from_db()
    assert case.worker == office.supervisor.id
    assert client.get(there).status_code == 404


def test_a_protected_person_is_told_to_nobody_for_it(office: Office) -> None:
    case = office.case()
    protect(office.person, staying=("colleague",))
    shut(office, "protection", by="colleague")
    case.refresh_from_db()
    assert case.worker == office.colleague.id
    assert not sees("supervisor", office.person)
    with pytest.raises(InputError) as error:
        shut(office, "colleague", by="colleague")
    assert code_of(error) == "exclude-last"
    assert sees("colleague", office.person)


def test_where_nobody_follows_it_holds_all_the_same_and_the_case_is_nobodys(
    office: Office,
) -> None:
    case = office.case()
    protect(office.person, staying=("focal",))
    shut(office, "protection", by="focal")
    assert not sees("protection", office.person)
    assert Case.objects.get(pk=case.pk).worker == office.worker.id
    assert list(CaseStep.objects.filter(case=case, after=str(office.supervisor.id))) == []

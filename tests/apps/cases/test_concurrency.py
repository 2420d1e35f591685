"""Two people who do something with a case at the same moment: one waits for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.follow_up import hold_contact, plan_contact
from marfa.apps.assistance.models import Contact
from marfa.apps.cases.actions import (
    answer_review,
    ask_lower_urgency,
    ask_to_close,
    assign_case,
    open_case,
    raise_urgency,
    take_case,
)
from marfa.apps.cases.models import Case, CaseStep
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import together
from tests.apps.cases.office import Office
from tests.apps.cases.test_facts import until_somebody_waits
from tests.conftest import Operation
from tests.support.rows import on_postgresql

pytestmark = [pytest.mark.django_db(transaction=True), on_postgresql]


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def opened(office: Office, urgency: str = "routine") -> Case:
    case = open_case(actor=office.worker, person=office.person, source="person", urgency=urgency)
    return read(case)


def read(case: Case) -> Case:
    return Case.objects.select_related("person", "site").get(pk=case.pk)


def beside(step: Callable[[], object], then: Callable[[], object]) -> None:
    """Do both at once. Raises what either raises."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with every_organisation():
                step()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    try:
        then()
    finally:
        other.join()
    assert errors == []


def first(step: Callable[[], object], second: Callable[[], object]) -> None:
    """The second begins before the first is stored, and waits for it."""
    done = threading.Event()

    def slowly() -> None:
        try:
            with together():
                step()
                done.set()
                until_somebody_waits()
        finally:
            done.set()

    def afterwards() -> None:
        done.wait(300)
        second()

    beside(slowly, afterwards)


def test_of_two_who_take_a_case_one_is_told(office: Office) -> None:
    case = opened(office)
    Case.objects.filter(pk=case.pk).update(worker=None)
    mine, theirs = read(case), read(case)

    def late() -> None:
        with pytest.raises(InputError, match="taken-already"):
            take_case(actor=office.supervisor, case=theirs)

    first(lambda: take_case(actor=office.worker, case=mine), late)
    assert read(case).worker == office.worker.id


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("days", "now", [("routine", "days"), ("days", "now")]),
        ("now", "days", [("routine", "now")]),
    ],
)
def test_of_two_who_raise_a_case_the_more_urgent_counts(
    office: Office, one: str, other: str, steps: list[tuple[str, str]]
) -> None:
    case = opened(office)
    mine, theirs = read(case), read(case)

    def second() -> None:
        try:
            raise_urgency(actor=office.supervisor, case=theirs, urgency=other, text="Seen")
        except InputError as error:
            told.append(error.problems[0].message.code)

    told: list[str] = []
    first(
        lambda: raise_urgency(actor=office.worker, case=mine, urgency=one, text="He left"), second
    )
    assert told == ([] if other == "now" else ["apps.cases:not-raised"])
    assert read(case).urgency == "now"
    made = CaseStep.objects.filter(case=case, kind="urgency").order_by("at")
    assert list(made.values_list("before", "after")) == steps


def test_of_two_who_give_a_case_both_are_written_down(office: Office) -> None:
    case = opened(office)
    mine, theirs = read(case), read(case)
    worker = User.objects.get(pk=office.worker.id)
    boss = User.objects.get(pk=office.supervisor.id)
    first(
        lambda: assign_case(actor=office.supervisor, case=mine, worker=boss, text="I know her"),
        lambda: assign_case(actor=office.supervisor, case=theirs, worker=worker, text="No, you"),
    )
    assert read(case).worker == worker.pk
    made = CaseStep.objects.filter(case=case, kind="assigned").order_by("at")
    assert list(made.values_list("before", "after")) == [
        (str(worker.pk), str(boss.pk)),
        (str(boss.pk), str(worker.pk)),
    ]


def planned(office: Office, case: Case) -> Contact:
    due = clock.now() + timedelta(hours=1)
    return plan_contact(actor=office.worker, case=case, way="in_person", due_at=due)


def test_a_contact_that_alarms_withdraws_what_a_yes_comes_too_late_for(office: Office) -> None:
    case = opened(office, "days")
    contact = planned(office, case)
    review = ask_lower_urgency(actor=office.worker, case=case, urgency="routine", text="He left")

    def late() -> None:
        with pytest.raises(InputError, match="answered-already"):
            answer_review(actor=office.supervisor, review=review, agree=True)

    first(lambda: alarm(office, contact), late)
    case = read(case)
    assert (case.urgency, case.met_at is not None) == ("now", True)


def test_an_alarm_after_a_yes_to_lower_raises_again(office: Office) -> None:
    case = opened(office, "days")
    contact = planned(office, case)
    review = ask_lower_urgency(actor=office.worker, case=case, urgency="routine", text="He left")
    first(
        lambda: answer_review(actor=office.supervisor, review=review, agree=True),
        lambda: alarm(office, contact),
    )
    case = read(case)
    assert (case.urgency, case.met_at is not None) == ("now", True)


def alarm(office: Office, contact: Contact) -> None:
    hold_contact(actor=office.worker, contact=contact, text="He calls her daily", risk="high")


@pytest.mark.parametrize("closes_first", [True, False])
def test_a_contact_and_the_end_of_the_case_do_not_wait_for_each_other(
    office: Office, *, closes_first: bool
) -> None:
    case = opened(office)
    contact = planned(office, case)
    review = ask_to_close(
        actor=office.worker, case=read(case), reason="goals_met", text="She lives with her sister"
    )

    def close() -> None:
        answer_review(actor=office.supervisor, review=review, agree=True)

    def hold() -> None:
        hold_contact(actor=office.worker, contact=contact, text="She is well", risk="low")

    def too_late() -> None:
        with pytest.raises(InputError, match="case-closed"):
            hold()

    first(*((close, too_late) if closes_first else (hold, close)))
    contact.refresh_from_db()
    assert read(case).state == "closed"
    assert contact.state == ("cancelled" if closes_first else "held")

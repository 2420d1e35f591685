"""Two people who do something with a case at the same moment: one waits for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from marfa.apps.cases.actions import (
    answer_review,
    ask_lower_urgency,
    following,
    open_case,
    raise_urgency,
    reviewing,
    take_case,
)
from marfa.apps.cases.models import Case, CaseStep
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.acting import together
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
        done.wait(30)
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
    first(
        lambda: raise_urgency(actor=office.worker, case=mine, urgency=one, text="He left"),
        lambda: raise_urgency(actor=office.supervisor, case=theirs, urgency=other, text="Seen"),
    )
    assert read(case).urgency == "now"
    made = CaseStep.objects.filter(case=case, kind="urgency").order_by("at")
    assert list(made.values_list("before", "after")) == steps


def test_a_contact_that_alarms_and_a_yes_to_lower_do_not_wait_for_each_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(office, "days")
    due = clock.now() + timedelta(hours=1)
    contact = following.plan_contact(actor=office.worker, case=case, way="in_person", due_at=due)
    review = ask_lower_urgency(actor=office.worker, case=case, urgency="routine", text="He left")
    both = Barrier(2)
    for module, name in ((following, "raise_to"), (reviewing, "_follow")):
        monkeypatch.setattr(module, name, _meeting(getattr(module, name), both))
    beside(
        lambda: answer_review(actor=office.supervisor, review=review, agree=True),
        lambda: following.hold_contact(
            actor=office.worker, contact=contact, text="He calls her daily", risk="high"
        ),
    )
    case = read(case)
    assert (case.urgency, case.met_at is not None) == ("now", True)


def _meeting(real: Callable[..., object], both: Barrier) -> Callable[..., object]:
    def late(*given: object, **named: object) -> object:
        both.wait(timeout=20)
        return real(*given, **named)

    return late

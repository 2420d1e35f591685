"""The facts of cases, where the clock was wrong and where two people write at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import connection

from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help
from marfa.apps.cases.actions import answer_review, ask_to_close, raise_urgency, reopen_case
from marfa.apps.cases.facts import case_histories
from marfa.apps.cases.models import Case, CaseFact
from marfa.platform import clock
from marfa.platform.facts.queries import as_of
from marfa.platform.facts.timeline import FactRow, rows_of
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import together
from tests.apps.cases.office import Office
from tests.conftest import Operation
from tests.support.rows import on_postgresql

BEGAN = datetime(2031, 3, 1, 8, tzinfo=UTC)
AHEAD = BEGAN + timedelta(days=20)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        with clock.set_to(BEGAN):
            made = Office(operation)
        yield made


def begun(office: Office) -> Case:
    with clock.set_to(BEGAN):
        return office.case()


def today(case: Case) -> CaseFact:
    return as_of(CaseFact, clock.now().date()).get(subject=case.person_id)


def again(case: Case) -> FactRow:
    """What a rebuild says that is so from now on."""
    rows = rows_of(dict(case_histories())[case.person_id])
    [last] = [row for row in rows if row.replaced_at is None and row.valid_until is None]
    return last


@pytest.mark.django_db
def test_the_facts_move_on_when_a_clock_that_was_ahead_is_put_right(office: Office) -> None:
    case = begun(office)
    with clock.set_to(AHEAD):
        raise_urgency(actor=office.worker, case=case, urgency="now", text="He was seen")
    with clock.set_to(BEGAN + timedelta(hours=1)):
        ask_help(actor=office.worker, case=case, wanted=HelpRequest("shelter"), begin=True)
        assert (today(case).urgency, today(case).given) == ("now", ("shelter",))
    with clock.set_to(BEGAN + timedelta(hours=2)):
        ask_help(actor=office.worker, case=case, wanted=HelpRequest("medical_care"), begin=True)
        assert set(today(case).given) == {"shelter", "medical_care"}
    with clock.set_to(AHEAD + timedelta(days=1)):
        ask_help(actor=office.worker, case=case, wanted=HelpRequest("legal_advice"), begin=True)
        assert len(today(case).given) == 3
    assert len(again(case).values["given"]) == 3  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_was_done_later_wins_whatever_the_clock_said(office: Office) -> None:
    case = begun(office)
    with clock.set_to(AHEAD):
        asked = ask_to_close(
            actor=office.worker, case=case, reason="goals_met", text="She lives with her sister"
        )
        answer_review(actor=office.supervisor, review=asked, agree=True)
        assert today(case).state == "closed"
    for hours in (1, 2):
        with clock.set_to(BEGAN + timedelta(hours=hours)):
            case.refresh_from_db()
            if hours == 1:
                reopen_case(actor=office.worker, case=case, text="She is back")
            else:
                raise_urgency(actor=office.worker, case=case, urgency="now", text="He was seen")
            assert today(case).state == "open"
            assert again(case).values["state"] == "open"
    assert again(case).values["urgency"] == "now"


@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_of_two_who_write_at_once_neither_is_lost(office: Office) -> None:
    case = begun(office)
    first = threading.Event()
    errors: list[BaseException] = []

    def hurry() -> None:
        try:
            with every_organisation(), together():
                mine = Case.objects.select_related("person", "site").get(pk=case.pk)
                raise_urgency(actor=office.worker, case=mine, urgency="now", text="He was seen")
                first.set()
                until_somebody_waits()
        except BaseException as error:
            errors.append(error)
        finally:
            first.set()
            connection.close()

    other = threading.Thread(target=hurry)
    passed = count(1)
    with clock.set_to(lambda: BEGAN + timedelta(milliseconds=next(passed))):
        other.start()
        first.wait(300)
        ask_help(actor=office.worker, case=case, wanted=HelpRequest("shelter"), begin=True)
        other.join()
    assert errors == []
    fact = CaseFact.objects.get(subject=case.person_id, replaced_at=None, valid_until=None)
    assert (fact.urgency, fact.given) == ("now", ("shelter",))


def until_somebody_waits() -> None:
    """Go on once the other transaction waits for this one."""
    for _ in range(6000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise TimeoutError

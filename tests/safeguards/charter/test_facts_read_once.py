"""A page that only shows reads the facts of a row once; whatever acts reads them anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marfa.platform import clock
from marfa.safeguards.charter.columns import facts_read_once
from tests.safeguards.charter.test_visibility import STAFF, register, tie
from tests.support.charter import CONTROLLER, HARBOUR
from tests.support.harbour.models import PERSON, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    register([(CONTROLLER, (HARBOUR, None), False, False, [])])
    return Person.objects.get()


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as taken:
        ask()
    return len(taken)


def test_a_page_reads_them_once(person: Person) -> None:
    alone = PERSON.resource(person)
    with facts_read_once():
        assert statements(lambda: PERSON.resource(person)) > 0
        assert statements(lambda: PERSON.resource(person)) == 0
        assert PERSON.resource(person) == alone


def test_the_next_page_reads_them_anew(person: Person) -> None:
    with facts_read_once():
        assert PERSON.resource(person).facts["assigned"] == frozenset()
    tie(person.pk, ("assigned", STAFF[0], None))
    with facts_read_once():
        assert PERSON.resource(person).facts["assigned"] == {STAFF[0]}


def test_outside_of_a_page_nothing_is_kept(person: Person) -> None:
    with facts_read_once():
        PERSON.resource(person)
    first = statements(lambda: PERSON.resource(person))
    assert statements(lambda: PERSON.resource(person)) == first > 0


def test_other_rows_and_other_moments_are_read(person: Person) -> None:
    register([(CONTROLLER, (HARBOUR, None), True, False, [])])
    other = Person.objects.get(protected=True)
    with facts_read_once():
        assert PERSON.resource(person).facts["protected"] is False
        assert PERSON.resource(other).facts["protected"] is True
        assert statements(lambda: PERSON.resource(person, clock.now())) > 0


def test_what_fails_leaves_nothing_behind(person: Person) -> None:
    def fails() -> None:
        with facts_read_once():
            PERSON.resource(person)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert statements(lambda: PERSON.resource(person)) > 0

"""The limiter lets through what a bucket of tokens would, for everybody together."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import connection, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marfa.platform import clock
from marfa.platform.jobs.worker import Worker
from marfa.platform.limits.limiter import Limit, attempts_left, give_attempts_back, spend_attempt
from marfa.platform.limits.models import Counter

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIVE = Limit("tests.five", burst=5, interval=timedelta(minutes=1))


class Bucket:
    """The textbook's token bucket, in exact fractions: refilled all the time, never above burst."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.tokens = Fraction(limit.burst)
        self.at = 0

    def take(self, at: int) -> bool:
        gained = Fraction(at - self.at, self.limit.interval // timedelta(microseconds=1))
        self.tokens = min(self.tokens + gained, Fraction(self.limit.burst))
        self.at = at
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class AgainstTheBucket(TestCase):
    """Any sequence of attempts is answered as the textbook's bucket answers it."""

    @settings(max_examples=60, derandomize=True)
    @given(
        burst=st.integers(1, 6),
        interval=st.integers(1, 90_000_000),
        pauses=st.lists(st.integers(0, 120_000_000), max_size=25),
    )
    def test_same_answers(self, burst: int, interval: int, pauses: list[int]) -> None:
        limit = Limit("tests.any", burst=burst, interval=timedelta(microseconds=interval))
        bucket, moment = Bucket(limit), 0
        give_attempts_back(limit, "someone")
        for pause in pauses:
            moment += pause
            with clock.set_to(NOON + timedelta(microseconds=moment)):
                expected = bucket.take(moment)
                assert spend_attempt(limit, "someone") == expected
                assert attempts_left(limit, "someone") == bucket.tokens // 1


@pytest.mark.parametrize("burst", [0, -1])
def test_a_limit_that_never_lets_through_is_none(burst: int) -> None:
    with pytest.raises(ValueError, match="a limit has"):
        Limit("tests.none", burst=burst, interval=timedelta(minutes=1))


def test_keys_do_not_meet(db: None) -> None:
    """Neither other limits nor other parts, however they are cut, share a counter."""
    other = Limit("tests.other", burst=5, interval=timedelta(minutes=1))
    with clock.set_to(NOON):
        for _ in range(5):
            assert spend_attempt(FIVE, "ab", "c")
        assert not spend_attempt(FIVE, "ab", "c")
        assert spend_attempt(FIVE, "a", "bc")
        assert spend_attempt(FIVE, "abc")
        assert spend_attempt(other, "ab", "c")


def test_a_success_gives_the_attempts_back(db: None) -> None:
    with clock.set_to(NOON):
        for _ in range(5):
            spend_attempt(FIVE, "someone")
        give_attempts_back(FIVE, "someone")
        assert attempts_left(FIVE, "someone") == 5


def test_nothing_of_what_is_counted_can_be_read(db: None) -> None:
    spend_attempt(FIVE, "canary-name", "192.0.2.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM limits_counter")
        rows = str(cursor.fetchall())
    assert "canary" not in rows
    assert "192.0.2" not in rows
    assert len(Counter.objects.get().key) == 64


@pytest.mark.django_db(transaction=True)
def test_it_is_not_asked_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        spend_attempt(FIVE, "someone")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_no_more_than_there_is() -> None:
    def attempt(_: int) -> bool:
        try:
            return spend_attempt(FIVE, "someone")
        finally:
            connections.close_all()

    with clock.set_to(NOON), ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


CHILD = """
import os, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from tests.platform.limits.test_limiter import FIVE
from marfa.platform.limits.limiter import spend_attempt
sys.exit(10 + sum(spend_attempt(FIVE, "someone") for _ in range(4)))
"""


@pytest.mark.django_db(transaction=True)
def test_another_process_counts_on() -> None:
    """Also what a restart forgets is not forgotten: the child is a process that begins anew."""
    for _ in range(3):
        assert spend_attempt(FIVE, "someone")
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"])],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "marfa.web.settings"},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert child.returncode == 12, child.stderr


@pytest.mark.django_db(transaction=True)
def test_counters_that_say_nothing_are_deleted() -> None:
    with clock.set_to(NOON):
        spend_attempt(FIVE, "someone")
        Worker().work(until_empty=True)
    later = NOON + timedelta(hours=2)
    with clock.set_to(later):
        for _ in range(5):
            spend_attempt(FIVE, "other")
        Worker().work(until_empty=True)
        assert Counter.objects.count() == 1
        assert not spend_attempt(FIVE, "other")

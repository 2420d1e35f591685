"""Who is next: children without care, then urgency, then waiting time; reasons never delay."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.reception.queue_order import DIGITS, Waiting, due_at, in_order, new_ticket
from marfa.methods.screening.outcome import Urgency

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
moments = st.integers(0, 600).map(lambda minutes: START + timedelta(minutes=minutes))
levels = st.sampled_from(Urgency)
waiting = st.builds(
    Waiting,
    key=st.integers(1, 2**64).map(lambda number: UUID(int=number)),
    first=st.booleans(),
    urgency=levels,
    since=moments,
)
queues = st.lists(waiting, min_size=1, max_size=12, unique_by=lambda one: one.key)


@given(queues)
def test_the_queue_is_sorted_as_promised(queue: list[Waiting]) -> None:
    ordered = in_order(queue)
    for sooner, later in itertools.pairwise(ordered):
        assert sooner.first or not later.first
        if sooner.first == later.first:
            assert sooner.urgency >= later.urgency
            if sooner.urgency == later.urgency:
                assert sooner.since <= later.since


@given(queues, st.data())
def test_a_further_reason_never_puts_anybody_back(
    queue: list[Waiting], data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(queue))
    raised = replace(
        one,
        first=one.first or data.draw(st.booleans()),
        urgency=max(one.urgency, data.draw(levels)),
    )
    after = in_order([raised if each.key == one.key else each for each in queue])
    assert after.index(raised) <= in_order(queue).index(one)


@given(moments, levels, moments, levels)
def test_a_deadline_only_ever_comes_sooner(
    since: datetime, level: Urgency, raised: datetime, other: Urgency
) -> None:
    before = due_at(since, level, raised=since)
    after = due_at(since, max(level, other), raised=max(since, raised), before=before)
    assert after <= before
    assert due_at(since, Urgency.NOW, raised=since) <= before


def test_what_becomes_urgent_late_is_due_from_then() -> None:
    late = START + timedelta(hours=50)
    before = due_at(START, Urgency.ROUTINE, raised=START)
    assert due_at(START, Urgency.NOW, raised=late, before=before) == late + timedelta(hours=1)


def test_tickets_look_alike_and_tell_no_order() -> None:
    taken: set[str] = set()
    for _ in range(400):
        drawn = new_ticket(lambda one: one in taken)
        assert drawn not in taken
        taken.add(drawn)
    assert {len(one) for one in taken} == {4}
    for one in taken:
        assert set(one) <= set(DIGITS)


def test_tickets_never_run_out() -> None:
    assert len(new_ticket(lambda one: len(one) == 4)) == 5

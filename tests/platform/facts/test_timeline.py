"""Rows in two times, against the plainest reading of the statements themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marfa.platform.facts.timeline import FactRow, Statement, rows_of

DAYS = st.integers(0, 8).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    found = []
    at = NOON
    for _ in range(draw(st.integers(0, 6))):
        # Also twice in one moment.
        at += timedelta(hours=draw(st.integers(0, 1)))
        start = draw(DAYS)
        length = draw(st.none() | st.integers(1, 4))
        end = start + timedelta(days=length) if length else None
        values = draw(st.none() | st.sampled_from("abc").map(lambda v: {"value": v}))
        found.append(Statement(start, at, values, end))
    return found


def plainly(made: list[Statement], day: date, known: datetime) -> object:
    """The last statement that was made by then and speaks of the day."""
    for statement in reversed(made):
        until = statement.valid_until
        covers = statement.valid_from <= day and (until is None or day < until)
        if covers and statement.at <= known:
            return statement.values
    return None


def as_of(rows: list[FactRow], day: date, known: datetime) -> object:
    found = [
        row.values
        for row in rows
        if row.valid_from <= day
        and (row.valid_until is None or day < row.valid_until)
        and row.recorded_at <= known
        and (row.replaced_at is None or known < row.replaced_at)
    ]
    assert len(found) <= 1, "rows known at one moment overlap"
    return found[0] if found else None


@given(made=statements())
def test_as_of_gives_what_the_last_statement_said(made: list[Statement]) -> None:
    rows = rows_of(made)
    for hours in range(-1, 7):
        for days in range(-1, 14):
            known, day = NOON + timedelta(hours=hours), date(2026, 1, 1) + timedelta(days=days)
            assert as_of(rows, day, known) == plainly(made, day, known)


def test_a_clock_that_was_set_back_rewrites_no_knowledge() -> None:
    later, earlier = NOON, NOON - timedelta(hours=1)
    rows = rows_of(
        [
            Statement(date(2026, 1, 1), later, {"value": "a"}),
            Statement(date(2026, 1, 2), earlier, {"value": "b"}),
        ]
    )
    assert all(row.recorded_at >= later for row in rows)
    assert as_of(rows, date(2026, 1, 3), NOON) == {"value": "b"}

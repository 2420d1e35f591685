"""A unit of work: who is last, who joins, and what is told when it was undone."""

from __future__ import annotations

import contextlib

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction

from marfa.platform.units import Statement, Unit, current_unit, unit_of_work

pytestmark = pytest.mark.django_db(transaction=True)


def write(name: str) -> None:
    ContentType.objects.create(app_label="test", model=name)


def statement(name: str) -> Statement:
    return "INSERT INTO django_content_type (app_label, model) VALUES (%s, %s)", ["test", name]


def names() -> list[str]:
    found = ContentType.objects.filter(app_label="test").order_by("id")
    return list(found.values_list("model", flat=True))


def test_what_is_last_comes_after_all_that_joined() -> None:
    with unit_of_work() as outer:
        outer.last(lambda: statement("last"))
        write("one")
        with unit_of_work() as inner:
            assert inner is outer is current_unit()
            write("two")
        write("three")
    assert names() == ["one", "two", "three", "last"]
    assert current_unit() is None


def test_there_is_one_last_thing() -> None:
    with unit_of_work() as work:
        work.last(lambda: None)
        with pytest.raises(RuntimeError, match="last"):
            work.last(lambda: None)


def test_after_the_last_thing_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever hooks into the end of the transaction does not get past the log."""
    finish = Unit._finish

    def late(work: Unit, sealed: contextlib.ExitStack) -> None:
        finish(work, sealed)
        write("late")

    monkeypatch.setattr(Unit, "_finish", late)
    with pytest.raises(RuntimeError, match="after the last"), unit_of_work() as work:
        work.last(lambda: statement("last"))
    monkeypatch.undo()
    assert "late" not in names()
    with unit_of_work():
        write("afterwards")


def test_a_unit_inside_a_plain_transaction_is_refused() -> None:
    with (
        transaction.atomic(),
        pytest.raises(RuntimeError, match="owns its transaction"),
        unit_of_work(),
    ):
        pass
    with unit_of_work():
        write("afterwards")
    assert names() == ["afterwards"]


def test_what_was_undone_is_told_outside_the_transaction() -> None:
    told: list[str] = []
    with pytest.raises(KeyError), unit_of_work() as work:
        work.last(lambda: statement("last"))
        work.if_undone(lambda error: told.append(f"{type(error).__name__} {names()}"))
        work.if_undone(lambda error: write("told"))
        write("one")
        raise KeyError
    assert told == ["KeyError []"]
    assert names() == ["told"]


def test_an_inner_one_that_fails_is_undone_alone() -> None:
    told: list[Exception] = []
    with unit_of_work() as work:
        work.if_undone(told.append)
        write("one")
        with pytest.raises(KeyError), unit_of_work():
            write("two")
            raise KeyError
        write("three")
    assert names() == ["one", "three"]
    assert not told


def test_what_hangs_on_the_commit_runs_after_it_and_once() -> None:
    ran: list[list[str]] = []
    with unit_of_work() as work:
        work.last(lambda: statement("last"))
        transaction.on_commit(lambda: ran.append(names()))
        write("one")
    assert ran == [["one", "last"]]
    write("afterwards")
    assert names() == ["one", "last", "afterwards"]


@pytest.mark.django_db(transaction=False)
def test_inside_the_transaction_of_a_test_nothing_is_committed() -> None:
    with unit_of_work() as work:
        work.last(lambda: statement("last"))
    assert names() == ["last"]
    assert not connection.get_autocommit()
    transaction.set_rollback(True)


def test_a_last_thing_that_fails_undoes_all() -> None:
    told: list[Exception] = []
    write("taken")
    with pytest.raises(IntegrityError), unit_of_work() as work:
        work.if_undone(told.append)
        work.last(lambda: statement("taken"))
        write("one")
    assert names() == ["taken"]
    assert len(told) == 1


def test_an_interrupt_undoes_all_and_leaves_no_unit_open() -> None:
    with pytest.raises(KeyboardInterrupt), unit_of_work():
        write("one")
        raise KeyboardInterrupt
    assert names() == []
    assert current_unit() is None

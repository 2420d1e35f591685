"""Saving, history and threads that save at the same time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from marfa.apps.accounts.actions import create_user
from marfa.domain.catalogue import render_message
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import erase_history, save_changes
from marfa.platform.revisions.errors import ConflictError, GoneError
from marfa.platform.revisions.models import Revision
from marfa.platform.revisions.queries import row_history, values_at
from tests.support.sample.actions import add_sample, edit_sample
from tests.support.sample.models import Sample

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_history_says_who_when_and_what_in_words() -> None:
    user = create_user(username="samir", display_name="Samir")
    with clock.set_to(NOON):
        row = add_sample(actor=user.pk, note="a", sex="female", sealed=b"\x01secret")
    changes = {
        "note": "",
        "sex": "male",
        "seen_on": date(2026, 2, 28),
        "urgent": True,
        "links": ["post_conflict"],
        "sealed": b"\x01other",
    }
    with clock.set_to(clock.advance(NOON, hours=1)):
        edit_sample(row, base_version=1, changes=changes)
    newest, first = row_history(row)
    assert (first.version, first.actor, first.at) == (1, user.pk, NOON)
    assert (newest.version, newest.actor, newest.action) == (2, None, "edit_sample")
    said = {render_message(message, "en") for message in newest.changes}
    assert said == {
        "note was cleared; it was a.",
        "sex was changed from Female to Male.",
        "seen on was set to Feb 28, 2026.",
        "urgent was changed from no to yes.",
        "links: post_conflict was added.",
        "true name was changed from a protected value to a protected value.",
    }
    assert all(render_message(message, "ar") for message in newest.changes)
    assert values_at(row, 1)["note"] == "a"
    stored = Revision.objects.count()
    assert erase_history(Sample, row.pk) == stored
    assert not Revision.objects.exists()
    assert row_history(row) == []


@pytest.mark.django_db
def test_a_save_that_changes_nothing_makes_no_version() -> None:
    row = add_sample(note="a", sex="female", links=["post_conflict", "in_conflict_area"])
    saved = edit_sample(
        row, base_version=1, changes={"links": ["in_conflict_area", "post_conflict"], "note": "a"}
    )
    assert (saved.version, saved.changed) == (1, ())


@pytest.mark.django_db
def test_bad_input_is_refused_and_nothing_is_written() -> None:
    row = add_sample(note="a", sex="female")
    for base, changes in ((0, {}), (2, {}), (1, {"seen_on": "31.31.2026", "note": "b"})):
        with pytest.raises(InputError):
            edit_sample(row, base_version=base, changes=changes)
    with pytest.raises(KeyError):
        edit_sample(row, base_version=1, changes={"version": 7})
    assert Sample.objects.get().note == "a"
    Sample.objects.all().delete()
    with pytest.raises(GoneError):
        edit_sample(row, base_version=1, changes={"note": "b"})


@pytest.mark.django_db
def test_what_is_right_alone_may_be_wrong_together() -> None:
    row = add_sample(note="a", sex="female")
    edit_sample(row, base_version=1, changes={"urgent": True})

    def check(values: Mapping[str, object]) -> None:
        if values["urgent"] and not values["note"]:
            raise InputError.at(Message("platform.revisions:value-wrong"), field="note")

    with pytest.raises(InputError):
        save_changes(
            row,
            base_version=1,
            changes={"note": ""},
            actor=None,
            purpose="t",
            action="t",
            check=check,
        )
    assert Sample.objects.get().note == "a"


@pytest.mark.django_db
def test_a_value_given_up_is_kept_as_set_aside() -> None:
    row = add_sample(note="a", sex="female")
    edit_sample(row, base_version=1, changes={"note": "theirs"})
    with pytest.raises(ConflictError) as caught:
        edit_sample(row, base_version=1, changes={"note": "mine"})
    assert "1 field" in render_message(caught.value.message(), "en")
    with pytest.raises(InputError):
        caught.value.resolve({})
    found = caught.value.resolve({"note": "theirs"})
    save_changes(
        row,
        base_version=found.base_version,
        changes=found.changes,
        mine=found.mine,
        actor=None,
        purpose="t",
        action="t",
    )
    assert Sample.objects.get().note == "theirs"
    said = render_message(row_history(row)[0].changes[0], "en")
    assert said == "note: mine was entered at the same time and set aside."
    assert values_at(row, 1)["note"] == "a"


@pytest.mark.django_db(transaction=True)
def test_threads_that_save_at_the_same_time_lose_nothing() -> None:
    row = add_sample(note="", sex="female")
    names = [f"{number}" for number in range(12)]
    errors: list[BaseException] = []

    def add(name: str) -> None:
        try:
            mine = Sample.objects.get(pk=row.pk)
            edit_sample_steps(mine, name)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    found = Sample.objects.get(pk=row.pk)
    assert sorted(found.steps) == sorted(names)
    assert found.version == 1 + len(names)
    assert Revision.objects.filter(field="steps", kind="changed").count() == len(names)


def edit_sample_steps(row: Sample, name: str) -> None:
    """Everyone starts from the empty list of version 1."""
    edit_sample(row, base_version=1, changes={"steps": [name]}, actor=None)


@pytest.mark.django_db
def test_an_unknown_row_has_no_history() -> None:
    assert row_history(Sample(id=new_id())) == []

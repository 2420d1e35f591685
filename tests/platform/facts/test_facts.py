"""Facts hold codes alone, and are what the records say after any history."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.facts import kinds
from marfa.platform.facts.actions import erase_facts, state_fact
from marfa.platform.facts.models import Fact
from marfa.platform.facts.queries import as_of, known_at
from marfa.platform.facts.rebuilds import compare_facts, rebuild_facts
from marfa.platform.revisions.errors import ConflictError
from tests.support.sample.actions import add_sample, edit_sample, facts_from
from tests.support.sample.models import Sample, SampleFact
from tests.support.sample.source import owners

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 1, 1)
LINKS = ["in_conflict_area", "fleeing_conflict", "post_conflict"]
GOOD = {
    "age_band": "age_18_24",
    "is_child_until": None,
    "sex": "female",
    "admin_area": "SY02",
    "conflict_link": ["fleeing_conflict"],
    "urgent": False,
    "steps_taken": 2,
}
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "sex": st.sampled_from(["female", "male"]),
        "urgent": st.booleans(),
        "note": st.text("ab", max_size=2),
        "seen_on": st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 5)),
        "links": st.lists(st.sampled_from(LINKS), unique=True),
        "steps": st.lists(st.sampled_from("xyz"), max_size=3),
    },
)
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(-1, 2), EDITS), max_size=12
)


def state(**values: Any) -> None:
    with transaction.atomic():
        state_fact(SampleFact, subject=new_id(), values={**GOOD, **values}, valid_from=DAY)


def stored() -> list[dict[str, Any]]:
    rows = [{**row} for row in SampleFact._base_manager.values()]
    for row in rows:
        del row["id"]
    return sorted(rows, key=repr)


@pytest.mark.django_db
@settings(max_examples=40)
@given(steps=STEPS)
def test_rebuilt_equals_maintained_after_any_history(
    steps: list[tuple[int, int, int, dict[str, Any]]],
) -> None:
    """Edits of three rows from stale versions, at moments that also repeat and run backwards."""
    Sample.objects.all().delete()
    SampleFact._base_manager.all().delete()
    now = NOON
    with clock.set_to(lambda: now):
        rows = [add_sample(note=str(number), sex="female") for number in range(3)]
        for which, stale, hours, changes in steps:
            now += timedelta(hours=hours)
            row = rows[which]
            base = max(1, Sample.objects.get(pk=row.pk).version - stale)
            try:
                edit_sample(row, base_version=base, changes=changes)
            except ConflictError as error:
                found = error.resolve({each.field: each.mine for each in error.conflicts})
                edit_sample(row, base_version=found.base_version, changes=found.changes)
        for row in rows:
            current = Sample.objects.get(pk=row.pk)
            day = current.seen_on or date(2024, 1, 1)
            fact = as_of(SampleFact, max(day, date(2024, 6, 1))).get(subject=row.pk)
            values = Sample.objects.values("sex", "urgent", "links", "steps").get(pk=row.pk)
            assert (fact.sex, fact.urgent) == (values["sex"], values["urgent"])
            assert set(fact.conflict_link) == set(values["links"])
    maintained = stored()
    kind = kinds.kind_named("samples")
    assert compare_facts(kind).same
    assert rebuild_facts(kind) == len(maintained)
    assert stored() == maintained


@pytest.mark.django_db
def test_a_difference_is_found_and_put_right() -> None:
    rows = [add_sample(note=str(number), sex="female") for number in range(3)]
    good = stored()
    SampleFact._base_manager.filter(subject=rows[0].pk).update(sex="male")
    erase_facts(SampleFact, rows[1].pk)
    state()
    found = compare_facts(kinds.kind_named("samples"))
    assert (found.subjects, found.missing, found.extra) == (3, 2, 2)
    rebuild_facts(kinds.kind_named("samples"))
    assert stored() == good


@pytest.mark.django_db
def test_a_failed_rebuild_leaves_all_as_it_was() -> None:
    add_sample(note="a", sex="female")
    good = stored()

    def broken() -> Iterator[kinds.History]:
        yield new_id(), []
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        rebuild_facts(kinds.FactKind("broken", SampleFact, broken, owners))
    assert stored() == good


WRONG: list[tuple[str, object]] = [
    ("sex", "Layla"),
    ("sex", None),
    ("age_band", "17"),
    ("admin_area", "Aleppo"),
    ("admin_area", "ليلى"),
    ("admin_area", "QQ01"),
    ("conflict_link", ["Layla"]),
    ("conflict_link", "post_conflict"),
    ("conflict_link", None),
    ("urgent", "yes"),
    ("urgent", 1),
    ("steps_taken", -1),
    ("steps_taken", 1001),
    ("steps_taken", "2"),
    ("is_child_until", "2026-01-01"),
    ("is_child_until", NOON),
    ("name", "Layla"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_is_not_coded_is_refused_and_not_repeated(field: str, value: object) -> None:
    state()
    with pytest.raises(InputError) as caught:
        state(**{field: value})
    assert "Layla" not in repr(caught.value.problems)
    assert SampleFact._base_manager.count() == 1


RAW = [
    ("sex", "Layla"),
    ("age_band", ""),
    ("admin_area", "Aleppo"),
    ("admin_area", "SY02 "),
    ("admin_area", "SY1234567890123"),
    ("admin_area", "S"),
    ("conflict_link", "Layla"),
    ("conflict_link", "|Layla|"),
    ("conflict_link", "|post_conflict|Layla|"),
    ("conflict_link", "post_conflict"),
    ("conflict_link", "|post_conflict|post_conflict|"),
    ("conflict_link", ""),
    ("steps_taken", "1001"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), RAW)
def test_the_database_itself_refuses_what_is_not_coded(field: str, value: str) -> None:
    state()
    table = SampleFact._meta.db_table
    with (
        pytest.raises((IntegrityError, DatabaseError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {field} = %s", [value])  # noqa: S608
    # Every code of the list, and none, fit.
    for links in ("|", "|post_conflict|", "|fleeing_conflict|post_conflict|"):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET conflict_link = %s", [links])  # noqa: S608


@pytest.mark.django_db
def test_a_kind_with_free_text_cannot_be_registered() -> None:
    class NamedFact(Fact):
        name = models.CharField(max_length=20)

        class Meta:
            app_label = "sample_named"

    with pytest.raises(TypeError):
        kinds.register_kind(kinds.FactKind("named", NamedFact, list, owners))
    with pytest.raises(TypeError), transaction.atomic():
        state_fact(NamedFact, subject=new_id(), values={}, valid_from=DAY)
    with pytest.raises(InputError):
        kinds.kind_named("named")


@pytest.mark.django_db(transaction=True)
def test_facts_are_written_in_the_transaction_of_an_action() -> None:
    with pytest.raises(RuntimeError):
        state_fact(SampleFact, subject=new_id(), values=GOOD, valid_from=DAY)
    with pytest.raises(OSError), transaction.atomic():  # noqa: PT011, PT012
        state()
        raise OSError
    assert not SampleFact._base_manager.exists()


@pytest.mark.django_db
def test_a_correction_is_known_from_its_moment_on() -> None:
    subject = new_id()
    for hours, sex in ((0, "female"), (2, "male")):
        with clock.set_to(NOON + timedelta(hours=hours)), transaction.atomic():
            state_fact(SampleFact, subject=subject, values={**GOOD, "sex": sex}, valid_from=DAY)
    before = as_of(SampleFact, DAY, known=NOON + timedelta(hours=1)).get()
    assert (before.sex, as_of(SampleFact, DAY).get().sex) == ("female", "male")
    assert not as_of(SampleFact, DAY, known=NOON - timedelta(hours=1)).exists()
    assert not as_of(SampleFact, DAY - timedelta(days=1)).exists()
    assert known_at(SampleFact).count() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_about_one_subject_leave_no_overlap() -> None:
    subject = new_id()
    errors: list[BaseException] = []

    def say(number: int) -> None:
        try:
            with transaction.atomic():
                day = DAY + timedelta(days=number % 3)
                state_fact(SampleFact, subject=subject, values=GOOD, valid_from=day)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for days in range(5):
        assert as_of(SampleFact, DAY + timedelta(days=days)).count() <= 1
    assert as_of(SampleFact, DAY + timedelta(days=5)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_while_others_write_loses_nothing() -> None:
    rows = [add_sample(note=str(number), sex="female") for number in range(4)]
    errors: list[BaseException] = []

    def write(row: Sample) -> None:
        try:
            for number in range(1, 8):
                edit_sample(row, base_version=number, changes={"steps": ["x"] * number})
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for _ in range(4):
        rebuild_facts(kinds.kind_named("samples"))
    for thread in threads:
        thread.join()
    assert errors == []
    assert compare_facts(kinds.kind_named("samples")).same
    assert {fact.steps_taken for fact in known_at(SampleFact).filter(valid_until=None)} == {7}


def test_facts_of_a_sample_are_coded() -> None:
    values = facts_from({"steps": [], "urgent": True, "sex": "male", "links": []})
    assert set(values) == set(GOOD)

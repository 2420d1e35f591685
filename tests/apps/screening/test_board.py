"""The supervisor's board: what is worked out, who sees it, and whom it never counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.manifest import Desk
from marfa.apps.registry.models import Person
from marfa.apps.screening.board import figures
from marfa.apps.screening.board.figures import (
    GROUPS,
    measure_agreement,
    measure_disparities,
    outcome_shares,
    share_of,
    waiting_times,
)
from marfa.apps.screening.board.interviews import FIELDS, Talk, talks_since
from marfa.apps.screening.board.questions import gaps_since
from marfa.apps.screening.board.release import SMALLEST, for_others
from marfa.apps.screening.models import ScreeningFact
from marfa.domain.codelists import codelist
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from tests.apps.screening.test_interview import ADULT, Office
from tests.conftest import Operation, signed_in

HERE, THERE = uuid4(), uuid4()
NOTHING = Talk(
    uuid4(),
    HERE,
    HERE,
    "none_seen",
    "none_seen",
    "not_finished",
    "routine",
    "female",
    "age_25_59",
    3,
)
BOARD, QUESTIONS = "screening_board:board", "screening_board:questions"


def many(count: int, **values: object) -> list[Talk]:
    return [replace(NOTHING, subject=uuid4(), **values) for _ in range(count)]  # type: ignore[arg-type]


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def test_agreement_counts_what_was_raised_and_lowered_and_says_when_it_cannot_tell() -> None:
    talks = [
        *many(20),
        *many(15, indication="at_risk", rule="at_risk"),
        *many(3, indication="at_risk"),
        *many(1, rule="presumed_victim"),
        *many(9, indication="not_finished", rule="not_finished"),
    ]
    found = measure_agreement(talks)
    assert (found.rule.pairs, found.rule.same, found.raised, found.lowered) == (39, 35, 3, 1)
    assert found.rule.kappa is not None
    assert found.screeners.pairs == 0
    assert found.screeners.kappa is None
    assert measure_agreement(many(29)).rule.kappa is None


def test_waiting_by_sex_and_age_of_groups_that_are_large_enough() -> None:
    women = [replace(NOTHING, waited=hours) for hours in range(1, 21)]
    [found] = waiting_times([*women, *many(3, waited=None)])
    assert (found.people, found.median, found.most) == (20, 10, 18)
    [few] = waiting_times(women[:9])
    assert (few.people, few.median, few.most) == (9, None, None)
    assert share_of([5] * 10, 0.9) == 5


def test_outcomes_of_a_site_have_an_interval_or_say_that_there_are_too_few() -> None:
    talks = [
        *many(10, indication="at_risk"),
        *many(9, site=THERE),
        *many(5, indication="not_finished"),
    ]
    here, there = outcome_shares(talks, lambda talk: talk.site)
    assert (here.talks, here.finished, here.reasons) == (15, 10, 10)
    assert here.share is not None
    assert here.share.lower < 1
    assert there.share is None


def test_differences_are_looked_for_between_sexes_and_ages_and_nothing_else() -> None:
    """Rule 4: the board has no column of nationality, religion, ethnicity or origin to read."""
    assert set(GROUPS) == {"sex", "age"}
    telling = (
        "nation",
        "citizen",
        "religi",
        "ethnic",
        "language",
        "displace",
        "stateless",
        "origin",
    )
    columns = {field.name for field in ScreeningFact._meta.get_fields()} | set(FIELDS)
    assert not [name for name in columns for word in telling if word in name]
    talks = [*many(40, indication="at_risk"), *many(40, sex="male"), *many(9, sex="unknown")]
    found = {(each.group, each.property): each.rates for each in measure_disparities(talks)}
    rates = found["sex", "reason"]
    assert [(rate.group, rate.stands_out) for rate in rates] == [("female", True), ("male", True)]
    assert found["age", "reason"] == (), "one group alone is held against nothing"


def test_every_age_band_has_its_group() -> None:
    groups = {code: figures.age_group(code) for code in codelist("age_bands").codes}
    for entry in codelist("age_bands").entries:
        lowest = entry.attributes.get("lowest")
        if isinstance(lowest, int):
            assert groups[entry.code] == ("child" if lowest < 18 else "adult")
    assert (groups["child"], groups["unknown"]) == ("child", "unknown")


COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(["female", "male"]), st.sampled_from(["child", "adult"])),
    st.integers(1, 12),
    min_size=1,
)


@given(COUNTS)
def test_no_small_count_is_told_outside_the_team(counts: dict[tuple[str, str], int]) -> None:
    talks = [
        talk
        for (sex, age), number in counts.items()
        for talk in many(number, sex=sex, age_band=age)
    ]
    rows = for_others([*talks, *talks])
    told = {(row.sex, row.age): row.people for row in rows}
    truth: Counter[tuple[str | None, str | None]] = Counter()
    for (sex, age), number in counts.items():
        sums: tuple[tuple[str | None, str | None], ...]
        sums = ((sex, age), (sex, None), (None, age), (None, None))
        truth.update(dict.fromkeys(sums, number))
    for key, people in told.items():
        assert people is None or people == truth[key], "each person once"
        assert people is None or people == 0 or people >= SMALLEST
    for key, line in _lines(told):
        hidden = [each for each in line if told[each] is None]
        assert len(hidden) != 1 or told[key] is None, "a single gap could be worked out"


def _lines(
    told: dict[tuple[str | None, str | None], int | None],
) -> Iterator[tuple[tuple[str | None, str | None], list[tuple[str | None, str | None]]]]:
    """Each sum with the cells that it is the sum of."""
    for key in told:
        sex, age = key
        if sex is not None and age is None:
            yield key, [each for each in told if each[0] == sex and each[1] is not None]
        if sex is None and age is not None:
            yield key, [each for each in told if each[1] == age and each[0] is not None]


@pytest.mark.django_db(transaction=True)
def test_the_board_is_the_supervisors(desk: Office, operation: Operation) -> None:
    desk.finished(cd_papers="yes")
    page = signed_in(operation.supervisor).get(reverse(BOARD))
    shown = page.content.decode()
    assert desk.site.name in shown
    assert "Interviews that have ended: 1; finished: 1" in shown
    assert "too few to say" in shown
    for who in (
        *(operation.desks[Desk.RECEPTION], operation.desks[Desk.PROTECTION]),
        *(operation.partner, operation.outsider, operation.officer, operation.colleague),
        *(operation.desks[Desk.REPORTING], operation.desks[Desk.ADMINISTRATION]),
    ):
        for name in (BOARD, QUESTIONS):
            assert signed_in(who).get(reverse(name)).status_code == 403, who


@pytest.mark.django_db(transaction=True)
def test_who_is_protected_is_in_no_figure(desk: Office, operation: Operation) -> None:
    desk.finished(cd_papers="yes")
    since = clock.now() - timedelta(days=1)
    assert len(talks_since(desk.supervisor, since)) == 1
    assert gaps_since(desk.supervisor, since)
    Person.objects.filter(pk=desk.person.pk).update(protected=True, protected_at=clock.now())
    assert talks_since(desk.supervisor, since) == []
    assert gaps_since(desk.supervisor, since) == []
    assert talks_since(desk.partner, since) == []
    shown = signed_in(operation.supervisor).get(reverse(BOARD)).content.decode()
    assert "No interview has ended in this period" in shown


@pytest.mark.django_db(transaction=True)
def test_missing_answers_are_counted_by_question_and_the_opening_is_on_the_record(
    desk: Office, operation: Operation
) -> None:
    desk.finished(cd_papers="yes", ex_pay="refused", ex_hours="unknown")
    desk.person = desk.register(ADULT)
    desk.finished(cd_papers="no", ex_pay="refused")
    before = Entry.objects.filter(action="records.read").count()
    [adults] = gaps_since(desk.supervisor, clock.now() - timedelta(days=1))
    refused = [gap for gap in adults.questions if gap.refused]
    assert [(gap.talks, gap.refused, gap.open) for gap in refused] == [(2, 2, None)]
    assert {gap.talks for gap in adults.questions} == {2}
    entry = Entry.objects.filter(action="records.read").order_by("place").last()
    assert Entry.objects.filter(action="records.read").count() == before + 1
    assert entry is not None
    assert (entry.rows, entry.actor_id) == (2, operation.supervisor.pk)


@pytest.mark.django_db(transaction=True)
def test_the_board_asks_as_often_for_many_talks(desk: Office, operation: Operation) -> None:
    client = signed_in(operation.supervisor)

    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    desk.finished(cd_papers="yes")
    names = (BOARD, QUESTIONS)
    few = [asked(name) for name in names for _ in range(2)][1::2]
    for _ in range(5):
        desk.person = desk.register(ADULT)
        desk.finished(cd_papers="yes")
    assert [asked(name) for name in names] <= few

"""Scoring a table as it streams by."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods.screening import (
    COLUMNS,
    Age,
    Answer,
    Panel,
    PilotUse,
    Result,
    full,
    row_of,
    score,
    score_table,
)
from tests.methods.screening.support import ages, items, library, panel, run


def table(text: str, one: Panel | None = None) -> list[tuple[str, Result]]:
    return list(score_table(io.StringIO(text), one or panel(), use=PilotUse(), file="t.csv"))


def refusals(text: str) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(InputError) as refused:
        table(text)
    places = [(p.message.key, p.place.row, p.place.column) for p in refused.value.problems]
    assert all(problem.place.file == "t.csv" for problem in refused.value.problems)
    return places


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(ages, st.lists(st.sampled_from(list(Answer)), min_size=12, max_size=12)),
        min_size=1,
        max_size=5,
    ),
    st.permutations(items()),
)
def test_a_row_scores_as_the_person_does(
    people: list[tuple[Age, list[Answer]]], order: list[str]
) -> None:
    columns = order[:12]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([columns[0], "age", "person", *columns[1:]])
    for number, (age, answers) in enumerate(people):
        codes = [answer.code for answer in answers]
        writer.writerow([codes[0], age.code, f"P{number}", *codes[1:]])
    found = table(stream.getvalue())
    assert [person for person, _result in found] == [f"P{n}" for n in range(len(people))]
    for (age, answers), (_person, result) in zip(people, found, strict=True):
        alone = run(dict(zip(columns, answers, strict=True)), age)
        assert full(result) == full(alone)


def test_empty_means_not_asked_and_spelling_is_forgiving() -> None:
    [(person, result)] = table("person,age,dr-work,dr-pay\nP 1, Adult ,YES ,\n")
    assert person == "P 1"
    assert result.age is Age.ADULT
    answers = {item.id: answer for item, answer in result.profiles[0].pairs()}
    assert answers["dr-work"] is Answer.YES
    assert answers["dr-pay"] is Answer.NOT_ASKED
    assert answers["ex-hours"] is Answer.NOT_ASKED


def test_without_an_age_column_both_profiles_are_run() -> None:
    [(_person, result)] = table("person,dr-work\nP1,yes\n")
    assert result.age is Age.UNKNOWN
    assert len(result.profiles) == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", [("table-empty", None, None)]),
        ("age,dr-work\nadult,yes\n", [("column-missing", 1, None)]),
        ("person,dr-wrok\nP1,yes\n", [("column-unknown", 1, "dr-wrok")]),
        ("person,dr-work,dr-work\nP1,yes,no\n", [("column-twice", 1, "dr-work")]),
        ("person,dr-work\nP1,yes\nP2,perhaps\n", [("answer-unknown", 3, "dr-work")]),
        ("person,age\nP1,17\n", [("answer-unknown", 2, "age")]),
        ("person,dr-work\nP1\n", [("row-length", 2, None)]),
        ("person,dr-work\nP1,yes\nP1,no\n", [("person-twice", 3, "person")]),
        ("person,dr-work\n,yes\n", [("person-code", 2, "person")]),
        ("person,dr-work\n=1+1,yes\n", [("person-code", 2, "person")]),
        ('person,dr-work\n"P1,yes\n', [("not-csv", None, None)]),
    ],
)
def test_each_mistake_has_its_place(
    text: str, wanted: list[tuple[str, int | None, str | None]]
) -> None:
    assert refusals(text) == wanted


@pytest.mark.parametrize("column", ["nationality", "Religion", "ethnicity", "tribe", "citizenship"])
def test_a_table_that_carries_origin_or_belief_is_refused(column: str) -> None:
    assert refusals(f"person,{column},dr-work\nP1,x,yes\n") == [("profiling", 1, column.lower())]


def test_all_problems_come_together_and_nothing_after_the_first_is_scored() -> None:
    text = "person,dr-work\nP1,yes\nP2,maybe\nP3,yes\nP4,maybe\n"
    people = score_table(io.StringIO(text), panel(), use=PilotUse(), file="t.csv")
    assert next(people)[0] == "P1"
    with pytest.raises(InputError) as refused:
        next(people)
    assert [problem.place.row for problem in refused.value.problems] == [3, 5]


def test_it_streams() -> None:
    """The first result is there before the second row has been read."""
    read = []

    class Lines(io.TextIOBase):
        def __iter__(self) -> Iterator[str]:  # type: ignore[override]
            for line in ("person,dr-work\n", "P1,yes\n", "P2,no\n"):
                read.append(line)
                yield line

    people = score_table(Lines(), panel(), use=PilotUse(), file="t.csv")  # type: ignore[arg-type]
    assert next(people)[0] == "P1"
    assert len(read) == 2


def test_a_row_of_results() -> None:
    [(person, result)] = table(
        "person,age,dr-work,dr-pay,ex-hours,ex-pay\nP1,disputed,yes,yes,yes,unknown\n"
    )
    row = dict(zip(COLUMNS, row_of(person, result), strict=True))
    assert row["mode"] == "pilot"
    assert row["indication"] == "at-risk"
    assert row["worst_indication"] == "presumed-victim"
    assert row["settled"] == "no"
    assert row["label"] == ""
    assert row["positive_dimensions"] == "deceptive_recruitment"
    assert row["yes"] == "dr-work;dr-pay;ex-hours"
    assert int(row["open"]) == len(library().instrument("ilo-delphi-labour-adult").items) - 3


def test_a_checklist_has_empty_bands_in_its_rows() -> None:
    one = Panel.of("ilo-delphi-sexual-adult", library())
    [(person, result)] = table("person,age,cd-tasks\nP1,adult,yes\n", one)
    row = dict(zip(COLUMNS, row_of(person, result), strict=True))
    assert row["indication"] == row["urgency"] == row["worst_indication"] == row["label"] == ""
    assert row["next_step"] == "checklist"
    assert result.outcome == score(one, {}, age=Age.ADULT, use=PilotUse()).outcome


@pytest.mark.parametrize("sign", [";", "\t"])
def test_semicolons_and_tabs_of_spreadsheets_are_read(sign: str) -> None:
    text = "person,age,dr-work,dr-pay\nP1,adult,yes,no\nP2,child,,yes\n"
    here, there = table(text), table(text.replace(",", sign))
    assert [full(result) for _person, result in here] == [full(result) for _p, result in there]


def test_rows_without_anything_are_passed_over_and_counted() -> None:
    assert refusals("person,dr-work\n,\n   \n\nP1,maybe\n") == [("answer-unknown", 5, "dr-work")]

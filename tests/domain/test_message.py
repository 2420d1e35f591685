"""Messages: from a code with parameters to a sentence, and to plain data."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from marfa.domain.catalogue import catalogue_plurals, render_message, render_problem
from marfa.domain.message import InputError, Message, Place, Problem

PLACE = Message("domain:at-place", {"place": 1234, "problem": date(2026, 11, 25)})


def test_numbers_and_dates_are_written_as_the_region_writes_them() -> None:
    assert render_message(PLACE, "en") == "1,234: Nov 25, 2026"
    syria = render_message(PLACE, "ar", region="ar_SY")
    assert syria.startswith("١٬٢٣٤: ")
    assert "٢٠٢٦" in syria
    assert "تشرين" not in render_message(PLACE, "ar", region="ar_EG")
    assert "2026" in render_message(PLACE, "ar", region="ar_MA")


def test_arabic_has_six_forms_and_english_two() -> None:
    """CLDR plural rules: https://cldr.unicode.org/index/cldr-spec/plural-rules."""
    assert catalogue_plurals("ar") == ("zero", "one", "two", "few", "many", "other")
    assert catalogue_plurals("en") == ("one", "other")


@pytest.mark.parametrize(
    ("count", "word"),
    [(1, "دقيقة واحدة"), (2, "دقيقتين"), (3, "دقائق"), (11, "دقيقة"), (100, "دقيقة")],
)
def test_the_count_chooses_the_form(count: int, word: str) -> None:
    message = Message("cli.server:link-made", {"url": "x"}, count=count)
    assert word in render_message(message, "ar")


def test_plural_forms_need_a_count() -> None:
    with pytest.raises(ValueError, match="no count"):
        render_message(Message("cli.server:link-made", {"url": "x"}))


def test_an_unknown_language_falls_back_to_english_and_an_unknown_code_is_our_defect() -> None:
    assert render_message(Message("domain:place-row", {"row": "3"}), "fr") == "row 3"
    with pytest.raises(KeyError):
        render_message(Message("domain:no-such-text"))


@pytest.mark.parametrize("code", ["", "domain", "domain:", ":key"])
def test_a_code_names_its_package(code: str) -> None:
    with pytest.raises(ValueError, match="package:key"):
        Message(code)


def test_messages_nest() -> None:
    inner = Message("domain:place-column", {"column": "age"})
    assert render_message(Message("domain:at-place", {"place": inner, "problem": "x"}), "ar") == (
        "العمود age: x"
    )


def test_a_message_is_plain_data_for_json() -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    message = Message("domain:at-place", {"place": PLACE, "problem": now}, count=2)
    data = json.loads(json.dumps(message.as_json()))
    assert data["count"] == 2
    assert data["params"]["problem"] == "2026-11-25T12:00:00+00:00"
    assert data["params"]["place"]["params"]["problem"] == "2026-11-25"


def test_a_message_does_not_change() -> None:
    given = {"row": "1"}
    message = Message("domain:place-row", given)
    given["row"] = "2"
    assert render_message(message) == "row 1"
    assert message == Message("domain:place-row", {"row": "1"})
    assert hash(message) == hash(Message("domain:place-row", {"row": "1"}))


def test_a_problem_names_its_place() -> None:
    problem = Problem(Message("domain:list-comma"), Place("people.csv", 3, "born", "year"))
    assert render_problem(problem).startswith("people.csv, row 3, column born, field year: ")
    assert render_problem(problem, "ar").startswith("people.csv، الصف 3، العمود born، الحقل year")
    assert problem.place.as_json() == {
        "file": "people.csv",
        "row": 3,
        "column": "born",
        "field": "year",
    }


def test_an_input_error_has_something_to_say() -> None:
    with pytest.raises(ValueError, match="at least one"):
        InputError()

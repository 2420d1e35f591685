"""Nothing in a form may rest on who somebody is, and help on no cooperation: told by row and
column, in many languages. Honest forms pass."""

from __future__ import annotations

from itertools import cycle, islice

import pytest

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import Problem
from marfa.domain.prohibited_grounds import Subject
from marfa.methods.xforms import read_xlsform
from marfa.methods.xforms.guard import problems_of_form
from tests.methods.xforms.guarded import honest
from tests.methods.xforms.guarded.questions import COOPERATION, HELP, NO_COOPERATION, ORIGIN
from tests.methods.xforms.guarded.ways import WAYS, YES, Way, row, sheet

SCORED = WAYS[0]


def found(
    data: bytes,
    *,
    assistance: bool = False,
    declared: dict[str, frozenset[Subject]] | None = None,
) -> list[Problem]:
    converted, form = read_xlsform(data, "f.md")
    told = problems_of_form(form, converted, file="f.md", assistance=assistance, declared=declared)
    for problem in told:
        assert all(render_problem(problem, language) for language in LANGUAGES)
    return told


def places(problems: list[Problem]) -> list[tuple[str | None, int | None, str | None]]:
    return [(one.rule, one.place.row, one.place.column) for one in problems]


EACH = [(language, text) for language, texts in ORIGIN.items() for text in texts]
# Each question in one of the ways, and each way in the six languages and more.
TRIED = [
    *((language, text, way) for (language, text), way in zip(EACH, cycle(WAYS), strict=False)),
    *(
        (language, text, way)
        for way in WAYS
        for language, text in islice(
            (
                (code, texts[(len(way.name) + len(code)) % len(texts)])
                for code, texts in ORIGIN.items()
            ),
            7,
        )
    ),
]


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_what_rests_on_an_origin_is_told_by_row_and_column(way: Way) -> None:
    tried = [(language, text) for language, text, one in TRIED if one is way]
    assert len(tried) >= 15
    for language, text in tried:
        told = places(found(sheet(way, text, language)))
        assert ("charter-4", way.row, way.column) in told, (language, text)


def test_the_ways_are_many() -> None:
    assert len({(language, way.name) for language, _text, way in TRIED}) >= 120


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_the_same_rule_over_another_answer_passes(way: Way) -> None:
    for language, texts in HELP.items():
        for text in texts[:: len(WAYS) // 4]:
            assert found(sheet(way, text, language), assistance=True) == [], (language, text)


def test_honest_questions_are_not_taken_for_others() -> None:
    for language, texts in HELP.items():
        for text in texts:
            data = sheet(SCORED, text, language, "select_one yn", YES)
            assert found(data, assistance=True) == [], (language, text)


PEOPLES = {
    "faiths": (("l", "a", "Muslim"), ("l", "b", "Christian"), ("l", "c", "Other")),
    "nations": (("l", "a", "Syrian"), ("l", "b", "Iraqi"), ("l", "c", "Sudanese")),
    "nations in Arabic": (("l", "a", "سوري"), ("l", "b", "عراقي"), ("l", "c", "أخرى")),
    "nations in French": (("l", "a", "Syrien"), ("l", "b", "Irakien"), ("l", "c", "Autre")),
    "nations in Russian": (("l", "a", "сириец"), ("l", "b", "афганец")),
    "nations in Spanish": (("l", "a", "sirio"), ("l", "b", "afgano")),
    "nations in Chinese": (("l", "a", "叙利亚人"), ("l", "b", "伊拉克人")),
    "countries": (("l", "a", "Syria"), ("l", "b", "Iraq"), ("l", "c", "Sudan")),
    "countries by code": (("l", "a", "SYR"), ("l", "b", "IRQ"), ("l", "c", "SDN")),
    "peoples": (("l", "a", "Kurd"), ("l", "b", "Arab"), ("l", "c", "Turkmen")),
    "peoples by their code": (("l", "kurd", "1"), ("l", "yazidi", "2"), ("l", "arab", "3")),
    "languages": (("l", "a", "Kurdish"), ("l", "b", "Arabic"), ("l", "c", "Somali")),
}


@pytest.mark.parametrize("name", PEOPLES)
def test_a_list_of_peoples_tells_what_the_words_do_not(name: str) -> None:
    for way in WAYS[:6]:
        data = sheet(way, "Which one?", "en", "select_one l", PEOPLES[name])
        assert ("charter-4", way.row, way.column) in places(found(data))


def test_a_literal_tells_it_where_nothing_else_does() -> None:
    way = Way("", (row("calculate", "s", calculation="if(${q1} = 'yazidi', 9, 0)"),), 3, "")
    assert places(found(sheet(way, "Code", "en"))) == [("charter-4", 3, "calculation")]


def test_one_choice_among_others_tells_it() -> None:
    needs = (("l", "m", "Belongs to an ethnic minority"), ("l", "d", "Lives with a disability"))
    ways = {
        literal: Way(
            "", (row("text", "r", "What?", relevant=f"selected(${{q1}}, '{literal}')"),), 3, ""
        )
        for literal in ("m", "d")
    }
    told = {
        literal: places(found(sheet(way, "Which apply?", "en", "select_multiple l", needs)))
        for literal, way in ways.items()
    }
    assert told == {"m": [("charter-4", 3, "relevant")], "d": []}


def test_what_is_declared_holds_whatever_the_words_say() -> None:
    data = sheet(SCORED, "Field 7", "en")
    assert found(data) == []
    declared = {"/data/q1": frozenset({Subject.RELIGION})}
    assert places(found(data, declared=declared)) == [("charter-4", 3, "calculation")]


@pytest.mark.parametrize(
    "before",
    [
        row("note", "n", "Your religion:"),
        row("begin_group", "g", "Nationality"),
    ],
)
def test_what_stands_before_a_question_tells_what_it_is_about(before: dict[str, str]) -> None:
    group = before["type"] == "begin_group"
    rows = (
        before,
        row("text", "q2", "Please specify"),
        *(({"type": "end_group", "name": "g"},) if group else ()),
    )
    way = Way("", (*rows, row("calculate", "s", calculation="if(${q2} = 'a', 1, 0)")), 0, "")
    (told,) = found(sheet(way, "How are you?", "en"))
    assert told.rule == "charter-4"


def test_a_question_about_what_was_answered_is_about_the_same() -> None:
    rows = (
        row("text", "q2", "How often do you do what you told of, ${q1}?"),
        row("calculate", "s", calculation="if(${q2} > 3, 1, 0)"),
    )
    told = found(sheet(Way("", rows, 0, ""), "What is your religion?", "en"))
    assert places(told) == [("charter-4", 4, "calculation")]


RECORDED = {
    "recorded alone": (),
    "which other one": (row("text", "r", "Please specify", relevant="${q1} = 'other'"),),
    "shown again": (row("note", "r", "You said: ${q1}. Is that right?"),),
    "long enough": (
        row("text", "r", "Nationality of the mother", constraint="string-length(.) < 90"),
    ),
    "none with others": (
        row(
            "text", "r", "Religion", constraint="not(selected(., 'none') and count-selected(.) > 1)"
        ),
    ),
    "letters alone": (row("text", "r", "Passport country", constraint="regex(., '^[A-Z]{3}$')"),),
    "a second one": (
        row("text", "r", "What is your other nationality?", relevant="${q1} = 'other'"),
    ),
    "the same for a child": (row("text", "r", "Nationality of the child", default="${q1}"),),
    "the country's regions": (
        row("select_one step", "r", "Region", choice_filter="group = ${q1}"),
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_what_records_the_same_further_is_allowed(name: str) -> None:
    choices = (("step", "x", "X", "a", ""), ("step", "y", "Y", "b", ""))
    way = Way(name, RECORDED[name], 0, "", choices if "region" in name else ())
    assert found(sheet(way, "What is your nationality?", "en")) == []


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ("${q1} = 'stateless'", True),
        ("${q1} = 'stateless' and ${q1} != ''", False),
        ("${q1} != 'stateless'", False),
        ("${q1} = 'stateless' or ${q1} = 'a'", False),
    ],
)
def test_having_no_nationality_may_add_a_question(rule: str, allowed: bool) -> None:
    choices = (("l", "a", "Syrian"), ("l", "b", "Iraqi"), ("l", "stateless", "None (stateless)"))
    way = Way("", (row("text", "r", "Do you need help with papers?", relevant=rule),), 0, "")
    told = found(sheet(way, "Nationality", "en", "select_one l", choices))
    assert (told == []) is allowed


def test_a_language_serves_who_finds_an_interpreter() -> None:
    for label, allowed in (("Is an interpreter needed?", True), ("How urgent is it?", False)):
        way = Way("", (row("text", "r", label, relevant="${q1} != 'ar'"),), 0, "")
        assert (found(sheet(way, "Which language do you speak?", "en")) == []) is allowed


def test_a_name_is_compared_with_nothing() -> None:
    for rule, allowed in (
        ("string-length(${q1}) > 1", True),
        ("${q1} != ''", True),
        ("starts-with(${q1}, 'Al')", False),
        ("${q1} = 'Mohammed'", False),
    ):
        way = Way("", (row("text", "r", "Details", relevant=rule),), 0, "")
        assert (found(sheet(way, "Family name", "en")) == []) is allowed, rule


def test_help_is_not_tied_to_cooperation_and_nobody_is_asked_for_it() -> None:
    assert sum(map(len, COOPERATION.values())) >= 40
    for language, texts in COOPERATION.items():
        for text in texts:
            data = sheet(SCORED, text, language, "select_one yn", YES)
            told = found(data, assistance=True)
            keys = {(one.message.key, one.rule, one.place.row) for one in told}
            assert ("asks-for-cooperation", "charter-1", 2) in keys, text
            assert ("depends-on-cooperation", "charter-1", 3) in keys, text


def test_elsewhere_it_may_be_recorded_and_decides_on_no_help() -> None:
    eligible = Way("", (row("calculate", "eligible", calculation="if(${q1} = 'no', 0, 1)"),), 0, "")
    when = Way("", (row("date", "r", "When?", relevant="${q1} = 'yes'"),), 0, "")
    asked = "Was it reported to the police?"
    assert places(found(sheet(eligible, asked, "en"))) == [("charter-1", 3, "calculation")]
    assert found(sheet(when, asked, "en")) == []


def test_complaints_about_us_and_of_the_body_are_none() -> None:
    for text in NO_COOPERATION:
        data = sheet(SCORED, text, "en", "select_one yn", YES)
        assert found(data, assistance=True) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "Help does not depend on whether you testify.",
        "You are helped whether or not you speak to the police.",
    ],
)
def test_to_say_that_help_is_unconditional_is_no_question(text: str) -> None:
    way = Way("", (row("note", "r", text),), 0, "")
    assert found(sheet(way, "How are you?", "en"), assistance=True) == []


@pytest.mark.parametrize("name", honest.FORMS)
def test_no_honest_form_is_refused(name: str) -> None:
    step, _language, _rows = honest.FORMS[name]
    assert found(honest.sheet(name), assistance=step == "assistance") == []

"""What the officer and the supervisor see."""

from __future__ import annotations

import json
from itertools import product

import pytest

from marfa.domain.catalogue import LANGUAGES, render_message
from marfa.methods.screening import (
    Age,
    Answer,
    Panel,
    PilotUse,
    for_officer,
    for_supervisor,
    full,
    instrument_json,
    next_step,
    next_step_code,
    score,
)
from marfa.methods.screening.views import notes
from tests.methods.screening.support import ADULT, library, run, yes


def test_the_officer_sees_the_next_step_and_no_rates() -> None:
    result = run(yes("cd-papers", "ex-pay") | {"ex-hours": Answer.REFUSED}, Age.DISPUTED)
    seen = for_officer(result)
    assert seen["next_step"]["code"] == "methods.screening:next-at-risk-child"
    assert seen["reasons"] == ["ex-pay", "cd-papers"]
    assert seen["questions_that_could_change_it"] == ["ex-hours"]
    text = json.dumps(seen)
    for word in ("sensitivity", "specificity", "probab", "prevalence", "validity"):
        assert word not in text


def test_the_supervisor_sees_rules_bounds_and_validity() -> None:
    seen = for_supervisor(run({"cd-papers": Answer.YES}))
    assert seen["worst_case"] == {"indication": "presumed-victim", "urgency": "now"}
    assert seen["profiles"][0]["rules"][0]["origin"] == "marfa"
    raft = seen["published_validity"][0]
    assert raft["of_10000"]["flagged"] == 3985


def test_every_reason_carries_strength_and_source() -> None:
    data = full(run(yes("cd-papers")))
    dimensions = {one["dimension"]: one for one in data["profiles"][0]["dimensions"]}
    assert dimensions["coercion_at_destination"]["fired"] == [
        {
            "item": "cd-papers",
            "reference": "DEL-LA-CD01",
            "strength": "strong",
            "source": "delphi",
        }
    ]
    assert json.dumps(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_next_step_has_a_sentence(language: str) -> None:
    cases: tuple[dict[str, Answer], ...] = (
        yes(),
        {},
        yes("cd-papers"),
        yes("core-danger"),
        yes("cr-violence", "cr-debt"),
    )
    steps = set()
    for answers, age in product(cases, (Age.ADULT, Age.CHILD)):
        result = run(answers, age)
        steps.add(next_step_code(result))
        assert render_message(next_step(result), language)
        assert all(render_message(note, language) for note in notes(result))
    assert {"none", "open", "at-risk", "act-now-child", "presumed", "presumed-child"} <= steps


def test_notes_stand_beside_the_outcome() -> None:
    one = Panel.of("ilo-delphi-sexual-child", library())
    result = score(one, {"cd-tasks": Answer.YES}, age=Age.UNKNOWN, use=PilotUse())
    keys = {note.key for note in notes(result)}
    assert keys == {
        "remark-never-a-finding",
        "remark-pilot",
        "remark-not-validated",
        "remark-incomplete",
        "remark-both-profiles",
    }


def test_the_table_from_labels_to_outcomes_is_published_with_the_instrument() -> None:
    data = instrument_json(library().instrument(ADULT))
    assert data["labels"]["deception-and-exploitation"]["indication"] == "at-risk"
    assert len(data["labels"]) == 4
    assert {rule["rule"] for rule in data["rules"]} >= {"child-act-and-purpose", "danger-now"}
    assert instrument_json(library().instrument("unodc-general"))["rules"] == []

"""``marfa forms``: a form is looked at and added, or refused with its row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.apps.forms.sheets import sheet
from tests.cli.server.conftest import DESKS
from tests.support.installation import marfa, sentence
from tests.support.shared_copies import Once

WARD = "text|ward|Ward|الجناح||coded"


@pytest.fixture(scope="module")
def place(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.installation(tmp_path_factory.mktemp("forms") / "data", *DESKS)


def run(place: Path, file: Path, what: str, *more: str) -> tuple[int, str, str]:
    done = marfa("forms", what, str(file), "--step", "registration", "--data", str(place), *more)
    return done.returncode, done.stdout, done.stderr


def test_a_form_is_checked_and_added(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "arrival.md"
    file.write_bytes(sheet(WARD))
    code, told, _errors = run(place, file, "check", "--json")
    assert code == 0
    assert json.loads(told)["asks"] == {"/data/ward": {"field": "", "tier": "coded"}}
    code, told, errors = run(place, file, "add", "--json")
    assert code == 0, errors
    assert json.loads(told)["published"] is False, "a second person publishes it"
    file.write_bytes(sheet(WARD, "integer|beds|Beds|أسرّة"))
    code, _told, errors = run(place, file, "add")
    assert code == 1
    assert "new version" in errors


def test_a_sensitive_form_is_offered_for_practice_alone(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "methods.md"
    file.write_bytes(
        sheet("text|vic_Methods_of_Control|Q|س").replace(b"| arrival |", b"| methods |")
    )
    there = ("--step", "screening", "--data", str(place))
    done = marfa("forms", "add", str(file), *there, "--practice", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["sensitive"], told["published"], told["practice"]) == (True, False, True)


def test_a_fault_is_named_with_its_row(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "wrong.md"
    file.write_bytes(sheet(WARD, "text|q|Q|س"))
    said = sentence(
        marfa("forms", "check", str(file), "--step", "registration", "--data", str(place))
    )
    assert "3" in said
    assert "marfa::field" in said


def test_a_file_that_is_not_there(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.md"
    told = marfa("forms", "check", str(file), "--step", "registration", "--data", str(place))
    sentence(told)
    assert "There is no such file" in told.stderr


def test_instruments_of_live_use_are_refused_while_they_are_drafts(place: Path) -> None:
    done = marfa("forms", "instruments", "--data", str(place), "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert {one["made"] for one in told} == {"refused"}
    assert all(one["why"] for one in told)
    assert "draft" in done.stderr


def test_instruments_of_a_trial_become_forms_once(once: Once, tmp_path: Path) -> None:
    once.demonstration(tmp_path / "data")
    there = ("--data", str(tmp_path / "data"))
    told = json.loads(marfa("forms", "instruments", *there, "--json").stdout)
    assert [one["made"] for one in told] == ["same", "new"], "the demonstration has one"
    assert [one["published"] for one in told] == [True, False]
    again = marfa("forms", "instruments", *there)
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("was there already") == len(told)


def test_a_form_that_profiles_is_told_by_rule_and_place(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "scored.md"
    head = "| | type | name | label::English (en) | calculation | marfa::tier |"
    rows = (
        "| | text | q1 | Which tribe? | | personal |\n| | calculate | s | | if(${q1}='a',9,0) | |"
    )
    settings = "| settings |\n| | form_title | form_id | version |\n| | Scored | scored | 1 |"
    file.write_text(f"| survey |\n{head}\n{rows}\n{settings}\n", encoding="utf-8")
    code, told, errors = run(place, file, "check", "--json")
    assert (code, errors) == (1, "")
    (problem,) = json.loads(told)["problems"]
    assert problem["rule"] == "charter-4"
    assert problem["place"] == {
        "file": "scored.md",
        "sheet": "survey",
        "row": 3,
        "column": "calculation",
        "field": "/data/s",
    }
    assert problem["message"]["code"] == "methods.xforms:depends-on-origin"
    assert {"name", "reads", "subject"} == set(problem["message"]["params"])
    assert run(place, file, "add")[0] == 1
    file.write_text(file.read_text("utf-8").replace("Which tribe?", "Which ward?"), "utf-8")
    code, told, _errors = run(place, file, "check", "--json")
    assert (code, json.loads(told)["problems"]) == (0, [])


def test_a_form_of_assistance_does_not_ask_for_testimony(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "tied.md"
    file.write_bytes(sheet("text|q|Will you testify?|هل ستشهد؟||personal"))
    there = ("--data", str(place), "--json")
    done = marfa("forms", "check", str(file), "--step", "assistance", *there)
    assert done.returncode == 1
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["rule"], problem["place"]["row"]) == ("charter-1", 2)
    assert problem["place"]["column"].startswith("label")
    other = marfa("forms", "check", str(file), "--step", "registration", *there)
    assert other.returncode == 0, other.stdout


def test_who_makes_forms_needs_no_installation(tmp_path: Path) -> None:
    file = tmp_path / "arrival.md"
    file.write_bytes(sheet(WARD))
    nowhere = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share")}
    found = marfa("forms", "check", str(file), "--step", "registration", "--json", **nowhere)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["problems"] == []
    assert [each for each in tmp_path.rglob("*") if each != file] == []
    refused = marfa("forms", "add", str(file), "--step", "registration", **nowhere)
    assert "no installation" in sentence(refused)
    named = ("--data", str(tmp_path / "none"))
    refused = marfa("forms", "check", str(file), "--step", "registration", *named, **nowhere)
    assert "no installation" in sentence(refused)

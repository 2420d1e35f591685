"""``marfa instruments study`` from plan to error rates, and all that it refuses."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from marfa.cli.main import main
from marfa.platform import clock

NOW = datetime(2026, 6, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def run(*arguments: object) -> int:
    try:
        main(["instruments", "study", *map(str, arguments)])
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


FILLED = {
    "population": "Adults who arrive at two gates from January to July",
    "reference": "two members of the panel, after an individual assessment",
    "blinding": "the panel works in another building and gets codes alone",
    "help": "the protection team of the gate",
    "stop_rule": "any harm that the study brought; the ethics body decides",
}


def fill(folder: Path, approved: bool = True, **changed: str) -> None:
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8").replace(f"begins = {NOW.date()}", "begins = 2026-01-01")
    for key, value in {**FILLED, **changed}.items():
        text = text.replace(f'\n{key} = ""', f'\n{key} = "{value}"')
    if approved:
        text = text.replace('body = ""', 'body = "Ethics committee"').replace(
            'number = ""', 'number = "17/2026"'
        )
        text = text.replace("# ends = 2027-01-31", "ends = 2026-12-31")
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    made = run("new", folder, "--instrument", "registration-risk", "--language", "ar")
    assert made == 0
    fill(folder)
    return folder


HEAD = "person,day,site,sex,language,interpreter,interviewer,consent,danger,child,screened"
GOOD = {
    "person": "P1",
    "day": "2026-03-01",
    "site": "gate-1",
    "sex": "female",
    "language": "ar",
    "interpreter": "no",
    "interviewer": "I1",
    "consent": "yes",
    "danger": "no",
    "child": "no",
    "screened": "flagged",
}


def table(path: Path, *rows: dict[str, str]) -> Path:
    head = list(rows[0])
    lines = [",".join(head), *(",".join(row[name] for name in head) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def add(folder: Path, kind: str, *rows: dict[str, str]) -> int:
    return run("add", folder, table(folder.parent / f"{kind}.csv", *rows), "--kind", kind)


def records(folder: Path) -> str:
    path = folder / "records.jsonl"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_protocol_is_bound_to_the_words(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", study, "--instrument", "registration-risk", "--language", "ar") == 1
    assert "already" in capsys.readouterr().err
    twice = run("new", study.parent / "b", "-i", "unodc-general", *2 * ["--language", "ar"])
    assert twice == 1
    assert "given twice" in capsys.readouterr().err
    none = run("new", study.parent / "b", "-i", "unodc-general", "--language", "so")
    assert none == 1
    assert not (study.parent / "b").exists()
    text = (study / "study.toml").read_text(encoding="utf-8")
    digest = text.partition('"ar" = "')[2].partition('"')[0]
    (study / "study.toml").write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    capsys.readouterr()
    assert add(study, "interviews", {**GOOD, "person": "P2"}) == 1
    assert "the words in ar are not those" in capsys.readouterr().err


def test_one_word_of_a_translation_changed_ends_it(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another wording of one item, from a folder of the organisation's own."""
    ours = study.parent / "ours"
    assert main_new(ours) == 0
    pack = next((ours / "texts").glob("*.ar.toml"))
    assert add(study, "interviews", GOOD) == 0
    file = table(study.parent / "more.csv", {**GOOD, "person": "P2"})
    assert run("add", study, file, "--kind", "interviews", "--library", ours) == 0, "the control"
    lines = pack.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("# rr-"))
    key = lines[first].removeprefix("# ").partition(" ")[0]
    lines[first] = f'{key} = {{ feminine = "غيره", masculine = "غيره" }}'
    pack.write_text("\n".join(lines) + "\n", encoding="utf-8")
    file = table(study.parent / "more.csv", {**GOOD, "person": "P3"})
    capsys.readouterr()
    assert run("add", study, file, "--kind", "interviews", "--library", ours) == 1
    assert "words in ar" in capsys.readouterr().err
    assert "P3" not in records(study)


def main_new(folder: Path) -> int:
    try:
        main(
            ["instruments", "new", "registration-risk", "--language", "ar", "--folder", str(folder)]
        )
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('number = "17/2026"', 'number = ""'), "no ethics body"),
        (lambda text: text.replace("ends = 2026-12-31", "ends = 2026-05-31"), "approval ended"),
        (
            lambda text: text.replace("# stopped = 2026-01-31", "stopped = 2026-04-01"),
            "was stopped",
        ),
        (lambda text: text.replace('help = "the prot', 'help = ""  # "the prot'), "help is empty"),
        (lambda text: text.replace("begins = 2026-01-01", "begins = 2026-09-01"), "study begins"),
        (lambda text: text.replace("children = false", "children = 1"), "children"),
        (lambda text: text.replace('setting = "', 'setting = "other-'), "another setting"),
        (lambda text: text + "\nhelp = 1\n", "help"),
        (lambda text: text.replace("[approval]", "[aproval]"), "approval"),
    ],
)
def test_nobody_is_enrolled_before_all_is_in_order(
    study: Path,
    change: Callable[[str], str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = study / "study.toml"
    good = path.read_text(encoding="utf-8")
    assert change(good) != good
    path.write_text(change(good), encoding="utf-8")
    assert add(study, "interviews", GOOD) == 1
    assert said in capsys.readouterr().err
    assert records(study) == ""
    path.write_text(good, encoding="utf-8")
    assert add(study, "interviews", GOOD) == 0, "the control"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("person", "Amina Haddad"),
        ("person", "=1+1"),
        ("day", "1 March"),
        ("day", "2027-01-01"),
        ("day", "2025-12-31"),
        ("sex", "f"),
        ("language", "en"),
        ("consent", "no"),
        ("danger", "yes"),
        ("danger", ""),
        ("child", "yes"),
        ("child", ""),
        ("screened", "victim"),
        ("interviewer", "Mr Haddad"),
    ],
)
def test_a_row_that_may_not_be_taken_takes_none(
    study: Path, column: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(study, "interviews", GOOD, {**GOOD, "person": "P2", column: value}) == 1
    said = capsys.readouterr().err
    assert f"row 3, column {column}" in said
    assert "Traceback" not in said
    assert records(study) == ""


@pytest.mark.parametrize("column", ["religion", "nationality", "shoe_size"])
def test_a_column_that_nobody_asked_for_is_refused(
    study: Path, column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(study, "interviews", {**GOOD, column: "x"}) == 1
    assert f"column {column}" in capsys.readouterr().err


def assessed(person: str, victim: str = "yes", **more: str) -> dict[str, str]:
    return {
        "person": person,
        "day": "2026-03-02",
        "assessor": "A1",
        "victim": victim,
        "helped": "yes" if victim == "yes" else "",
        **more,
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (assessed("P1", screened="flagged"), "does not see what screening said"),
        (assessed("P1", helped="no"), "helped on the same day"),
        (assessed("P1", assessor="I1"), "asks nobody"),
        (assessed("P9"), "nobody with this code"),
        (assessed("P1", day="2026-02-01"), "earlier than the interview"),
    ],
)
def test_the_panel_is_blind_and_whoever_is_found_is_helped(
    study: Path, row: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(study, "interviews", GOOD) == 0
    before = records(study)
    assert add(study, "assessments", row) == 1
    assert said in capsys.readouterr().err
    assert records(study) == before
    assert add(study, "assessments", assessed("P1")) == 0, "the control"
    assert add(study, "assessments", assessed("P1")) == 1, "twice"
    asks = {**GOOD, "person": "P2", "interviewer": "A1"}
    assert add(study, "interviews", asks) == 1


def test_what_was_planned_stays_once_people_are_enrolled(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(study, "interviews", GOOD) == 0
    path = study / "study.toml"
    text = path.read_text(encoding="utf-8")
    for there, other in (
        ("share_not_flagged = 0.2", "share_not_flagged = 0.9"),
        ("needed_flagged = 60", "needed_flagged = 6"),
        ("needed_not_flagged = 200", "needed_not_flagged = 2"),
        ('stop_rule = "any', 'stop_rule = "no'),
        ('help = "the', 'help = "no'),
    ):
        assert there in text
        path.write_text(text.replace(there, other))
        assert run("report", study) == 1, there
        assert "changed after people were enrolled" in capsys.readouterr().err
    path.write_text(text.replace("ends = 2026-12-31", "ends = 2027-06-30"))
    assert run("report", study) == 0, "an approval may be prolonged"


def whole_study(
    seed: int = 4, size: int = 260
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Interviews and assessments of a made-up study: sensitivity 0.9, specificity 0.8."""
    chance = random.Random(seed)
    interviews, panel = [], []
    for number in range(size):
        victim = chance.random() < 0.3
        flagged = chance.random() < (0.9 if victim else 0.2)
        interviews.append(
            {
                **GOOD,
                "person": f"P{number}",
                "site": f"gate-{number % 2}",
                "sex": chance.choice(["female", "male"]),
                "screened": "flagged" if flagged else "not-flagged",
            }
        )
        if flagged or chance.random() < 0.4:
            panel.append(assessed(f"P{number}", "yes" if victim else "no"))
    return interviews, panel


def asked_items(study: Path) -> list[str]:
    from marfa.methods.screening import Library

    return sorted(Library().instrument("registration-risk").item_ids)[:4]


def report(folder: Path, capsys: pytest.CaptureFixture[str], *more: object) -> dict[str, Any]:
    capsys.readouterr()
    assert run("report", folder, "--json", *more) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_report_of_a_study(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    interviews, panel = whole_study()
    items, chance = asked_items(study), random.Random(1)
    for row in interviews:
        row.update({item: chance.choice(["yes", "no", "no", "refused"]) for item in items})
        row["age_group"] = chance.choice(["age_18_24", "age_25_59"])
    scored = [
        {"person": f"S{n}", "rater": rater, **dict.fromkeys(items, "yes" if n % 3 else "no")}
        for n in range(30)
        for rater in ("R1", "R2")
    ]
    scored[0][items[0]] = "yes" if scored[0][items[0]] == "no" else "no"
    assert add(study, "interviews", *interviews) == 0
    assert add(study, "assessments", *panel) == 0
    assert add(study, "double", *scored) == 0
    found = report(study, capsys)
    for name, true in (("sensitivity", 0.9), ("specificity", 0.8)):
        rate = found[name]
        assert rate["low"] < true < rate["high"]
        assert rate["bounds"][0] <= rate["low"]
        assert rate["high"] <= rate["bounds"][1]
    assert found["alpha"][items[1]] == 1.0
    assert 0.8 < found["alpha"][items[0]] < 1.0
    assert found["items"] == items
    assert sum(found["missing"][items[0]].values()) == len(interviews)
    assert {each["column"] for each in found["dif"]} == {"sex", "age_group"}
    assert found["load"]["gate-0"]["people"] == 130
    assert set(found["by"]["sex"]) == {"female", "male"}
    assert found["of_1000"]["flagged"] + found["of_1000"]["missed"] == found["of_1000"]["victims"]
    codes = {each["code"].partition(":")[2] for each in found["remarks"]}
    assert {"study-not-all-assessed", "study-few-not-flagged", "study-no-person"} <= codes
    assert run("report", study) == 0
    assert "of_1000" not in capsys.readouterr().out


def test_the_order_of_rows_changes_no_byte(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    interviews, panel = whole_study()
    assert add(study, "interviews", *interviews) == 0
    assert add(study, "assessments", *panel) == 0
    first = report(study, capsys)
    (study / "records.jsonl").unlink()
    chance = random.Random(2)
    assert add(study, "interviews", *chance.sample(interviews, len(interviews))) == 0
    assert add(study, "assessments", *chance.sample(panel, len(panel))) == 0
    assert report(study, capsys) == first
    assert report(study, capsys, "--seed", 9)["sensitivity"] != first["sensitivity"]


def test_sixty_people_show_little(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the documentation says of a small study."""
    interviews, panel = whole_study(size=60)
    assert add(study, "interviews", *interviews) == 0
    assert add(study, "assessments", *panel) == 0
    found = report(study, capsys)
    assert found["sensitivity"]["high"] - found["sensitivity"]["low"] > 0.2
    for each in found["by"]["sex"].values():
        rate = each["sensitivity"]
        assert rate is None or rate["high"] - rate["low"] > 0.3


def test_a_panel_that_does_not_agree_decides_nothing(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(study, "interviews", GOOD) == 0
    assert add(study, "assessments", assessed("P1"), assessed("P1", "no", assessor="A2")) == 0
    found = report(study, capsys)
    assert (found["panel"]["not_agreed"], found["assessed"]) == (1, 0)
    assert found["sensitivity"] is None


@pytest.mark.parametrize(
    "damaged",
    [
        lambda line: line.replace("flagged", "sure"),
        lambda line: line.replace('"kind": "interviews"', '"kind": "gossip"'),
        lambda line: line.replace('"screened"', '"seen"'),
        lambda line: line[: len(line) // 2],
        lambda line: "[1]",
        lambda line: '{"a": 1}',
    ],
)
def test_a_line_that_somebody_edited_is_named(
    study: Path, damaged: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(study, "interviews", GOOD, {**GOOD, "person": "P2"}) == 0
    path = study / "records.jsonl"
    lines = records(study).splitlines()
    assert damaged(lines[2]) != lines[2]
    path.write_text("\n".join([*lines[:2], damaged(lines[2])]) + "\n", encoding="utf-8")
    before = path.read_bytes()
    for command in (("report", study), ("add", study, table(study.parent / "c.csv", GOOD))):
        more = ("--kind", "interviews") if command[0] == "add" else ()
        capsys.readouterr()
        assert run(*command, *more) == 1
        said = capsys.readouterr().err
        assert "records.jsonl, row 3" in said
        assert "Traceback" not in said
    assert path.read_bytes() == before


def test_a_folder_without_a_study_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", tmp_path) == 1
    assert "there is no study" in capsys.readouterr().err
    assert run("add", tmp_path, table(tmp_path / "a.csv", GOOD), "--kind", "interviews") == 1
    assert run("report", tmp_path / "a.csv") == 2

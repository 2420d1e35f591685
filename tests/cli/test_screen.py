"""``marfa screen`` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from marfa.cli.main import main
from marfa.methods.screening import Library, skeletons
from marfa.methods.screening.use import SECOND_ACCEPTS

ANSWERS = """\
person,age,cr-violence,cr-debt,ex-hours,core-danger
P1,adult,yes,yes,unknown,no
P2,disputed,no,no,no,no
P3,child,no,no,no,yes
"""
ADULT = "ilo-delphi-labour-adult"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.csv"
    file.write_text(ANSWERS, encoding="utf-8")
    return file


def exit_code(*arguments: str) -> int:
    try:
        main(list(arguments))
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def test_a_pilot_prints_a_table_and_says_that_it_is_one(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot") == 0
    printed = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert [row["person"] for row in rows] == ["P1", "P2", "P3"]
    assert {row["mode"] for row in rows} == {"pilot"}
    assert rows[0]["indication"] == "presumed-victim"
    assert rows[2]["next_step"] == "act-now-child"
    assert "Trial: " in printed.err
    assert "never evidence" in printed.err


def test_what_is_not_declared_live_is_marked_as_a_trial(
    answers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert exit_code("screen", str(answers), "-i", ADULT) == 0
    printed = capsys.readouterr()
    assert "Trial: " in printed.err
    assert {row["mode"] for row in csv.DictReader(printed.out.splitlines())} == {"pilot"}
    paper = tmp_path / "signed.toml"
    paper.write_text("", encoding="utf-8")
    signed = ["--authorisation", str(paper)]
    assert exit_code("screen", str(answers), "-i", ADULT, *signed) == 2
    assert "--language" in capsys.readouterr().err
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot", "--language", "ar") == 2


def test_live_use_of_drafts_is_refused(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("screen", str(answers), "-i", ADULT, "--language", "ar") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "drafts that no one has reviewed" in printed.err


def test_json_is_one_document(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in data["instruments"]] == [ADULT, "ilo-delphi-labour-child"]
    # A child is read by both lists, as somebody whose age is in doubt is.
    assert [len(person["profiles"]) for person in data["people"]] == [1, 2, 2]
    assert data["people"][0]["worst_case"]["urgency"] == "now"


def test_out_replaces_its_target_whole_and_is_the_owners_alone(
    answers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.csv"
    out.write_text("old", encoding="utf-8")
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot", "--out", str(out)) == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 4
    assert out.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "results.csv"]


def test_a_wrong_row_leaves_nothing_behind(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_text(ANSWERS + "P4,adult,maybe,no,no,no\n", encoding="utf-8")
    out = tmp_path / "results.csv"
    out.write_text("old", encoding="utf-8")
    for target in ([], ["--out", str(out)]):
        assert exit_code("screen", str(answers), "-i", ADULT, "--pilot", *target) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "answers.csv, row 5, column cr-violence" in printed.err
    assert out.read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_stop_leaves_nothing_behind(
    answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import marfa.cli.screen as command

    def stopped(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_write_csv", stopped)
    out = tmp_path / "results.csv"
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot", "--out", str(out)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


def test_a_table_with_nationality_is_refused(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_text("person,nationality,dr-work\nP1,x,yes\n", encoding="utf-8")
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot") == 1
    assert "never asked" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Mariam Haddad", "مريم 3", "Ma\u202eriam1"])
def test_a_name_is_no_code_of_a_person_and_is_not_repeated(
    answers: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text = answers.read_text(encoding="utf-8")
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot") == 0, "the control"
    capsys.readouterr()
    answers.write_text(text.replace("P2", name), encoding="utf-8")
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot") == 1
    told = capsys.readouterr()
    assert "row 3" in told.err
    assert name not in told.err + told.out


def test_an_unknown_instrument_names_the_known_ones(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("screen", str(answers), "-i", "ilo", "--pilot") == 1
    assert ADULT in capsys.readouterr().err


def test_live_use_with_reviewed_words_and_a_signature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole road from a draft to live use, by files alone."""
    name = "registration-risk"
    instrument = Library().instrument(name)
    built_in = instrument.digest
    texts = tmp_path / "ours" / "texts"
    texts.mkdir(parents=True)
    head = f'schema = 1\nset = "{name}"\nlanguage = "so"\nstatus = "reviewed"\n'
    head += 'by = "A reviewer"\ndate = 2026-01-02\n[texts]\n'
    lines = [f'{item.id} = "{item.id}?"' for item in instrument.items]
    (texts / f"{name}.so.toml").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    paper = tmp_path / "paper.toml"
    instrument = Library([texts.parent]).instrument(name)
    assert instrument.digest != built_in, "the words are part of what is signed"
    made = skeletons.authorisation(instrument, own_words=True)
    text = next(iter(made.values())).replace('second_signed_by = ""', 'second_signed_by = "M. M."')
    text = text.replace('second_accepts = ""', f'second_accepts = "{SECOND_ACCEPTS}"')
    text = text.replace('= ""', '= "N. N."')
    file = tmp_path / "answers.csv"
    file.write_text("person,age,rr-tonight\nP1,adult,yes\n", encoding="utf-8")
    base = ["screen", str(file), "-i", name, "--language", "so", "--library", str(texts.parent)]
    assert exit_code(*base) == 1
    assert "signed" in capsys.readouterr().err
    days = text.replace("# signed_on = 2026-01-31", "signed_on = 2020-01-01")
    days = days.replace("# valid_until = 2026-12-31", "valid_until = 2099-12-31")
    for other, said in (("N. N.", 1), (" n. n", 1), ("M. M.", 0)):
        paper.write_text(days.replace('by = "M. M."', f'by = "{other}"'), encoding="utf-8")
        assert exit_code(*base, "--authorisation", str(paper)) == said, other
        assert said == 0 or "two different people" in capsys.readouterr().err
    printed = capsys.readouterr()
    [row] = csv.DictReader(io.StringIO(printed.out))
    assert (row["mode"], row["indication"], row["next_step"]) == ("live", "", "act-now")
    assert "Not validated" in printed.err


def test_out_must_be_another_file_in_a_folder_that_is_there(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["screen", str(answers), "-i", ADULT, "--pilot", "--out"]
    assert exit_code(*base, str(answers)) == 2
    assert answers.read_text(encoding="utf-8") == ANSWERS
    assert exit_code(*base, str(tmp_path / "nowhere" / "results.csv")) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_byte_order_mark_before_quoted_columns_is_read(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_text('"person","age","dr-work"\n"P1","adult","yes"\n', encoding="utf-8-sig")
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot") == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("P1,adult")


def test_out_never_takes_the_place_of_what_is_not_a_file(answers: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert exit_code("screen", str(answers), "-i", ADULT, "--pilot", "--out", str(pipe)) == 2
    assert pipe.is_fifo()

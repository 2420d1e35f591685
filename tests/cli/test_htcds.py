"""``marfa htcds`` as a user meets it."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from marfa.cli.main import main
from marfa.methods.htcds import Case, coded, read_csv, read_json, write_csv, write_json
from marfa.platform import clock
from tests.methods.htcds.cases import whole_case

SECRET = "Zaynab"


def exit_code(*arguments: object) -> int:
    try:
        main([str(each) for each in arguments])
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A file in which a case has every field, and one has a status."""
    file = tmp_path / "cases.json"
    cases = [whole_case(), Case(status="Active")]
    with file.open("wb") as stream:
        write_json(cases, stream, today=clock.now().date(), identity=True)
    return file


def read(file: Path, *, identity: bool) -> list[Case]:
    reader = read_json if file.suffix == ".json" else read_csv
    with file.open("rb") as stream:
        return list(reader(stream, today=clock.now().date(), identity=identity))


def test_a_file_that_is_right(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("htcds", "check", made, "--with-identity") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Cases without a problem: 2",
        "Cases with problems: 0",
    ]
    assert exit_code("htcds", "check", made, "--with-identity", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"valid": True, "cases": 2, "refused": 0, "problems": []}


def test_names_are_refused_unless_asked_for(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("htcds", "check", made) == 1
    printed = capsys.readouterr()
    assert "Cases with problems: 1" in printed.out
    assert "/cases/0/person/prs_FirstName" in printed.err
    assert "a text" not in printed.err.replace("found a text (", "")


def test_what_is_wrong_is_told_with_row_and_field_and_without_what_was_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(f"cas_Status,con_Consent\nActive,true\n{SECRET},true\nClosed,maybe\n")
    assert exit_code("htcds", "check", file, "--json") == 1
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["valid"], told["cases"], told["refused"]) == (False, 1, 2)
    places = [(p["place"]["row"], p["place"]["column"]) for p in told["problems"]]
    assert places == [(3, "cas_Status"), (4, "con_Consent")]
    rules = [p["message"]["params"]["rule"] for p in told["problems"]]
    assert rules == ["code", "checkbox"]
    assert SECRET not in printed.out + printed.err


def test_convert_there_and_back(made: Path, tmp_path: Path) -> None:
    table, back = tmp_path / "cases.csv", tmp_path / "back.json"
    assert exit_code("htcds", "convert", made, table, "--with-identity", "--bom") == 0
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    assert exit_code("htcds", "convert", table, back, "--with-identity") == 0
    assert back.read_bytes() == made.read_bytes()


def test_convert_without_what_identifies(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "cases.csv"
    assert exit_code("htcds", "convert", made, table) == 1
    assert not table.exists()
    options = ("--drop-identity", "--delimiter", "semicolon", "--separator", "bar", "--json")
    capsys.readouterr()
    assert exit_code("htcds", "convert", made, table, *options) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"cases": 2, "file": str(table), "identity": False}
    assert b"a text" not in table.read_bytes()
    with table.open("rb") as stream:
        back = read_csv(stream, today=clock.now().date(), delimiter=";", separator="|")
        assert list(back) == [coded(whole_case()), Case(status="Active")]


def test_nothing_is_left_half_written(made: Path, tmp_path: Path) -> None:
    target = tmp_path / "cases.csv"
    target.write_text("what was there before")
    text = made.read_text(encoding="utf-8").replace('"Active"', '"active"')
    made.write_text(text, encoding="utf-8")
    assert exit_code("htcds", "convert", made, target, "--with-identity") == 1
    assert target.read_text() == "what was there before"
    assert sorted(tmp_path.iterdir()) == sorted([made, target])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "{made}.txt"), "does not exist"),
        (("convert", "{made}", "{made}"), "another file"),
        (("convert", "{made}", "{folder}/out.xlsx"), ".json or .csv"),
        (("convert", "{made}", "{folder}"), "directory"),
        (("convert", "{made}", "x.csv", "--with-identity", "--drop-identity"), "exclude"),
        (("check", "{made}", "--separator", "comma"), "comma"),
    ],
)
def test_wrong_use(
    arguments: tuple[str, ...],
    said: str,
    made: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = [each.format(made=made, folder=tmp_path) for each in arguments]
    assert exit_code("htcds", *given) == 2
    assert said in capsys.readouterr().err


def test_a_folder_that_is_not_there(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "gone" / "cases.csv"
    assert exit_code("htcds", "convert", made, target, "--with-identity") == 1
    assert "OUT cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"standard": "HTCDS", "version": "2.0", "cases": [' + b'{"a":' * 100_000,
        b'"' + b"x" * 5_000_000,
        b"\x00" * 1000,
        b"case,cas_Status\n" + b"1," * 100_000,
        b'cas_Status\n"' + b"\n" * 200_000,
    ],
)
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_no_file_ends_in_a_traceback(
    kind: str, data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"cases.{kind}"
    file.write_bytes(data)
    assert exit_code("htcds", "check", file) == 1
    assert exit_code("htcds", "convert", file, tmp_path / "out.json") == 1
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    assert "fault of Marfa" not in printed.err
    assert printed.err.count("Error: ") >= 2


def test_a_pipe_can_be_checked_and_not_converted(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_csv([Case(status="Active")], stream, today=clock.now().date())
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for arguments, code in ((["check", pipe], 0), (["convert", pipe, tmp_path / "x.csv"], 2)):
        command = [sys.executable, "-m", "marfa", "htcds", *map(str, arguments)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
            # Who refuses a pipe may have closed it before all is written.
            with suppress(BrokenPipeError):
                pipe.write_bytes(stream.getvalue())
            _out, said = run.communicate(timeout=300)
        assert run.returncode == code, said


def test_it_speaks_arabic(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("cas_Status\nOpen\n")
    command = [sys.executable, "-m", "marfa", "htcds", "check", str(file)]
    told = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "MARFA_LANGUAGE": "ar", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert told.returncode == 1
    assert "حالات فيها مشكلات: 1" in told.stdout
    assert "العمود cas_Status" in told.stderr


def test_the_schema_fits_what_is_written(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("htcds", "schema", "--with-identity") == 0
    whole = json.loads(capsys.readouterr().out)
    assert exit_code("htcds", "schema", "--json") == 0
    left = json.loads(capsys.readouterr().out)
    document = json.loads(made.read_text(encoding="utf-8"))
    assert Draft202012Validator(whole).is_valid(document)
    assert not Draft202012Validator(left).is_valid(document)
    out = tmp_path / "left.json"
    assert exit_code("htcds", "convert", made, out, "--drop-identity") == 0
    assert Draft202012Validator(left).is_valid(json.loads(out.read_text(encoding="utf-8")))
    assert read(out, identity=False)[1] == replace(Case(), status="Active")

"""``marfa instruments`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marfa.cli.main import main


def exit_code(*arguments: str) -> int:
    try:
        main(["instruments", *arguments])
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("list") == 0
    assert "reasons, for trial only" in capsys.readouterr().out
    assert exit_code("list", "--json") == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == 14
    assert [name for name, row in rows.items() if row["gives_band"]] == [
        "ilo-delphi-labour-adult",
        "ilo-delphi-labour-child",
    ]


def test_show_in_arabic_speaks_to_a_woman_or_a_man(capsys: pytest.CaptureFixture[str]) -> None:
    spoken = []
    for addressee in ("feminine", "masculine"):
        arguments = ("show", "registration-risk", "--language", "ar", "--addressee", addressee)
        assert exit_code(*arguments) == 0
        spoken.append(capsys.readouterr().out)
    assert "تريدين" in spoken[0]
    assert "تريدين" not in spoken[1]


def test_validity_is_for_supervisors(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("show", "ilo-delphi-labour-adult") == 0
    assert "sensitivity 0.867" not in capsys.readouterr().out
    assert exit_code("show", "ilo-delphi-labour-adult", "--supervisor") == 0
    assert "sensitivity 0.867" in capsys.readouterr().out
    assert exit_code("show", "unodc-general", "--supervisor", "--json") == 0
    assert json.loads(capsys.readouterr().out)["validity"][0]["name"] == "RAFT"


def test_show_in_a_language_without_words_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("show", "unodc-general", "--language", "so") == 1
    assert "no texts in the language so" in capsys.readouterr().err


def test_new_then_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "ours"
    assert exit_code("new", "camp", "--folder", str(folder)) == 0
    assert exit_code("new", "registration-risk", "--language", "so", "--folder", str(folder)) == 0
    assert exit_code("new", "conflict-context", "--authorisation", "--folder", str(folder)) == 0
    files = sorted(str(path) for path in folder.rglob("*.toml"))
    assert len(files) == 4
    capsys.readouterr()
    # The authorisation waits for its signature; all else is right.
    papers = [file for file in files if "authorisation" in file]
    assert exit_code("check", *[file for file in files if file not in papers]) == 0
    assert exit_code("check", *papers) == 1
    assert "signed_by is empty" in capsys.readouterr().err
    assert exit_code("list", "--library", str(folder)) == 0
    assert "camp" in capsys.readouterr().out


def test_new_never_writes_over_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("new", "camp", "--folder", str(tmp_path)) == 0
    (tmp_path / "camp.toml").write_text("mine", encoding="utf-8")
    assert exit_code("new", "camp", "--folder", str(tmp_path)) == 1
    assert (tmp_path / "camp.toml").read_text(encoding="utf-8") == "mine"
    assert "already" in capsys.readouterr().err


def test_check_gives_file_line_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("new", "camp", "--folder", str(tmp_path)) == 0
    file = tmp_path / "camp.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('about = "situation"', 'about = "person", attribute = "religion"'),
        encoding="utf-8",
    )
    line = next(n for n, one in enumerate(text.splitlines(), 1) if 'id = "example"' in one)
    capsys.readouterr()
    assert exit_code("check", str(file)) == 1
    assert f"camp.toml, row {line}, field items[1].attribute" in capsys.readouterr().err
    assert exit_code("check", str(file), "--json") == 1
    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert problem["message"]["code"] == "methods.screening:profiling"


@pytest.mark.parametrize("command", ["list", "show", "check", "new"])
def test_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(command, "--help") == 0
    printed = capsys.readouterr().out
    assert f"marfa instruments {command}" in printed
    assert "--json" in printed

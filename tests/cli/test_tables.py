"""``marfa table``, ``marfa audit``, ``marfa anonymity`` as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from marfa.cli import main as command_line
from tests.support.commands import run_command


def marfa(*arguments: object, language: str = "en") -> subprocess.CompletedProcess[str]:
    return run_command([*map(str, arguments)], {**os.environ, "MARFA_LANGUAGE": language})


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    rows = [("F", "north")] * 12 + [("M", "north")] * 3
    rows += [("F", "south")] * 9 + [("M", "south")] * 8
    path.write_text("sex,place\n" + "".join(f"{a},{b}\n" for a, b in rows), encoding="utf-8")
    return path


def test_table_then_audit(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.json"
    working = tmp_path / "table.working.json"
    wanted = ("--by", "sex,place", "--min-cell", 5, "--suppress", "--json")
    done = marfa("table", cases, *wanted, "--out", working, "--out", out)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    status = {(c["sex"], c["place"]): c["status"] for c in data["cells"]}
    assert status["M", "north"] == "primary"
    assert all(c["count"] is None for c in data["cells"])
    assert json.loads(working.read_text(encoding="utf-8")) == {"working_copy": True, **data}
    public = json.loads(out.read_text(encoding="utf-8"))
    marks = {c["status"] for c in public["cells"] + public["margins"] if c["count"] is None}
    assert marks == {"suppressed"}, "a reader is not told why a cell is withheld"
    for path in (working, out):
        attacked = marfa("audit", path, "--json")
        assert attacked.returncode == 0
        assert json.loads(attacked.stdout)["safe"] is True
    again = marfa("table", cases, "--recompute", working, "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout) == {"working_copy": True, **data}, (
        "the recorded choice of cells, not another one"
    )
    with cases.open("a", encoding="utf-8") as stream:
        stream.write("F,north\n")
    assert marfa("table", cases, "--recompute", working).returncode == 1


def test_a_tampered_table_is_found(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.working.json"
    written = marfa("table", cases, "--by", "sex,place", "--out", out)
    assert written.stdout == f"Written: {out}\n"
    data = json.loads(out.read_text(encoding="utf-8"))
    for cell in data["cells"]:
        if cell["status"] == "secondary":
            cell["count"], cell["status"] = 12, "published"
            break
    out.write_text(json.dumps(data), encoding="utf-8")
    assert marfa("audit", out).returncode == 1


def test_groups_margins_and_rounding(cases: Path, tmp_path: Path) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_text("place,country\nnorth,here\nsouth,here\n", encoding="utf-8")
    done = marfa("table", cases, "--by", "sex,place", "--hierarchy", groups, "--json")
    margins = json.loads(done.stdout)["margins"]
    assert {"place": "here", "count": 32, "status": "published"} in margins
    rounded = json.loads(marfa("table", cases, "--by", "sex,place", "--round", 5, "--json").stdout)
    assert all(c["count"] % 5 == 0 for c in rounded["cells"] + rounded["margins"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_mistakes_end_in_a_sentence(cases: Path, tmp_path: Path, language: str) -> None:
    for arguments in (
        ("table", cases, "--by", "age"),
        ("table", tmp_path / "no.csv", "--by", "sex"),
        ("table", cases, "--by", "sex", "--out", tmp_path / "t.doc"),
        ("table", cases, "--by", "sex", "--round", 3),
        ("table", cases, "--by", "sex", "--round", 5, "--subject", "grave-violations"),
        ("audit", cases),
    ):
        done = marfa(*arguments, language=language)
        assert done.returncode == 1, arguments
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("Error: " if language == "en" else "خطأ: "), done.stderr
    assert not list(tmp_path.glob("*t.doc*"))
    assert marfa("table", cases).returncode == 2


def test_anonymity(cases: Path) -> None:
    done = marfa("anonymity", cases, "--by", "sex,place", "--min", 4, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["k"] == 3


def paths(cases: Path, tmp_path: Path) -> dict[str, Path]:
    """A table that is safe, one that is not, a rounded one, and one that is no table."""
    found = {
        name: tmp_path / f"{name}.working.json" for name in ("safe", "unsafe", "rounded", "none")
    }
    marfa("table", cases, "--by", "sex,place", "--out", found["safe"])
    marfa("table", cases, "--by", "sex,place", "--round", 5, "--out", found["rounded"])
    data = json.loads(found["safe"].read_text(encoding="utf-8"))
    for cell in data["cells"]:
        if cell["status"] == "secondary":
            cell["count"], cell["status"] = 12, "published"
            break
    found["unsafe"].write_text(json.dumps(data), encoding="utf-8")
    found["none"].write_text("{}", encoding="utf-8")
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_exit_codes_and_pure_json(
    cases: Path,
    tmp_path: Path,
    language: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """0 done, 1 problems found or wrong input, 2 wrong use; output is one JSON document or none."""
    at = paths(cases, tmp_path)
    by = ("--by", "sex,place")
    wanted: list[tuple[int, bool, tuple[object, ...]]] = [
        (0, True, ("table", cases, *by)),
        (0, True, ("table", cases, *by, "--round", 5, "--quality")),
        (0, True, ("table", cases, *by, "--out", tmp_path / "t.html")),
        (0, True, ("table", cases, "--recompute", at["safe"])),
        (1, False, ("table", cases, "--by", "age")),
        (1, False, ("table", tmp_path / "no.csv", *by)),
        (1, False, ("table", cases, *by, "--against", at["none"])),
        (2, False, ("table", cases)),
        (2, False, ("table", cases, *by, "--min-cell", 1)),
        (2, False, ("table", cases, *by, "--suppress", "--round", 5)),
        (2, False, ("table", cases, *by, "--where", "sex")),
        (2, False, ("table", cases, *by, "--no-such-option")),
        (0, True, ("audit", at["safe"])),
        (0, True, ("audit", at["rounded"])),
        (1, True, ("audit", at["unsafe"])),
        (1, False, ("audit", at["none"])),
        (1, False, ("audit", tmp_path / "no.json")),
        (2, False, ("audit",)),
        (2, False, ("audit", at["safe"], "--work", "soon")),
        (0, True, ("anonymity", cases, *by, "--min", 3)),
        (1, True, ("anonymity", cases, *by, "--sensitive", "place")),
        (1, False, ("anonymity", cases, "--by", "age")),
        (1, False, ("anonymity", cases, *by, "--encoding", "klingon")),
        (2, False, ("anonymity", cases)),
        (2, False, ("anonymity", cases, *by, "--min", 1)),
    ]
    monkeypatch.setenv("MARFA_LANGUAGE", language)
    monkeypatch.setattr(command_line, "_stop_when_told", lambda: None)
    for code, has_result, arguments in wanted:
        capfd.readouterr()
        try:
            command_line.main([*map(str, arguments), "--json"])
            ended: object = 0
        except SystemExit as end:
            ended = end.code or 0
        out, err = capfd.readouterr()
        assert ended == code, (arguments, err)
        assert "Traceback" not in err
        if has_result:
            assert isinstance(json.loads(out), dict), arguments
        else:
            assert out == "", arguments
            assert err.strip(), arguments


def test_a_bad_byte_in_a_column_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"sex,note\nF,ok\nM,caf\xe9\n")
    for command in ("table", "anonymity"):
        done = marfa(command, path, "--by", "sex", "--json")
        assert (done.returncode, done.stdout) == (1, "")
        assert "mixed.csv" in done.stderr
        assert "3" in done.stderr
        assert "--encoding" in done.stderr
    assert marfa("table", path, "--by", "sex", "--encoding", "latin-1", "--json").returncode == 0

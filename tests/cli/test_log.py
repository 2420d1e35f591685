"""``marfa log verify``: what it says, without an installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marfa.cli.log import log
from marfa.crypto.signatures import public_key
from marfa.domain.catalogue import render_problem
from marfa.domain.message import InputError
from tests.safeguards.audit.test_verification import KEY, Log
from tests.test_house import in_base_install

PUBLIC = public_key(KEY).hex()


@pytest.fixture
def made() -> Log:
    """Three entries in one lane, two in another, two heads, and one entry after them."""
    history = Log()
    for lane in (0, 0, 1):
        history.append(lane)
    history.sign()
    for lane in (0, 1):
        history.append(lane)
    history.sign()
    history.append(0)
    return history


def put(history: Log, folder: Path) -> list[str]:
    """The log, its heads and its key in files, as the command is given them."""
    (folder / "log.jsonl").write_text("".join(f"{line}\n" for line in history.lines()))
    (folder / "heads.jsonl").write_text("".join(f"{head.line}\n" for head in history.heads))
    (folder / "log.pub").write_text(PUBLIC + "\n")
    names = ("log.jsonl", "--heads", "heads.jsonl", "--key", "log.pub")
    return [name if name.startswith("--") else str(folder / name) for name in names]


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(log, ["verify", *arguments])


def refusal(*arguments: str) -> str:
    found = verify(*arguments)
    assert isinstance(found.exception, InputError), found.output
    return render_problem(found.exception.problems[0], "en")


def test_a_whole_log(made: Log, tmp_path: Path) -> None:
    arguments = put(made, tmp_path)
    found = verify(*arguments)
    assert found.exit_code == 0, found.output
    assert "The newest head is number 2, signed at 2026-03-01" in found.stdout
    assert "1 entry came after it" in found.stdout
    assert "Nothing is wrong with the 6 entries of this log." in found.stdout
    assert json.loads(verify(*arguments, "--json").stdout) == {
        "whole": True,
        "entries": 6,
        "beyond": 1,
        "lost": 0,
        "heads": 2,
        "forks": 0,
        "newest": {"number": 2, "at": made.heads[-1].at, "root": made.heads[-1].root},
        "faults": [],
    }


def test_the_first_bad_place_is_named(made: Log, tmp_path: Path) -> None:
    content, *rest = made.rows[0][1]
    made.rows[0][1] = ({**content, "number": 0}, *rest)  # type: ignore[assignment]
    del made.rows[1][1]
    found = verify(*put(made, tmp_path))
    assert found.exit_code == 1
    assert found.stderr.splitlines()[0] == "Line 2: entry 1 of lane 0 was changed."
    assert "Lane 1 ends before entry 1, but head 2 knows more" in found.stderr
    told = json.loads(verify(*put(made, tmp_path), "--json").stdout)
    assert told["faults"] == [
        {"fault": "changed", "lane": 0, "sequence": 1, "line": 2},
        {"fault": "cut", "lane": 1, "sequence": 1, "head": 2},
    ]


def test_without_heads_it_is_said_what_is_not_noticed(made: Log, tmp_path: Path) -> None:
    del made.rows[0][2:]
    found = verify(put(made, tmp_path)[0])
    assert found.exit_code == 0
    assert "a tail that was cut is not noticed" in found.stderr


def test_wrong_heads_and_keys_are_said(made: Log, tmp_path: Path) -> None:
    file, _, heads, _, key = put(made, tmp_path)
    assert "--key" in refusal(file, "--heads", heads)
    assert "not a public key" in refusal(file, "--heads", heads, "--key", "abc")
    assert "not signed with this key" in refusal(file, "--heads", heads, "--key", "0" * 64)
    text = Path(heads).read_text()
    for changed, told in (
        (text.replace('"number":1,', '"number":3,'), "not signed with this key"),
        (text + text, "does not follow the one before"),
        (text.split("\n", 1)[1], "does not follow the one before"),
        ("no head\n", "Line 1 of the heads is no head"),
    ):
        Path(heads).write_text(changed)
        assert told in refusal(file, "--heads", heads, "--key", key)


def test_heads_that_shrink_need_a_fork(made: Log, tmp_path: Path) -> None:
    del made.rows[0][1:]
    made.sign()
    arguments = put(made, tmp_path)
    assert "no fork says why" in refusal(*arguments)
    del made.heads[-1]
    made.sign("fork")
    found = verify(*put(made, tmp_path))
    assert found.exit_code == 0, found.output
    assert "2 entries were lost to restored backups" in found.stdout


def test_what_is_no_log_is_said(tmp_path: Path) -> None:
    (tmp_path / "odd").write_text("hello\nسلام\n")
    found = verify(str(tmp_path / "odd"))
    assert found.exit_code == 1
    assert "Line 1 is no entry of a log." in found.stderr


def test_verifying_needs_no_server(made: Log, tmp_path: Path) -> None:
    code = "from marfa.cli.main import main; main()"
    found = in_base_install(code, "log", "verify", *put(made, tmp_path))
    assert found.returncode == 0, found.stderr
    shown = in_base_install(code, "log", "--help")
    assert "verify" in shown.stdout
    assert "fork" not in shown.stdout

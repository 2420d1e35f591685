"""``marfa privacy`` on a real installation: shown first, done when confirmed, mistakes in words."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.installation import ADMINISTRATOR, hindered, marfa, sentence
from tests.support.shared_copies import Once


def run(installation: Path, *arguments: str) -> dict[str, object]:
    found = marfa("privacy", *arguments, "--data", str(installation), "--json")
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    return told if isinstance(told, dict) else {"rows": told}


def agree_by_two(data: Path, typed: str, *, second: bool = True) -> None:
    """What two people record on the page of the request; no command can say it for them."""
    made = run(data, "request", typed, "erasure", "--received", "2026-01-05")["request"]
    with sqlite3.connect(data / "database.sqlite3") as database:
        (request, subject) = database.execute(
            "SELECT id, subject FROM privacy_datarequest WHERE reference = ?", (made,)
        ).fetchone()
        people = [uuid4().hex, uuid4().hex]
        for key in people:
            copy_user(database, key)
        now = "2026-01-05 12:00:00"
        agreed = (now, people[1]) if second else (None, None)
        columns = (
            "id, request_id, subject, outcome, reason, proposed_at, proposed_by, agreed_at, "
            "agreed_by, told_how"
        )
        database.execute(
            f"INSERT INTO privacy_requestanswer ({columns}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (uuid4().hex, request, subject, "granted", "", now, people[0], *agreed, ""),
        )


def copy_user(database: sqlite3.Connection, key: str) -> None:
    """A colleague with an account that works, as another one has it."""
    names = [name for _, name, *_ in database.execute("PRAGMA table_info(accounts_user)")]
    own = {"id": key, "reference": key[:20], "username": key, "username_key": key, "is_active": 1}
    taken = ", ".join(f"'{own[name]}'" if name in own else f'"{name}"' for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    database.execute(
        f"INSERT INTO accounts_user ({quoted}) SELECT {taken} FROM accounts_user LIMIT 1"  # noqa: S608
    )


def test_the_record_has_every_purpose_that_is_served(installation: Path) -> None:
    told = run(installation, "record")
    assert told["controller"] == "Test organisation"
    page = marfa("privacy", "record", "--language", "ar", "--data", str(installation))
    assert "# سجل أنشطة المعالجة" in page.stdout
    assert "accounts.User" in page.stdout


def test_erasing_asks_first_and_a_hold_stops_it(installation: Path) -> None:
    shown = run(installation, "erase", ADMINISTRATOR)
    assert shown["tables"]
    alone = marfa("privacy", "erase", ADMINISTRATOR, "--confirm", "--data", str(installation))
    assert "Two people have to agree" in sentence(alone)
    agree_by_two(installation, ADMINISTRATOR, second=False)
    alone = marfa("privacy", "erase", ADMINISTRATOR, "--confirm", "--data", str(installation))
    assert "Two people have to agree" in sentence(alone)
    assert run(installation, "erase", ADMINISTRATOR)["agreed"] == []
    agree_by_two(installation, ADMINISTRATOR)
    assert run(installation, "erase", ADMINISTRATOR)["agreed"] != []
    held = run(installation, "hold", ADMINISTRATOR, "safety", "--until", "2030-01-01")
    assert held["until"] == "2030-01-01"
    refused = marfa("privacy", "erase", ADMINISTRATOR, "--confirm", "--data", str(installation))
    assert "hold" in sentence(refused)
    assert run(installation, "erase", ADMINISTRATOR)["tables"] == shown["tables"]
    lifted = run(installation, "holds", "--lift", str(held["hold"]))
    assert lifted["rows"] == []
    erased = run(installation, "erase", ADMINISTRATOR, "--confirm")
    assert erased["erased"] == shown["would_erase"]
    gone = marfa("privacy", "erase", ADMINISTRATOR, "--data", str(installation))
    assert "matches nothing" in sentence(gone)


def test_access_is_written_to_a_file_for_its_owner_alone(
    installation: Path, tmp_path: Path
) -> None:
    counts = run(installation, "access", ADMINISTRATOR)
    assert ADMINISTRATOR not in json.dumps(counts)
    target = tmp_path / "answer.html"
    arguments = ("access", ADMINISTRATOR, "--out", str(target), "--language", "ar")
    run(installation, *arguments)
    assert ADMINISTRATOR in target.read_text(encoding="utf-8")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = marfa("privacy", *arguments, "--data", str(installation))
    assert "already" in sentence(again)


def test_nothing_is_left_of_an_answer_that_fails(installation: Path, tmp_path: Path) -> None:
    target = tmp_path / "answers" / "answer.json"
    target.parent.mkdir()
    arguments = ("access", ADMINISTRATOR, "--out", str(target))
    fails = "from marfa.cli.server import privacy; privacy.json = None"
    sentence(hindered(fails, "privacy", *arguments, "--data", str(installation)))
    assert list(target.parent.iterdir()) == []
    run(installation, *arguments)
    assert list(target.parent.iterdir()) == [target]


def test_a_request_is_taken_listed_and_settled(installation: Path) -> None:
    made = run(installation, "request", ADMINISTRATOR, "access", "--received", "2026-01-05")
    assert made["due"] == "2026-02-04"
    rows = run(installation, "requests")["rows"]
    assert isinstance(rows, list)
    assert [(row["request"], row["overdue"]) for row in rows] == [(made["request"], True)]
    run(installation, "settle", str(made["request"]), "granted")
    assert run(installation, "requests")["rows"] == []


def test_retention_shows_and_does(installation: Path) -> None:
    assert run(installation, "retain")["rows"] == []
    assert run(installation, "retain", "--confirm") == {"destroyed": {}}


def test_a_registered_person_is_served_by_the_code_that_they_say(
    once: Once, tmp_path: Path
) -> None:
    """And by one wrong digit of it, or of a key, nobody is: it used to be told as done."""
    data = once.demonstration(tmp_path / "data")
    with sqlite3.connect(data / "database.sqlite3") as database:
        (code, key) = database.execute("SELECT code, id FROM registry_person").fetchone()
    typed = f"{code[:3]} {code[3:6]} {code[6:]}"
    target = tmp_path / "answer.json"
    told = run(data, "access", typed, "--out", str(target))
    assert told["sections"]
    assert json.loads(target.read_text(encoding="utf-8"))["sections"]
    agree_by_two(data, typed)
    held = run(data, "hold", typed, "safety", "--until", "2030-01-01")
    assert "hold" in sentence(marfa("privacy", "erase", typed, "--confirm", "--data", str(data)))
    run(data, "holds", "--lift", str(held["hold"]))
    mistyped = f"{typed[:-1]}{(int(typed[-1]) + 1) % 10}"
    wrong = sentence(marfa("privacy", "erase", mistyped, "--confirm", "--data", str(data)))
    assert "last digit" in wrong
    another = f"{key[:-1]}{(int(key[-1], 16) + 1) % 16:x}"
    wrong = sentence(marfa("privacy", "erase", another, "--confirm", "--data", str(data)))
    assert "matches nothing" in wrong
    erased = run(data, "erase", typed, "--confirm")
    assert erased["erased"]
    assert "matches nothing" in sentence(marfa("privacy", "access", typed, "--data", str(data)))


def test_a_complaint_is_served_by_its_code(once: Once, tmp_path: Path) -> None:
    data = once.demonstration(tmp_path / "data")
    with sqlite3.connect(data / "database.sqlite3") as database:
        (code, key) = database.execute("SELECT code, id FROM complaints_complaint").fetchone()
    target = tmp_path / "answer.txt"
    assert run(data, "access", code, "--out", str(target), "--language", "en")["sections"]
    text = target.read_text(encoding="utf-8")
    assert "What is stored: complaint" in text
    assert "a guard or a police officer" in text
    explained = marfa("access", "explain", "reception", f"Complaint:{code}", "--data", str(data))
    assert explained.returncode == 0, explained.stderr
    assert "complaints.read: no" in explained.stdout
    agree_by_two(data, code)
    held = run(data, "hold", code, "safety", "--until", "2030-01-01")
    assert "hold" in sentence(marfa("privacy", "erase", code, "--confirm", "--data", str(data)))
    run(data, "holds", "--lift", str(held["hold"]))
    assert run(data, "erase", code, "--confirm")["erased"]
    assert "matches nothing" in sentence(marfa("privacy", "access", code, "--data", str(data)))
    with sqlite3.connect(data / "database.sqlite3") as database:
        kept = "SELECT DISTINCT object_kind FROM audit_entry WHERE object_id = ?"
        assert database.execute(kept, (key,)).fetchall() == [("Complaint",)]
        for table, column in (("complaints_complaint", "id"), ("deadlines_deadline", "subject")):
            left = f"SELECT count(*) FROM {table} WHERE {column} = ?"  # noqa: S608
            assert database.execute(left, (key,)).fetchone() == (0,)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("erase", "nobody-of-this-name"), 1),
        (("erase", ADMINISTRATOR, "--confirm", "--dry-run"), 1),
        (("hold", ADMINISTRATOR, "because"), 2),
        (("hold", ADMINISTRATOR, "safety", "--until", "soon"), 1),
        (("hold", ADMINISTRATOR, "safety", "--until", "1999-01-01"), 1),
        (("holds", "--lift", "x"), 1),
        (("settle", "x", "granted"), 1),
        (("request", ADMINISTRATOR, "access", "--received", "2100-01-01"), 1),
        (("access", ADMINISTRATOR, "--out", "answer.doc"), 1),
        (("access", ADMINISTRATOR, "--out", "/nowhere/at/all.txt"), 1),
    ],
)
def test_a_mistake_is_a_sentence(installation: Path, arguments: tuple[str, ...], code: int) -> None:
    found = marfa("privacy", *arguments, "--data", str(installation), LC_ALL="C.UTF-8")
    sentence(found, code)

"""The file for an auditor: it verifies with the command and nothing else, and names nobody."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.log.action_words import ACTIONS
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import OFFICER
from marfa.cli.log import log
from marfa.platform import clock
from marfa.platform.datafolder import DataFolder
from marfa.platform.units import unit_of_work
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.writer import append_events
from tests.conftest import Operation, signed_in
from tests.safeguards.audit.events import event
from tests.support.log_folder import folder_without_heads

Exported = Callable[..., Path]


def write(count: int) -> None:
    with unit_of_work() as work:
        work.last(lambda: append_events([event() for _ in range(count)]))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A data folder of its own, in which no head is of the log of another test."""
    return folder_without_heads(tmp_path, monkeypatch)


@pytest.fixture
def officer(operation: Operation) -> Client:
    return signed_in(User.objects.get(username=OFFICER))


@pytest.fixture
def exported(officer: Client, tmp_path: Path) -> Exported:
    """The parts of the file, as an auditor unpacks them."""

    def ask(**asked: str) -> Path:
        response = officer.post(reverse("log:export"), {"kind": "auditor", **asked})
        assert response.status_code == 200
        assert "log-for-an-auditor.zip" in response["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(response.getvalue())) as package:
            package.extractall(tmp_path / "audit")
        return tmp_path / "audit"

    return ask


def verified(folder: Path) -> dict[str, object]:
    """What the command says, with the parts of the file alone."""
    parts = [str(folder / name) for name in ("log.jsonl", "heads.jsonl", "log.pub")]
    ran = CliRunner().invoke(
        log, ["verify", parts[0], "--heads", parts[1], "--key", parts[2], "--json"]
    )
    found: dict[str, object] = json.loads(ran.stdout)
    assert (ran.exit_code == 0) == found["whole"]
    return found


def table(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "table.csv").read_text("utf-8-sig"))))


def test_it_verifies_with_the_command_it_names(exported: Exported) -> None:
    write(5)
    folder = exported()
    said = (folder / "READ-ME.txt").read_text("utf-8")
    assert "marfa log verify log.jsonl --heads heads.jsonl --key log.pub" in said
    found = verified(folder)
    assert (found["whole"], found["beyond"]) == (True, 0)
    assert f"Entries: {found['entries']}." in said
    assert found["entries"] == Entry.objects.count() - 1, "the entry of the export is the next one"


@pytest.mark.parametrize("done", ["changed", "cut"])
def test_what_was_done_to_it_shows(exported: Exported, done: str) -> None:
    write(5)
    folder = exported()
    lines = (folder / "log.jsonl").read_text("ascii").splitlines(keepends=True)
    changed = [*lines[:-1], lines[-1].replace('"done"', '"denied"')]
    (folder / "log.jsonl").write_text("".join(changed if done == "changed" else lines[:-1]))
    assert verified(folder)["whole"] is False


def test_the_table_says_in_words_what_the_lines_say(exported: Exported) -> None:
    write(3)
    folder = exported()
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text("ascii").splitlines()]
    rows = table(folder)
    assert [(row["Lane"], row["Place in the lane"], row["Code of the action"]) for row in rows] == [
        (str(line["lane"]), str(line["sequence"]), line["content"]["action"]) for line in lines
    ]
    assert all(row["Action"] and row["Why"] for row in rows)


def test_no_cell_of_the_table_is_run(exported: Exported, monkeypatch: pytest.MonkeyPatch) -> None:
    with unit_of_work() as work:
        work.last(lambda: append_events([replace(event(), action="log.read")]))
    monkeypatch.setitem(cast(dict[str, object], ACTIONS), "log.read", "=HYPERLINK(1)")
    said = {row["Action"] for row in table(exported())}
    assert "'=HYPERLINK(1)" in said
    assert "=HYPERLINK(1)" not in said


def test_it_names_nobody(operation: Operation, exported: Exported) -> None:
    operation.at(Desk.ADMINISTRATION).post(reverse("log:export"), {"kind": "auditor"})
    folder = exported()
    shown = "".join(file.read_text("utf-8") for file in folder.iterdir())
    assert operation.desks[Desk.ADMINISTRATION].reference in shown
    for user in User.objects.all():
        assert user.display_name not in shown
    words = (folder / "table.csv").read_text("utf-8")
    keys = {str(entry.subject_id) for entry in Entry.objects.exclude(subject_id=None)}
    assert not [key for key in keys if key in words]


def test_the_table_covers_a_part_and_says_which(exported: Exported) -> None:
    with clock.set_to(clock.now() - timedelta(days=40)):
        write(4)
    write(2)
    folder = exported(covers="month")
    whole = int(str(verified(folder)["entries"]))
    assert len(table(folder)) == whole - 4, "the chain needs the whole log"
    assert f": {whole - 4}." in (folder / "READ-ME.txt").read_text("utf-8")
    entry = Entry.objects.get(action="log.export")
    assert entry.detail == '{"kind":"auditor","table":"month"}'
    assert entry.rows == whole


def test_its_parts_tell_no_clock_of_the_machine(exported: Exported, officer: Client) -> None:
    response = officer.post(reverse("log:export"), {"kind": "auditor"})
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_period_that_there_is_not_is_said(officer: Client) -> None:
    response = officer.post(reverse("log:export"), {"kind": "auditor", "covers": "ever"})
    assert response.status_code == 422
    assert 'href="#f-covers"' in response.content.decode()


def test_where_no_head_can_be_kept_outside_it_is_said(
    officer: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    away = {"log_heads_folder": str(tmp_path / "not-mounted")}
    monkeypatch.setattr(settings, "MARFA", settings.MARFA.model_copy(update=away))
    response = officer.post(reverse("log:export"), {"kind": "auditor"})
    assert response.status_code == 422
    assert "not-mounted" in response.content.decode()
    assert Entry.objects.filter(action="log.export", outcome="failed").exists()
    assert not Entry.objects.filter(detail__contains="auditor", outcome="done").exists()


def test_in_arabic(officer: Client, exported: Exported) -> None:
    officer.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    rows = table(exported())
    assert "لماذا" in rows[0]
    assert not rows[0]["الإجراء"].isascii()


def test_nobody_else_has_it_made(operation: Operation) -> None:
    def asked(desk: Desk) -> HttpResponse:
        response = operation.at(desk).post(reverse("log:export"), {"kind": "auditor"})
        assert isinstance(response, HttpResponse)
        return response

    assert {asked(desk).status_code for desk in (Desk.PROTECTION, Desk.ADMINISTRATION)} == {403}
    assert set(Entry.objects.filter(action="log.export").values_list("outcome", flat=True)) == {
        "denied"
    }

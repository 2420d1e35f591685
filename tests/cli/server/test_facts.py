"""``marfa facts`` on a real installation, and its commands over a kind that is registered."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from marfa.cli import tables
from marfa.cli.server import facts
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.facts.actions import erase_facts
from marfa.safeguards import actions
from marfa.safeguards.audit.models import Entry
from tests.support.installation import marfa, sentence
from tests.support.sample.actions import add_sample, edit_sample
from tests.support.sample.models import SampleFact

POSTGRESQL = os.environ.get("MARFA_TEST_DATABASE") == "postgresql"


@pytest.mark.skipif(POSTGRESQL, reason="an installation of its own, on SQLite")
def test_an_installation_without_facts_says_none_of_each(
    installation: Path, tmp_path: Path
) -> None:
    told = marfa("facts", "list", "--data", str(installation))
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["indicators", "0", "people", "0", "screenings", "0"]
    assert marfa("facts", "list", "--data", str(installation), MARFA_LANGUAGE="ar").stdout.strip()
    found = marfa("facts", "export", "persons", str(tmp_path / "x"), "--data", str(installation))
    assert "persons" in sentence(found)
    assert not (tmp_path / "x").exists()


@pytest.fixture
def here(db: None, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The commands work on the installation of the tests, which is set up already."""
    monkeypatch.setattr(facts, "open_installation", lambda data: None)
    return CliRunner()


def test_rebuild_and_check(here: CliRunner) -> None:
    rows = [add_sample(note=str(number), sex="female") for number in range(3)]
    assert json.loads(here.invoke(facts.facts, ["list", "--json"]).stdout)["samples"] == 3
    checked = here.invoke(facts.facts, ["rebuild", "--check"])
    assert checked.exit_code == 0, checked.output
    erase_facts(SampleFact, rows[0].pk)
    checked = here.invoke(facts.facts, ["rebuild", "samples", "--check", "--json"])
    assert checked.exit_code == 1
    assert json.loads(checked.stdout) == [{"kind": "samples", "missing": 1, "extra": 0}]
    assert SampleFact._base_manager.count() == 2, "a check changes nothing"
    rebuilt = here.invoke(facts.facts, ["rebuild", "--json"])
    assert {"kind": "samples", "rows": 3} in json.loads(rebuilt.stdout)
    assert here.invoke(facts.facts, ["rebuild", "--check"]).exit_code == 0


def test_export(here: CliRunner, tmp_path: Path) -> None:
    with clock.set_to(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        row = add_sample(note="", sex="female")
    with clock.set_to(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        edit_sample(row, base_version=1, changes={"sex": "male"})
    target = tmp_path / "facts.parquet"

    def export(*options: str) -> object:
        done = here.invoke(facts.facts, ["export", "samples", str(target), *options])
        assert done.exit_code == 0, done.output
        return pq.ParquetFile(target).read()["sex"].to_pylist()

    assert export() == ["male"]
    refused = here.invoke(facts.facts, ["export", "samples", str(target)])
    assert refused.exit_code == 1
    other = tmp_path / "facts.xlsx"
    done = here.invoke(facts.facts, ["export", "samples", str(other)])
    assert isinstance(done.exception, InputError)
    assert not other.exists()
    text = tmp_path / "facts.CSV"
    here.invoke(facts.facts, ["export", "samples", str(text)])
    assert text.read_text().splitlines()[0].count(",") > 0
    assert export("--replace", "--known", "2026-03-01T13:00") == ["female"]
    assert export("--replace", "--day", "2023-12-31", "--json", "--no-subjects") == []
    told = Entry.objects.filter(action="facts.export", outcome="done").order_by("at")
    assert [(each.rows, each.actor_kind) for each in told] == [
        (1, "command"),
        (1, "command"),
        (1, "command"),
        (0, "command"),
    ]
    assert json.loads(told[0].detail) == {"kind": "samples", "subjects": True}
    assert json.loads(told[3].detail) == {"kind": "samples", "subjects": False}


def test_no_file_appears_that_the_log_was_not_told_of(
    here: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_sample(note="", sex="female")
    target = tmp_path / "facts.parquet"
    target.write_text("the month before")
    monkeypatch.setattr(actions, "append_events", refuse)
    for arguments in ([str(tmp_path / "new.parquet")], [str(target), "--replace"]):
        done = here.invoke(facts.facts, ["export", "samples", *arguments])
        assert isinstance(done.exception, OSError), done.output
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_text() == "the month before"


def refuse(_events: object) -> None:
    raise OSError("the log cannot be written")


@pytest.mark.parametrize(
    "options",
    [
        ["export", "nothing", "x"],
        ["export", "samples", "x", "--day", "31.12.2026"],
        ["export", "samples", "x", "--known", "yesterday"],
        ["rebuild", "nothing"],
    ],
)
def test_wrong_use_is_said(here: CliRunner, tmp_path: Path, options: list[str]) -> None:
    options = [str(tmp_path / "x") if each == "x" else each for each in options]
    assert isinstance(here.invoke(facts.facts, options).exception, InputError)
    assert list(tmp_path.iterdir()) == []


def test_a_table_is_made_of_the_file_as_it_is(here: CliRunner, tmp_path: Path) -> None:
    """Columns with several codes are counted as such without being named."""
    links = [["fleeing_conflict"]] * 6 + [["fleeing_conflict", "post_conflict"]] * 7 + [[]] * 5
    for number, each in enumerate(links):
        add_sample(note=str(number), sex="female", links=each)
    target, made = tmp_path / "facts.parquet", tmp_path / "table.json"
    day = ["--day", "2026-06-30"]
    assert here.invoke(facts.facts, ["export", "samples", str(target), *day]).exit_code == 0
    asked = [str(target), "--by", "sex,conflict_link", "--unit", "subject", "--out", str(made)]
    counted = here.invoke(tables.table, [*asked, "--json"])
    assert counted.exit_code == 0, counted.output
    cells = {each["conflict_link"]: each["count"] for each in json.loads(counted.stdout)["cells"]}
    assert cells == {"fleeing_conflict": 6, "_several": 7, None: 5}
    assert here.invoke(tables.audit, [str(made)]).exit_code == 0

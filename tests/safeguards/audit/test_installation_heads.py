"""Heads of an installation: what a start, a theft and a restore make of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from marfa.crypto.signatures import public_key
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.datafolder import DataFolder
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.schedules import enqueue_due
from marfa.platform.jobs.worker import Worker
from marfa.platform.units import unit_of_work
from marfa.safeguards.audit import guards, installation_heads
from marfa.safeguards.audit.export import export_lines
from marfa.safeguards.audit.heads import FORK, HEAD, Head, read_heads
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.verification import Fault, Report, verify_export
from marfa.safeguards.audit.writer import append_events
from tests.safeguards.audit.events import event
from tests.support.log_folder import folder_without_heads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A data folder of its own; the database stays that of the tests."""
    return folder_without_heads(tmp_path, monkeypatch)


@pytest.fixture
def outside(folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder outside, and the file of heads in it."""
    (tmp_path / "stick").mkdir()
    values = settings.MARFA.model_copy(update={"log_heads_folder": str(tmp_path / "stick")})
    monkeypatch.setattr(settings, "MARFA", values)
    return tmp_path / "stick" / f"{folder.instance.identifier}-heads.jsonl"


@pytest.fixture
def lifted() -> Iterator[None]:
    """What who owns the database can do: take away what refuses changes."""
    with connection.cursor() as cursor:
        for statement in REFUSALS_OFF[connection.vendor]:
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        for statement in (*guards.lifted(connection.vendor), *guards.raised(connection.vendor)):
            cursor.execute(statement)


# On PostgreSQL the link stays: without it no entry would have a place.
REFUSALS_OFF = {
    "sqlite": guards.lifted("sqlite"),
    "postgresql": [
        f"ALTER TABLE {guards.TABLE} DISABLE TRIGGER audit_entry_{name}"
        for name in ("no_change", "no_truncate")
    ],
}


def write(count: int = 1) -> None:
    with unit_of_work() as work:
        work.last(lambda: append_events([event() for _ in range(count)]))


def refusal(code: str) -> pytest.RaisesExc[InputError]:
    return pytest.RaisesExc(
        InputError, check=lambda error: error.problems[0].message.code == f"safeguards.audit:{code}"
    )


def report(folder: DataFolder) -> Report:
    kept = installation_heads.inner_heads_file(folder).read_text().splitlines()
    return verify_export(
        export_lines(), read_heads(kept, public_key(installation_heads.log_key(folder)))
    )


def heads(file: Path) -> list[Head]:
    return list(read_heads(file.read_text().splitlines(), None))


def test_an_empty_log_has_no_head(folder: DataFolder) -> None:
    assert installation_heads.sign_head() is None
    installation_heads.check_log(folder)
    assert not installation_heads.inner_heads_file(folder).exists()


def test_heads_follow_the_log(folder: DataFolder) -> None:
    write(3)
    first = installation_heads.sign_head()
    assert first is not None
    assert installation_heads.sign_head() == first, "nothing came since"
    write()
    second = installation_heads.sign_head()
    assert second is not None
    assert (second.number, second.entries, second.kind) == (2, 4, HEAD)
    assert heads(installation_heads.inner_heads_file(folder)) == [first, second]
    assert installation_heads.inner_heads_file(folder).stat().st_mode & 0o777 == 0o600
    assert (folder.path / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    installation_heads.check_log(folder)
    found = report(folder)
    assert found.whole
    assert found.newest == second


def test_a_worker_signs_every_quarter_of_an_hour(folder: DataFolder) -> None:
    write()
    start = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
    with clock.set_to(start):
        enqueue_due(clock.now())
    with clock.set_to(start + timedelta(minutes=14)):
        enqueue_due(clock.now())
        Worker().work(until_empty=True)
    assert not Job.objects.filter(name="log.sign_head").exclude(state=Job.State.DONE).exists()
    (head,) = heads(installation_heads.inner_heads_file(folder))
    assert head.at.startswith("2026-03-01T12:15")


@pytest.mark.owner  # forges what only the owner of the log can
def test_a_cut_tail_stops_the_start(folder: DataFolder, lifted: None) -> None:
    write(3)
    installation_heads.sign_head()
    Entry.objects.filter(place=2).delete()
    with refusal("database-older"):
        installation_heads.check_log(folder)
    with refusal("database-older"):
        installation_heads.sign_head()
    assert [found.fault for found in report(folder).faults] == [Fault.CUT]
    write(2)
    with refusal("database-older"):
        installation_heads.check_log(folder)
    assert [found.fault for found in report(folder).faults] == [Fault.REPLACED]


@pytest.mark.owner  # forges what only the owner of the log can
def test_an_edited_entry_is_found_with_its_place(folder: DataFolder, lifted: None) -> None:
    write(5)
    installation_heads.sign_head()
    Entry.objects.filter(place=3).update(action="people.see")
    (found,) = report(folder).faults
    assert (found.fault, found.lane, found.sequence, found.line) == (Fault.CHANGED, 0, 3, 4)


@pytest.mark.owner  # forges what only the owner of the log can
def test_what_is_stored_elsewhere_than_in_the_content_is_hashed_too(
    folder: DataFolder, lifted: None
) -> None:
    """Every column of an entry is covered: none can be changed unseen."""
    changes = {
        "at": datetime(2020, 1, 1, tzinfo=UTC),
        "actor_id": "0" * 32,
        "actor_kind": "job",
        "subject_id": None,
        "object_kind": "Case",
        "object_id": None,
        "purpose": "security",
        "outcome": "failed",
        "organisation_id": None,
        "policies": "",
        "rows": 7,
        "rows_root": bytes(32),
        "detail": '{"a":1}',
        "action": "cases.read",
        "previous": bytes(32),
        "hash": bytes(32),
    }
    assert {"place", *changes} == {field.attname for field in Entry._meta.fields}
    write(3 * len(changes))
    installation_heads.sign_head()
    for number, (column, value) in enumerate(changes.items()):
        Entry.objects.filter(place=3 * number + 1).update(**{column: value})
    changed = {found.sequence for found in report(folder).faults if found.fault is Fault.CHANGED}
    assert changed == {3 * number + 1 for number in range(len(changes))}


@pytest.mark.owner  # forges what only the owner of the log can
def test_a_restore_is_put_on_record_once(folder: DataFolder, lifted: None) -> None:
    write(3)
    old = installation_heads.sign_head()
    assert old is not None
    with refusal("fork-needless"):
        installation_heads.sign_fork()
    Entry.objects.filter(place__gte=1).delete()
    forked = installation_heads.sign_fork()
    assert (forked.kind, forked.previous, forked.number) == (FORK, old.digest, 2)
    installation_heads.check_log(folder)
    write(5)
    installation_heads.sign_head()
    found = report(folder)
    assert found.whole
    assert (found.lost, found.forks, found.entries) == (2, 1, 6)
    with refusal("fork-needless"):
        installation_heads.sign_fork()


def test_heads_stand_outside_as_well(folder: DataFolder, outside: Path) -> None:
    write()
    installation_heads.sign_head()
    assert outside.read_text() == installation_heads.inner_heads_file(folder).read_text()
    write()
    outside.unlink()
    installation_heads.sign_head()
    assert len(heads(outside)) == 2, "what one copy lacks comes from the other"


@pytest.mark.owner  # forges what only the owner of the log can
def test_an_old_folder_is_found_by_the_head_outside(
    folder: DataFolder, outside: Path, lifted: None
) -> None:
    """Database and data folder are both put back; what lies outside knows better."""
    write(2)
    installation_heads.sign_head()
    before = installation_heads.inner_heads_file(folder).read_text()
    write(2)
    installation_heads.sign_head()
    Entry.objects.filter(place__gte=2).delete()
    installation_heads.inner_heads_file(folder).write_text(before)
    with refusal("database-older"):
        installation_heads.check_log(folder)
    installation_heads.sign_fork()
    assert installation_heads.inner_heads_file(folder).read_text() == outside.read_text()
    assert [head.kind for head in heads(outside)] == [HEAD, HEAD, FORK]
    installation_heads.check_log(folder)


def test_a_stick_that_is_not_there_keeps_nobody_from_working(
    folder: DataFolder, outside: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write()
    outside.parent.rmdir()
    with refusal("heads-folder-missing"):
        installation_heads.sign_head()
    assert len(heads(installation_heads.inner_heads_file(folder))) == 1
    installation_heads.check_log(folder)
    assert "log_heads_folder" in caplog.text
    outside.parent.mkdir()
    installation_heads.sign_head()
    assert len(heads(outside)) == 1


def test_copies_that_contradict_each_other_stop_everything(
    folder: DataFolder, outside: Path
) -> None:
    write()
    installation_heads.sign_head()
    head = heads(outside)[0]
    outside.write_text(replace(head, at="2020-01-01T00:00:00.000000Z").line + "\n")
    write()
    with refusal("heads-contradict"):
        installation_heads.sign_head()
    assert len(heads(installation_heads.inner_heads_file(folder))) == 1


def test_another_key_is_noticed(folder: DataFolder) -> None:
    write()
    installation_heads.sign_head()
    key = folder.path / "keys" / installation_heads.KEY_FILE
    key.write_text("1f" * 32 + "\n")
    with refusal("head-signature"):
        installation_heads.check_log(folder)
    key.unlink()
    with refusal("key-missing"):
        installation_heads.check_log(folder)
    key.write_text("no key\n")
    key.chmod(0o600)
    with pytest.raises(InputError, match="key-damaged"):
        installation_heads.check_log(folder)


def test_a_line_that_power_cut_off_never_was(folder: DataFolder) -> None:
    write()
    installation_heads.sign_head()
    file = installation_heads.inner_heads_file(folder)
    whole = file.read_text()
    write()
    second = installation_heads.sign_head()
    assert second is not None
    for length in (1, 60, len(second.line)):
        file.write_text(whole + second.line[:length])
        installation_heads.check_log(folder)
        signed = installation_heads.sign_head()
        assert signed is not None
        assert [head.number for head in heads(file)] == [1, 2]


@pytest.mark.parametrize("tail", ["{}\n", "\n", "x" * 70_000 + "\n"])
def test_a_damaged_end_is_said(folder: DataFolder, tail: str) -> None:
    write()
    installation_heads.sign_head()
    file = installation_heads.inner_heads_file(folder)
    file.write_text(file.read_text() + tail)
    with refusal("heads-damaged"):
        installation_heads.check_log(folder)
    assert os.access(file, os.R_OK)

"""Killed at every write, sync and rename, and at random: nothing acknowledged is lost.

After each kill the archive is checked as it lies there, by whoever only reads; then the same work
is done again, and it is checked once more.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import ocfl
import pytest

from marfa.methods.archive import Event, export_items, open_writer, verify_archive
from marfa.methods.archive.foreign import check_package
from marfa.methods.archive.layout import STAGING
from tests.methods.archive.killing import Work, count_calls, run_full, run_killed
from tests.methods.archive.support import add, make_plain, now, write

LOG = logging.getLogger(__name__)
"""Figures: pytest -m slow --log-cli-level=INFO"""
KILLS = 1000
SHORT = 11
"""In a short run, every so many-th call."""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An archive two entries short of a full tile, so that some work fills it."""
    archive = make_plain(tmp_path / "base")
    (item,) = add(archive, write(tmp_path, "first", b"first" * 100), item="first")
    with open_writer(archive, now) as writer:
        writer.record_events([Event(item.id, "read", "K-1")] * 253)
    return archive


def adding(archive: Path, source: Path) -> Work:
    def work(tell: Callable[[str], None]) -> None:
        for number in range(3):
            add(archive, source / f"{number}", item=f"new-{number}")
            tell(f"new-{number}")

    return work


def taking_many(archive: Path, source: Path) -> Work:
    def work(tell: Callable[[str], None]) -> None:
        with open_writer(archive, now) as writer:
            for item in writer.add_items([source / "0", source / "1", source / "2"]):
                tell(item.id)

    return work


def disposing(archive: Path, source: Path) -> Work:
    def work(tell: Callable[[str], None]) -> None:
        with open_writer(archive, now) as writer:
            if writer.log.size < 256 and not verify_archive(archive).disposed:
                writer.dispose_item("first", reason="retention-over", by=["A", "B"])
        tell("-first")

    return work


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(3):
        write(folder, str(number), os.urandom(3000 * (number + 1)))
    return folder


def check_whole(archive: Path, told: list[str]) -> None:
    """Whoever reads finds everything that was told of, and no object that is none."""
    report = verify_archive(archive)
    assert report.valid, report.problems
    here = {path.name for path in (archive / "objects").glob("???/*")}
    for place in (archive / "objects").glob("*/*/0=*"):
        found = check_package(place.parent)
        assert found.valid, found.problems
    with open_writer(archive, now) as writer:
        for item in told:
            if item.startswith("-"):
                assert item[1:] in verify_archive(archive).disposed
            else:
                assert writer._custody_of(item).custodian
    assert len(here) <= report.items + len(report.unfinished)


def check_after_retry(archive: Path, work: Work, told: list[str]) -> None:
    again, ended = run_killed(work, None)
    assert ended
    report = verify_archive(archive)
    assert report.valid, report.problems
    assert report.unfinished == []
    assert list((archive / STAGING).iterdir()) == []
    assert check_package(archive / "objects").valid
    assert set(told) <= set(again) or not told[0].startswith("new")


def kill_at(base: Path, copy: Path, make: Callable[[Path], Work], at: int) -> None:
    shutil.copytree(base, copy)
    try:
        told, ended = run_killed(make(copy), at)
        assert not ended
        check_whole(copy, told)
        check_after_retry(copy, make(copy), told)
    finally:
        shutil.rmtree(copy)


@pytest.mark.parametrize("kind", [adding, taking_many, disposing])
@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), SHORT])
def test_at_each_call_of_the_system(
    base: Path,
    source: Path,
    tmp_path: Path,
    kind: Callable[[Path, Path], Work],
    step: int,
) -> None:
    shutil.copytree(base, tmp_path / "counted")
    calls = count_calls(kind(tmp_path / "counted", source))
    assert calls > 20
    for at in range(0, calls, step):
        kill_at(base, tmp_path / f"killed-{at}", lambda archive: kind(archive, source), at)
    LOG.info("%s: killed at each of %d calls, in steps of %d", kind.__name__, calls, step)


@pytest.mark.slow
def test_at_a_thousand_random_moments(base: Path, source: Path, tmp_path: Path) -> None:
    """Most of them while it works: the time of one whole run is taken first, and drawn from."""
    random.seed(43)
    archive = tmp_path / "archive"
    whole = []
    for number in range(5):
        shutil.copytree(base, tmp_path / f"timed-{number}")
        started = time.monotonic()
        assert run_killed(taking_many(tmp_path / f"timed-{number}", source), None)[1]
        whole.append(time.monotonic() - started)
    stopped, ended = 0, True
    for number in range(KILLS):
        if ended or number % 25 == 0:
            # Where all was taken already there is little left to be stopped in.
            shutil.rmtree(archive, ignore_errors=True)
            shutil.copytree(base, archive)
        after = random.uniform(0.001, median(whole))
        told, ended = run_killed(taking_many(archive, source), None, after=after)
        stopped += not ended
        if number % 5 == 0:
            check_whole(archive, told)
        else:
            report = verify_archive(archive)
            assert report.valid, report.problems
    LOG.info("%d of %d kills came while it worked", stopped, KILLS)
    assert stopped > KILLS / 2


@pytest.mark.parametrize("kind", [adding, taking_many, disposing])
@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), 4 * SHORT])
def test_a_disk_that_becomes_full(
    base: Path,
    source: Path,
    tmp_path: Path,
    kind: Callable[[Path, Path], Work],
    step: int,
) -> None:
    """Nothing half done; and when there is room again, the same work comes to its end."""
    shutil.copytree(base, tmp_path / "counted")
    calls = count_calls(kind(tmp_path / "counted", source))
    for at in range(0, calls, step):
        copy = tmp_path / f"full-{at}"
        shutil.copytree(base, copy)
        ended = run_full(kind(copy, source), at)
        assert ended in ("ENOSPC", "done"), ended
        check_whole(copy, [])
        check_after_retry(copy, kind(copy, source), [])
        shutil.rmtree(copy)


def test_an_export_that_was_cut_off_is_not_there(base: Path, tmp_path: Path) -> None:
    def exporting(out: Path) -> Work:
        def work(tell: Callable[[str], None]) -> None:
            export_items(base, out, now)

        return work

    calls = count_calls(exporting(tmp_path / "counted"))
    for at in range(0, calls, 31):
        out = tmp_path / f"out-{at}"
        _told, ended = run_killed(exporting(out), at)
        assert not ended
        assert not out.exists() or check_package(out).valid
        assert verify_archive(base).valid


def test_objects_are_what_another_implementation_takes(base: Path, source: Path) -> None:
    add(base, source / "0", item="dots.in.it")
    add(base, source / "1", item="long" * 30)
    root = ocfl.StorageRoot(root=str(base / "objects"))
    assert root.validate(validate_objects=True, check_digests=True, log_warnings=True)


def test_a_commit_cut_off_before_it_was_signed_is_no_damage(base: Path) -> None:
    """Its entries had begun a new file of entries; without a signature nobody relied on them."""
    with open_writer(base, now) as writer:
        entries = writer.log.prepare([{"kind": "read", "item": "first", "actor": "K-1"}] * 4)
    for entry in entries:
        with (base / f"entries/{entry.number // 256:03d}.jsonl").open("ab") as file:
            file.write(entry.line())
    report = verify_archive(base)
    assert (report.valid, report.unfinished) == (True, ["entries/001.jsonl"])
    (base / "entries/001.jsonl").write_bytes(b"put there\n")
    assert [(p.code, p.path) for p in verify_archive(base).problems] == [
        ("extra", "entries/001.jsonl")
    ]


def test_the_killer_kills(base: Path, tmp_path: Path) -> None:
    """The control: work that writes in place is found broken."""

    def careless(tell: Callable[[str], None]) -> None:
        handle = os.open(base / "checkpoint", os.O_WRONLY | os.O_TRUNC)
        os.write(handle, b"half of it")
        os.close(handle)

    _told, ended = run_killed(careless, 0)
    assert not ended
    assert not verify_archive(base).valid

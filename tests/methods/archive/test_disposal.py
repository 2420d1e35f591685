"""What must not be kept is destroyed, and the rest stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.archive import Event, export_items, open_writer, verify_archive
from marfa.methods.archive.foreign import check_package
from marfa.methods.archive.layout import entries_file, object_path
from marfa.methods.archive.writer import Disposed
from tests.methods.archive.support import add, files_below, make_plain, now, write


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = make_plain(tmp_path / "archive")
    add(folder, write(tmp_path, "f", b"what she said"), item="A", actor="K-OF-A")
    add(folder, write(tmp_path, "g", b"something else"), item="B")
    with open_writer(folder, now) as writer:
        writer.record_events([Event("A", "read", "READER-OF-A")])
    return folder


def dispose(archive: Path, item: str = "A", by: tuple[str, ...] = ("P-1", "P-2")) -> Disposed:
    with open_writer(archive, now) as writer:
        return writer.dispose_item(item, reason="consent-withdrawn", by=by)


def test_what_is_disposed_of_is_gone(archive: Path) -> None:
    done = dispose(archive)
    assert (done.entry, done.day, done.exports) == (3, "2026-03-01", [])
    held = files_below(archive)
    for canary in (b"what she said", b"K-OF-A", b"READER-OF-A"):
        assert [name for name, data in held.items() if canary in data] == []
    assert not (archive / object_path("A")).exists()
    report = verify_archive(archive)
    assert (report.valid, report.items, report.disposed) == (True, 1, ["A"])
    assert check_package(archive / "objects").valid


def test_reason_and_day_stay_and_the_commitments(archive: Path) -> None:
    before = entries_file(archive, 0).read_text()
    dispose(archive)
    after = entries_file(archive, 0).read_text()
    assert "consent-withdrawn" in after
    assert '"day":"2026-03-01"' in after
    assert after.count('"erased":3') == 2
    assert "K-OF-A" in before, "the control"


def test_a_legal_hold_refuses_disposal(archive: Path) -> None:
    with open_writer(archive, now) as writer:
        writer.hold_item("A", actor="K-1", reason="order-1")
    with pytest.raises(InputError, match="held"):
        dispose(archive)
    assert b"what she said" in b"".join(files_below(archive).values())
    with open_writer(archive, now) as writer:
        writer.hold_item("A", actor="K-1", reason="order-2", lift=True)
    assert dispose(archive).entry == 5


@pytest.mark.parametrize("by", [("P-1",), ("P-1", "P-1"), ("P-1", "p-1"), ("A", "B", "C")])
def test_two_people_decide(archive: Path, by: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="two-people"):
        dispose(archive, by=by)
    assert verify_archive(archive).items == 2


def test_exports_that_held_it_are_named(archive: Path, tmp_path: Path) -> None:
    left = export_items(archive, tmp_path / "one", now, items=["A"])
    export_items(archive, tmp_path / "two", now, items=["B"])
    assert [export["export"] for export in dispose(archive).exports] == [left.export]


def test_nothing_more_is_done_with_it(archive: Path, tmp_path: Path) -> None:
    dispose(archive)
    with pytest.raises(InputError, match="id-disposed"):
        dispose(archive)
    with (
        pytest.raises(InputError, match="id-disposed"),
        open_writer(archive, now) as writer,
    ):
        writer.record_events([Event("A", "read", "K-1")])
    with pytest.raises(InputError, match="id-disposed"):
        export_items(archive, tmp_path / "out", now, items=["A"])
    assert not (tmp_path / "out").exists()


def test_an_entry_that_only_looks_disposed_of_is_missed(archive: Path) -> None:
    """Whoever takes salt and body away without a disposal is found."""
    path = entries_file(archive, 0)
    dispose(archive, "B")
    lines = path.read_text().splitlines(keepends=True)
    gone = next(line for line in lines if '"erased":3' in line).replace('"entry":1', '"entry":0')
    lines[0] = gone
    path.write_text("".join(lines))
    found = {(p.code, p.entry) for p in verify_archive(archive).problems}
    assert ("entry-missing", 0) in found


def test_what_was_destroyed_and_comes_back_is_found(archive: Path) -> None:
    before = entries_file(archive, 0).read_bytes()
    dispose(archive)
    after = entries_file(archive, 0).read_bytes()
    entries_file(archive, 0).write_bytes(before + b"".join(after.splitlines(keepends=True)[-2:]))
    found = {(p.code, p.entry) for p in verify_archive(archive).problems}
    assert found == {("extra", 0), ("extra", 2)}

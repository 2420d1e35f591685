"""Archives for tests: small, with a clock that stands where it is put."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marfa.methods.archive import create_archive, open_writer
from marfa.methods.archive.writer import Added

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def now() -> datetime:
    return NOW


def make_plain(folder: Path) -> Path:
    create_archive(folder, [])
    return folder


def add(folder: Path, *paths: Path, item: str | None = None, actor: str = "K-1") -> list[Added]:
    with open_writer(folder, now) as writer:
        return writer.add_items(paths, item=item, actor=actor)


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def reference(*parts: str) -> Path:
    """A folder of published data; the test is skipped where it is not there."""
    root = os.environ.get("MARFA_REFERENCE_DATA")
    folder = Path(root, "evidence", *parts) if root else None
    if folder is None or not folder.is_dir():
        pytest.skip("in MARFA_REFERENCE_DATA there is no " + "/".join(parts))
    return folder


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file with what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

"""The folder in which a backup is put together, beside processes that start meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.platform.backups.writer import STAGING, remove_left_over, staging_folder


def test_what_a_backup_writes_is_not_taken_for_what_another_left(tmp_path: Path) -> None:
    done = threading.Event()

    def start_processes() -> None:
        while not done.is_set():
            remove_left_over(tmp_path)

    threads = [threading.Thread(target=start_processes) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(60):
            with staging_folder(tmp_path) as folder:
                file = folder / "database"
                file.touch()
                for _ in range(20):
                    assert file.exists()
    finally:
        done.set()
        for thread in threads:
            thread.join()


def test_a_second_backup_is_refused_and_the_first_keeps_what_it_has(tmp_path: Path) -> None:
    with staging_folder(tmp_path) as folder:
        (folder / "database").touch()
        with pytest.raises(InputError, match="backup"), staging_folder(tmp_path):
            pass
        remove_left_over(tmp_path)
        assert (folder / "database").exists()
    assert not (tmp_path / STAGING).exists()


def test_what_a_backup_left_is_removed_by_the_next_process(tmp_path: Path) -> None:
    (tmp_path / STAGING / "held").mkdir(parents=True)
    (tmp_path / STAGING / "database").touch()
    remove_left_over(tmp_path)
    assert not (tmp_path / STAGING).exists()

"""Making a backup: beside its place, and moved there when it is whole."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from marfa.crypto.keys import Key
from marfa.domain.message import InputError, Message
from marfa.platform.backups.container import Header, Sealing
from marfa.platform.datafolder import DATABASE_FILE
from marfa.platform.newfiles import put_new

STAGING = ".backup"
# A process that starts holds the folder for a moment, to see whether anything was left in it.
ATTEMPTS = 20
PAUSE_SECONDS = 0.05
MANIFEST = "manifest.json"
DUMP = "database.dump"
# Keys and the erased list lie elsewhere on purpose; the rest is made anew or copied by itself.
LEFT_OUT = frozenset({"keys", "erased", "backups", STAGING, DATABASE_FILE})

Progress = Callable[[str, float], None]


@dataclass
class Manifest:
    """name, size in bytes and SHA-256 of each member. missing: went while it was being made."""

    members: list[tuple[str, int, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def encode(self) -> bytes:
        rows = [{"name": n, "size": s, "sha256": d} for n, s, d in self.members]
        return json.dumps({"members": rows, "missing": self.missing}).encode()


@contextlib.contextmanager
def staging_folder(data: Path) -> Iterator[Path]:
    """A private folder in the data folder for the length of the block; what an earlier one left is
    removed. Raises InputError while another backup is being made."""
    folder = data / STAGING
    for _attempt in range(ATTEMPTS):
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)
        lock = _lock_staging(folder)
        if lock is not None:
            break
        time.sleep(PAUSE_SECONDS)
    else:
        raise InputError.at(Message("platform:backup-running"))
    with _removed_at_end(folder, lock):
        _empty(folder)
        yield folder


def remove_left_over(data: Path) -> None:
    """Remove what a backup left that was cut off: a copy of the database is in it."""
    folder = data / STAGING
    lock = _lock_staging(folder)
    if lock is not None:
        with _removed_at_end(folder, lock):
            pass


@contextlib.contextmanager
def _removed_at_end(folder: Path, lock: int) -> Iterator[None]:
    try:
        yield
    finally:
        # While it is held: the next to lock the name would lose what it put there.
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _lock_staging(folder: Path) -> int | None:
    """The descriptor that holds the folder of this name; None where another holds it or removed
    it."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), folder.lstat()):
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(lock)
        raise
    os.close(lock)
    return None


def hold_files(data: Path, folder: Path, *, without: Path) -> None:
    """Give every file of the installation a second name in the staging folder.

    What is deleted while the backup is written is then still in it. Where the file system has no
    second names, files are read from their place.
    """
    for file in _files(data, without):
        target = folder / "held" / file.relative_to(data)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(file, target, follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV):
                raise
            shutil.rmtree(folder / "held")
            return


def write_backup(
    target: Path,
    *,
    data: Path,
    without: Path,
    folder: Path,
    header: Header,
    key: Key,
    progress: Progress,
) -> Manifest:
    """Write the backup to ``target``, a new file of mode 0600, wholly or not at all.

    data: the data folder. without: a folder that is left out. folder: the staging folder, with
        the copy of the database in it.
    """
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            manifest = _write(out, (data, without), folder, header, key, progress)
            out.flush()
            os.fsync(out.fileno())
        put_new(partial, target)
    except FileExistsError:
        raise InputError.at(Message("platform:backup-there", {"path": str(target)})) from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            values = {"path": str(target.parent)}
            raise InputError.at(Message("platform:backup-too-large", values)) from None
        raise
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _write(
    out: BinaryIO,
    data: tuple[Path, Path],
    folder: Path,
    header: Header,
    key: Key,
    progress: Progress,
) -> Manifest:
    held = folder / "held"
    root = held if held.is_dir() else data[0]
    members = [*sorted(folder.glob("database.*")), *_files(root, data[1])]
    total = sum(file.lstat().st_size for file in members if file.exists()) or 1
    manifest, sealing, done = Manifest(), Sealing(out, key, header), 0
    with tarfile.open(fileobj=sealing, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for file in members:
            name = file.name if file.parent == folder else str(file.relative_to(root))
            done += _add(tar, file, name, manifest)
            progress(name.partition("/")[0], done / total)
        _add_bytes(tar, MANIFEST, manifest.encode())
    sealing.finish()
    return manifest


def _add(tar: tarfile.TarFile, file: Path, name: str, manifest: Manifest) -> int:
    try:
        source = open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb")  # noqa: SIM115 - below
    except FileNotFoundError:
        manifest.missing.append(name)
        return 0
    with source:
        # An upload that goes on grows; what it had is in the copy of the database.
        size = os.fstat(source.fileno()).st_size
        digested = _Digested(source)
        tar.addfile(_member(name, size), digested)
        manifest.members.append((name, size, digested.digest.hexdigest()))
        return size


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Digested:
    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        return piece


def _files(root: Path, without: Path) -> list[Path]:
    """What belongs into a backup: plain files, nothing hidden.

    Raises InputError for a link: what it leads to would be missing from the backup.
    """
    found = []
    for folder, names, files in os.walk(root):
        at_root = Path(folder) == root
        if Path(folder) == without:
            names.clear()
            continue
        names[:] = [n for n in names if not n.startswith(".") and not (at_root and n in LEFT_OUT)]
        for name in [*names, *files]:
            file = Path(folder) / name
            if name.startswith(".") or (at_root and _is_left_out(name)):
                continue
            if file.is_symlink():
                raise InputError.at(Message("platform:folder-link", {"path": str(file)}))
            if file.is_file():
                found.append(file)
    return sorted(found)


def _is_left_out(name: str) -> bool:
    return name in LEFT_OUT or name.startswith(DATABASE_FILE)


def _empty(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()

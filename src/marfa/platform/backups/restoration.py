"""Restoring: unpacked beside its place, looked through, and moved there in one step."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import glob
import hashlib
import json
import os
import secrets
import shutil
import tarfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import Key
from marfa.domain.message import InputError, Message
from marfa.platform.backups.container import Header, Opening, key_of, read_header
from marfa.platform.backups.writer import MANIFEST
from marfa.platform.datafolder import (
    FILES,
    INSTANCE_KEY,
    check_folder_private,
    read_private,
    sync_to_disk,
)
from marfa.platform.keyproviders import open_key
from marfa.platform.keys.former_keys import file_of, number_present, read_ring

PIECE = 1 << 20
AT_FDCWD = -100
UNFINISHED = ".unfinished"
RENAME_EXCHANGE = 2
Seen = Callable[[int], None]
_marks: list[int] = []


def header_of(backup: Path) -> Header:
    """What a backup says of itself; raises InputError for what is no backup."""
    with _opened(backup) as source:
        return read_header(source, backup)


def instance_key_for(header: Header, keys: Path) -> Key:
    """The version of the instance key that a backup was made under, from a folder of keys.

    Raises InputError where the folder is another installation's, or has that version no more.
    """
    check_folder_private(keys)
    file = keys / INSTANCE_KEY
    present = open_key(read_private(file), identifier=header.identifier, file=file)
    key = read_ring(keys, present, header.identifier).key(header.key_version, present)
    if key is None and not file_of(keys, present).exists():
        # A copy of the key alone does not know its number; whether it is this one shows.
        return present
    if key is None:
        values = {"version": header.key_version}
        raise InputError.at(Message("platform:key-version-gone", values))
    return key


def unpack_backup(backup: Path, target: Path, keys: Path, seen: Seen) -> Header:
    """Open a backup into a new folder and compare everything with its list.

    target: does not exist yet; it is removed again where anything is wrong.
    seen: is told how many bytes of the backup were read. Raises InputError.
    """
    target.mkdir(mode=0o700)
    try:
        _mark_unfinished(target)
        (target / FILES).mkdir(mode=0o700)
        with _opened(backup) as source:
            header = read_header(source, backup)
            try:
                key = key_of(header, instance_key_for(header, keys))
            except (NotAuthenticError, UnknownVersionError):
                values = {"path": str(keys)}
                raise InputError.at(Message("platform:backup-other-key", values)) from None
            opening = Opening(source, key, header, backup, seen)
            _unpack_all(opening, target, backup)
            opening.finish()
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return header


def number_key(header: Header, keys: Path) -> None:
    """Where keys were copied without the file that numbers them: the number that the backup
    proved."""
    file = keys / INSTANCE_KEY
    present = open_key(read_private(file), identifier=header.identifier, file=file)
    number_present(keys, present, header.key_version, header.identifier)


def copy_private(source: Path, target: Path) -> None:
    """Copy the plain files of a folder, such as keys, each with mode 0600."""
    target.mkdir(mode=0o700, exist_ok=True)
    for file in sorted(source.iterdir()):
        if file.is_file() and not file.is_symlink():
            text = read_private(file)
            descriptor = os.open(
                target / file.name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600
            )
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(text)


def restore_folder_for(place: Path) -> Path:
    """A name for what is being made beside a place."""
    return place.with_name(f".{place.name}.{secrets.token_hex(4)}.restore")


def put_in_place(made: Path, place: Path, aside: Path | None) -> None:
    """Move a folder that is on the disk to its place, in one step.

    aside: where what stands there now is put; None where nothing does. Whatever fails in here,
    ``made`` is not to be removed: it may be the installation that was there before.
    """
    if aside is None:
        made.rename(place)
    elif _exchange(made, place):
        sync_to_disk(place.parent)
        made.rename(aside)
    else:
        place.rename(aside)
        made.rename(place)
    sync_to_disk(place.parent)


def write_through(made: Path) -> None:
    """Have all of a folder on the disk, and mark it as whole."""
    for path in (made, *made.rglob("*")):
        sync_to_disk(path)
    (made / UNFINISHED).unlink()
    sync_to_disk(made)


def remove_left_over(place: Path) -> None:
    """Remove what restores left that were killed; one that runs is left alone. A folder without the
    mark is whole: it may be what was set aside, and stays."""
    for folder in place.parent.glob(f".{glob.escape(place.name)}.*.restore"):
        with contextlib.suppress(OSError), (folder / UNFINISHED).open("rb") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _mark_unfinished(folder: Path) -> None:
    """Say that a folder is not whole, and hold the mark for as long as this process lives."""
    mark = os.open(folder / UNFINISHED, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(mark, fcntl.LOCK_EX)
    _marks.append(mark)


def copy_file(source: Path, target: Path) -> None:
    """Copy one file that its owner alone may read."""
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as out, source.open("rb") as content:
        shutil.copyfileobj(content, out)


def _unpack_all(opening: Opening, target: Path, backup: Path) -> None:
    found: dict[str, tuple[int, str]] = {}
    listed: bytes | None = None
    try:
        with tarfile.open(fileobj=opening, mode="r|") as tar:
            for member in tar:
                source = tar.extractfile(member)
                if source is None or listed is not None:
                    raise _damaged(backup)
                if member.name == MANIFEST:
                    listed = source.read()
                else:
                    file = _inside(target, member.name, backup)
                    found[member.name] = (member.size, _copy(source, file))
    except tarfile.TarError:
        raise _damaged(backup) from None
    if listed is None or found != _listed(listed):
        raise _damaged(backup)


def _listed(manifest: bytes) -> dict[str, tuple[int, str]]:
    members = json.loads(manifest)["members"]
    return {row["name"]: (row["size"], row["sha256"]) for row in members}


def _inside(target: Path, name: str, backup: Path) -> Path:
    """Where a member goes: never outside, and never over another."""
    parts = Path(name).parts
    if not parts or Path(name).is_absolute() or any(part in ("..", ".") for part in parts):
        raise _damaged(backup)
    folder = target
    for part in parts[:-1]:
        # Each by itself: what is made on the way to a folder has the usual mode.
        folder = folder / part
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder / parts[-1]


def _copy(source: object, file: Path) -> str:
    digest = hashlib.sha256()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while piece := source.read(PIECE):  # type: ignore[attr-defined]
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step (renameat2); False where that is not to be had."""
    library = ctypes.CDLL(None, use_errno=True)
    rename = getattr(library, "renameat2", None)
    if rename is None:
        return False
    code = rename(
        AT_FDCWD,
        os.fsencode(one),
        AT_FDCWD,
        os.fsencode(other),
        ctypes.c_uint(RENAME_EXCHANGE),
    )
    if code == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _opened(backup: Path) -> BinaryIO:
    with ExitStack() as stack:
        try:
            source = stack.enter_context(backup.open("rb"))
        except (FileNotFoundError, IsADirectoryError):
            raise InputError.at(Message("platform:backup-none", {"path": str(backup)})) from None
        stack.pop_all()
        return source


def _damaged(backup: Path) -> InputError:
    return InputError.at(Message("platform:backup-damaged", {"path": str(backup)}))

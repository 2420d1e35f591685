"""Heads of this installation: signed on schedule, written inside and outside, asked at a start."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from django.conf import settings

from marfa.crypto.keys import KEY_BYTES, Key
from marfa.crypto.signatures import public_key
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.datafolder import DataFolder, read_private
from marfa.platform.keyproviders import write_key_file
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit import chain, headfile, queries
from marfa.safeguards.audit.encoding import encode_moment
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.heads import FORK, HEAD, Ends, Head, HeadError, read_head
from marfa.safeguards.words import Purpose

KEY_FILE = "log.key"
log = logging.getLogger("marfa.audit")


def inner_heads_file(folder: DataFolder) -> Path:
    """The heads in the data folder."""
    return folder.path / headfile.NAME


def outer_heads_file(folder: DataFolder) -> Path | None:
    """The heads in the folder of the setting ``log_heads_folder``, named by the installation.

    Raises InputError where the setting names no folder that is there.
    """
    if not settings.MARFA.log_heads_folder:
        return None
    place = Path(settings.MARFA.log_heads_folder)
    if not place.is_dir():
        values = {"path": str(place)}
        raise InputError.at(Message("safeguards.audit:heads-folder-missing", values))
    return place / f"{folder.instance.identifier}-{headfile.NAME}"


def log_key(folder: DataFolder) -> Key:
    """The key that signs heads, made when it is first needed.

    Raises InputError where heads are there and their key is not: another key would hide that the
    log was replaced.
    """
    file = folder.path / "keys" / KEY_FILE
    if not file.exists() and not file.is_symlink():
        if headfile.newest_in(inner_heads_file(folder)) is not None:
            raise InputError.at(Message("safeguards.audit:key-missing", {"path": str(file)}))
        write_key_file(file, secrets.token_hex(KEY_BYTES) + "\n")
    try:
        return Key.from_hex(read_private(file).strip())
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError.at(Message("platform:key-damaged", {"path": str(file)})) from None


def sign_head() -> Head | None:
    """Sign how far the log reaches now, and write it inside and outside.

    Gives the newest head; where nothing came since, that is the one that was there. None while the
    log is empty. Raises InputError where the log is shorter than a head says, and, once the head
    stands inside, where the folder outside is not there.
    """
    folder: DataFolder = settings.FOLDER
    files, missing = [inner_heads_file(folder)], None
    try:
        files += [file for file in [outer_heads_file(folder)] if file is not None]
    except InputError as error:
        missing = error
    with headfile.lock_heads(folder.path):
        newest = _newest(headfile.even_out(files), files[0])
        if newest is not None:
            _check(newest)
        ends = queries.lane_ends()
        if ends and (newest is None or dict(newest.ends) != ends):
            newest = _write(files, HEAD, ends, newest)
    if missing is not None:
        raise missing
    return newest


def sign_fork() -> Head:
    """Say, signed, that the database was restored from an older state on purpose.

    Raises InputError where no head is newer than the database: then there is nothing to say.
    """
    folder: DataFolder = settings.FOLDER
    files = [
        file for file in (inner_heads_file(folder), outer_heads_file(folder)) if file is not None
    ]
    with headfile.lock_heads(folder.path):
        newest = _newest(headfile.even_out(files), files[0])
        if newest is None or is_reached(newest):
            raise InputError.at(Message("safeguards.audit:fork-needless"))
        return _write(files, FORK, queries.lane_ends(), newest)


def event_of(fork: Head, actor: Actor) -> Event:
    """What the log says of a fork: its number, and how many entries it starts from."""
    return Event(
        action="log.fork",
        actor=actor,
        purpose=Purpose.SECURITY,
        object_kind="Log",
        detail={"head": fork.number},
        rows=fork.entries,
    )


def check_log(folder: DataFolder) -> None:
    """Raise InputError where the database is older than the newest head: its tail was cut, or an
    older copy was put in its place.

    Heads outside that cannot be reached are left out, with a warning.
    """
    files = [inner_heads_file(folder)]
    try:
        files += [file for file in [outer_heads_file(folder)] if file is not None]
    except InputError:
        log.warning("the folder of the setting log_heads_folder is not there")
    found = [head for head in map(headfile.newest_in, files) if head is not None]
    if not found:
        return
    newest = max(found, key=lambda head: head.number)
    _check_signature(newest)
    _check(newest)


def _check(newest: Head) -> None:
    if not is_reached(newest):
        values = {"number": newest.number, "at": newest.at, "entries": newest.entries}
        raise InputError.at(Message("safeguards.audit:database-older", values))


def is_reached(head: Head) -> bool:
    """Whether the log holds, of each lane, the last entry that a head names."""
    return all(
        queries.hash_at(chain.entry_place(lane, count - 1)) == last
        for lane, (count, last) in head.ends.items()
    )


def _newest(lines: list[str], file: Path) -> Head | None:
    """The last of the lines, whose signature is looked at; verifying looks at all of them."""
    if not lines:
        return None
    try:
        newest = read_head(lines[-1], len(lines))
    except HeadError:
        raise InputError.at(
            Message("safeguards.audit:heads-damaged", {"path": str(file)})
        ) from None
    _check_signature(newest)
    return newest


def _check_signature(head: Head) -> None:
    if not head.is_signed(public_key(log_key(settings.FOLDER))):
        raise InputError.at(Message("safeguards.audit:head-signature", {"number": head.number}))


def _write(files: list[Path], kind: str, ends: Ends, newest: Head | None) -> Head:
    folder: DataFolder = settings.FOLDER
    made = Head(
        kind=kind,
        number=newest.number + 1 if newest else 1,
        at=encode_moment(clock.now()),
        installation=folder.instance.identifier,
        ends=ends,
        previous=newest.digest if newest else "",
    ).signed(log_key(folder))
    for file in files:
        headfile.append_lines(file, [made.line])
    return made

"""Foreign time: stamps of authorities over checkpoints, carried there and back as files.

    stamps/<reference>/checkpoint     the checkpoint of the log
    stamps/<reference>/data           what was stamped: the checkpoint, or of a later stamp the
                                      digests of checkpoint and earlier stamps, as sha512sum lists
    stamps/<reference>/request.tsq    request and full response, for ``openssl ts -verify`` too
    stamps/<reference>/response.tsr
    stamps/<reference>/roots.pem      the certificates that were trusted when it came

A request waits in ``stamps/<reference>.asked`` until its response is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from marfa.crypto.notes import Checkpoint, SignedNote, VerifierKey
from marfa.crypto.timestamps import (
    Reason,
    Stamp,
    StampError,
    check_stamp,
    digest_asked,
    is_answer,
    stamp_request,
    stamped_at,
)
from marfa.domain.ids import new_reference
from marfa.methods.archive.durable import remove_tree, sync_folder, sync_tree, write_file
from marfa.methods.archive.layout import CHECKPOINT, STAGING, STAMPS
from marfa.methods.archive.log_reader import LogView
from marfa.methods.archive.problems import Report
from marfa.methods.archive.words import refused
from marfa.methods.archive.writer import open_writer

DATA, REQUEST, RESPONSE, ROOTS = "data", "request.tsq", "response.tsr", "roots.pem"
ASKED = ".asked"


def ask_for_stamp(folder: Path, now: Callable[[], datetime], *, again: bool = False) -> bytes:
    """A request for the checkpoint as it is, which is kept until its response comes.

    again: over all earlier stamps too, so that they outlive the certificates they stand on.
    """
    with open_writer(folder, now):
        checkpoint, reference = (folder / CHECKPOINT).read_bytes(), new_reference()
        data = checkpoint
        if again:
            data = _listing(folder, f"{STAMPS}/{reference}", checkpoint)
        request = stamp_request(data)
        staged = folder / STAGING / reference
        staged.mkdir()
        for name, content in ((CHECKPOINT, checkpoint), (DATA, data), (REQUEST, request)):
            write_file(staged / name, content, sync=False)
        sync_tree(staged)
        staged.rename(folder / STAMPS / (reference + ASKED))
        sync_folder(folder / STAMPS)
    return request


def _listing(folder: Path, place: str, checkpoint: bytes) -> bytes:
    """The digests of a checkpoint and of all earlier stamps."""
    lines = [f"{hashlib.sha512(checkpoint).hexdigest()}  {place}/{CHECKPOINT}\n"]
    for stamp in stamp_folders(folder):
        for name in (DATA, RESPONSE):
            digest = hashlib.sha512((stamp / name).read_bytes()).hexdigest()
            lines.append(f"{digest}  {STAMPS}/{stamp.name}/{name}\n")
    return "".join(lines).encode()


def stamp_folders(folder: Path) -> Iterator[Path]:
    """Stamps whose response is there."""
    for stamp in sorted((folder / STAMPS).iterdir()):
        if stamp.is_dir() and not stamp.name.endswith(ASKED):
            yield stamp


def keep_stamp(
    folder: Path,
    response: bytes,
    now: Callable[[], datetime],
    *,
    roots: bytes | None = None,
) -> tuple[str, int]:
    """Keep the full response of an authority. Returns its reference, and the entry of the log.

    roots: certificates; with them the stamp is checked first. Raises InputError for a response to
    no request of this archive, and StampError for one that does not hold.
    """
    with open_writer(folder, now) as writer:
        asked = _asked(folder, response)
        request = (asked / REQUEST).read_bytes()
        if roots is not None:
            check_stamp(response, request, roots, now())
        reference = asked.name.removesuffix(ASKED)
        staged = folder / STAGING / reference
        staged.mkdir()
        files = {name: (asked / name).read_bytes() for name in (CHECKPOINT, DATA, REQUEST)}
        files |= {RESPONSE: response} | ({ROOTS: roots} if roots is not None else {})
        for name, content in files.items():
            write_file(staged / name, content, sync=False)
        entry = writer.keep_files(staged, f"{STAMPS}/{reference}", "stamp", sorted(files))
        remove_tree(asked)
    return reference, entry


def _asked(folder: Path, response: bytes) -> Path:
    for asked in sorted((folder / STAMPS).glob(f"*{ASKED}")):
        if is_answer(response, (asked / REQUEST).read_bytes()):
            return asked
    raise StampError(Reason.OTHER_REQUEST)


def check_stamps(folder: Path, view: LogView, key: VerifierKey, report: Report) -> None:
    """Each stamp against its request, what was stamped, and the log as it is now; and against the
    certificates that were trusted when it was kept, where there are some."""
    for stamp in stamp_folders(folder):
        place = f"{STAMPS}/{stamp.name}"
        for path in stamp.iterdir():
            if f"{place}/{path.name}" not in view.files:
                report.add("extra", path=f"{place}/{path.name}")
        if f"{place}/{RESPONSE}" not in view.files:
            continue
        if not (stamp / ROOTS).is_file():
            report.unchecked_stamps.append(place)
        try:
            _check_one(folder, stamp, view, key, report)
        except ModuleNotFoundError:
            if place not in report.unchecked_stamps:
                report.unchecked_stamps.append(place)
        except (OSError, ValueError):
            report.add("stamp", path=f"{place}/{RESPONSE}")


def _check_one(folder: Path, stamp: Path, view: LogView, key: VerifierKey, report: Report) -> None:
    """Raises ValueError and OSError for a stamp that does not hold."""
    checkpoint, data = (stamp / CHECKPOINT).read_bytes(), (stamp / DATA).read_bytes()
    note = SignedNote.read(checkpoint)
    head = Checkpoint.read(note.text)
    if not note.is_signed_by(key):
        raise ValueError("this is a checkpoint of another log")
    if head.size > view.head.size:
        report.add("log-cut", entry=view.head.size, path=f"{STAMPS}/{stamp.name}/{CHECKPOINT}")
    elif view.root_at(folder, head.size) != head.root:
        report.add("entry-changed", entry=max(0, head.size - 1))
    if data != checkpoint and not _lists(folder, data, f"{STAMPS}/{stamp.name}/{CHECKPOINT}"):
        raise ValueError("what was stamped is not this checkpoint")
    request, response = (stamp / REQUEST).read_bytes(), (stamp / RESPONSE).read_bytes()
    if digest_asked(request) != hashlib.sha512(data).digest() or not is_answer(response, request):
        raise ValueError("the stamp is over something else")
    if (stamp / ROOTS).is_file():
        # Whether it held when it was made: later stamps vouch for it when its certificates end.
        check_stamp(response, request, (stamp / ROOTS).read_bytes(), stamped_at(response))


def _lists(folder: Path, data: bytes, checkpoint: str) -> bool:
    """Whether the lines of a later stamp name the checkpoint, and files as they are."""
    named = []
    for line in data.decode("ascii").splitlines():
        digest, _gap, place = line.partition("  ")
        named.append(place)
        if ".." in place.split("/") or not place.startswith(f"{STAMPS}/"):
            return False
        if hashlib.sha512((folder / place).read_bytes()).hexdigest() != digest:
            return False
    return checkpoint in named


def check_response(response: bytes, request: bytes, roots: bytes, at: datetime) -> Stamp:
    """A response by itself. Raises StampError; InputError where the extra is not installed."""
    try:
        return check_stamp(response, request, roots, at)
    except ModuleNotFoundError:
        raise refused("extra-missing") from None

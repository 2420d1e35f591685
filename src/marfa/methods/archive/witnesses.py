"""Foreign signatures: other organisations that saw a checkpoint say so below it.

A witness signs that what it sees now is a continuation of what it saw before (C2SP
``tlog-witness``); checkpoints and cosignatures are carried there and back as files.

    witnesses/<size>-<reference>/note     a checkpoint of this archive that others cosigned
    witnesses/seen-<reference>/note,key   a checkpoint of another's log that this archive cosigned
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marfa.crypto.merkle import consistency_proof, verify_consistency
from marfa.crypto.notes import (
    COSIGNATURE,
    Checkpoint,
    SignedNote,
    VerifierKey,
    cosign_note,
)
from marfa.domain.ids import new_reference
from marfa.methods.archive.durable import write_file
from marfa.methods.archive.layout import STAGING, WITNESSES
from marfa.methods.archive.log_reader import LogView, newest_checkpoint, read_log
from marfa.methods.archive.problems import Report
from marfa.methods.archive.store import read_key, read_signer
from marfa.methods.archive.words import refused
from marfa.methods.archive.writer import Writer, open_writer

NOTE, KEY, SEEN = "note", "key", "seen-"


@dataclass(frozen=True)
class Witnessed:
    """What came of a note. own: it is a checkpoint of this archive, and was kept; else this
    archive cosigned it. checked: whether the cosignatures were held against a key."""

    own: bool
    origin: str
    size: int
    names: list[str]
    checked: bool
    note: str


def take_note(
    folder: Path, data: bytes, now: Callable[[], datetime], *, key: VerifierKey | None = None
) -> Witnessed:
    """Keep a checkpoint of this archive that others cosigned, or cosign one of another's log.

    data: a signed note; another's may stand behind ``old SIZE`` and a proof, as C2SP
    ``tlog-witness`` sends it. key: of the witness, or of the other log, which is asked for the
    first time. Raises InputError for what does not continue what was seen before.
    """
    old, proof, note, head = _parts(data)
    with open_writer(folder, now) as writer:
        if head.origin == writer.settings.origin:
            return _keep_own(writer, note, head, key)
        return _cosign(writer, old, proof, note, head, key, now)


def _parts(data: bytes) -> tuple[int, list[bytes], SignedNote, Checkpoint]:
    old, proof = 0, []
    try:
        if data.startswith(b"old "):
            above, _gap, data = data.partition(b"\n\n")
            first, *rest = above.decode("ascii").split("\n")
            old, proof = int(first[4:]), [base64.b64decode(line, validate=True) for line in rest]
        note = SignedNote.read(data)
        return old, proof, note, Checkpoint.read(note.text)
    except ValueError:
        raise refused("checkpoint-odd", field="--note") from None


def _keep_own(
    writer: Writer, note: SignedNote, head: Checkpoint, key: VerifierKey | None
) -> Witnessed:
    own, folder = writer.log.key, writer.folder
    if not note.is_signed_by(own):
        raise refused("note-not-ours", field="--note")
    others = [line for line in note.lines if (line.name, line.id) != (own.name, own.id)]
    if not others:
        raise refused("note-without-witness", field="--note")
    if key is not None and not _is_cosigned_by(note, key):
        raise refused("note-witness-other", field="--key")
    _compare(folder, own, head)
    staged = _stage(writer, {NOTE: str(note).encode()})
    place = f"{WITNESSES}/{head.size}-{staged.name}"
    writer.keep_files(staged, place, "witness", [NOTE])
    names = [line.name for line in others]
    return Witnessed(True, head.origin, head.size, names, key is not None, str(note))


def _is_cosigned_by(note: SignedNote, key: VerifierKey) -> bool:
    """Also where the key is that of the witness's own log, as ``init`` printed it: the same key
    cosigns, and C2SP writes it another way for that."""
    return note.is_signed_by(key) or note.is_signed_by(
        VerifierKey(key.name, key.public, COSIGNATURE)
    )


def _compare(folder: Path, own: VerifierKey, head: Checkpoint) -> None:
    report = Report()
    end = newest_checkpoint(folder, own, report)
    if end is None or head.size > end[1].size:
        raise refused("note-ahead", field="--note")
    if read_log(folder, own, end, report).root_at(folder, head.size) != head.root:
        raise refused("note-fork", field="--note")


def _cosign(
    writer: Writer,
    old: int,
    proof: list[bytes],
    note: SignedNote,
    head: Checkpoint,
    key: VerifierKey | None,
    now: Callable[[], datetime],
) -> Witnessed:
    seen, known = _last_seen(writer.folder, head.origin)
    key = known or key
    if key is None:
        raise refused("note-key-needed", field="--key")
    if not note.is_signed_by(key):
        raise refused("note-signed-otherwise", field="--note")
    if seen is not None and not _continues(seen, old, proof, head):
        raise refused("note-fork", field="--note")
    signer = read_signer(writer.folder, writer.log.key)
    cosigned = cosign_note(note, writer.log.origin, signer, int(now().timestamp()))
    staged = _stage(writer, {NOTE: str(cosigned).encode(), KEY: f"{key}\n".encode()})
    writer.keep_files(staged, f"{WITNESSES}/{SEEN}{staged.name}", "cosign", [KEY, NOTE])
    return Witnessed(False, head.origin, head.size, [writer.log.origin], True, str(cosigned))


def _continues(seen: Checkpoint, old: int, proof: list[bytes], head: Checkpoint) -> bool:
    if head.size == seen.size:
        return head.root == seen.root
    if seen.size == 0:
        return True
    return old == seen.size and verify_consistency(
        seen.size, head.size, seen.root, head.root, proof
    )


def _last_seen(folder: Path, origin: str) -> tuple[Checkpoint | None, VerifierKey | None]:
    newest: Checkpoint | None = None
    known = None
    for place in sorted((folder / WITNESSES).glob(f"{SEEN}*")):
        head = Checkpoint.read(SignedNote.read((place / NOTE).read_bytes()).text)
        if head.origin == origin and (newest is None or head.size >= newest.size):
            newest = head
            known = VerifierKey.read((place / KEY).read_text(encoding="utf-8"))
    return newest, known


def _stage(writer: Writer, files: dict[str, bytes]) -> Path:
    staged = writer.folder / STAGING / new_reference()
    staged.mkdir()
    for name, content in files.items():
        write_file(staged / name, content, sync=False)
    return staged


def ask_witness(folder: Path, seen: int) -> bytes:
    """The checkpoint for a witness that saw the log at a size, with the proof that it wants."""
    key, report = read_key(folder), Report()
    end = newest_checkpoint(folder, key, report)
    if end is None or not 0 <= seen <= end[1].size:
        raise refused("note-ahead", field="--from")
    view = read_log(folder, key, end, report)
    rows = view.rows(folder)
    proof = consistency_proof(seen, len(rows), rows.root) if seen else []
    lines = [f"old {seen}", *(base64.b64encode(each).decode() for each in proof)]
    return ("\n".join(lines) + "\n\n").encode() + str(end[0]).encode()


def check_witnesses(folder: Path, view: LogView, key: VerifierKey, report: Report) -> None:
    """What others signed must be the beginning of what is here."""
    for place in sorted((folder / WITNESSES).iterdir()):
        where = f"{WITNESSES}/{place.name}"
        for path in place.iterdir() if place.is_dir() else [place]:
            if str(path.relative_to(folder)) not in view.files:
                report.add("extra", path=str(path.relative_to(folder)))
        if place.name.startswith(SEEN) or f"{where}/{NOTE}" not in view.files:
            continue
        try:
            note = SignedNote.read((place / NOTE).read_bytes())
            head = Checkpoint.read(note.text)
        except (OSError, ValueError):
            report.add("signature", path=f"{where}/{NOTE}")
            continue
        if not note.is_signed_by(key):
            report.add("signature", path=f"{where}/{NOTE}")
        elif head.size > view.head.size:
            report.add("log-cut", entry=view.head.size, path=f"{where}/{NOTE}")
        elif view.root_at(folder, head.size) != head.root:
            report.add("entry-changed", entry=max(0, head.size - 1), path=f"{where}/{NOTE}")

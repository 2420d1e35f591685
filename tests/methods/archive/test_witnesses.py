"""Another organisation signs what it saw, carried there and back as files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from marfa.crypto.notes import COSIGNATURE, SignedNote, VerifierKey, cosigned_at
from marfa.domain.message import InputError
from marfa.methods.archive import Event, ask_witness, open_writer, take_note, verify_archive
from marfa.methods.archive.witnesses import Witnessed
from tests.methods.archive.support import NOW, add, make_plain, now, write


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = make_plain(tmp_path / "ours")
    add(folder, write(tmp_path, "f", b"x"), item="A")
    return folder


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return make_plain(tmp_path / "theirs")


def key_of(archive: Path) -> VerifierKey:
    return VerifierKey.read((archive / "key").read_text())


def grow(archive: Path, count: int = 1) -> None:
    with open_writer(archive, now) as writer:
        writer.record_events([Event("A", "read", "K-1")] * count)


def cosigned(theirs: Path, ours: Path, seen: int = 0) -> Witnessed:
    return take_note(theirs, ask_witness(ours, seen), now, key=key_of(ours))


def test_a_checkpoint_goes_there_and_comes_back(ours: Path, theirs: Path) -> None:
    back = cosigned(theirs, ours)
    note = SignedNote.read(back.note.encode())
    own = key_of(theirs)
    witness = VerifierKey(own.name, own.public, COSIGNATURE)
    assert note.is_signed_by(key_of(ours))
    assert note.is_signed_by(witness)
    (line,) = note.lines_of(witness)
    assert cosigned_at(line) == int(NOW.timestamp())
    kept = take_note(ours, back.note.encode(), now, key=witness)
    assert (kept.own, kept.names, kept.checked) == (True, [own.name], True)
    printed = take_note(ours, back.note.encode(), now, key=own)
    assert printed.checked, "the key as init prints it"
    with pytest.raises(InputError, match="note-witness-other"):
        take_note(ours, back.note.encode(), now, key=VerifierKey(own.name, key_of(ours).public))
    assert verify_archive(ours).valid
    assert verify_archive(theirs).valid


def test_only_what_continues_is_cosigned(ours: Path, theirs: Path, tmp_path: Path) -> None:
    shutil.copytree(ours, tmp_path / "fork")
    cosigned(theirs, ours)
    grow(ours, 5)
    grow(tmp_path / "fork", 3)
    assert cosigned(theirs, ours, seen=1).size == 6
    grow(tmp_path / "fork", 9)
    for seen in (0, 1, 6):
        with pytest.raises(InputError, match="note-fork"):
            cosigned(theirs, tmp_path / "fork", seen=seen)
    grow(ours)
    with pytest.raises(InputError, match="note-fork"):
        cosigned(theirs, ours)  # without the proof from what was seen last
    assert cosigned(theirs, ours, seen=6).size == 7


def test_an_unknown_log_needs_its_key(ours: Path, theirs: Path) -> None:
    with pytest.raises(InputError, match="note-key-needed"):
        take_note(theirs, ask_witness(ours, 0), now)
    with pytest.raises(InputError, match="note-signed-otherwise"):
        take_note(theirs, ask_witness(ours, 0), now, key=key_of(theirs))
    assert list((theirs / "witnesses").iterdir()) == []


def test_what_nobody_else_signed_is_not_kept(ours: Path) -> None:
    with pytest.raises(InputError, match="note-without-witness"):
        take_note(ours, (ours / "checkpoint").read_bytes(), now)
    with pytest.raises(InputError, match="checkpoint-odd"):
        take_note(ours, b"no note", now)


def test_a_log_that_no_longer_fits_its_witness_is_found(
    ours: Path, theirs: Path, tmp_path: Path
) -> None:
    """Also where whoever rewrote it has the key that signs."""
    older = tmp_path / "older"
    shutil.copytree(ours, older)
    grow(ours, 3)
    back = cosigned(theirs, ours)
    grow(older, 8)
    with pytest.raises(InputError, match="note-fork"):
        take_note(older, back.note.encode(), now)
    take_note(ours, back.note.encode(), now)
    assert verify_archive(ours).valid

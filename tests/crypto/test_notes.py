"""Signed notes and checkpoints. Source of the first case: C2SP, signed-note.md."""

from __future__ import annotations

import pytest

from marfa.crypto.keys import Key
from marfa.crypto.merkle import merkle_root
from marfa.crypto.notes import (
    COSIGNATURE,
    Checkpoint,
    SignedNote,
    VerifierKey,
    cosign_note,
    cosigned_at,
    sign_note,
)
from marfa.crypto.signatures import public_key

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2"
    "ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
OWN = Key(bytes(range(32)))


def test_the_example_of_the_specification() -> None:
    key, note = VerifierKey.read(KEY), SignedNote.read(NOTE.encode())
    assert str(key) == KEY
    assert note.is_signed_by(key)
    assert str(note) == NOTE
    changed = SignedNote.read(NOTE.replace("example m", "another m").encode())
    assert not changed.is_signed_by(key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        KEY.replace("530d903a", "530d903b"),
        KEY[:-4],
        KEY.replace("+A", "+B"),
        KEY.replace("example.com/foo", "exa mple"),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"verifier key|base 64"):
        VerifierKey.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "text\n",
        "text\n\n",
        "text\n\nno signature\n",
        "te\rxt\n\n— a AAAAAAA=\n",
        NOTE[:-1],
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"note|signature|base 64"):
        SignedNote.read(text.encode())


def test_a_second_signature_that_fails_spoils_the_note() -> None:
    """C2SP: if a signature from a known key fails to verify, the whole note is rejected."""
    note = sign_note("text\n", "a", OWN)
    key = VerifierKey("a", public_key(OWN))
    other = sign_note("other\n", "a", OWN)
    assert note.is_signed_by(key)
    assert not SignedNote("text\n", (*note.lines, *other.lines)).is_signed_by(key)
    unknown = sign_note("other\n", "b", Key.random())
    assert SignedNote("text\n", (*note.lines, *unknown.lines)).is_signed_by(key)


def test_a_cosignature_holds_for_its_time_and_note() -> None:
    head = Checkpoint("log", 3, merkle_root([b"a", b"b", b"c"]))
    note = cosign_note(sign_note(head.text, "log", Key.random()), "witness", OWN, 1679315147)
    witness = VerifierKey("witness", public_key(OWN), COSIGNATURE)
    (line,) = note.lines_of(witness)
    assert cosigned_at(line) == 1679315147
    assert note.is_signed_by(witness)
    assert not note.is_signed_by(VerifierKey("witness", public_key(OWN)))
    assert not SignedNote(note.text.replace("3", "4"), note.lines).is_signed_by(witness)
    assert Checkpoint.read(note.text) == head


@pytest.mark.parametrize("text", ["log\n03\nAAAA\n", "log\n3\nAAAA\n", "log\n3\n", "\n3\nAAAA\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"checkpoint|base 64"):
        Checkpoint.read(text)

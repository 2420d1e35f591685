"""Files in the age format, opened by another program's library as their reader would."""

from __future__ import annotations

import hashlib

import pyrage
import pytest

from marfa.crypto.agefiles import (
    fingerprint,
    is_phrase,
    lock_to_key,
    lock_to_phrase,
    new_phrase,
    read_age_key,
)

CONTENT = "مرفأ".encode() * 100


def test_the_private_key_alone_opens_it() -> None:
    theirs, another = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    made = lock_to_key(CONTENT, f"  {theirs.to_public()}\n")
    # The first line of the format (C2SP age.md).
    assert made.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert CONTENT not in made
    assert pyrage.decrypt(made, [theirs]) == CONTENT
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(made, [another])


def test_the_words_alone_open_it() -> None:
    phrase = new_phrase()
    made = lock_to_phrase(CONTENT, phrase)
    assert made.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert pyrage.passphrase.decrypt(made, phrase) == CONTENT
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(made, new_phrase())


def test_nobody_chooses_words_of_their_own() -> None:
    for weak in ("", "academic", "a b c d e f g", "marfa " * 7):
        assert not is_phrase(weak)
        with pytest.raises(ValueError, match="made here"):
            lock_to_phrase(CONTENT, weak)
    assert len({new_phrase() for _ in range(50)}) == 50


@pytest.mark.parametrize("wrong", ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQQ"])
def test_what_is_no_public_key_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="public key"):
        read_age_key(wrong)


def test_the_fingerprint_is_had_by_anybody_from_the_text_of_the_key() -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    said = fingerprint(key)
    number = int(hashlib.sha256(key.encode()).hexdigest(), 16)
    assert said.replace(" ", "") == str(number)[-30:]
    assert [len(group) for group in said.split()] == [5] * 6
    assert fingerprint(key.upper()) == said

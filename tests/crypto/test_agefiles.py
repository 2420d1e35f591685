"""Files in the age format, opened by another program's library as their reader would."""

from __future__ import annotations

import hashlib
import io
import tracemalloc

import pyrage
import pytest
from cryptography.exceptions import InvalidTag

from marfa.crypto.agefiles import (
    age_key_fingerprint,
    decrypt_stream,
    encrypt_stream,
    is_phrase,
    lock_to_key,
    lock_to_phrase,
    new_phrase,
    read_age_key,
)
from tests.support.age import (
    CHUNK,
    COSTLIEST,
    by_the_format,
    cost_of,
    open_with_phrase,
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
    assert open_with_phrase(made, phrase) == CONTENT
    with pytest.raises(pyrage.DecryptError):
        open_with_phrase(made, new_phrase())


def test_it_is_what_the_published_format_says() -> None:
    phrase = new_phrase()
    content = CONTENT * 100
    made = lock_to_phrase(content, phrase)
    assert len(content) > CHUNK
    if cost_of(made) > COSTLIEST:
        # The library took an idle machine for a fast one; only it opens such a file.
        assert open_with_phrase(made, phrase) == content
        return
    assert by_the_format(made, phrase) == content
    with pytest.raises(InvalidTag):
        by_the_format(made, new_phrase())


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
    said = age_key_fingerprint(key)
    number = int(hashlib.sha256(key.encode()).hexdigest(), 16)
    assert said.replace(" ", "") == str(number)[-30:]
    assert [len(group) for group in said.split()] == [5] * 6
    assert age_key_fingerprint(key.upper()) == said


def test_a_stream_is_opened_by_each_of_its_recipients_and_nobody_else() -> None:
    first, second, other = (pyrage.x25519.Identity.generate() for _ in range(3))
    locked = io.BytesIO()
    encrypt_stream(io.BytesIO(CONTENT), locked, [str(first.to_public()), str(second.to_public())])
    for identity in (first, second):
        # Another program's library opens it in one piece.
        assert pyrage.decrypt(locked.getvalue(), [identity]) == CONTENT
        opened = io.BytesIO()
        decrypt_stream(io.BytesIO(locked.getvalue()), opened, str(identity))
        assert opened.getvalue() == CONTENT
    with pytest.raises(ValueError, match="does not open"):
        decrypt_stream(io.BytesIO(locked.getvalue()), io.BytesIO(), str(other))


@pytest.mark.parametrize("cut", [1, 17, 200])
def test_a_damaged_stream_is_refused(cut: int) -> None:
    identity = pyrage.x25519.Identity.generate()
    locked = io.BytesIO()
    encrypt_stream(io.BytesIO(CONTENT * 100), locked, [str(identity.to_public())])
    with pytest.raises(ValueError, match="damaged"):
        decrypt_stream(io.BytesIO(locked.getvalue()[:-cut]), io.BytesIO(), str(identity))
    changed = bytearray(locked.getvalue())
    changed[-cut] ^= 1
    with pytest.raises(ValueError, match="damaged"):
        decrypt_stream(io.BytesIO(bytes(changed)), io.BytesIO(), str(identity))


def test_a_stream_without_recipient_or_with_a_wrong_key_is_refused() -> None:
    with pytest.raises(ValueError, match="to somebody"):
        encrypt_stream(io.BytesIO(CONTENT), io.BytesIO(), [])
    with pytest.raises(ValueError, match="public key"):
        encrypt_stream(io.BytesIO(CONTENT), io.BytesIO(), ["age1"])
    with pytest.raises(ValueError, match="private key"):
        decrypt_stream(io.BytesIO(CONTENT), io.BytesIO(), "AGE-SECRET-KEY-1QQQ")


class _Zeros(io.RawIOBase):
    """A long file of nothing, which is not held in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return bytes(size)


class _Count(io.RawIOBase):
    """Counts what is written to it."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        size = len(data)  # type: ignore[arg-type]
        self.size += size
        return size


def test_a_long_stream_takes_little_memory() -> None:
    identity = pyrage.x25519.Identity.generate()
    size, target = 64_000_000, _Count()
    tracemalloc.start()
    encrypt_stream(_Zeros(size), target, [str(identity.to_public())])  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert target.size > size
    assert peak < size / 8

"""Shares against a second reading of SLIP-39, which is itself tried on a published vector."""

from __future__ import annotations

import hashlib
import itertools
import random

import pytest
from shamir_mnemonic.wordlist import WORDLIST

from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.keys import Key
from marfa.crypto.shamir import (
    WORDS,
    Share,
    ShareError,
    ShareFault,
    join_shares,
    read_share,
    split_key,
)

# Vector 23 of the reference implementation of SLIP-39 (python-shamir-mnemonic, vectors.json):
# 256 bits, two shares of two, passphrase "TREZOR".
VECTOR = (
    "humidity disease academic always aluminum jewelry energy woman receiver strategy amuse "
    "duckling lying evidence network walnut tactics forget hairy rebound impulse brother survive "
    "clothes stadium mailman rival ocean reward venture always armed unwrap",
    "humidity disease academic agency actress jacket gross physics cylinder solution fake mortgage "
    "benefit public busy prepare sharp friar change work slow purchase ruler again tricycle "
    "involve viral wireless mixture anatomy desert cargo upgrade",
)
VECTOR_SECRET = "c938b319067687e990e05e0da0ecce1278f75ff58d9853f19dcaeed5de104aae"


def _times(a: int, b: int) -> int:
    """GF(256) with x^8 + x^4 + x^3 + x + 1, bit by bit."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _inverse(a: int) -> int:
    return next(b for b in range(256) if _times(a, b) == 1)


def second_reading(shares: tuple[str, ...], passphrase: bytes) -> bytes:
    """The secret of one group's shares, by SLIP-39's text: Lagrange at 255, four Feistel rounds."""
    points: dict[int, bytes] = {}
    first = 0
    for words in shares:
        number = 0
        for word in words.split():
            number = number * 1024 + WORDLIST.index(word)
        first = number >> (31 * 10)
        points[(number >> (29 * 10) >> 4) & 15] = (number >> 30 & (1 << 256) - 1).to_bytes(32)
    secret = bytes(32)
    for x, value in points.items():
        weight = 1
        for other in points:
            if other != x:
                weight = _times(weight, _times(255 ^ other, _inverse(x ^ other)))
        secret = bytes(s ^ _times(v, weight) for s, v in zip(secret, value, strict=True))
    identifier, extendable, exponent = first >> 5, first >> 4 & 1, first & 15
    salt = b"" if extendable else b"shamir" + identifier.to_bytes(2, "big")
    left, right = secret[:16], secret[16:]
    for turn in (3, 2, 1, 0):
        key = hashlib.pbkdf2_hmac(
            "sha256", bytes([turn]) + passphrase, salt + right, 2500 << exponent, 16
        )
        left, right = right, bytes(a ^ b for a, b in zip(left, key, strict=True))
    return right + left


def test_the_second_reading_gives_the_published_secret() -> None:
    assert second_reading(VECTOR, b"TREZOR").hex() == VECTOR_SECRET


@pytest.mark.parametrize(("shares", "threshold"), [(2, 2), (3, 2), (5, 3), (16, 16)])
def test_enough_shares_give_the_key_back_here_and_there(shares: int, threshold: int) -> None:
    key = Key.random()
    made = split_key(key, shares=shares, threshold=threshold)
    assert [share.number for share in made] == list(range(1, shares + 1))
    chosen = random.Random(shares).sample(made, threshold)
    assert join_shares(chosen) == key
    assert second_reading(tuple(share.words for share in chosen), b"") == key.expose()


def test_any_three_of_five_and_never_two() -> None:
    key = Key.random()
    made = split_key(key, shares=5, threshold=3)
    for enough in itertools.combinations(made, 3):
        assert join_shares(enough) == key
    few: list[tuple[Share, ...]] = [*itertools.combinations(made, 2), (made[0],), ()]
    for chosen in few:
        with pytest.raises(NotAuthenticError):
            join_shares(chosen)
    with pytest.raises(NotAuthenticError):
        join_shares([made[0], made[0], made[1]])


def test_more_than_needed_are_all_looked_at() -> None:
    key = Key.random()
    made = split_key(key, shares=5, threshold=2)
    assert join_shares(made) == key
    other = split_key(Key.random(), shares=5, threshold=2)
    with pytest.raises(NotAuthenticError):
        join_shares([*made[:4], other[4]])


def test_shares_of_two_splits_of_one_key_do_not_mix() -> None:
    key = Key.random()
    first, second = (split_key(key, shares=3, threshold=2) for _ in range(2))
    with pytest.raises(NotAuthenticError):
        join_shares([first[0], second[1]])


def test_a_share_is_read_as_people_type_it() -> None:
    share = split_key(Key.random(), shares=2, threshold=2)[0]
    assert read_share("  " + share.words.upper().replace(" ", " \n ")) == share
    assert len(share.words.split()) == WORDS
    assert share.words.split()[5] not in repr(share)


def test_every_single_wrong_word_is_found() -> None:
    share = split_key(Key.random(), shares=2, threshold=2)[0]
    words = share.words.split()
    for place in range(WORDS):
        wrong = [*words]
        wrong[place] = WORDLIST[(WORDLIST.index(words[place]) + 1) % len(WORDLIST)]
        with pytest.raises(ShareError) as caught:
            read_share(" ".join(wrong))
        assert caught.value.fault is ShareFault.CHECKSUM


def test_what_is_no_share_is_named() -> None:
    words = split_key(Key.random(), shares=2, threshold=2)[0].words.split()
    with pytest.raises(ShareError) as caught:
        read_share(" ".join([*words[:4], "harbuor", *words[5:]]))
    assert (caught.value.fault, caught.value.word) == (ShareFault.WORD, 5)
    with pytest.raises(ShareError) as caught:
        read_share(" ".join(words[:-1]))
    assert caught.value.fault is ShareFault.LENGTH


@pytest.mark.parametrize(("shares", "threshold"), [(1, 1), (3, 1), (3, 4), (17, 2)])
def test_numbers_that_make_no_sense_are_refused(shares: int, threshold: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        split_key(Key.random(), shares=shares, threshold=threshold)

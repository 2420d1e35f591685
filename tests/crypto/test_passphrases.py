"""Passphrases: Argon2id as another implementation computes it, and the floor under them."""

from __future__ import annotations

import unicodedata

import pytest
from argon2.low_level import Type, hash_secret_raw
from hypothesis import given
from hypothesis import strategies as st

from marfa.crypto import passphrases
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.keys import Key
from marfa.crypto.passphrases import (
    Cost,
    Lock,
    Weakness,
    key_from,
    lock_with_passphrase,
    passphrase_weakness,
)

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PLACE = Context("keys", "passphrase", "here")


@pytest.mark.parametrize("cost", [CHEAP, Cost(256, 2, 4), Cost(1024, 3, 2)])
def test_the_same_as_another_implementation(cost: Cost) -> None:
    text, salt = "seven green boats under عبور", bytes(range(16))
    other = hash_secret_raw(
        text.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, hash_len=32, type=Type.ID
    )
    assert key_from(text, salt=salt, cost=cost).expose() == other


def test_the_parameters_that_are_used_are_the_second_choice_of_rfc_9106() -> None:
    standard = passphrases.STANDARD
    assert (standard.memory_kib, standard.passes, standard.lanes) == (2**16, 3, 4)
    assert passphrases.SALT_BYTES == 16


def test_a_key_opens_with_its_passphrase_in_its_place() -> None:
    key = Key.random()
    made = lock_with_passphrase(key, "a passphrase", PLACE, cost=CHEAP)
    read = Lock.from_json(made.as_json())
    assert read == made
    assert read.open(" a  passphrase ", PLACE) == key
    for text, place in (("A passphrase", PLACE), ("a passphrase", Context("keys", "x", "here"))):
        with pytest.raises(NotAuthenticError):
            made.open(text, place)


def test_two_locks_have_two_salts() -> None:
    key = Key.random()
    first, second = (lock_with_passphrase(key, "same", PLACE, cost=CHEAP) for _ in range(2))
    assert first.salt != second.salt


@given(st.text(min_size=1, max_size=30))
def test_composed_and_decomposed_text_are_one_passphrase(text: str) -> None:
    forms = {
        passphrases.normalise_passphrase(
            unicodedata.normalize(form, passphrases.normalise_passphrase(text))
        )
        for form in ("NFC", "NFD")
    }
    assert len(forms) == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kdf": "scrypt", "cost": {}, "salt": "", "wrapped": ""},
        {"kdf": "argon2id", "cost": {"memory_kib": 64}, "salt": "", "wrapped": ""},
        {
            "kdf": "argon2id",
            "cost": {"memory_kib": 1 << 40, "passes": 1, "lanes": 1},
            "salt": "",
            "wrapped": "",
        },
        {
            "kdf": "argon2id",
            "cost": {"memory_kib": 64, "passes": 1, "lanes": 1},
            "salt": "zz",
            "wrapped": "",
        },
    ],
)
def test_what_is_no_lock_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Lock.from_json(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "password",
        "Password123!",
        "correct horse battery staple",
        "Correct-Horse-Battery-Staple",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "12345678901234567890123456789012",
        "qwertyuiop asdfghjkl zxcvbnm",
        "harbour harbour harbour harbour harbour harbour",
        "four plain words only",
        "samir reception samir reception samir",
        "بِسْمِ اللهِ الرَّحْمٰنِ الرَّحِيمِ",
        "x" * 2000,
    ],
)
def test_a_weak_passphrase_is_refused(text: str) -> None:
    assert passphrase_weakness(text, known=("samir", "reception")) is not None


@pytest.mark.parametrize(
    "text",
    [
        "lantern orbit kettle mosaic thunder",  # five words that have nothing to do with each other
        "مصباح مدار ابريق فسيفساء رعد",
        "vQ3#kz9!Lm2$xB7",
        "0f8c2e9a71d45b63",
        "xkqjvhzmbwptrsnldfgycaueioxkqjwvhzm",
    ],
)
def test_a_strong_passphrase_is_taken(text: str) -> None:
    assert passphrase_weakness(text) is None


def test_what_is_known_of_a_person_counts_nothing() -> None:
    text = "lantern orbit kettle mosaic Samira"
    assert passphrase_weakness(text) is None
    assert passphrase_weakness(text, known=("samira",)) is Weakness.GUESSABLE


def test_common_phrases_are_named_as_such() -> None:
    assert passphrase_weakness("Correct Horse Battery Staple!") is Weakness.COMMON
    assert passphrase_weakness("x" * 2000) is Weakness.TOO_LONG


@given(st.lists(st.sampled_from(["lantern", "orbit", "kettle", "mosaic", "thunder"]), max_size=12))
def test_repeating_adds_nothing(words: list[str]) -> None:
    once = list(dict.fromkeys(words))
    assert passphrases.estimated_bits(" ".join(words)) == passphrases.estimated_bits(" ".join(once))

"""Keys grow and are unique; references are long, random and plain."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from math import log2
from time import time  # noqa: TID251 - compared with the machine's own clock

import pytest

from marfa.domain.ids import REFERENCE_ALPHABET, is_reference, new_id, new_reference


def test_keys_are_version_7_of_the_rfc() -> None:
    key = new_id()
    assert type(key) is uuid.UUID
    assert key.version == 7
    assert key.variant == uuid.RFC_4122


def test_the_first_48_bits_are_unix_milliseconds() -> None:
    # RFC 9562, section 5.7. Earlier keys of this process may have run some seconds ahead.
    assert abs((new_id().int >> 80) / 1000 - time()) < 600


def test_keys_grow_strictly() -> None:
    keys = [new_id() for _ in range(5_000)]
    assert keys == sorted(set(keys))


def test_keys_grow_in_every_thread() -> None:
    def make(_: int) -> list[uuid.UUID]:
        return [new_id() for _ in range(1_000)]

    with ThreadPoolExecutor(max_workers=8) as pool:
        runs = list(pool.map(make, range(8)))
    for run in runs:
        assert run == sorted(run)
    milliseconds = [key.int >> 80 for run in runs for key in run]
    assert len(set(milliseconds)) == 8_000, "two keys share a place in the order"


def test_references_hold_100_bits() -> None:
    assert len(new_reference()) * log2(len(set(REFERENCE_ALPHABET))) >= 100


def test_references_have_no_ambiguous_letters() -> None:
    made = [new_reference() for _ in range(2_000)]
    assert len(set(made)) == len(made)
    used = set("".join(made))
    assert used == set(REFERENCE_ALPHABET)
    assert not used & set("ilou")
    assert all(is_reference(reference) for reference in made)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 19,
        "0" * 21,
        "0" * 19 + "l",
        "0" * 19 + "A",
        "0" * 20 + "\n",
        "٠" * 20,
        " " + "0" * 20,
        "../" + "0" * 17,
    ],
)
def test_other_text_is_no_reference(text: str) -> None:
    assert not is_reference(text)

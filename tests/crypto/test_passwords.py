"""Password digests, against another implementation: the reference one, by argon2-cffi."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from marfa.crypto.passwords import COSTS, digest_is_old, password_digest, password_fits


def test_the_reference_implementation_accepts_the_digest() -> None:
    digest = password_digest("correct horse battery")
    assert PasswordHasher().verify(digest, "correct horse battery")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(digest, "correct horse batterY")
    found = extract_parameters(digest)
    assert (found.type.name, found.memory_cost, found.time_cost) == ("ID", 65536, 3)
    assert (found.salt_len, found.hash_len) == (16, 32)


def test_a_digest_of_the_reference_implementation_is_accepted() -> None:
    digest = PasswordHasher(time_cost=1, memory_cost=64).hash("correct horse battery")
    assert password_fits(digest, "correct horse battery")
    assert not password_fits(digest, "correct horse batterY")


def test_damaged() -> None:
    assert not password_fits("no digest", "correct horse battery")
    digest = PasswordHasher(time_cost=1, memory_cost=64).hash("correct horse battery")
    assert not password_fits(digest[:-2], "correct horse battery")


def test_the_same_text_from_another_keyboard() -> None:
    """Composed and decomposed letters, and the wide forms of East Asian input, are one password."""
    assert password_fits(password_digest("caf\u00e9 au lait \uff11\uff12"), "cafe\u0301 au lait 12")


@pytest.mark.parametrize(("cost", "old"), [(3, False), (2, True)])
def test_a_digest_of_other_costs_is_old(cost: int, old: bool) -> None:
    digest = f"{COSTS.text}salt$hash".replace("t=3", f"t={cost}")
    assert digest_is_old(digest) == old

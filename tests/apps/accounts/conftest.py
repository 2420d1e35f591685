"""Argon2id at a cost that lets many tests run; tests/crypto tries the real one."""

from __future__ import annotations

import pytest

from marfa.crypto import passwords


@pytest.fixture(autouse=True)
def cheap_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COSTS", passwords.Costs(memory=64, passes=1, lanes=1))

"""An office whose people have keys; Argon2 costs next to nothing here."""

from __future__ import annotations

import pytest

from marfa.crypto.passphrases import Cost
from marfa.safeguards.sealed import keyholders
from tests.safeguards.sealed.office import Office


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyholders, "COST", Cost(memory_kib=64, passes=1, lanes=1))


@pytest.fixture
def office(transactional_db: None) -> Office:
    made = Office()
    made.set_up()
    return made

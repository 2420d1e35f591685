"""What tests of accounts share."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.crypto import passwords
from tests.conftest import Operation


@pytest.fixture(autouse=True)
def cheap_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at a cost that lets many tests run; tests/crypto tries the real one."""
    monkeypatch.setattr(passwords, "COSTS", passwords.Costs(memory=64, passes=1, lanes=1))


@pytest.fixture
def live(operation: Operation, settings: Any) -> None:
    """The rules of a real installation: a second factor is asked for."""
    # The addresses are made once, and those of the demonstration are among them in other tests.
    assert get_resolver().url_patterns
    settings.DEMONSTRATION = False


@pytest.fixture
def samir(operation: Operation) -> User:
    """Somebody with a role at the reception desk."""
    return operation.desks[Desk.RECEPTION]

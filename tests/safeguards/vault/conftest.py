"""An erased list of its own for each test, and actions as whoever erases has one."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from marfa.domain.ids import new_id
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.vault import erasedlist
from marfa.safeguards.vault.erasedlist import ErasedList
from marfa.safeguards.words import Purpose


@pytest.fixture(autouse=True)
def erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ErasedList:
    """The erased list of the installation, in a folder of this test."""
    (tmp_path / "keys").mkdir(mode=0o700)
    found = ErasedList(tmp_path / "erased", tmp_path / "keys" / erasedlist.HEAD)
    for module in ("erasure", "reconciliation"):
        monkeypatch.setattr(f"marfa.safeguards.vault.{module}.erased_list", lambda: found)
    assert settings.FOLDER.path != tmp_path
    return found


def act_for(subject: UUID) -> Act:
    """An action that was allowed, as whoever erases has one."""
    actor = Actor(new_id(), ActorKind.COMMAND)
    return Act(Event("privacy.erase", actor, Purpose.DATA_PROTECTION, subject=subject))

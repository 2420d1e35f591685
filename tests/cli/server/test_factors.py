"""``marfa users reset-factors``, on a real installation."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.support.installation import ADMINISTRATOR, POSTGRESQL, marfa, sentence

pytestmark = pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")


def test_what_somebody_signs_in_with_is_removed_and_told(installation: Path) -> None:
    data = ("--data", str(installation))
    done = marfa("users", "reset-factors", ADMINISTRATOR, "--reason", "stolen", *data, "--json")
    assert json.loads(done.stdout) == {"username": ADMINISTRATOR, "reason": "stolen"}
    assert "no user called nobody" in sentence(marfa("users", "reset-factors", "nobody", *data))
    wrong = marfa("users", "reset-factors", ADMINISTRATOR, "--reason", "why-not", *data)
    assert wrong.returncode == 2
    with sqlite3.connect(installation / "database.sqlite3") as database:
        told = database.execute(
            "SELECT actor_kind, outcome, detail FROM audit_entry"
            " WHERE action = 'accounts.factors_reset'"
        ).fetchall()
    database.close()
    ((kind, outcome, detail),) = told
    assert (kind, outcome) == ("command", "done")
    assert "stolen" in str(detail)

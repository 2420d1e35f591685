"""What PostgreSQL's own programs say, in our words."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.platform.backups import databases

# As PostgreSQL 17 words it.
LOCKS = "ERROR:  out of shared memory\nHINT:  You might need to increase max_locks_per_transaction."
ROW = 'ERROR:  duplicate key value violates unique constraint\nDETAIL:  Key (name)=("Amal").'


@pytest.mark.parametrize(
    ("said", "code"),
    [(LOCKS, "platform:backup-too-few-locks"), (ROW, "platform:backup-program-failed")],
)
def test_a_restore_that_fails_says_what_can_be_done_and_no_row(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    said: str,
    code: str,
) -> None:
    failing = f"cat > /dev/null\ncat >&2 <<'E'\n{said}\nE\nexit 3"
    for name, lines in (("pg_restore", "true"), ("psql", failing)):
        (tmp_path / name).write_text(f"#!/bin/sh\n{lines}\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setattr(databases, "_program", lambda name: str(tmp_path / name))
    monkeypatch.delenv("MARFA_TRACEBACK", raising=False)
    with pytest.raises(InputError) as refused:
        databases.restore_postgresql({"dbname": "x"}, tmp_path / "dump", grants=True)
    assert refused.value.problems[0].message.code == code
    assert capfd.readouterr() == ("", "")

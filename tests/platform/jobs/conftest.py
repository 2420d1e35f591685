"""A table of effects, and a worker that does all that is due."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from marfa.platform.jobs import schedules
from tests.platform.jobs import handlers
from tests.support.installation import POSTGRESQL
from tests.support.rows import as_owner, make_role

__all__ = ["handlers"]


@pytest.fixture
def effects_table(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty table of effects, committed, for tests that open several connections; and no
    ticks, so that the test's own jobs are all there are."""
    monkeypatch.setattr(schedules, "_schedules", {})
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS effects")
        cursor.execute("CREATE TABLE effects (job VARCHAR(40), part INTEGER)")
        if POSTGRESQL:
            make_role()
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE effects")

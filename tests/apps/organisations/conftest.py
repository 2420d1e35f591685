"""Tests of this folder have, on PostgreSQL, the rights of the application alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.installation import POSTGRESQL
from tests.support.rows import as_app


@pytest.fixture(autouse=True)
def as_the_application(request: pytest.FixtureRequest) -> Iterator[None]:
    """On PostgreSQL tests run with the rights that the application has, and no more.

    What changes tables, as migrations and planted faults do, is marked ``owner``. Setting up and
    emptying the database between tests is the owner's too.
    """
    uses_database = {"db", "transactional_db"} & set(request.fixturenames)
    marked = request.node.get_closest_marker("django_db") or uses_database
    if not POSTGRESQL or not marked or request.node.get_closest_marker("owner"):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    with as_app():
        yield

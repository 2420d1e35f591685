"""An installation whose owner, application and worker are three roles, from beginning to end."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.support.installation import get, init, marfa, serving
from tests.support.rows import on_postgresql
from tests.support.vault_process import NAME, in_installation

ROLES = ("three_owner", "three_app", "three_worker")
BASE = "three_roles"

pytestmark = on_postgresql


@pytest.fixture
def addresses() -> dict[str, str]:
    """An empty database that the first role owns, and the settings that name all three."""
    control = os.environ["MARFA_DATABASE"]
    with psycopg.connect(control, autocommit=True) as cluster:
        cluster.execute(f"DROP DATABASE IF EXISTS {BASE}")
        for role in ROLES:
            cluster.execute(f"DROP ROLE IF EXISTS {role}")
            cluster.execute(f"CREATE ROLE {role} LOGIN")
        cluster.execute(f"CREATE DATABASE {BASE} OWNER {ROLES[0]}")
    host = conninfo_to_dict(control)["host"]
    owner, app, worker = (f"postgresql:///{BASE}?host={host}&user={role}" for role in ROLES)
    return {
        "MARFA_DATABASE": app,
        "MARFA_DATABASE_WORKER": worker,
        "MARFA_DATABASE_OWNER": owner,
    }


def done(*arguments: str, **settings: str) -> str:
    found = marfa(*arguments, **settings)
    assert found.returncode == 0, (arguments, found.stdout, found.stderr)
    return found.stdout


def test_each_does_its_work_with_its_own_rights(addresses: dict[str, str], tmp_path: Path) -> None:
    place, stick = tmp_path / "data", tmp_path / "stick"
    stick.mkdir()
    made = init(place, **addresses)
    assert made.returncode == 0, made.stderr
    at = ("--data", str(place))
    app = {k: v for k, v in addresses.items() if k != "MARFA_DATABASE_OWNER"}
    done("migrate", *at, **addresses)
    with psycopg.connect(addresses["MARFA_DATABASE_OWNER"]) as owner:
        found = owner.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname='public'")
        assert found.fetchall() == [(ROLES[0],)]
    with psycopg.connect(addresses["MARFA_DATABASE"]) as connection:
        for statement in ("CREATE TABLE t (i int)", "DELETE FROM audit_entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
    with serving("serve", place, port=None, **app) as served:
        status, page = get(served.origin + "/")
        assert status == 200
        assert "Traceback" not in page + served.log()
    done("worker", "--until-empty", *at, **app)
    assert in_installation(place, "make", "2", **app) == {"0": f"{NAME} 0", "1": f"{NAME} 1"}
    done("backup", str(stick), *at, **addresses)
    (backup,) = stick.iterdir()
    gone = {"0": f"{NAME} 0", "1": None}
    assert in_installation(place, "erase", "1", **app) == gone
    done("restore", str(backup), "--replace", *at, **addresses)
    assert in_installation(place, "names", **app) == gone
    with serving("serve", place, port=None, **app) as served:
        assert get(served.origin + "/")[0] == 200, "the restored tables have their rights"


def test_a_desk_that_comes_later_has_its_rights_and_its_protection(
    addresses: dict[str, str], tmp_path: Path
) -> None:
    """As much as at the beginning: the owner makes the tables, the others work with their rows."""
    place = tmp_path / "data"
    made = init(place, "--desks", "reception", **addresses)
    assert made.returncode == 0, made.stderr
    at = ("--data", str(place))
    app = {k: v for k, v in addresses.items() if k != "MARFA_DATABASE_OWNER"}
    done("desks", "add", "protection", *at, **addresses)
    with psycopg.connect(addresses["MARFA_DATABASE_OWNER"]) as owner:
        protected = owner.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'cases_case'"
        )
        assert protected.fetchone() == (True, True)
    for role in ("MARFA_DATABASE", "MARFA_DATABASE_WORKER"):
        with psycopg.connect(addresses[role]) as connection:
            assert connection.execute("SELECT count(*) FROM cases_case").fetchone() == (0,)
    with serving("serve", place, port=None, **app) as served:
        assert get(served.origin + "/desks/protection/")[0] == 200
    done("desks", "remove", "protection", *at, **addresses)
    with psycopg.connect(addresses["MARFA_DATABASE_OWNER"]) as owner:
        left = owner.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'cases_%'")
        assert left.fetchone() == (0,)
        assert owner.execute("SELECT count(*) FROM registry_person").fetchone() == (0,)
    with serving("serve", place, port=None, **app) as served:
        assert get(served.origin + "/desks/protection/")[0] == 404

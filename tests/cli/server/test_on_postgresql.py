"""Installations whose database is a PostgreSQL server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import environment, get, init, marfa, sentence, serving
from tests.support.rows import on_postgresql

pytestmark = on_postgresql


def empty_database(name: str) -> str:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    address = os.environ["MARFA_DATABASE"]
    with psycopg.connect(address, autocommit=True) as control:
        control.execute(f"DROP DATABASE IF EXISTS {name}")
        control.execute(f"CREATE DATABASE {name}")
    parts = conninfo_to_dict(address)
    return f"postgresql:///{name}?host={parts['host']}&user={parts['user']}"


def test_a_demonstration_never_opens_a_live_postgresql_database(tmp_path: Path) -> None:
    url = empty_database("live")
    live, demonstration = tmp_path / "live", tmp_path / "demonstration"
    assert init(live, "--database", url).returncode == 0
    with serving("demo", demonstration):
        pass
    text = sentence(marfa("demo", "--data", str(demonstration), MARFA_DATABASE=url))
    assert "another installation" in text


def test_a_demonstration_on_postgresql(tmp_path: Path) -> None:
    """Made in one transaction with its tables, and served."""
    url = empty_database("shown")
    with serving("demo", tmp_path / "data", MARFA_DATABASE=url) as served:
        assert get(f"{served.origin}/health/") == (200, "ok")


def test_a_folder_that_cannot_settle_leaves_the_database_empty(tmp_path: Path) -> None:
    """What fails at the very last moment takes the database back with it."""
    url = empty_database("unsettled")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert "already holds something" in sentence(init(tmp_path / "link", "--database", url))
    script = (
        "import os; from pathlib import Path; from marfa.platform import datafolder as d;"
        "d._sync_tree = lambda folder: (_ for _ in ()).throw(OSError(28, 'no space'));"
        "import sys; from marfa.cli.main import main; main(sys.argv[1:])"
    )
    arguments = [
        *("init", "--data", str(tmp_path / "data"), "--database", url, "--site", "Site"),
        *("--organisation", "Us", "--time-zone", "Asia/Damascus", "--administrator", "amal"),
    ]
    found = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "disk is full" in sentence(found)
    assert init(tmp_path / "data", "--database", url).returncode == 0


def test_an_installation_on_postgresql(tmp_path: Path) -> None:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    address = os.environ["MARFA_DATABASE"]
    with psycopg.connect(address, autocommit=True) as control:
        control.execute("DROP DATABASE IF EXISTS installation")
        control.execute("CREATE DATABASE installation")
    parts = conninfo_to_dict(make_conninfo(address, dbname="installation"))
    url = f"postgresql:///installation?host={parts['host']}&user={parts['user']}"
    path = tmp_path / "data"

    wrong = init(path, "--database", url, "--time-zone", "Nowhere/Town")
    assert "Nowhere/Town" in sentence(wrong)
    assert list(tmp_path.iterdir()) == []
    with psycopg.connect(url, autocommit=True) as control:
        count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert control.execute(count).fetchone() == (0,)

    found = init(path, "--database", url)
    assert found.returncode == 0, found.stderr
    assert not (path / "database.sqlite3").exists()
    assert "already holds tables" in sentence(init(tmp_path / "second", "--database", url))
    with serving("serve", path) as served:
        assert get(f"{served.origin}/health/") == (200, "ok")
    nowhere = url.replace("installation", "nowhere")
    assert "does not answer" in sentence(init(tmp_path / "third", "--database", nowhere))
    made = [entry.name for entry in tmp_path.iterdir() if entry.suffix != ".log"]
    assert made == ["data"]


def test_three_roles_of_the_database(tmp_path: Path) -> None:
    """The owner makes the tables; application and worker work with them and change none."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    address = os.environ["MARFA_DATABASE"]
    host = conninfo_to_dict(address)["host"]
    with psycopg.connect(address, autocommit=True) as control:
        control.execute("DROP DATABASE IF EXISTS threefold")
        for role in ("marfa_own", "marfa_web", "marfa_work"):
            control.execute(f"DROP ROLE IF EXISTS {role}")
            control.execute(f"CREATE ROLE {role} LOGIN")
        control.execute("CREATE DATABASE threefold OWNER marfa_own")

    def as_role(role: str) -> str:
        return f"postgresql://{role}@/threefold?host={host}"

    data = tmp_path / "data"
    settings: dict[str, Any] = {
        "MARFA_DATABASE": as_role("marfa_web"),
        "MARFA_DATABASE_WORKER": as_role("marfa_work"),
    }
    owner = {"MARFA_DATABASE_OWNER": as_role("marfa_own")}
    made = init(data, **settings, **owner)
    assert made.returncode == 0, made.stderr
    place = ("--data", str(data))
    assert (
        marfa("users", "add", "samir", "--role", "statistician", *place, **settings).returncode == 0
    )
    assert marfa("migrate", *place, **settings, **owner).returncode == 0
    assert marfa("worker", "--until-empty", *place, **settings).returncode == 0
    with serving("serve", data, **settings) as served:
        assert get(f"{served.origin}/sign-in/")[0] == 200
    with psycopg.connect(as_role("marfa_web"), autocommit=True) as application:
        for statement in ("DELETE FROM audit_entry", "TRUNCATE accounts_user", "CREATE TABLE x()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)
    strong = sentence(marfa("serve", *place, **owner, MARFA_DATABASE=as_role("marfa_own")))
    assert "owns the tables" in strong
    unnamed = {"MARFA_DATABASE": f"postgresql:///threefold?host={host}"}
    assert "holds tables" in sentence(init(tmp_path / "second", **unnamed, **owner))

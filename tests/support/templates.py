"""A database with all its tables is made once in a run; each process of the tests takes a copy.

On SQLite a file, on PostgreSQL the folder of a whole cluster: tests that make databases and roles
have theirs apart from those of the process beside them.

    python -m tests.support.templates NAME    fills a database; called from here alone
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.support.postgres import Cluster

FOLDER = "PYTEST_MARFA_TEMPLATES"
"""In the environment: where the templates of this run lie, which may be of several steps."""
CLUSTER = "PYTEST_MARFA_CLUSTER"
"""In the environment: the address of the cluster in which the template is being made."""
DATABASE = "test_marfa"
ROOT = Path(__file__).parents[2]


def folder() -> Path:
    """Where the templates lie. The first process of a run makes it, and takes it away."""
    if FOLDER not in os.environ:
        made = tempfile.mkdtemp(prefix="marfa-templates-")
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        os.environ[FOLDER] = made
    return Path(os.environ[FOLDER])


def copy_file(target: Path) -> None:
    """A database on SQLite with all tables."""
    template = folder() / "tests.sqlite3"
    _made_once(template, lambda: _fill(str(template)))
    shutil.copyfile(template, target)


def start_copy(target: Path) -> str:
    """Start a cluster that has a database with all tables; its address."""
    if CLUSTER in os.environ:
        return os.environ[CLUSTER]
    template = Cluster(folder() / "cluster")
    _made_once(template.folder, lambda: _make_cluster(template))
    mine = Cluster(target)
    mine.make_like(template)
    mine.start()
    return mine.address


def _make_cluster(template: Cluster) -> None:
    template.make()
    template.start()
    try:
        _fill(DATABASE, **{CLUSTER: template.address})
    finally:
        template.stop()


def _made_once(place: Path, make: Callable[[], None]) -> None:
    """Have it made by the first that asks; the others wait."""
    made = place.with_name(f"{place.name}.made")
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make()
            made.touch()


def _fill(name: str, **more: str) -> None:
    """In a process of its own, before any test, with all warnings errors as they are in tests."""
    command = [sys.executable, "-W", "error", "-m", "tests.support.templates", name]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **more})


def fill(name: str) -> None:
    """Make all tables, as Django does for tests, in the database of this name."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.support.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.support.rows import make_role

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    use(name)
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    call_command("createcachetable")
    if connection.vendor == "postgresql":
        make_role()
    connection.close()


def use(name: str) -> None:
    """From now on this process works in the database of this name."""
    from django.conf import settings
    from django.db import connection

    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


if __name__ == "__main__":
    fill(sys.argv[1])

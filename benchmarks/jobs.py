"""Enqueuing and doing jobs on SQLite, beside plain INSERTs and beside django-tasks-db.

python benchmarks/jobs.py           200 jobs, about ten seconds
python benchmarks/jobs.py --full    2,000 jobs

The reference lives in an environment of its own; without it that part is skipped:
python -m venv .cache/bench-jobs
.cache/bench-jobs/bin/pip install 'django>=5.2,<5.3' django-tasks-db==0.13.0 django-tasks==0.12.0
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

REFERENCE = Path(__file__).parents[1] / ".cache/bench-jobs/bin/python"
ROW = "INSERT INTO plain (id, body) VALUES (%s, %s)"

REFERENCE_PROGRAM = """
import sys, time
import django
from django.conf import settings
count, file = int(sys.argv[1]), sys.argv[2]
settings.configure(
    INSTALLED_APPS=["django_tasks", "django_tasks_db"], USE_TZ=True, SECRET_KEY="x",
    TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
    LOGGING_CONFIG=None,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": {
        "timeout": 20, "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"}}})
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
call_command("migrate", verbosity=0)
connection.cursor().execute("CREATE TABLE plain (id TEXT PRIMARY KEY, body TEXT)")
import types
module = types.ModuleType("reference_jobs")
sys.modules["reference_jobs"] = module
exec('''
import uuid
from django.db import connection
from django_tasks import task
def short(number):
    connection.cursor().execute("INSERT INTO plain (id, body) VALUES (%s, %s)",
                                [str(uuid.uuid4()), "x" * 200])
short.__module__ = "reference_jobs"
short = task(short)
''', module.__dict__)
spent = []
for number in range(count):
    with transaction.atomic():
        begin = time.perf_counter()
        module.short.enqueue(number)
        spent.append(time.perf_counter() - begin)
begin = time.perf_counter()
call_command("db_worker", interval=0, batch=True, startup_delay=False, verbosity=0)
seconds = time.perf_counter() - begin
done = connection.cursor().execute("SELECT count(*) FROM plain").fetchone()[0]
assert done == count, done
spent.sort()
print(spent[count // 2] * 1000, count / seconds)
"""


def set_up(folder: Path) -> None:
    """An installation of its own, on SQLite as it is in real use."""
    from marfa.platform.datafolder import InstallationKind, new_folder

    for name in [name for name in os.environ if name.startswith("MARFA_")]:
        del os.environ[name]
    with new_folder(
        folder, kind=InstallationKind.DEMONSTRATION, desks=("reporting", "administration")
    ):
        pass
    os.environ["MARFA_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (id TEXT PRIMARY KEY, body TEXT)")


def plain_insert() -> None:
    """The reference: one row of the size of a job."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ROW, [str(uuid.uuid4()), "x" * 200])


def milliseconds(count: int, act: Callable[[], object]) -> list[float]:
    """Time of an act within a transaction of its own, its commit not counted; sorted."""
    from django.db import transaction

    spent = []
    for _ in range(count):
        with transaction.atomic():
            begin = time.perf_counter()
            act()
            spent.append((time.perf_counter() - begin) * 1000)
    return sorted(spent)


def per_second(count: int, act: Callable[[], object]) -> float:
    """How many acts a second, each committed."""
    begin = time.perf_counter()
    for _ in range(count):
        act()
    return count / (time.perf_counter() - begin)


def reference(count: int) -> tuple[float, float] | None:
    """django-tasks-db: milliseconds to enqueue, and jobs a second."""
    if not REFERENCE.exists():
        return None
    with tempfile.TemporaryDirectory(dir=REFERENCE.parents[1]) as folder:
        found = subprocess.run(
            [str(REFERENCE), "-c", REFERENCE_PROGRAM, str(count), f"{folder}/reference.sqlite3"],
            capture_output=True,
            text=True,
            check=True,
        )
    enqueued, done = found.stdout.split()
    return float(enqueued), float(done)


def show(name: str, spent: list[float], of: list[float]) -> None:
    median, high = statistics.median(spent), spent[int(len(spent) * 0.99)]
    ratio = median / statistics.median(of)
    print(f"{name:<38} median {median:6.3f} ms   99% {high:6.3f} ms   ratio {ratio:5.2f}")


def measure(count: int) -> None:
    from marfa.platform.jobs.registry import job
    from marfa.platform.jobs.run import Run
    from marfa.platform.jobs.worker import Worker

    @job("bench.short")
    def short(run: Run, *, number: int) -> None:
        plain_insert()

    @job("bench.once", once=True)
    def once(run: Run, *, subject: uuid.UUID) -> None:
        plain_insert()

    print(f"to enqueue in a transaction ({count} times); reference: plain INSERT")
    insert = milliseconds(count, plain_insert)
    show("plain INSERT", insert, insert)
    show("job", milliseconds(count, lambda: short.enqueue(number=1)), insert)
    show("job, once", milliseconds(count, lambda: once.enqueue(subject=uuid.uuid4())), insert)
    same = uuid.uuid4()
    show(
        "job, once, waits already", milliseconds(count, lambda: once.enqueue(subject=same)), insert
    )
    waiting = 2 * count + 1
    print(
        f"\nto do ({waiting} jobs, one worker); reference: INSERT and commit, one after the other"
    )
    inserts = per_second(count, plain_insert)
    worker = Worker()
    begin = time.perf_counter()
    worker.work(until_empty=True)
    done = worker.did / (time.perf_counter() - begin)
    assert worker.did == waiting, worker.did
    print(f"{'INSERT and commit':<38} {inserts:7.0f} a second   ratio  1.00")
    print(f"{'jobs':<38} {done:7.0f} a second   ratio {done / inserts:5.2f}")
    compare(count, statistics.median(insert), inserts)


def compare(count: int, insert: float, inserts: float) -> None:
    """The other table of jobs, with the same settings of SQLite."""
    found = reference(count)
    if found is None:
        print(
            "\ndjango-tasks-db: skipped, its environment is not there (see the head of this file)"
        )
        return
    enqueued, done = found
    print("\ndjango-tasks-db 0.13.0, the same SQLite settings")
    print(f"{'to enqueue':<38} median {enqueued:6.3f} ms   ratio {enqueued / insert:5.2f}")
    print(f"{'to do':<38} {done:7.0f} a second   ratio {done / inserts:5.2f}")


def main() -> None:
    count = 2000 if "--full" in sys.argv[1:] else 200
    # Beside the code and not in /tmp, which may be memory: commits are to wait for a disk.
    cache = Path(__file__).parents[1] / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        set_up(Path(folder) / "data")
        measure(count)


if __name__ == "__main__":
    main()

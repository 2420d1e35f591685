"""Eight writers at once on PostgreSQL, with the log and without it; a log of many rows verified.

python benchmarks/log.py           under a minute
python benchmarks/log.py --full    longer runs and a million rows; the limit is 60 s

Writers are processes. The cluster is PostgreSQL as it is installed: commits wait for the disk. The
reference, in turns with it in the same run, is the same action with the last statement left out:
decision, transaction and writes stay. The number to hold is 0.90 of the rate without the log.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
WRITERS = 8
SLICE = 0.25
ORGANISATION = UUID(int=1)


def set_up(folder: Path) -> None:
    """An installation on a cluster of its own, with the small subject of the tests."""
    from tests.support.postgres import start_cluster

    from marfa.platform.datafolder import Kind, new_folder

    for name in [name for name in os.environ if name.startswith("MARFA_")]:
        del os.environ[name]
    with new_folder(folder / "data", kind=Kind.DEMONSTRATION, desks=()):
        pass
    os.environ["MARFA_DATA"] = str(folder / "data")
    os.environ["MARFA_DATABASE"] = start_cluster(folder / "postgresql", durable=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.support.sample"]
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    connections.close_all()


def bare() -> None:
    """One INSERT and one UPDATE by the object mapper: the least that an action does."""
    from tests.support.sample.models import Sample

    row = Sample.objects.create(note="x" * 80, sex="female")
    Sample.objects.filter(pk=row.pk).update(urgent=True, version=2)


def typical() -> None:
    """What actions of Marfa write: a row with its revisions and its facts."""
    from tests.support.sample.actions import add_sample

    add_sample(note="x" * 80, sex="female", seen_on=None)


def actor() -> Any:
    """A case worker."""
    from marfa.safeguards.actor import Actor, ActorKind, HeldRole
    from marfa.safeguards.words import Role

    return Actor(uuid4(), ActorKind.PERSON, frozenset({HeldRole(Role.CASE_WORKER, ORGANISATION)}))


def one_action(who: Any, act: Callable[[], None]) -> None:
    """An action on a case on which the actor works; the real charter decides."""
    from marfa.safeguards import acting
    from marfa.safeguards.charter.asking import Resource
    from marfa.safeguards.words import Purpose

    none: frozenset[UUID] = frozenset()
    facts = {
        "organisation": ORGANISATION,
        "protected": False,
        "erased": False,
        "assigned": frozenset({who.id}),
        "granted": none,
        "excluded": none,
        "excluded_places": none,
    }
    with acting.action(
        actor=who,
        code="cases.write",
        purpose=Purpose.ASSISTANCE,
        resource=Resource("Case", uuid4(), facts),
        subject=uuid4(),
    ):
        act()


def spent(backend: int) -> float:
    """Processor seconds of this process and of its server process so far."""
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return time.process_time() + (int(fields[11]) + int(fields[12])) / ticks


def write(act: Callable[[], None], begin: float, slices: int, results: Any) -> None:
    """One writer. All change together, slice by slice, between with the log and without it."""
    from django.db import connection

    from marfa.safeguards import acting

    append = acting.append
    who = actor()
    one_action(who, act)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    done, cpu = [0, 0], [0.0, 0.0]
    time.sleep(max(0, begin - time.monotonic()))
    for number in range(slices):
        logged = number % 2
        acting.append = append if logged else lambda events: None
        before = spent(backend)
        while time.monotonic() < begin + (number + 1) * SLICE:
            one_action(who, act)
            done[logged] += 1
        cpu[logged] += spent(backend) - before
    results.put((done, cpu))


def compare(name: str, act: Callable[[], None], slices: int) -> None:
    """Print the rates of all writers together, and the processor time of one action."""
    results: Any = multiprocessing.Queue()
    begin = time.monotonic() + 2
    made = [
        multiprocessing.Process(target=write, args=(act, begin, slices, results))
        for _ in range(WRITERS)
    ]
    for writer in made:
        writer.start()
    found = [results.get() for _ in made]
    for writer in made:
        writer.join()
    without, logged = (sum(done[side] for done, _ in found) for side in (0, 1))
    seconds = slices * SLICE / 2
    cpu = [
        sum(each[side] for _, each in found) / n * 1e6 for side, n in ((0, without), (1, logged))
    ]
    rates = (
        f"{without / seconds:6.0f} {logged / seconds:6.0f} a second   ratio {logged / without:4.2f}"
    )
    work = f"processor {cpu[0]:5.0f} {cpu[1]:5.0f} us, {cpu[0] / cpu[1]:4.2f}"
    print(f"{name:<30} {rates}   {work}", flush=True)


def writers(full: bool) -> None:
    slices = 200 if full else 60
    print(f"{WRITERS} writers on PostgreSQL: without the log, with it")
    compare("INSERT and UPDATE alone", bare, slices)
    compare("row with revisions and facts", typical, slices)


def main() -> None:
    full = "--full" in sys.argv[1:]
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        set_up(Path(folder))
        writers(full)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()

"""Eight writers at once on PostgreSQL, with the log and without it; a log of many rows verified.

python benchmarks/log.py           under a minute
python benchmarks/log.py --full    longer runs and a million rows; the limit is 60 s
python benchmarks/log.py --verify  the second half alone

Writers are processes. The cluster is PostgreSQL as it is installed: commits wait for the disk. The
references take turns with it, four times a second, in the same writers: the same action with the
last statement left out (decision, transaction and writes stay), and with the same row written to a
plain table, without a chain, a trigger or an index, which is the least that any log of rows costs.
The number to hold is 0.90 of the rate without the log.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
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

    from marfa.platform.datafolder import InstallationKind, new_folder

    for name in [name for name in os.environ if name.startswith("MARFA_")]:
        del os.environ[name]
    with new_folder(
        folder / "data", kind=InstallationKind.DEMONSTRATION, desks=("reporting", "administration")
    ):
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
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE audit_plain (LIKE audit_entry)")
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
    from marfa.safeguards import actions
    from marfa.safeguards.charter.resources import Resource
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
    with actions.action(
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


def appends() -> list[Callable[[Any], Any]]:
    """The last statement: none, a plain row, an entry of the log."""
    from marfa.safeguards.audit.writer import append_events

    def plain(events: Any) -> Any:
        statement = append_events(events)
        assert statement is not None
        return statement[0].replace("audit_entry", "audit_plain"), statement[1]

    return [lambda events: None, plain, append_events]


def write(act: Callable[[], None], begin: float, slices: int, results: Any) -> None:
    """One writer. All change together, slice by slice, from one last statement to another."""
    from django.db import connection

    from marfa.safeguards import actions

    who, last = actor(), appends()
    one_action(who, act)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    done, cpu = [0] * len(last), [0.0] * len(last)
    time.sleep(max(0, begin - time.monotonic()))
    for number in range(slices):
        which = number % len(last)
        actions.append_events = last[which]
        before = spent(backend)
        while time.monotonic() < begin + (number + 1) * SLICE:
            one_action(who, act)
            done[which] += 1
        cpu[which] += spent(backend) - before
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
    seconds = slices * SLICE / 3
    done = [sum(counts[side] for counts, _ in found) for side in range(3)]
    cpu = [sum(each[side] for _, each in found) / done[side] * 1e6 for side in range(3)]
    print(f"\n{name}")
    for side, what in enumerate(("without the log", "a plain row", "with the log")):
        print(
            f"  {what:<18} {done[side] / seconds:6.0f} a second   ratio {done[side] / done[0]:4.2f}"
            f"   processor {cpu[side]:6.0f} us, ratio {cpu[0] / cpu[side]:4.2f}",
            flush=True,
        )


def one_chain() -> None:
    """One lane for all, for comparison: who writes waits until the one before has committed."""
    from django.db import connection

    from marfa.safeguards.audit.guards import LINK

    alone = (
        LINK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
        .replace("lane := mod(pg_backend_pid(), 16)", "lane := 0")
        .replace(
            "pg_try_advisory_xact_lock", "0 < pg_backend_pid() * 0 AND pg_try_advisory_xact_lock"
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(alone)
    connection.close()


def writers(full: bool) -> None:
    slices = 240 if full else 54
    print(f"{WRITERS} writers on PostgreSQL")
    compare("INSERT and UPDATE alone", bare, slices)
    compare("a row with its revisions and facts", typical, slices)
    if full:
        one_chain()
        compare("INSERT and UPDATE alone, one chain instead of lanes", bare, slices)


def write_log(file: Path, count: int) -> None:
    """A log of so many entries, as an installation exports it, in two lanes."""
    from datetime import UTC, datetime

    from marfa.safeguards.audit import chain
    from marfa.safeguards.audit.encoding import canonical_json, content_digest, content_of
    from marfa.safeguards.audit.event import Event
    from marfa.safeguards.words import Purpose

    who, at = actor(), datetime(2026, 3, 1, tzinfo=UTC)
    with file.open("w", encoding="ascii") as stream:
        for lane in (0, 1):
            previous = chain.GENESIS
            for sequence in range(count // 2):
                event = Event(
                    "people.open_identity",
                    who,
                    Purpose.ASSISTANCE,
                    subject=UUID(int=sequence),
                    object_kind="Person",
                    object_id=UUID(int=sequence),
                    organisation=ORGANISATION,
                    policies=("role.case-worker",),
                )
                content = content_of(event, at)
                stored = chain.link_hash(
                    chain.entry_place(lane, sequence), previous, content_digest(content)
                )
                line = {
                    "content": content,
                    "hash": stored.hex(),
                    "lane": lane,
                    "previous": previous.hex(),
                    "sequence": sequence,
                }
                stream.write(canonical_json(line) + "\n")
                previous = stored


def verifying(folder: Path, counts: tuple[int, ...]) -> None:
    """Seconds and memory of the command; the reference is sha256sum over the same file."""
    for count in counts:
        file = folder / "log.jsonl"
        write_log(file, count)
        started = time.perf_counter()
        subprocess.run(["sha256sum", str(file)], check=True, stdout=subprocess.DEVNULL)
        reference = time.perf_counter() - started
        command = [sys.executable, "-m", "marfa", "log", "verify", str(file), "--json"]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        assert b'"whole": true' in process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds, cpu = time.perf_counter() - started, usage.ru_utime + usage.ru_stime
        assert status == 0
        memory = usage.ru_maxrss // 1024
        print(f"  {count:>9,} entries   {seconds:5.1f} s ({cpu:4.1f} s of processor, {memory} MiB)")
        print(
            f"  {'sha256sum':>17}   {reference:5.1f} s, ratio {seconds / reference:4.1f}",
            flush=True,
        )


def main() -> None:
    full = "--full" in sys.argv[1:]
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        print("verifying an export, as the command does it")
        verifying(Path(folder), (100_000, 1_000_000) if full else (20_000, 100_000))
    if "--verify" in sys.argv[1:]:
        return
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        set_up(Path(folder))
        writers(full)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()

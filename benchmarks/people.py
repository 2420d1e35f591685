"""The page of a person, finding by name and the cold index with a whole population in a database.

    python benchmarks/people.py                                      20,000 people on SQLite
    python benchmarks/people.py --people 200000
    python benchmarks/people.py --people 1000000 --postgresql
    python benchmarks/people.py --keep FOLDER                        made once, measured again
                                      with --postgresql also: MARFA_DATABASE, a cluster that is kept

The numbers to hold, with 200,000 people on SQLite and 1,000,000 on PostgreSQL: the page of a person
p95 150 ms; finding by name p95 300 ms once the index is warm, the whole request; 200,000 people are
indexed within 60 s while a code is found. People are generated (population.py). Requests go through
Django's test client, so all of the server's work but the socket. The references of the same run are
Marfa's page of a person's own account, which shows nobody, and one plain query for a person's row
by its key. On PostgreSQL commits wait for the disk, and requests have the application's rights.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
ADDRESS = "MARFA_DATABASE"
SITES = 5


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--people", type=int, default=20_000)
    asked.add_argument("--requests", type=int, default=200, help="of each kind")
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--keep", type=Path, help="folder with the population, made once")
    asked.add_argument("--profile", action="store_true", help="say what takes the time instead")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="marfa-people-") as scratch:
        folder = given.keep or Path(scratch) / "data"
        made = not folder.exists()
        if given.postgresql and ADDRESS not in os.environ:
            from tests.support.postgres import start_cluster

            os.environ[ADDRESS] = start_cluster(Path(scratch) / "postgresql", durable=True)
        open_installation(folder, made)
        measure(folder, given, made)


def open_installation(folder: Path, made: bool) -> None:
    """An installation that is made, if it is not there, and Django in it."""
    from marfa.cli.server.serve import DEMONSTRATED
    from marfa.platform.datafolder import InstallationKind, new_folder

    if made:
        with new_folder(folder, kind=InstallationKind.DEMONSTRATION, desks=DEMONSTRATED):
            pass
    os.environ["MARFA_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    import marfa.web.wsgi  # noqa: F401 - as a server starts


def measure(folder: Path, given: argparse.Namespace, made: bool) -> None:
    from django.db import connection
    from tests.support.rows import as_app, make_role

    from marfa.platform.rowsecurity.context import every_organisation

    if made:
        with every_organisation():
            fill(given.people)
    with every_organisation():
        tidy(connection)
    if given.postgresql:
        make_role()
    with as_app() if given.postgresql else contextlib.nullcontext():
        from marfa.apps.accounts.models import User

        with every_organisation():
            people = sample(max(given.requests, 50))
        client = browser(User.objects.get(username="reception"))
        if given.profile:
            profile(client, people)
            return
        print(f"{len(people)} of {count()} people on {connection.vendor}, {cores()} cores")
        references(client, people)
        pages(client, people, given.requests)
        finding(folder, client, people, given.requests)


# The population


def fill(people: int) -> None:
    """The demonstration without its own people, and so many at five sites."""
    from django.conf import settings

    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.actions import found_installation, open_site
    from marfa.apps.organisations.queries import data_controller
    from marfa.demo.build import build_demo
    from population import populate

    instance = settings.FOLDER.instance
    found_installation(identifier=instance.identifier, kind=instance.kind)
    build_demo(without=("people",))
    owner, by = data_controller(), User.objects.get(username="reception")
    here = at_reception(by)
    sites = [here] + [
        open_site(organisation=owner, name=f"Site {n}", time_zone="Asia/Damascus")
        for n in range(1, SITES)
    ]
    begun = time.perf_counter()
    for written in populate(sites, by.pk, people):
        spent = time.perf_counter() - begun
        print(f"\r{written:9} people written, {written / spent:6.0f} a second", end="", flush=True)
    print()


def at_reception(user: Any) -> Any:
    from marfa.apps.organisations.models import Site
    from marfa.apps.organisations.queries import actor_of

    (key,) = {held.site for held in actor_of(user).roles if held.site}
    return Site.objects.get(pk=key)


def tidy(connection: Any) -> None:
    """The statistics that a database comes by itself to have after a day."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def count() -> int:
    from marfa.apps.registry.models import Person
    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        return Person.objects.count()


def sample(size: int) -> list[tuple[str, str, str]]:
    """(reference, code, a name) of people at the reception's site, in households of any size."""
    from marfa.apps.accounts.models import User
    from marfa.apps.registry.models import Person, PersonName
    from marfa.safeguards.vault.access import open_vault

    here = at_reception(User.objects.get(username="reception"))
    keys = list(Person.objects.filter(site=here).values_list("pk", flat=True))
    drawn = random.Random(3).sample(keys, min(size, len(keys)))
    with open_vault() as vault:
        vault.load(drawn)
        found = PersonName.objects.filter(person__in=drawn, place=0).select_related("person")
        return [(row.person.reference, row.person.code, str(row.text)) for row in found]


# What is measured


@dataclass
class Spent:
    """Seconds that passed, and seconds of this process's own processor time: the second is little
    moved by what else the machine does."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object]) -> None:
        wall, own = time.perf_counter(), time.process_time()
        work()
        self.wall.append(time.perf_counter() - wall)
        self.own.append(time.process_time() - own)


def browser(user: Any) -> Any:
    from tests.conftest import signed_in

    return signed_in(user)


def references(client: Any, people: list[tuple[str, str, str]]) -> None:
    from django.urls import reverse

    from marfa.apps.registry.models import Person
    from marfa.platform.rowsecurity.context import every_organisation

    def row(person: tuple[str, str, str]) -> None:
        with every_organisation():
            assert Person.objects.get(reference=person[0])

    say("one plain query (reference)", timed(row, people), 0)
    account = reverse("accounts:security")
    say("the page of one's account (reference)", timed(lambda _: get(client, account), people), 0)


def pages(client: Any, people: list[tuple[str, str, str]], requests: int) -> None:
    from django.urls import reverse

    some = people[:requests]
    addresses = {
        "the page of a person": lambda person: reverse("people:person", args=[person[0]]),
        "My work": lambda _: reverse("home"),
        "the queue of the site": lambda _: reverse("queue:site"),
        "the page on which people are found": lambda _: reverse("finding:find"),
    }
    for name, address in addresses.items():
        spent = timed(lambda person, to=address: get(client, to(person)), some)
        say(name, spent, queries(lambda to=address: get(client, to(some[0]))))


def finding(folder: Path, client: Any, people: list[tuple[str, str, str]], requests: int) -> None:
    """Codes while the index is cold, how long that is, and names afterwards."""
    from made_names import variant
    from marfa.apps.name_search.client import FinderDownError, finder_client

    rng, some = random.Random(11), people[:requests]
    with running(folder) as process:
        begun, spent = time.perf_counter(), Spent()
        while True:
            with contextlib.suppress(FinderDownError):
                if finder_client().state().warm:
                    break
            assert process.poll() is None, "the process that finds names has ended"
            person = some[len(spent.wall) % len(some)]
            spent.measure(lambda person=person: found(client, person[1], person[0]))
            time.sleep(0.2)
        seconds = time.perf_counter() - begun
        print(f"the index was built after {seconds:.1f} s, with the start of its process")
        say("a code, while it was built", spent, 0)
        typed = [(variant(person[2], rng), person[0]) for person in some]
        # Once a second and more is slower than a person searches: the limit of searches stands.
        spent = timed(lambda each: found(client, each[0]), typed)
        say("a name, the index warm", spent, queries(lambda: found(client, typed[0][0])))


@contextlib.contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "marfa", "finder", "--data", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def get(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code


def found(client: Any, text: str, reference: str = "") -> None:
    """Search, and be there with whom the answer must name."""
    from django.urls import reverse

    from marfa.platform.limits.models import Counter

    Counter.objects.all().delete()
    answer = client.post(reverse("finding:find"), {"text": text})
    assert answer.status_code == 200, answer.status_code
    assert reference in answer.content.decode()


def timed(work: Callable[[Any], object], each: list[Any]) -> Spent:
    """The first is done once before, since it loads what all share."""
    work(each[0])
    spent = Spent()
    for one in each:
        spent.measure(lambda one=one: work(one))
    return spent


def queries(work: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)


_first: list[float] = []


def say(name: str, spent: Spent, asked: int) -> None:
    middle = statistics.median(spent.wall)
    _first.append(middle)
    tail = f", {asked} queries" if asked else ""
    print(
        f"{name:38} {len(spent.wall):4} times  p50 {middle * 1000:6.1f} ms"
        f"  p95 {p95(spent.wall) * 1000:6.1f} ms"
        f"  own processor p50 {statistics.median(spent.own) * 1000:6.1f} ms"
        f" p95 {p95(spent.own) * 1000:6.1f} ms  {middle / _first[0]:6.1f} x a query{tail}"
    )


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def cores() -> int:
    return len(os.sched_getaffinity(0))


def profile(client: Any, people: list[tuple[str, str, str]]) -> None:
    """Where the time of a person's page goes."""
    import cProfile
    import pstats

    from django.urls import reverse

    addresses = [reverse("people:person", args=[person[0]]) for person in people[:40]]
    get(client, addresses[0])
    profiler = cProfile.Profile()
    profiler.enable()
    for address in addresses:
        get(client, address)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()

"""The page of a case, My work, the caseload and the supervisor's board with many cases.

    python benchmarks/cases.py                                       5,000 cases on SQLite
    python benchmarks/cases.py --cases 100000 --postgresql
    python benchmarks/cases.py --keep FOLDER                         made once, measured again
                                      with --postgresql also: MARFA_DATABASE, a cluster that is kept

The numbers to hold, with 100,000 cases on PostgreSQL: the page of a case p95 200 ms, My work p95
150 ms. Everybody of a generated population (population.py) has a case, two in five of them open
(caseload.py). Requests go through Django's test client, so all of the server's work but the socket.
The references of the same run are Marfa's page of a person's own account, which shows nobody, and
one plain query for a person's row by its key.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

import people  # noqa: E402


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--cases", type=int, default=5_000)
    asked.add_argument("--requests", type=int, default=200, help="of each kind")
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--keep", type=Path, help="folder with the cases, made once")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="marfa-cases-") as scratch:
        folder = given.keep or Path(scratch) / "data"
        made = not folder.exists()
        if given.postgresql and people.ADDRESS not in os.environ:
            from tests.support.postgres import start_cluster

            cluster = start_cluster(Path(scratch) / "postgresql", durable=True)
            os.environ[people.ADDRESS] = cluster
        people.open_installation(folder, made)
        measure(given, made)


def measure(given: argparse.Namespace, made: bool) -> None:
    from django.db import connection
    from tests.support.rows import as_app, make_role

    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        if made:
            people.fill(given.cases)
            fill()
        people.tidy(connection)
    if given.postgresql:
        make_role()
    with as_app() if given.postgresql else contextlib.nullcontext():
        from marfa.apps.accounts.models import User

        with every_organisation():
            mine, some = sample(given.requests)
            cases = count()
        worker = people.browser(User.objects.get(username="protection"))
        boss = people.browser(User.objects.get(username="supervisor"))
        print(f"{cases} cases on {connection.vendor}, {people.cores()} cores, {len(mine)} of mine")
        people.references(worker, some)
        pages(worker, boss, mine)


def fill() -> None:
    """A case for everybody, and as many workers as have eighty open cases each."""
    from caseload import EACH, OPEN_SHARE, open_cases
    from marfa.apps.accounts.actions import create_user
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.actions import grant_role
    from marfa.apps.organisations.queries import data_controller
    from marfa.apps.registry.models import Person
    from marfa.safeguards.words import Role

    workers = max(int(Person.objects.count() * OPEN_SHARE / EACH), 2)
    others = []
    for n in range(workers):
        user = create_user(username=f"worker{n}", display_name=f"Worker {n}")
        grant_role(user=user, role=Role.CASE_WORKER, organisation=data_controller())
        others.append(user.pk)
    begun = time.perf_counter()
    for written in open_cases(User.objects.get(username="protection"), others):
        spent = time.perf_counter() - begun
        print(f"\r{written:9} cases written, {written / spent:6.0f} a second", end="", flush=True)
    print()


def count() -> int:
    from marfa.apps.cases.models import Case

    return Case.objects.count()


def sample(size: int) -> tuple[list[str], list[tuple[str, str, str]]]:
    """References of the worker's open cases, and (reference, code, "") of people."""
    from marfa.apps.accounts.models import User
    from marfa.apps.cases.models import Case
    from marfa.apps.registry.models import Person

    worker = User.objects.get(username="protection")
    mine = Case.objects.filter(worker=worker.pk, state="open")
    found = list(mine.values_list("reference", flat=True)) or ["none"]
    drawn = random.Random(5)
    keys = list(Person.objects.values_list("reference", "code")[:5000])
    some = [(reference, code, "") for reference, code in drawn.sample(keys, min(size, len(keys)))]
    return [drawn.choice(found) for _ in range(size)], some


def pages(worker: Any, boss: Any, mine: list[str]) -> None:
    from django.urls import reverse

    def case(reference: str) -> str:
        return reverse("cases:case", args=[reference])

    measured = {
        "the page of a case": (worker, case),
        "My work": (worker, lambda _: reverse("home")),
        "the caseload": (worker, lambda _: reverse("caseload:mine")),
        "My work of a supervisor": (boss, lambda _: reverse("home")),
        "the supervisor's board": (boss, lambda _: reverse("caseload:supervision")),
        "the cases without a contact": (
            boss,
            lambda _: reverse("caseload:concern", args=["no-contact"]),
        ),
    }
    for name, (client, address) in measured.items():
        few = mine if client is worker else mine[:20]
        spent = people.timed(
            lambda reference, to=address, by=client: people.get(by, to(reference)), few
        )
        there = address(few[0])
        asked = people.queries(lambda to=there, by=client: people.get(by, to))
        people.say(name, spent, asked)


if __name__ == "__main__":
    main()

"""Lists, filtered and sorted, with many cases.

    python benchmarks/lists.py                                       5,000 cases on SQLite
    python benchmarks/lists.py --cases 100000 --postgresql
    python benchmarks/lists.py --keep FOLDER                         made once, measured again
                                      with --postgresql also: MARFA_DATABASE, a cluster that is kept

The number to hold, with 100,000 cases on PostgreSQL: any list, filtered and sorted, p95 200 ms.
Everybody has a case, all of them open, as many to a worker as there are to be; one person in twenty
waits at a gate. What is sealed of them is left out: no list opens it. Requests go through Django's
test client. The reference of the same run is one plain query for a person's row by its key.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

import people  # noqa: E402

AT_ONCE = 2000
EACH = 80
"""Open cases of a worker."""
WAITING = 20
"""Of so many people one waits."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--cases", type=int, default=5_000)
    asked.add_argument("--requests", type=int, default=20, help="of each list")
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--keep", type=Path, help="folder with the cases, made once")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="marfa-lists-") as scratch:
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
            fill(given.cases)
        people.tidy(connection)
    if given.postgresql:
        make_role()
    with as_app() if given.postgresql else contextlib.nullcontext():
        from marfa.apps.accounts.models import User
        from marfa.apps.cases.models import Case
        from marfa.apps.registry.models import Person

        with every_organisation():
            cases = Case.objects.count()
            some = list(Person.objects.values_list("reference", "code", "sex")[:200])
        boss = people.browser(User.objects.get(username="supervisor"))
        worker = people.browser(User.objects.get(username="protection"))
        print(f"{cases} cases on {connection.vendor}, {people.cores()} cores")
        people.references(worker, some)
        lists(boss, worker, given.requests)


def fill(cases: int) -> None:
    """People with a case each, and who works on it."""
    from marfa.apps.accounts.actions import create_user
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.actions import grant_role
    from marfa.apps.organisations.models import Assignment, Site
    from marfa.apps.organisations.queries import data_controller
    from marfa.apps.reception.models import QueueEntry
    from marfa.demo.build import build_demo
    from marfa.demo.operation.bulk_rows import bulk_write
    from marfa.safeguards.words import Role

    build_demo(without=("registry", "consents", "reception", "figures"))
    workers = [User.objects.get(username="protection").pk]
    for n in range(max(cases // EACH, 1)):
        user = create_user(username=f"worker{n}", display_name=f"Worker {n}")
        grant_role(user=user, role=Role.CASE_WORKER, organisation=data_controller())
        workers.append(user.pk)
    sites = list(Site.objects.filter(organisation=data_controller()))
    draw, rows = random.Random(1), []
    for person, case in made_rows(cases, sites, workers, draw):
        rows.append((person, case))
        if len(rows) == AT_ONCE:
            _write(rows, bulk_write, Assignment, QueueEntry, draw)
            rows = []
    if rows:
        _write(rows, bulk_write, Assignment, QueueEntry, draw)


def made_rows(
    count: int, sites: list[Any], workers: list[Any], draw: random.Random
) -> Iterator[tuple[Any, Any]]:
    from marfa.apps.cases.models import Case
    from marfa.apps.registry.models import Person
    from marfa.domain.codes import code_of
    from marfa.domain.ids import new_id
    from marfa.platform import clock

    now, written = clock.now(), 0
    for number in range(10_000_000, 99_999_999):
        code = code_of(number)
        if code is None:
            continue
        site = draw.choice(sites)
        opened = now - timedelta(minutes=draw.randrange(60, 700 * 24 * 60))
        person = Person(
            id=new_id(),
            code=code,
            organisation_id=site.organisation_id,
            site=site,
            sex=draw.choice(("female", "male", "unknown")),
            child_until=opened.date() + timedelta(days=draw.randrange(-9000, 9000)),
            registered_at=opened,
        )
        case = Case(
            id=new_id(),
            organisation_id=site.organisation_id,
            person=person,
            site=site,
            urgency=draw.choice(("routine", "days", "days", "now")),
            source="screening",
            worker=workers[written // EACH % len(workers)],
            opened_at=opened,
            opened_by=workers[0],
            met_at=opened + (now - opened) * draw.random() if draw.random() < 0.9 else None,
        )
        yield person, case
        written += 1
        if written == count:
            return


def _write(rows: Any, bulk_write: Any, assignment: Any, entry: Any, draw: random.Random) -> None:
    from marfa.apps.registry.models import Person

    Person.objects.bulk_create(person for person, _ in rows)
    bulk_write(case for _, case in rows)
    bulk_write(
        assignment(
            user_id=case.worker,
            object_kind="Person",
            object_id=case.person_id,
            starts_at=case.opened_at,
        )
        for _, case in rows
    )
    bulk_write(
        entry(
            organisation_id=person.organisation_id,
            person=person,
            site=person.site,
            ticket=f"{draw.randrange(10**7):07}",
            since=person.registered_at,
            due_at=person.registered_at + timedelta(days=3),
            urgency=draw.randrange(3),
        )
        for person, _ in rows
        if draw.randrange(WAITING) == 0
    )


def lists(boss: Any, worker: Any, requests: int) -> None:
    from django.urls import reverse

    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.models import Site

    reception, officer, admin = (
        people.browser(User.objects.get(username=name))
        for name in ("reception", "officer", "administration")
    )
    site = Site.objects.order_by("name").values_list("reference", flat=True)[0]
    opened = reverse("caseload:concern", args=["open"])
    lonely = reverse("caseload:concern", args=["no-contact"])
    named = reverse("helped:people")
    measured = {
        "cases": (boss, opened),
        "cases, by urgency": (boss, f"{opened}?sort=-urgency"),
        "cases, by person": (boss, f"{opened}?sort=person"),
        "cases, by last met, downwards": (boss, f"{opened}?sort=-met"),
        "cases, by site, urgent": (boss, f"{opened}?sort=site&urgency=now"),
        "cases of a site, urgent": (boss, f"{opened}?urgency=now&site={site}&sort=-opened"),
        "cases, page 100": (boss, f"{opened}?sort=-opened&page=100"),
        "cases without a contact, by urgency": (boss, f"{lonely}?sort=-urgency"),
        "cases that need to be met": (boss, f"{opened}?needs=never-met"),
        "my cases, by urgency": (worker, f"{reverse('caseload:mine')}?sort=-urgency"),
        "people": (boss, named),
        "people, adults, by sex": (boss, f"{named}?age=adult&sort=sex"),
        "people of a site, by code": (boss, f"{named}?site={site}&sort=person"),
        "queue": (reception, reverse("queue:site")),
        "queue, late, by ticket": (reception, reverse("queue:site") + "?late=late&sort=ticket"),
        "to be spoken with": (reception, reverse("to_screen:queue")),
        "waiting for protection": (worker, reverse("hand_overs:all")),
        "referrals to us": (worker, reverse("referred:all")),
        "forms that came in": (boss, reverse("forms:came")),
        "accounts, by state": (admin, reverse("organisations:people") + "?sort=-sign-in"),
        "log, denied": (officer, reverse("log:search") + "?outcome=denied"),
    }
    for name, (client, address) in measured.items():
        each = [address] * requests
        spent = people.timed(lambda there, by=client: people.get(by, there), each)
        asked = people.queries(lambda there=address, by=client: people.get(by, there))
        people.say(name, spent, asked)


if __name__ == "__main__":
    main()

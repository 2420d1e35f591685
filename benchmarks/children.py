"""The board, the page of a child and all clocks, with many children.

    python benchmarks/children.py                                      2,000 children on SQLite
    python benchmarks/children.py --children 20000 --postgresql

The numbers to hold, with 20,000 children on PostgreSQL and two cores: the board p95 200 ms, the
page of a child p95 150 ms, all clocks worked out anew from the tables within 2 s. Every child has a
case, all of them open; a third is referred. What is sealed is left out: none of this opens it. The
reference of the same run is one plain query for a person's row by its key.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

import lists  # noqa: E402
import people  # noqa: E402


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--children", type=int, default=2_000)
    asked.add_argument("--requests", type=int, default=40)
    asked.add_argument("--postgresql", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="marfa-children-") as scratch:
        if given.postgresql and people.ADDRESS not in os.environ:
            from tests.support.postgres import start_cluster

            os.environ[people.ADDRESS] = start_cluster(Path(scratch) / "postgresql", durable=True)
        people.open_installation(Path(scratch) / "data", True)
        measure(given)


def measure(given: argparse.Namespace) -> None:
    from django.db import connection
    from tests.support.rows import as_app, make_role

    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        lists.fill(given.children)
        make_children()
        people.tidy(connection)
    if given.postgresql:
        make_role()
    with as_app() if given.postgresql else contextlib.nullcontext():
        pages(given)
        with every_organisation():
            clocks()


def make_children() -> None:
    """All of them children; a third is referred; what is owed to each is stored in bulk."""
    from marfa.apps.cases.models import Case
    from marfa.apps.children.actions.duties import COLUMNS, duties_to_be
    from marfa.apps.children.models import Duty
    from marfa.apps.organisations.models import Site
    from marfa.apps.referrals.models import Referral
    from marfa.apps.registry.models import Person
    from marfa.demo.operation.bulk_rows import bulk_write
    from marfa.platform import clock

    now, draw = clock.now(), random.Random(3)
    Person.objects.update(child_until=now.date() + timedelta(days=2000))
    sites = list(Site.objects.values_list("pk", flat=True))
    rows = []
    for case in Case.objects.order_by("pk"):
        if draw.random() < 0.33:
            rows.append(
                Referral(
                    organisation_id=case.organisation_id,
                    person_id=case.person_id,
                    case=case,
                    kind="transfer",
                    way="inside",
                    site_id=next(key for key in sites if key != case.site_id),
                    purpose="child_protection",
                    urgency="days",
                    state="sent",
                    sent_at=now,
                    sent_by=case.opened_by,
                    due_at=now + timedelta(hours=24),
                )
            )
    bulk_write(rows)
    found = [
        Duty(
            organisation_id=case.organisation_id,
            person_id=key,
            **{name: getattr(followed.owed, name) for name in COLUMNS},
        )
        for case, key, followed in _each(duties_to_be)
    ]
    bulk_write(found)


def _each(duties_to_be: Any) -> Any:
    from marfa.apps.cases.models import Case

    cases = {case.person_id: case for case in Case.objects.all()}
    for key, _before, followed in duties_to_be(set(cases)):
        yield cases[key], key, followed


def pages(given: argparse.Namespace) -> None:
    from django.urls import reverse

    from marfa.apps.accounts.models import User
    from marfa.apps.children.models import Duty
    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        some = list(Duty.objects.values_list("person__reference", flat=True)[: given.requests])
        known = list(Duty.objects.values_list("person__reference", "person__code", "person__sex"))
        print(f"{len(known)} children, {people.cores()} cores")
    boss = people.browser(User.objects.get(username="supervisor"))
    people.references(boss, known[:200])
    board = reverse("children:board")
    measured = {
        "board": [board] * given.requests,
        "board, late, by code": [f"{board}?clock=late&sort=child"] * given.requests,
        "board, satisfied, page 100": [f"{board}?clock=satisfied&page=100"] * given.requests,
        "page of a child": [reverse("children:child", args=[each]) for each in some],
    }
    for name, each in measured.items():
        spent = people.timed(lambda there: people.get(boss, there), each)
        asked = people.queries(lambda there=each[0]: people.get(boss, there))
        people.say(name, spent, asked)


def clocks() -> None:
    """All clocks worked out anew, as the hourly job does."""
    from marfa.apps.children.jobs import people_with_duties, recheck_duties

    for _ in range(3):
        begun, used = time.perf_counter(), time.process_time()
        keys = people_with_duties()
        changed = recheck_duties(people=keys)
        spent, own = time.perf_counter() - begun, time.process_time() - used
        print(f"all clocks: {spent:.2f} s (own processor {own:.2f} s), {changed} put right")


if __name__ == "__main__":
    main()

"""What row-level security costs a request on PostgreSQL, against the same request without it.

A request here is one transaction with three reads: a row by its key, a page of 50 rows of one's own
organisation, and a count of them, in a table of 20,000 people of ten organisations with 200
openings. The reference is the same as a superuser, whom no policy binds. Each way is measured in
blocks that take turns, so that a busy machine slows all of them.

    python benchmarks/rowsecurity.py
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["MARFA_TEST_DATABASE"] = "postgresql"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.support.settings"

PEOPLE, ORGANISATIONS, OPENINGS = 20_000, 10, 200
BLOCKS, ROUNDS = 30, 40


def main() -> None:
    from tests.support.postgres import binaries

    if binaries() is None:
        print("PostgreSQL was not found: nothing to measure")
        return
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", run_syncdb=True, verbosity=0)
    organisations = make_rows()
    from tests.support.rows import as_app, make_role, protect

    make_role()
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON harbour_person (organisation_id, id)")
        cursor.execute("ANALYZE")
    protect()
    print(f"{PEOPLE} people, {ORGANISATIONS} organisations, {OPENINGS} openings; {BLOCKS * ROUNDS}")
    print("requests each; median and, less moved by other work on the machine, tenth percentile")
    ways = {
        "without row security (reference)": (nullcontext, False),
        "context told, not bound by it": (nullcontext, True),
        "row security": (as_app, True),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(BLOCKS):
        for name, (role, with_context) in ways.items():
            with role():
                seconds[name] += measure(organisations, with_context=with_context)
    reference = seconds["without row security (reference)"]
    for name, found in seconds.items():
        report(name, found, reference)


def make_rows() -> list[Any]:
    from datetime import timedelta

    from tests.support.harbour.models import Person

    from marfa.apps.organisations.actions import create_organisation, open_to_organisation
    from marfa.apps.organisations.models import Organisation
    from marfa.platform import clock

    kinds = [Organisation.Kind.CONTROLLER] + [Organisation.Kind.GUEST] * (ORGANISATIONS - 1)
    made = [create_organisation(name=f"o{n}", kind=kind) for n, kind in enumerate(kinds)]
    rows = [Person(organisation_id=made[n % ORGANISATIONS].pk) for n in range(PEOPLE)]
    Person.objects.bulk_create(rows)
    for n in range(OPENINGS):
        open_to_organisation(
            organisation=made[(n + 1) % ORGANISATIONS],
            object_kind="Person",
            object_id=rows[n].pk,
            until=clock.now() + timedelta(days=30),
            owner=made[n % ORGANISATIONS].pk,
        )
    return [(each.pk, rows[n].pk) for n, each in enumerate(made)]


def measure(organisations: list[Any], *, with_context: bool) -> list[float]:
    """Seconds of each request of a block."""
    from django.db import transaction
    from tests.support.harbour.models import Person

    from marfa.platform.rowsecurity.context import row_context

    def request(organisation: Any, person: Any) -> None:
        own = Person.objects.filter(organisation_id=organisation)
        with row_context([organisation]) if with_context else nullcontext(), transaction.atomic():
            assert Person.objects.get(pk=person)
            assert len(own.order_by("id")[:50]) == 50
            assert own.count() == PEOPLE // ORGANISATIONS

    return timed(request, organisations)


def timed(request: Callable[[Any, Any], None], organisations: list[Any]) -> list[float]:
    seconds = []
    for n in range(ROUNDS):
        begun = time.perf_counter()
        request(*organisations[n % len(organisations)])
        seconds.append(time.perf_counter() - begun)
    return seconds


def _figures(seconds: list[float]) -> tuple[float, float]:
    return statistics.median(seconds), statistics.quantiles(seconds, n=10)[0]


def report(name: str, seconds: list[float], reference: list[float]) -> None:
    middle, low = statistics.median(seconds), statistics.quantiles(seconds, n=10)[0]
    middle_before, low_before = (
        statistics.median(reference),
        statistics.quantiles(reference, n=10)[0],
    )
    print(
        f"{name:34} {middle * 1000:6.3f} ms ({middle / middle_before:4.2f} x)"
        f"   {low * 1000:6.3f} ms ({low / low_before:4.2f} x, {(low - low_before) * 1000:+.3f} ms)"
    )


if __name__ == "__main__":
    main()

"""People at their desks, all at once, against the server as an operator runs it, on PostgreSQL.

    python benchmarks/web.py                                  2,000 people, 10 users, about a minute
    python benchmarks/web.py --people 100000 --users 50 --requests 3000 --think 10
    python benchmarks/web.py --setting threads=8 --setting processes=2

The number to hold, with 100,000 people and 50 users on two cores: p95 400 ms over all clicks, and
no error. The database, the server with its worker and its process that finds names, and the
clicking share the machine; all are on loopback and end with this command. Everybody of a generated
population has a case (population.py, caseload.py). Each user has a session of their own and clicks
what people at their desk click, with pauses: 50 users who read a page for ten seconds click five
times a second. A click is good where the page came that was asked for, known by its heading or its
address; all others are errors, and are named. Afterwards the same clicks come without any pause,
which says how much the server can do, and not how it feels. The reference, in both, is Marfa's page
of one's own account, which shows nobody. Processor time is that of the server's processes and of
the database's, and is little moved by what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from tests.support.installation import Served, free_port, serving  # noqa: E402
from tests.support.postgres import binaries, start_cluster  # noqa: E402

import people  # noqa: E402
from clicks import LANGUAGE, REFERENCE, Ask, Click, Site, Taken, Visitor, load  # noqa: E402

LIMIT_MS = 400
DESKS = "RWRWSRWRWORWRWRWRSRWRWRWR"
"""Who sits there: reception, case workers, supervisors and the office, for each 25 users."""
QUEUED = 30
"""Households that were registered today and wait at the measured site."""
SOME_PEOPLE = 300
SOME_CASES = 100
ROLES = ("marfa_app", "marfa_worker")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--people", type=int, default=2_000)
    asked.add_argument("--users", type=int, default=10)
    asked.add_argument("--requests", type=int, default=300, help="of all users, with pauses")
    asked.add_argument("--think", type=float, default=2.0, help="seconds between two clicks")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--setting", action="append", default=[], help="of the server: NAME=VALUE")
    given = asked.parse_args()
    if min(given.people, given.users, given.requests) < 1 or given.think < 0:
        asked.error("numbers must be positive")
    if any("=" not in each for each in given.setting):
        asked.error("--setting takes NAME=VALUE")
    if binaries() is None:
        print("PostgreSQL was not found: nothing to measure")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="marfa-web-") as scratch:
        run(given, Path(scratch))


def run(given: argparse.Namespace, scratch: Path) -> None:
    cluster = start_cluster(scratch / "postgresql", durable=True)
    addresses = roles(cluster)
    os.environ[people.ADDRESS] = cluster
    people.open_installation(scratch / "data", made=True)
    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        staffed = Staff.make(given)
    settings = dict(each.split("=", 1) for each in given.setting)
    own = {f"MARFA_{name.upper()}": value for name, value in settings.items()}
    with serving("demo", scratch / "data", port=free_port(), **addresses, **own) as served:
        measure(given, served, staffed, scratch / "postgresql")


def roles(cluster: str) -> dict[str, str]:
    """Addresses of the server's roles, which row security binds; the tables are another's."""
    import psycopg

    with psycopg.connect(cluster, autocommit=True) as connection:
        for role in ROLES:
            connection.execute(f"CREATE ROLE {role} LOGIN")
    names = ("MARFA_DATABASE", "MARFA_DATABASE_WORKER")
    return {
        name: cluster.replace("user=marfa", f"user={role}")
        for name, role in zip(names, ROLES, strict=True)
    }


# Who works there, and on what


@dataclass(frozen=True)
class Staff:
    """One-time links of the users and what each of them may click, before the server runs."""

    links: list[str]
    clicks: list[list[Click]]
    cookies: str

    @classmethod
    def make(cls, given: argparse.Namespace) -> Staff:
        from django.conf import settings
        from django.db import connection
        from django.urls import reverse

        from marfa.apps.accounts.actions import issue_sign_in_link
        from marfa.platform.rowsecurity.grants import grant_to

        grant_to(ROLES)
        people.fill(given.people)
        users = employ(given.users)
        give_cases([user for desk, user in users if desk == "W"])
        people_came(random.Random(given.seed))
        people.tidy(connection)
        secrets_of = [
            issue_sign_in_link(user=user, valid_for=timedelta(hours=1)) for _desk, user in users
        ]
        connection.close()
        return cls(
            [reverse("accounts:link", args=[secret]) for secret in secrets_of],
            [clicks_of(desk, user) for desk, user in users],
            settings.SESSION_COOKIE_NAME.removesuffix("session"),
        )


def employ(users: int) -> list[tuple[str, Any]]:
    """So many users with a role each, in turns of DESKS."""
    from marfa.apps.accounts.actions import create_user
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.actions import grant_role
    from marfa.apps.organisations.queries import data_controller
    from marfa.safeguards.words import Role

    here = people.at_reception(User.objects.get(username="reception"))
    held = {
        "R": (Role.RECEPTION_OFFICER, here),
        "W": (Role.CASE_WORKER, None),
        "S": (Role.SUPERVISOR, None),
        "O": (Role.ADMINISTRATOR, None),
    }
    found = []
    for number in range(users):
        desk = DESKS[number % len(DESKS)]
        user = create_user(username=f"user{number}", display_name=f"User {number}")
        role, site = held[desk]
        grant_role(user=user, role=role, organisation=data_controller(), site=site)
        found.append((desk, user))
    return found


def give_cases(workers: Sequence[Any]) -> None:
    """A case for everybody: as many open ones to each who clicks as to the others of the house."""
    from caseload import EACH, OPEN_SHARE, open_cases
    from marfa.apps.accounts.actions import create_user
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.actions import grant_role
    from marfa.apps.organisations.queries import data_controller
    from marfa.apps.registry.models import Person
    from marfa.safeguards.words import Role

    needed = int(Person.objects.count() * OPEN_SHARE / EACH)
    others = [user.pk for user in workers]
    for n in range(max(needed - len(others), 1)):
        user = create_user(username=f"worker{n}", display_name=f"Worker {n}")
        grant_role(user=user, role=Role.CASE_WORKER, organisation=data_controller())
        others.append(user.pk)
    for written in open_cases(User.objects.get(username="protection"), others):
        print(f"\r{written:9} cases written", end="", flush=True)
    print()


def people_came(draw: random.Random) -> None:
    """Households of today, who stand in the queue."""
    from made_names import Names
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.queries import actor_of
    from marfa.apps.registry.actions import NewMember, NewName, NewPerson, register_household
    from marfa.domain.ids import new_id
    from marfa.safeguards.words import Purpose

    officer, names = User.objects.get(username="reception"), Names(draw)
    for _ in range(QUEUED):
        told = [NewPerson(names=(NewName(names.of_one()[0]),)) for _ in range(draw.randint(1, 5))]
        register_household(
            actor=actor_of(officer),
            purpose=Purpose.REGISTRATION,
            site=people.at_reception(officer),
            members=[NewMember(each, "child" if place else "") for place, each in enumerate(told)],
            batch=new_id(),
        )


# What they click


def clicks_of(desk: str, user: Any) -> list[Click]:
    """The clicks of one desk, with whom this user works on."""
    some = people.sample(SOME_PEOPLE)
    if desk == "R":
        own = reception([(reference, code) for reference, code, _name in some], user)
    elif desk == "O":
        own = office()
    else:
        cases = cases_of(user if desk == "W" else None)
        own = worker(cases) if desk == "W" else supervisor(cases)
    if desk != "O":
        own.append(searching([each[2] for each in some]))
    own.append(opening("My work", 3, "home", "My work"))
    return [*own, opening(REFERENCE, 1, "accounts:security", "My sign-in")]


def opening(kind: str, often: int, name: str, heading: str, *args: str) -> Click:
    """Open a page, known by its heading."""
    from django.urls import reverse

    return Click(kind, often, lambda _draw: Ask(reverse(name, args=args), shows=said(heading)))


def opening_one(kind: str, often: int, name: str, of: Sequence[tuple[str, str]]) -> Click:
    """Open the page of one of several, known by the code in its heading.

    of: references with codes.
    """
    from django.urls import reverse

    from marfa.domain.codes import format_code

    def ask(draw: random.Random) -> Ask:
        reference, code = draw.choice(of)
        return Ask(reverse(name, args=[reference]), shows=format_code(code))

    return Click(kind, often, ask)


def said(text: str) -> str:
    """A text of ours as the pages say it."""
    from django.utils import translation

    with translation.override(LANGUAGE):
        return translation.gettext(text)


def searching(names: Sequence[str]) -> Click:
    """Find by name, where names are looked for: not beside a process that does not answer."""
    from django.urls import reverse

    from made_names import variant

    path, heading = reverse("finding:find"), said("Find a person")
    without = [said("Names cannot be searched now"), said("Names cannot be searched yet")]

    def ask(draw: random.Random) -> Ask:
        text = variant(draw.choice(names), draw)
        return Ask(path, {"text": text}, shows=heading, lacks=without)

    return Click("find by name", 2, ask)


def registering(user: Any) -> Click:
    """Register somebody, which leads to the page that says so."""
    from django.urls import reverse

    from marfa.domain.ids import REFERENCE_LENGTH

    told = {"do": "save", "name": "Samira of the morning", "sex": "female", "born": "1990"}
    told["person"] = user.reference  # the form says who is signed in
    any_of_them = "0" * REFERENCE_LENGTH
    leads = reverse("people:one_registered", args=[any_of_them]).replace(any_of_them, "[0-9a-z]+")
    path = reverse("reception:person")
    return Click("registering a person", 1, lambda _draw: Ask(path, told, 302, leads=leads))


def writing(mine: Sequence[tuple[str, str]]) -> Click:
    """Write a note, which leads back to its case."""
    from django.urls import reverse

    told = {"kind": "note", "text": "What was agreed, in a sentence or two."}

    def ask(draw: random.Random) -> Ask:
        reference, _code = draw.choice(mine)
        leads = reverse("cases:case", args=[reference])
        return Ask(reverse("cases:note", args=[reference]), told, 302, leads=leads)

    return Click("writing a note", 1, ask)


def reception(here: Sequence[tuple[str, str]], user: Any) -> list[Click]:
    return [
        opening("the queue of the site", 3, "queue:site", "Queue"),
        opening_one("the page of a person", 4, "people:person", here),
        opening("the form of a household", 1, "reception:household", "Register a household"),
        registering(user),
        opening("the queue of screening", 1, "to_screen:queue", "Screening"),
    ]


def worker(cases: Sequence[tuple[str, str, str]]) -> list[Click]:
    mine = [(case, code) for case, _person, code in cases]
    whom = [(person, code) for _case, person, code in cases]
    return [
        opening("the caseload", 2, "caseload:mine", "My cases"),
        opening_one("the page of a case", 5, "cases:case", mine),
        opening_one("the page of a person", 2, "people:person", whom),
        opening_one("the form of a note", 1, "cases:note", mine),
        writing(mine),
        opening("who waits for protection", 1, "hand_overs:all", "Waiting for protection"),
    ]


def supervisor(cases: Sequence[tuple[str, str, str]]) -> list[Click]:
    some = [(case, code) for case, _person, code in cases]
    without = ("No next contact is planned", "no-contact")
    return [
        opening("the supervisor's board", 3, "caseload:supervision", "How the cases stand"),
        opening("the cases without a contact", 1, "caseload:concern", *without),
        opening_one("the page of a case", 2, "cases:case", some),
        opening("the board of screening", 1, "screening_board:board", "How screening works here"),
        opening("the timeline", 1, "timeline", "What happened"),
    ]


def office() -> list[Click]:
    return [
        opening("people and roles", 3, "organisations:people", "People and roles"),
        opening("organisations and sites", 1, "organisations:sites", "Organisations and sites"),
    ]


def cases_of(user: Any) -> list[tuple[str, str, str]]:
    """Open cases, with whom they are about and their code: a worker's own, or anybody's."""
    from marfa.apps.cases.models import Case
    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        found = Case.objects.filter(state=Case.State.OPEN).order_by("pk")
        if user is not None:
            found = found.filter(worker=user.pk)
        asked = found.values_list("reference", "person__reference", "person__code")
        return list(asked[:SOME_CASES])


# What is measured


def measure(given: argparse.Namespace, served: Served, staff: Staff, cluster: Path) -> None:
    site = Site(served.origin, staff.cookies)
    visitors = [
        Visitor(site.enter(link), clicks, random.Random(f"{given.seed}-{number}"))
        for number, (link, clicks) in enumerate(zip(staff.links, staff.clicks, strict=True))
    ]
    warm(site, visitors)
    print(f"{given.people} people, {given.users} users, PostgreSQL, {people.cores()} cores")
    print(f"clicked and searched for: {SOME_PEOPLE} people of one site, drawn once")
    print(f"cases: of a worker the first {SOME_CASES}, of every supervisor the same {SOME_CASES}")
    watch = Processes(cluster)
    for title, think in (
        (f"with pauses of {given.think:g} s", given.think),
        ("without any pause: how much the server can do", 0.0),
    ):
        before = watch.seconds()
        taken = load(site, visitors, given.requests, think)
        say(title, taken, before, watch)
    for name, kilobytes in sorted(watch.memory().items()):
        print(f"memory of the {name:12} {kilobytes / 1024:7.0f} MB (shared parts by share)")
    said = served.log().strip()
    if said:
        print(f"the server said: {said}")


def warm(site: Site, visitors: Sequence[Visitor]) -> None:
    """Wait until names are found, and open each kind of page once, which loads what all share."""
    import time

    from marfa.apps.name_search.client import FinderDownError, finder_client

    while True:
        try:
            if finder_client().state().warm:
                break
        except FinderDownError:
            pass
        time.sleep(0.2)
    seen = Taken()
    for visitor in (*visitors[:5], *visitors[9:10]):
        for click in visitor.clicks:
            site.timed(click.kind, click.ask(visitor.draw), visitor.cookie, seen)
    for wrong in seen.errors:
        print(f"while it was warmed: {wrong}")


def say(title: str, taken: Taken, before: dict[str, float], watch: Processes) -> None:
    clicks = sum(len(each) for each in taken.seconds.values())
    spent = {name: total - before.get(name, 0) for name, total in watch.seconds().items()}
    print(
        f"-- {title}: {clicks} clicks in {taken.passed:.0f} s, {clicks / taken.passed:.1f} a second"
    )
    middle = statistics.median(taken.seconds.get(REFERENCE) or [float("nan")])
    for kind in sorted(taken.seconds):
        line(kind, taken.seconds[kind], middle)
    every = taken.all()
    if every:
        line("ALL CLICKS", every, middle)
        print(
            f"p95 over all clicks {at(every, 0.95) * 1000:.0f} ms; limit {LIMIT_MS} ms with pauses"
        )
    print(f"errors: {len(taken.errors)}")
    for wrong in sorted(set(taken.errors)):
        print(f"  {taken.errors.count(wrong)} x {wrong}")
    each = ", ".join(f"{name} {s / max(clicks, 1) * 1000:.0f} ms" for name, s in spent.items())
    print(f"processor time a click: {each}")


def line(kind: str, seconds: Sequence[float], middle: float) -> None:
    p50, p95, p99 = (at(seconds, share) * 1000 for share in (0.5, 0.95, 0.99))
    print(
        f"{kind:32} {len(seconds):5} times  p50 {p50:6.0f} ms  p95 {p95:6.0f} ms"
        f"  p99 {p99:6.0f} ms  {p50 / 1000 / middle:5.1f} x the reference"
    )


def at(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))]


class Processes:
    """The processes of this run, by what they are: what they have used of processor and memory."""

    def __init__(self, cluster: Path) -> None:
        self.database = int((cluster / "data" / "postmaster.pid").read_text().split()[0])

    def _each(self) -> Iterator[tuple[str, int]]:
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parents[int(folder.name)] = int(fields(folder)[1])
            except OSError:
                continue
        for pid in parents:
            line = list(ancestors(pid, parents))
            if self.database in line:
                yield "database", pid
            elif os.getpid() in line[1:]:
                yield kind_of(pid), pid

    def seconds(self) -> dict[str, float]:
        """Processor seconds, those of processes that have ended with them."""
        found: dict[str, float] = {}
        for name, pid in self._each():
            try:
                ticks = sum(map(int, fields(Path(f"/proc/{pid}"))[11:15]))
            except OSError:
                continue
            found[name] = found.get(name, 0) + ticks / os.sysconf("SC_CLK_TCK")
        return found

    def memory(self) -> dict[str, int]:
        """Kilobytes, what several share counted once."""
        found: dict[str, int] = {}
        for name, pid in self._each():
            try:
                text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            shares = [int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:")]
            found[name] = found.get(name, 0) + sum(shares)
        return found


def fields(folder: Path) -> list[str]:
    """What the kernel says of a process, after its name: state, parent, and so on."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid in parents:
        yield pid
        pid = parents[pid]


def kind_of(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "others"
    for name in ("worker", "finder"):
        if name.encode() in words:
            return name
    return "server" if b"marfa" in words else "others"


if __name__ == "__main__":
    main()

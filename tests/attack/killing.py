"""Writers that are killed in the middle, and whether what was acknowledged is there afterwards.

python -m tests.attack.killing FOLDER SEED KILLS SECONDS [hasty] [few]

Two processes at a time send forms to the pages of an installation, and say after each answer what
was written. All of them are killed at a moment of chance, and others take their place. At the end
everything that was acknowledged is looked for. Prints what was found as JSON.

hasty: answers before it commits, as no server should: the control. few: forms of some people alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

AT_ONCE = 2
MOST_BEFORE = 7
"""Writes of a pair of writers before they are killed, at most."""
LONGEST_PAUSE = 0.05
CRASH_EVERY = 20
"""PostgreSQL itself is let crash in every so manieth round: one of its processes is killed, and it
then ends all others and recovers from its journal."""
STUCK = 60
HOST = {"host": "localhost"}
PAGES, PAGES_OF_FEW = 160, 30
"""How many pages of one person are looked at for forms."""
SOME = ("administration", "protection", "reception", "supervisor")


@dataclass
class Tally:
    """rows: a row that was written -> the page that wrote it. entries: place in the log -> hash.
    gone: rows that a writer began to delete."""

    kills: int = 0
    crashes: int = 0
    starts: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    rows: dict[str, str] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def take(self, line: str) -> bool:
        """A line that a writer said; whether it acknowledges a write."""
        told = json.loads(line)
        match told["what"]:
            case "sends":
                self.sent[told["view"]] += 1
            case "deletes":
                self.gone.add(told["row"])
            case "answered":
                self.acknowledged[told["view"]] += 1
                self.rows |= dict.fromkeys(told["rows"], told["view"])
                self.entries |= told["entries"]
                return True
        return False


class Writer:
    """One process that sends forms until it is killed."""

    def __init__(self, chance: random.Random, pipe: int, hasty: bool) -> None:
        self.chance, self.pipe, self.hasty = chance, pipe, hasty
        self.saved: list[str] = []
        self.count = 0

    def say(self, **told: Any) -> None:
        os.write(self.pipe, (json.dumps(told) + "\n").encode())

    def watch(self) -> None:
        """Hear of each row that is saved or deleted."""
        from django.db.models.signals import post_save, pre_delete

        def saved(sender: Any, instance: Any, **_: Any) -> None:
            self.saved.append(row_of(instance))

        def deleted(sender: Any, instance: Any, **_: Any) -> None:
            self.say(what="deletes", row=row_of(instance))

        post_save.connect(saved, weak=False)
        pre_delete.connect(deleted, weak=False)

    def words(self) -> str:
        self.count += 1
        return f"Harbour {os.getpid()} {self.count}"

    def write(self, client: Any, place: Any) -> None:
        """Fill in a form that stands on a page, send it, and say what was written."""
        from django.db import transaction

        from marfa.platform import clock
        from tests.attack.page_forms import page_forms
        from tests.attack.write_paths import filled_in, view_of

        answer = client.get(place.page)
        if answer.status_code != 200:
            return
        forms = page_forms(answer.content.decode(errors="replace"))
        fits = [
            form
            for form in forms
            if form.method == "post" and view_of(form.action or place.page) == place.view
        ]
        if not fits:
            return
        form = self.chance.choice(fits)
        sent: dict[str, list[str]] = {}
        for name, value in filled_in(form, self.chance, self.words):
            sent.setdefault(name, []).append(value)
        self.saved.clear()
        self.say(what="sends", view=place.view)
        begun = clock.now()
        whole = transaction.atomic()
        # As Django marks its own, so that what must commit at once may be in it.
        whole._from_testcase = True  # type: ignore[attr-defined]
        with whole if self.hasty else contextlib.nullcontext():
            answer = client.post(form.action or place.page, sent)
            entries = entries_since(begun)
            if answer.status_code < 400 and (self.saved or entries):
                self.say(what="answered", view=place.view, rows=self.saved, entries=entries)
                if self.hasty:
                    time.sleep(0.05)


def row_of(instance: Any) -> str:
    return f"{instance._meta.label} {instance.pk}"


def entries_since(begun: Any) -> dict[str, str]:
    """What stands in the log since then: place -> hash."""
    from marfa.safeguards.audit.models import Entry

    found = Entry.objects.filter(at__gte=begun).values_list("place", "hash")
    return {str(place): bytes(digest).hex() for place, digest in found}


def work(places: list[Any], seed: str, pipe: int, tally: Tally, hasty: bool) -> None:
    """Write until killed; what was sent least comes first."""
    from marfa.apps.accounts.models import User
    from tests.conftest import signed_in

    writer = Writer(random.Random(seed), pipe, hasty)
    users = {user.username: user for user in User.objects.all()}
    clients: dict[str, Any] = {}
    sent = Counter(tally.sent)
    writer.watch()
    while True:
        place = writer.chance.choices(places, weights_of(places, tally.acknowledged, sent))[0]
        sent[place.view] += 1
        if place.user not in clients:
            clients[place.user] = signed_in(
                users[place.user], headers=HOST, raise_request_exception=False
            )
        # Whatever a page answers, it is the durability of what it acknowledged that is looked at.
        with contextlib.suppress(AssertionError, ValueError, LookupError):
            writer.write(clients[place.user], place)


def kill_and_count(
    places: list[Any], seed: int, kills: int, seconds: float, hasty: bool, tally: Tally
) -> None:
    """Start pairs of writers and kill them, until so many were killed or the time is over."""
    from django.db import connections

    chance, end = random.Random(seed), time.monotonic() + seconds
    while tally.kills < kills and time.monotonic() < end:
        wait_for_database()
        let_in_again({each.user for each in places})
        connections.close_all()
        reading, writing = os.pipe()
        started = []
        for number in range(AT_ONCE):
            pid = os.fork()
            if pid == 0:
                os.close(reading)
                with telling_why():
                    work(
                        places,
                        f"{seed} {tally.starts} {number}",
                        writing,
                        tally,
                        hasty,
                    )
                os._exit(1)
            started.append(pid)
        tally.starts += AT_ONCE
        os.close(writing)
        text = listen(reading, chance.randint(2, MOST_BEFORE), tally)
        time.sleep(chance.uniform(0, LONGEST_PAUSE))
        if tally.kills % CRASH_EVERY == CRASH_EVERY - 1:
            tally.crashes += crash_database()
        for pid in started:
            os.kill(pid, signal.SIGKILL)
        for pid in started:
            os.waitpid(pid, 0)
        # What was said before the end was acknowledged; of half a line it is not known.
        with os.fdopen(reading, "rb") as rest:
            for line in (text + rest.read()).split(b"\n")[:-1]:
                tally.take(line.decode())
        tally.kills += 1


@contextlib.contextmanager
def telling_why() -> Iterator[None]:
    """A writer ends by being killed; one that ends by itself says why."""
    try:
        yield
    except BaseException:
        traceback.print_exc()


def weights_of(places: list[Any], acknowledged: Counter[str], sent: Counter[str]) -> list[float]:
    """What seldom writes is sent seldom; of what writes, that which did least comes first."""
    pages = Counter(each.view for each in places)

    def weight(view: str) -> float:
        succeeds = (acknowledged[view] + 1) / (sent[view] + 2)
        return float(succeeds**2 / (1 + acknowledged[view]) ** 0.5 / pages[view])

    weights = {view: weight(view) for view in pages}
    return [weights[each.view] for each in places]


def let_in_again(users: set[str]) -> None:
    """Blocking somebody is a write like others; those who come after write as them again."""
    from marfa.apps.accounts.models import User

    User.objects.filter(username__in=users, is_active=False).update(is_active=True)


def crash_database() -> int:
    """Kill a process of PostgreSQL that serves a writer; how many crashes that makes."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        pids = [row[0] for row in cursor.fetchall()]
    connection.close()
    if not pids:
        return 0
    os.kill(pids[0], signal.SIGKILL)
    return 1


def wait_for_database() -> None:
    """Until it has recovered."""
    from django.db import OperationalError, connection

    end = time.monotonic() + STUCK
    while True:
        try:
            connection.close()
            connection.ensure_connection()
            break
        except OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
    connection.close()


def listen(pipe: int, writes: int, tally: Tally) -> bytes:
    """Hear what writers say until so many writes are acknowledged; what is left of a line."""
    text, end = b"", time.monotonic() + STUCK
    while writes > 0 and time.monotonic() < end:
        if not select.select([pipe], [], [], 1)[0]:
            continue
        said = os.read(pipe, 65536)
        if not said:
            break
        *lines, text = (text + said).split(b"\n")
        writes -= sum(tally.take(line.decode()) for line in lines)
    return text


def lost(tally: Tally) -> list[str]:
    """What was acknowledged and is not there."""
    from django.apps import apps

    from marfa.safeguards.audit.models import Entry

    found = []
    by_model: dict[str, dict[str, str]] = {}
    for row in tally.rows:
        if row not in tally.gone:
            label, _, key = row.partition(" ")
            by_model.setdefault(label, {})[key] = row
    for label, keys in by_model.items():
        model = apps.get_model(label)
        there = {str(key) for key in model._base_manager.values_list("pk", flat=True)}
        found += [f"{row} of {tally.rows[row]}" for key, row in keys.items() if key not in there]
    stored = {
        str(place): bytes(digest).hex()
        for place, digest in Entry.objects.values_list("place", "hash")
    }
    found += [
        f"entry {place}" for place, digest in tally.entries.items() if stored.get(place) != digest
    ]
    return found


@dataclass(frozen=True)
class Found:
    """What a run ends with. views: acknowledged writes of each page. never: forms that were sent
    and never wrote anything."""

    kills: int
    crashes: int
    sent: int
    acknowledged: int
    rows: int
    entries: int
    lost: list[str]
    intact: bool
    log: list[str]
    views: dict[str, int]
    never: list[str]


def main(folder: Path, seed: int, kills: int, seconds: float, how: list[str]) -> None:
    from marfa.cli.server.installation import open_installation

    open_installation(folder)
    tally = Tally()
    kill_and_count(places_in(folder, "few" in how), seed, kills, seconds, "hasty" in how, tally)
    sys.stdout.write(json.dumps(asdict(found_of(tally))))


def places_in(folder: Path, few: bool) -> list[Any]:
    """All forms that somebody comes to, or some people to a few; what a first run found lies beside
    the folder."""
    from marfa.apps.accounts.models import User
    from tests.attack.write_paths import Place, forms_found
    from tests.conftest import signed_in

    kept = folder.with_name(f"{folder.name}.{'few' if few else 'forms'}.json")
    if kept.exists():
        return [Place(*row) for row in json.loads(kept.read_text(encoding="utf-8"))]
    places: dict[Place, None] = {}
    known = User.objects.filter(is_active=True).order_by("username")
    for user in known.filter(username__in=SOME) if few else known:
        client = signed_in(user, headers=HOST, raise_request_exception=False)
        places |= dict.fromkeys(forms_found(user.username, client, PAGES_OF_FEW if few else PAGES))
    if not places:
        raise RuntimeError("nobody comes to a form")
    kept.write_text(json.dumps([[each.user, each.page, each.view] for each in places]))
    return list(places)


def found_of(tally: Tally) -> Found:
    from marfa.platform.rowsecurity.context import every_organisation

    wait_for_database()
    with every_organisation():
        missing = lost(tally)
    return Found(
        kills=tally.kills,
        crashes=tally.crashes,
        sent=tally.sent.total(),
        acknowledged=tally.acknowledged.total(),
        rows=len(tally.rows),
        entries=len(tally.entries),
        lost=missing,
        intact=is_intact(),
        log=problems_of_log(),
        views=dict(tally.acknowledged),
        never=sorted(tally.sent.keys() - tally.acknowledged.keys()),
    )


def is_intact() -> bool:
    """Whether SQLite finds its file whole; PostgreSQL would not have started."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            return True
        cursor.execute("PRAGMA integrity_check")
        return bool(cursor.fetchall() == [("ok",)])


def problems_of_log() -> list[str]:
    """What is wrong in the log's chains, as an export of it shows."""
    from marfa.safeguards.audit.export import export_lines
    from marfa.safeguards.audit.verification import verify_export

    return [fault.fault.value for fault in verify_export(export_lines()).faults]


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        seed=int(sys.argv[2]),
        kills=int(sys.argv[3]),
        seconds=float(sys.argv[4]),
        how=sys.argv[5:],
    )

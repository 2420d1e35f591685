"""A world of people that lives for years, beside a plain account of what should be left of each.

The account counts days with whole numbers and knows nothing of the register. ``FAULTS`` are
defects to plant, one at a time; the machine must fail with each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
from django.db import connection, transaction
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation
from marfa.apps.privacy import access, erasure, retention
from marfa.apps.privacy.access_text import as_html, as_text
from marfa.apps.privacy.actions import lift_hold, place_hold
from marfa.apps.privacy.models import Hold
from marfa.apps.privacy.shredders import jobs, rows
from marfa.apps.privacy.shredders.files import FileShredder
from marfa.apps.privacy.shredders.history import HistoryShredder
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.files.actions import append_to_upload, start_upload
from marfa.platform.files.blobs import path_of
from marfa.platform.files.models import StoredFile
from marfa.platform.jobs.models import Job
from marfa.platform.revisions.actions import create_row
from marfa.platform.revisions.drafts import save_draft
from marfa.platform.revisions.models import Draft, Revision
from marfa.platform.rowsecurity.ownership import INSTALLATION
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.fields import footprint
from tests.support.by_two import erase_by_two
from tests.support.quay.models import Bond, Guest, Mention, Stay, Suspicion

START = date(2026, 3, 1)
COMMAND = Actor(id=new_id(), kind=ActorKind.COMMAND)
CASE, MENTION, EVIDENCE = 1827, 365, 7305
"""Days of the classes, as the code list says in words: five years, one year, twenty years."""


@dataclass
class Known:
    """What should be there of one person. left: the day they left, in days since the start;
    watched: the day from which the inquiry is past its period, None when it is gone."""

    code: str
    key: UUID
    stay: UUID
    blob: str
    gone: bool = False
    left: int | None = None
    watched: int | None = None
    said: list[int] = field(default_factory=list)
    holds: dict[UUID, int] = field(default_factory=dict)
    ties: list[UUID] = field(default_factory=list)

    def is_held(self, day: int) -> bool:
        return any(until >= day for until in self.holds.values())


class World(RuleBasedStateMachine):
    """Arrivals, words about others, ties, holds, time, erasure, the end of retention, access."""

    people = Bundle("people")

    @initialize(target=people)
    def begin(self) -> Any:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:  # no power fails here
                cursor.execute("PRAGMA synchronous = OFF")
        for model in (Mention, Bond, Suspicion, Stay, Guest, Hold, Draft, Job):
            model._base_manager.all().delete()
        Revision.objects.all().delete()
        for file in StoredFile.objects.all():
            path_of(file.blob).unlink(missing_ok=True)
        StoredFile.objects.all().delete()
        self.day = 0
        self.known: list[Known] = []
        now = self.now()
        Organisation.objects.get_or_create(
            kind=Organisation.Kind.CONTROLLER, defaults={"name": "C", "created_at": now}
        )
        self.worker, _ = User.objects.get_or_create(
            username_key="worker",
            defaults={"username": "worker", "display_name": "W", "created_at": now},
        )
        return multiple(self._arrival(paper=True), self._arrival(paper=False))

    def now(self) -> datetime:
        return datetime.combine(START, datetime.min.time(), tzinfo=UTC) + timedelta(
            days=self.day, hours=13
        )

    def at(self, day: int) -> date:
        return START + timedelta(days=day)

    @rule(target=people)
    def arrive(self) -> Known:
        return self._arrival(paper=False)

    def _arrival(self, *, paper: bool) -> Known:
        code = f"person-{len(self.known):03}-x"
        with clock.set_to(self.now()):
            before = self.known[-1].code if self.known else "nobody"
            guest = Guest(code=code)
            stay = Stay(bed=f"bed of {code}", story=f"shares it with {before}")
            with transaction.atomic():
                create_row(guest, actor=None, purpose="test", action="arrive")
                stay.guest = guest
                create_row(stay, actor=self.worker.pk, purpose="test", action="arrive")
            save_draft(
                user=self.worker.pk,
                form="stay",
                subject=stay.pk,
                content={"note": code},
                keep_for=timedelta(days=40_000),
                owner=INSTALLATION,
            )
            Job.objects.create(
                name="test.look",
                arguments={"rows": [str(stay.pk)]},
                run_at=self.now(),
                created_at=self.now(),
            )
            blob = self._give_file(stay) if paper else ""
            # Over before anybody goes, who would be kept for it: see test_rights.
            long_ago = self.now() - timedelta(days=EVIDENCE - CASE)
            Suspicion.objects.create(person=guest.pk, text="watched", touched_at=long_ago)
        person = Known(code, guest.pk, stay.pk, blob, watched=self.day + CASE)
        self.known.append(person)
        return person

    def _give_file(self, stay: Stay) -> str:
        file = start_upload(
            uploader_id=self.worker.pk,
            size=2,
            name="p.txt",
            media_type="text/plain",
            owner=INSTALLATION,
        )
        append_to_upload(file=file, offset=0, source=BytesIO(b"ab"))
        Stay.objects.filter(pk=stay.pk).update(paper=file)
        return file.blob

    def _another(self, person: Known) -> Known | None:
        others = (each for each in self.known if not (each.gone or each is person))
        return None if person.gone else next(others, None)

    @rule(about=people)
    def say_something(self, about: Known) -> None:
        if by := self._another(about):
            Mention.objects.create(
                person=about.key,
                said_by=by.key,
                text=f"words on {about.code}",
                said_on=self.at(self.day),
            )
            about.said.append(self.day)
            self.ask_for_access(by)

    @rule(one=people)
    def tie(self, one: Known) -> None:
        if other := self._another(one):
            bond = Bond.objects.create(one=one.key, other=other.key, kind="kin")
            one.ties.append(bond.pk)
            other.ties.append(bond.pk)
            self.ask_for_access(one)

    @rule(person=people, days=st.sampled_from([CASE, CASE + 1]), holding=st.booleans())
    def reach_the_end(self, person: Known, days: int, holding: bool) -> None:
        """Leave, and see what is there on the last day of the period, or the day after."""
        self.leave(person)
        if person.left is not None:
            self.day = max(self.day, person.left + days)
            if holding:
                self.hold(person, 0)
            self.retain()

    @rule(person=people)
    def leave(self, person: Known) -> None:
        if not person.gone and person.left is None:
            person.left = self.day
            Guest.objects.filter(pk=person.key).update(left_on=self.at(self.day))

    @rule(person=people, days=st.sampled_from([0, 1, 400, 2000]))
    def hold(self, person: Known, days: int) -> None:
        if not person.gone:
            with clock.set_to(self.now()):
                made = place_hold(
                    actor=COMMAND,
                    subject=person.key,
                    reason="proceedings",
                    until=self.at(self.day + days),
                )
            person.holds[made.pk] = self.day + days

    @rule(person=people)
    def lift(self, person: Known) -> None:
        if person.holds:
            key, _ = person.holds.popitem()
            with clock.set_to(self.now()):
                lift_hold(actor=COMMAND, hold=Hold.objects.get(pk=key))

    @rule(days=st.sampled_from([1, MENTION - 1, MENTION, CASE - 1, CASE]))
    def wait(self, days: int) -> None:
        self.day += days

    @rule(person=consumes(people))
    def erase(self, person: Known) -> None:
        if person.gone:
            return
        with clock.set_to(self.now()):
            try:
                erase_by_two(actor=COMMAND, subject=person.key)
            except InputError:
                assert person.is_held(self.day), "refused without a hold"
                return
        assert not person.is_held(self.day), "a hold was ignored"
        self._went(person)

    @rule()
    def retain(self) -> None:
        with clock.set_to(self.now()):
            retention.apply_retention(actor=COMMAND)
        for person in self.known:
            if person.gone or person.is_held(self.day):
                continue
            over = person.left is not None and self.day > person.left + CASE
            if person.watched is not None and self.day >= person.watched:
                person.watched = None
            if over and all(self.day > day + MENTION for day in person.said):
                self._went(person)
            else:
                person.said = [day for day in person.said if self.day <= day + MENTION]

    @rule(person=people)
    def ask_for_access(self, person: Known) -> None:
        with clock.set_to(self.now()):
            answer = access.answer_access(actor=COMMAND, subject=person.key, language="en")
        told = json.dumps(answer.as_json())
        for text in (told, as_text(answer), as_html(answer)):
            for other in self.known:
                if other is not person:
                    assert other.code not in text, "of somebody else"
                    assert str(other.key) not in text, "the key of somebody else"
            assert "watched" not in text, "of an inquiry"
            assert (f"bed of {person.code}" in text) == (not person.gone)
            assert (f"words on {person.code}" in text) == bool(person.said)

    def _went(self, person: Known) -> None:
        person.gone, person.said, person.watched = True, [], None

    @invariant()
    def what_is_left_is_what_should_be(self) -> None:
        for person in getattr(self, "known", ()):
            there = 0 if person.gone else 1
            keys = [person.key, person.stay]
            assert Guest.objects.filter(pk=person.key).count() == there, "the row"
            assert Stay.objects.filter(pk=person.stay).count() == there, "what hangs on it"
            assert Revision.objects.filter(object_id__in=keys).exists() == bool(there), "history"
            drafts = Draft.objects.filter(subject__in=map(str, keys))
            assert drafts.count() == there, "a draft"
            assert _jobs(keys) == there, "a job"
            if person.blob:
                assert path_of(person.blob).exists() == bool(there), "a file"
            watched = int(person.watched is not None)
            assert Suspicion.objects.filter(person=person.key).count() == watched, "an inquiry"
            assert Mention.objects.filter(person=person.key).count() == len(person.said), "words"
            if person.gone:
                assert not Mention.objects.filter(said_by=person.key).exists(), "as a source"
            for bond in Bond.objects.filter(pk__in=person.ties):
                assert (person.key in (bond.one, bond.other)) == bool(there), "a tie"
        alive = {person.key for person in getattr(self, "known", ()) if not person.gone}
        for person in getattr(self, "known", ()):
            if person.key in alive:
                kept = Bond.objects.filter(pk__in=person.ties).count()
                assert kept == len(person.ties), "a tie of somebody who stays"


def _jobs(keys: Iterable[UUID]) -> int:
    texts = [str(key) for key in keys]
    return sum(any(t in json.dumps(job.arguments) for t in texts) for job in Job.objects.all())


Patch = Callable[[Any], None]


def _nothing(*_: object, **__: object) -> Any:
    return set()


def _late(real: Callable[..., timedelta | None]) -> Callable[[str], timedelta | None]:
    def period_of(name: str) -> timedelta | None:
        period = real(name)
        return period - timedelta(days=1) if period else period

    return period_of


def _without(shredder: type[Any], model: type[Any]) -> Callable[[Any, Any], int]:
    """A shredder that forgets one table."""
    from marfa.apps.privacy.shredders import history

    def shred(self: Any, found: Any) -> int:
        chosen = [each for each in history._rows(found) if each.model is not model]
        return sum(each.delete()[0] for each in chosen)

    return shred


FAULTS: dict[str, Patch] = {
    "erasing ignores a hold": lambda m: m.setattr(
        erasure, "holds_on", lambda found: Hold.objects.none()
    ),
    "what is kept longer goes with the person": lambda m: m.setattr(
        retention, "_still_kept", lambda people: iter(())
    ),
    "retention ignores a hold": lambda m: m.setattr(retention, "subjects_on_hold", _nothing),
    "a period is a day short": lambda m: m.setattr(
        retention, "period_of", _late(retention.period_of)
    ),
    "a hold ends a day early": lambda m: m.setattr(
        erasure,
        "holds_in_force",
        lambda: Hold.objects.filter(lifted_at=None, until__gt=clock.now().date()),
    ),
    "a revision stays": lambda m: m.setattr(
        HistoryShredder, "shred", _without(HistoryShredder, Revision)
    ),
    "a draft stays": lambda m: m.setattr(
        HistoryShredder, "shred", _without(HistoryShredder, Draft)
    ),
    "a job stays": lambda m: m.setattr(jobs, "names_any", lambda arguments, known: False),
    "a file stays": lambda m: m.setattr(FileShredder, "shred", lambda self, found: 0),
    "a source is still named": lambda m: m.setattr(
        rows.RowShredder, "_unname", lambda self, found: None
    ),
    "what is about two goes with one": lambda m: m.setattr(footprint, "about_others", _nothing),
    "access tells of an inquiry": lambda m: m.setattr(access, "INVESTIGATING", frozenset()),
    "access tells keys of others": lambda m: m.setattr(access, "_is_key", lambda column: False),
    "access tells what a field says of others": lambda m: m.setattr(
        access, "_of_others", lambda declared, shared: False
    ),
}

"""Cases for a generated population, written in bulk as the actions write them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from marfa.apps.accounts.models import User
from marfa.apps.assistance.models import Contact, Help
from marfa.apps.cases.models import Case, CaseNote, CaseStep, Presumption, Review
from marfa.apps.organisations.models import Assignment
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.demo.operation.bulk_rows import bulk_write
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.vault.access import open_vault

AT_ONCE = 1000
OPEN_SHARE, EACH = 0.4, 80
"""How many of the cases are open, and how many open ones a worker has."""


def open_cases(worker: User, others: list[UUID], seed: int = 2) -> Iterator[int]:
    """A case for everybody who has none; gives how many were written so far, after each batch.

    worker: whose pages are measured; they have as many open cases as everybody else.
    """
    draws, written = _Draws(Random(seed), worker, others), 0
    without = Person.objects.exclude(pk__in=Case.objects.values("person_id"))
    keys = list(without.order_by("pk").values_list("pk", flat=True))
    draws.by.shuffle(keys)
    while batch := keys[written : written + AT_ONCE]:
        with transaction.atomic(), open_vault() as vault:
            vault.load(batch)
            people = list(Person.objects.filter(pk__in=batch).order_by("pk"))
            _store(people, draws)
        written += len(batch)
        yield written


class _Draws:
    """What chance decides, and who works on what."""

    def __init__(self, by: Random, worker: User, others: list[UUID]) -> None:
        self.by, self.worker, self.others = by, worker.pk, others
        sites = (held.site for held in actor_of(worker).roles if held.site)
        self.site = next(sites, None)
        self.mine = 0

    def whose(self, person: Person) -> UUID | None:
        """Whose an open case is: the worker's until they have as many as the others, and of one in
        five hundred nobody's."""
        if self.mine < EACH and self.site in (None, person.site_id):
            self.mine += 1
            return self.worker
        return None if self.by.random() < 0.002 else self.by.choice(self.others)


def _store(people: list[Person], draws: _Draws) -> None:
    cases = [_case(person, draws) for person in people]
    bulk_write(cases)
    for rows in _rows(cases, draws.by).values():
        if rows:
            bulk_write(rows)
    mine = [case for case in cases if case.worker is not None]
    bulk_write(
        Assignment(
            user_id=case.worker,
            object_kind="Person",
            object_id=case.person_id,
            starts_at=case.opened_at,
        )
        for case in mine
    )


def _case(person: Person, draws: _Draws) -> Case:
    draw = draws.by
    opened = clock.now() - timedelta(days=draw.randrange(2, 700), hours=draw.randrange(24))
    is_open = draw.random() < OPEN_SHARE
    met = opened + (clock.now() - opened) * draw.random() if draw.random() < 0.9 else None
    return Case(
        id=new_id(),
        organisation_id=person.organisation_id,
        person=person,
        site_id=person.site_id,
        state="open" if is_open else "closed",
        urgency=draw.choice(("routine", "days", "days", "now")),
        source="screening",
        worker=draws.whose(person) if is_open else draw.choice(draws.others),
        opened_at=opened,
        opened_by=draws.others[0],
        met_at=met,
        closed_at=None if is_open else clock.now(),
    )


def _rows(cases: list[Case], draw: Random) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {
        model: [] for model in (Presumption, Review, CaseStep, CaseNote, Contact, Help)
    }
    for case in cases:
        at, about = case.opened_at, _about(case)
        by = case.worker or case.opened_by
        found[Presumption].append(
            _worded(
                Presumption(**about, ground="told", made_at=at, made_by=by),
                words="They told it themselves",
            )
        )
        found[Review].append(_review(case, at, by, draw))
        found[CaseStep].append(CaseStep(**about, kind="opened", after="screening", at=at, by=by))
        for place in range(2):
            note = CaseNote(**about, at=at + timedelta(days=place), by=by)
            found[CaseNote].append(_worded(note, words="What was agreed, in a sentence or two."))
        found[Contact] += _contacts(case, at, by, draw)
        found[Help] += _help(case, at, by, draw)
    return found


def _about(case: Case) -> dict[str, Any]:
    return {"organisation_id": case.organisation_id, "person": case.person, "case": case}


def _worded(row: Any, **words: str) -> Any:
    for name, text in words.items():
        setattr(row, name, text)
    return row


def _review(case: Case, at: datetime, by: UUID, draw: Random) -> Review:
    told: dict[str, Any] = {
        **_about(case),
        "of": "presumption",
        "asked_by": by,
        "asked_at": at,
        "due_at": at + timedelta(hours=72),
    }
    if case.state == "open" and draw.random() < 0.01:
        return Review(**told)
    return Review(**told, state="agreed", answered_by=new_id(), answered_at=at)


def _contacts(case: Case, at: datetime, by: UUID, draw: Random) -> list[Contact]:
    told: dict[str, Any] = {**_about(case), "way": "in_person", "planned_at": at, "planned_by": by}
    past = [
        _worded(
            Contact(**told, state="held", due_at=when, ended_at=when, ended_by=by),
            words="She is well, and asks after her sister.",
            risk="some",
        )
        for when in (at + timedelta(days=7 * place) for place in range(1, 4))
    ]
    if case.state == "closed":
        return past
    due = clock.now() + timedelta(days=draw.randrange(-1, 30), minutes=1)
    return [*past, Contact(**told, state="planned", due_at=due, responsible=case.worker)]


def _help(case: Case, at: datetime, by: UUID, draw: Random) -> list[Help]:
    running = Help(
        **_about(case), kind="shelter", state="running", asked_at=at, asked_by=by, started_at=at
    )
    ended = Help(
        **_about(case),
        kind="medical_care",
        state="ended",
        asked_at=at,
        asked_by=by,
        started_at=at,
        ended_at=at + timedelta(days=9),
        end_reason="needs_met",
    )
    found = [_worded(running, name="A room"), _worded(ended, outcome="Healed")]
    if case.state == "open" and draw.random() < 0.05:
        lacking = Help(
            **_about(case),
            kind="legal_advice",
            state="no_place",
            asked_at=at,
            asked_by=by,
            next_try_at=clock.now() + timedelta(hours=draw.randrange(24)),
        )
        found.append(_worded(lacking, interim="Stays with a neighbour whom she trusts"))
    return found

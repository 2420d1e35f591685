"""The worker, urgency, site and notes of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import (
    PURPOSE,
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    lock_case,
    record_step,
    require_choice,
)
from marfa.apps.cases.actions.reviews import ask_review
from marfa.apps.cases.actions.urgency import raise_to
from marfa.apps.cases.events import ResponsibleChanged
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import URGENCIES, Case, CaseNote, CaseStep, Review
from marfa.apps.cases.policy_facts import case_of
from marfa.apps.cases.unassigned_cases import is_unheld
from marfa.apps.cases.workers import may_work, successor_for
from marfa.apps.organisations.actions import assign_user, unassign_user
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act, bulk_action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

LOWERING = timedelta(days=3)
"""Within which a second person looks at a lower urgency."""


def assign_case(
    *, actor: Actor, case: Case, worker: User, text: str = "", stays: bool = False
) -> None:
    """Make somebody responsible for a case. They may read it from then on, and who was responsible
    before no more, unless they stay. Contacts that are planned go with it, and its deadlines.

    Raises DeniedError; InputError for somebody who is no case worker or supervisor, or is shut out
    of this person.
    """
    must_work(worker, [case])
    with case_action(actor, case, "assign", code="people.assign") as act:
        make_responsible(
            act, case, worker, text=text, stays=stays, by=User.objects.get(pk=actor.id)
        )


def assign_cases(
    *, actor: Actor, cases: Iterable[Case], worker: User, text: str = "", stays: bool = False
) -> None:
    """Make somebody responsible for many cases, all or none, in one entry of the log. text: why,
    in the history of each.

    Raises DeniedError where the charter refuses one of them; InputError as ``assign_case``.
    """
    ordered = sorted(cases, key=lambda each: each.pk)
    must_work(worker, ordered)
    by = User.objects.get(pk=actor.id)
    resources = [case_of(each.person, each.pk) for each in ordered]
    with (
        open_vault(),
        bulk_action(actor=actor, code="people.assign", purpose=PURPOSE, resources=resources) as act,
    ):
        act.note(step="assign")
        for case in ordered:
            lock_case(case)
            if case.state != Case.State.OPEN:
                raise InputError.at(Message("apps.cases:case-closed"))
            make_responsible(act, case, worker, text=text, stays=stays, by=by)
        for person in {case.person_id: case.person for case in ordered}.values():
            restate_case_facts(person)


def make_responsible(
    act: Act, case: Case, worker: User, *, text: str, stays: bool, by: User
) -> None:
    """Within an action: a case is somebody's from now on. by: who decided it."""
    before = case.worker
    assign_user(user=worker, object_kind=KIND, object_id=case.person_id, decided_by=by)
    if not stays:
        _let_go(before, case, worker)
    change_case_row(act, case, worker=worker.pk)
    publish_event(ResponsibleChanged(case.pk, before, worker.pk))
    kind, after = CaseStep.Kind.ASSIGNED, str(worker.pk)
    record_step(act, case, kind, before=str(before or ""), after=after, text=text)


def take_case(*, actor: Actor, case: Case) -> None:
    """Become responsible for a case that is nobody's, at one's own place.

    Raises DeniedError; InputError where somebody is responsible who may read it.
    """
    with case_action(actor, case, "take", code="cases.take") as act:
        if not is_unheld(case):
            raise InputError.at(Message("apps.cases:taken-already"))
        user, before = User.objects.get(pk=actor.id), case.worker
        _let_go(before, case, user)
        assign_user(user=user, object_kind=KIND, object_id=case.person_id, decided_by=user)
        change_case_row(act, case, worker=user.pk)
        publish_event(ResponsibleChanged(case.pk, before, user.pk))
        kind = CaseStep.Kind.ASSIGNED
        record_step(act, case, kind, before=str(before or ""), after=str(user.pk))


def replace_worker(act: Act, person: Person, *, by: UUID) -> list[Case]:
    """Within what shuts somebody out of a person's record: their open cases for which nobody is
    responsible any more who may read them are another's at once (``successor_for``). Of a case
    for which there is nobody it stays written down who was; it counts as nobody's, and whoever
    may take it is told.

    by: key of who decided it. Returns the cases that are another's now.
    """
    given = []
    for case in Case.objects.filter(person=person, state=Case.State.OPEN).exclude(worker=None):
        lock_case(case)
        user = successor_for(case, by=by) if is_unheld(case) else None
        if user is None:
            continue
        before = case.worker
        assign_user(user=user, object_kind=KIND, object_id=person.pk)
        change_case_row(act, case, worker=user.pk)
        publish_event(ResponsibleChanged(case.pk, before, user.pk))
        kind = CaseStep.Kind.ASSIGNED
        record_step(act, case, kind, before=str(before or ""), after=str(user.pk))
        given.append(case)
    if given:
        restate_case_facts(person)
    return given


def raise_urgency(*, actor: Actor, case: Case, urgency: str, text: str) -> None:
    """One sentence is enough to raise it. Raises InputError where nothing is raised."""
    require_choice(urgency, URGENCIES, field="urgency")
    why = clean_text(text, field="text", needed=True)
    with case_action(actor, case, "urgency") as act:
        if URGENCIES.index(urgency) <= URGENCIES.index(case.urgency):
            raise InputError.at(Message("apps.cases:not-raised"), field="urgency")
        raise_to(act, case, urgency, why or "")


def ask_lower_urgency(*, actor: Actor, case: Case, urgency: str, text: str) -> Review:
    """Ask a second person to lower it; until their yes it stands. Raises InputError."""
    require_choice(urgency, URGENCIES, field="urgency")
    why = clean_text(text, field="text", needed=True)
    with case_action(actor, case, "ask_lower") as act:
        if URGENCIES.index(urgency) >= URGENCIES.index(case.urgency):
            raise InputError.at(Message("apps.cases:not-lowered"), field="urgency")
        return ask_review(
            act,
            case,
            Review.Of.LOWERING,
            due_at=clock.now() + LOWERING,
            wanted=urgency,
            why=why or "",
        )


def write_note(
    *, actor: Actor, case: Case, text: str, kind: str = CaseNote.Kind.NOTE, present: str = ""
) -> CaseNote:
    """Write something down about a case, or what a case conference came to.

    present: who took part, by role; needed for a conference. Raises InputError.
    """
    require_choice(kind, CaseNote.Kind.values, field="kind")
    said = clean_text(text, field="text", needed=True)
    there = clean_text(present, field="present", needed=kind == CaseNote.Kind.CONFERENCE)
    with case_action(actor, case, "note", closed_too=True) as act:
        row = CaseNote(**case_columns(case), kind=kind, at=clock.now(), by=actor.id)
        row.words, row.present = said, there
        act.create(row)
    return row


def _let_go(former: UUID | None, case: Case, to: User) -> None:
    """Who was responsible works with the person no more, where the case is another's from now."""
    for user in User.objects.filter(pk=former).exclude(pk=to.pk) if former else ():
        unassign_user(user=user, object_kind=KIND, object_id=case.person_id)


def must_work(worker: User, cases: Iterable[Case]) -> None:
    """Raises InputError for whom the charter would not let work on one of them, once assigned."""
    becoming = actor_of(worker)
    if not all(may_work(becoming, case.person) for case in cases):
        raise InputError.at(Message("apps.cases:no-case-worker"), field="worker")

"""Contacts: planned, held, missed; and feedback on the help."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.apps.assistance.deadlines import DUE
from marfa.apps.assistance.models import Contact, Voice
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.actions.reviews import ask_review
from marfa.apps.cases.actions.urgency import raise_to
from marfa.apps.cases.models import Case, Review
from marfa.apps.registry.models import ContactPoint
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor

AGAIN = {"now": timedelta(hours=4), "days": timedelta(hours=24), "routine": timedelta(hours=72)}
"""When it is tried again after a contact was missed, by the urgency of the case."""
HARM_REVIEW = timedelta(days=2)
"""Within which another person looks at help that makes things worse."""
SAFE_ONLY = (Contact.Way.PHONE, Contact.Way.MESSAGE, Contact.Way.THROUGH_OTHER)
"""Ways that go by a number or an address, or by somebody else."""
RISKS = codelist("retrafficking_risk").codes

State = Contact.State


def plan_contact(
    *,
    actor: Actor,
    case: Case,
    way: str,
    due_at: datetime,
    point: ContactPoint | None = None,
    responsible: User | None = None,
) -> Contact:
    """Plan to meet or to reach the person by a moment.

    point: by which number or address; for every way but a meeting, one that the person called
    safe. responsible: by default who is responsible for the case, else the actor.
    Raises DeniedError; InputError for a moment that is past, a way that is not safe, and while
    another contact is planned already.
    """
    require_choice(way, Contact.Way.values, field="way")
    with case_action(actor, case, "plan_contact") as act:
        if due_at <= clock.now():
            raise InputError.at(Message("apps.assistance:moment-past"), field="due_at")
        _must_be_safe(case, way, point)
        if Contact.objects.filter(case=case, state=State.PLANNED).exists():
            raise InputError.at(Message("apps.assistance:contact-planned"))
        key = responsible.pk if responsible is not None else case.worker or actor.id
        return _plan(act, case, way, due_at, point, key)


def hold_contact(*, actor: Actor, contact: Contact, text: str, risk: str) -> None:
    """Write down that the person was met or reached, what was said, and how great the risk of
    being trafficked again seems to both. A high one makes the case urgent at once.

    risk: of ``retrafficking_risk``. Raises InputError for one that is over.
    """
    require_choice(risk, RISKS, field="risk")
    said = clean_text(text, field="text", needed=True)
    case = contact.case
    with case_action(actor, case, "hold_contact") as act:
        now = _end(act, contact, State.HELD, words=said, risk=risk)
        if risk == "high":
            raise_to(act, case, "now")
        change_case_row(act, case, met_at=now)


def miss_contact(*, actor: Actor, contact: Contact, text: str) -> Contact:
    """Write down that the person did not come or was not reached. It is tried again at once: the
    next contact is planned by the same way, the sooner the more urgent the case is.

    Never by a way that is no longer safe: then it is a meeting. Raises InputError.
    """
    said = clean_text(text, field="text", needed=True)
    case = contact.case
    with case_action(actor, case, "miss_contact") as act:
        now = _end(act, contact, State.MISSED, words=said)
        way, point = contact.way, contact.point
        if way in SAFE_ONLY and not _is_safe(case, point):
            way, point = Contact.Way.IN_PERSON, None
        key = case.worker or actor.id
        return _plan(act, case, way, now + AGAIN[case.urgency], point, key)


def cancel_contact(*, actor: Actor, contact: Contact, text: str) -> None:
    """A planned contact is not needed, or planned otherwise. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, contact.case, "cancel_contact") as act:
        _end(act, contact, State.CANCELLED, words=said)


def cancel_planned_contacts(act: Act, *, case: UUID, by: UUID) -> None:
    """No contact of a case that ended stands ahead. by: key of who ended it. In the transaction in
    which it ends; within ``open_vault()``."""
    for row in Contact.objects.filter(case=case, state=State.PLANNED):
        change_case_row(act, row, state=State.CANCELLED, ended_at=clock.now(), ended_by=by)
        withdraw_deadline(kind=DUE, subject=row.pk)


def record_voice(*, actor: Actor, case: Case, mark: str, text: str = "") -> Voice:
    """What the person says of the help they get, in their words. That it makes things worse is
    looked at by another person within two days.

    Raises DeniedError, InputError.
    """
    require_choice(mark, Voice.Mark.values, field="mark")
    said = clean_text(text, field="text", needed=mark == Voice.Mark.HARMS)
    with case_action(actor, case, "voice", closed_too=True) as act:
        row = Voice(**case_columns(case), mark=mark, at=clock.now(), by=actor.id)
        row.words = said
        act.create(row)
        waits = Review.objects.filter(case=case, of=Review.Of.PERIODIC, state="waiting")
        if mark == Voice.Mark.HARMS and not waits.exists():
            due_at = clock.now() + HARM_REVIEW
            ask_review(act, case, Review.Of.PERIODIC, due_at=due_at, why=said or "")
    return row


def _plan(
    act: Act,
    case: Case,
    way: str,
    due_at: datetime,
    point: ContactPoint | None,
    responsible: UUID,
) -> Contact:
    row = Contact(
        **case_columns(case),
        way=way,
        point=point,
        due_at=due_at,
        responsible=responsible,
        planned_at=clock.now(),
        planned_by=act.by,
    )
    create_case_row(act, row)
    set_deadline(
        kind=DUE, subject=row.pk, due_at=due_at, owner=owner_of(row), responsible=row.responsible
    )
    return row


def _end(act: Act, contact: Contact, state: str, **told: str | None) -> datetime:
    contact.refresh_from_db()
    if contact.state != State.PLANNED:
        raise InputError.at(Message("apps.assistance:contact-over"))
    now = clock.now()
    ended = {"state": state, "ended_at": now, "ended_by": act.by}
    change_case_row(act, contact, None, **ended, **told)
    close = withdraw_deadline if state == State.CANCELLED else meet_deadline
    close(kind=DUE, subject=contact.pk)
    return now


def _must_be_safe(case: Case, way: str, point: ContactPoint | None) -> None:
    if way in SAFE_ONLY and not _is_safe(case, point):
        raise InputError.at(Message("apps.assistance:not-safe-to-contact"), field="point")


def _is_safe(case: Case, point: ContactPoint | None) -> bool:
    """Whether the person called this way safe, as it stands now."""
    if point is None:
        return False
    found = ContactPoint.objects.filter(pk=point.pk, person=case.person_id, ended_at=None)
    return found.filter(safety=ContactPoint.Safety.SAFE).exists()

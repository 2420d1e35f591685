"""Changes to the register of incidents."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from marfa.apps.incidents.models import KINDS, Incident, Note
from marfa.apps.organisations.models import Organisation
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.rowsecurity.ownership import INSTALLATION
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose

State = Incident.State
TELL = deadline_kind(
    "incidents.tell_authority", Step("day_before", timedelta(days=-1)), Step("due")
)
MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    State.CONTAINED: ((State.OPEN,), "contained_at"),
    State.TOLD: ((State.OPEN, State.CONTAINED), "told_at"),
    State.CLOSED: ((State.OPEN, State.CONTAINED, State.TOLD), "closed_at"),
}
"""State -> from which states one comes there, and which time is written."""


def resource_of(incident: UUID | str) -> Resource:
    """An incident as the charter sees it."""
    controller = Organisation.objects.get(kind=Organisation.Kind.CONTROLLER)
    return Resource("Incident", incident, {"controller": controller.pk})


def record_incident(
    *,
    actor: Actor,
    kind: str,
    noticed_at: datetime,
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
    account: UUID | None = None,
    note: str = "",
) -> Incident:
    """Write down that something went wrong; anybody on the staff may. Raises DeniedError.

    The time to tell the authority (setting ``authority_hours``; GDPR art. 33 says 72 hours) runs
    from when it was noticed. Raises InputError for a kind that the list lacks, times that are
    still to come, or an end before the beginning.
    """
    if kind not in KINDS:
        raise InputError.at(Message("apps.incidents:kind-unknown"), field="kind")
    _past(noticed_at=noticed_at)
    _check(began_at, ended_at)
    made = Incident(
        kind=kind,
        noticed_at=noticed_at,
        began_at=began_at,
        ended_at=ended_at,
        account=account,
        due_at=noticed_at + timedelta(hours=settings.MARFA.authority_hours),
        recorded_at=clock.now(),
        recorded_by=actor.id,
    )
    with _recording(actor, made.pk) as act:
        act.create(made)
        _write(act, actor, made, note)
        set_deadline(kind=TELL, subject=made.pk, due_at=made.due_at, owner=INSTALLATION)
        act.note(kind=kind)
    return made


def add_note(*, actor: Actor, incident: Incident, text: str) -> None:
    """Add to what is known. Raises InputError where nothing is said; DeniedError."""
    if not text.strip():
        raise InputError.at(Message("apps.incidents:note-empty"), field="note")
    with _recording(actor, incident.pk) as act:
        _write(act, actor, incident, text)


def set_times(
    *, actor: Actor, incident: Incident, began_at: datetime | None, ended_at: datetime | None
) -> None:
    """Write down what became known of the time in which data may have been seen. Raises
    InputError as recording does, and where the incident is closed; DeniedError."""
    _check(began_at, ended_at)
    with _recording(actor, incident.pk) as act:
        row = Incident.objects.filter(pk=incident.pk).exclude(state=State.CLOSED)
        if not row.update(began_at=began_at, ended_at=ended_at):
            raise InputError.at(Message("apps.incidents:closed"))
        act.note(times="set")
    incident.refresh_from_db()


def move_incident(*, actor: Actor, incident: Incident, to: str) -> None:
    """Bring an incident into its next state. Raises InputError where it cannot come there from
    where it is; DeniedError."""
    if to not in MOVES:
        raise InputError.at(Message("apps.incidents:move-unknown"))
    before, when = MOVES[to]
    with _recording(actor, incident.pk) as act:
        row = Incident.objects.filter(pk=incident.pk, state__in=before)
        if not row.update(state=to, **{when: clock.now()}):
            raise InputError.at(Message("apps.incidents:move-impossible"))
        if to in (State.TOLD, State.CLOSED):
            meet_deadline(kind=TELL, subject=incident.pk)
        act.note(state=to)
    incident.refresh_from_db()


def _check(began_at: datetime | None, ended_at: datetime | None) -> None:
    _past(began_at=began_at, ended_at=ended_at)
    if began_at and ended_at and ended_at < began_at:
        raise InputError.at(Message("apps.incidents:end-first"), field="ended_at")


def _past(**moments: datetime | None) -> None:
    for field, moment in moments.items():
        if moment and moment > clock.now():
            raise InputError.at(Message("apps.incidents:later"), field=field)


def _write(act: Act, actor: Actor, incident: Incident, text: str) -> None:
    if text.strip():
        now, by = clock.now(), actor.id
        act.create(Note(incident=incident, text=text.strip(), written_at=now, written_by=by))


def _recording(actor: Actor, incident: UUID) -> AbstractContextManager[Act]:
    return action(
        actor=actor,
        code="incidents.record",
        purpose=Purpose.DATA_PROTECTION,
        resource=resource_of(incident),
    )

"""Questions about incidents, each decided by the charter and told to the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from marfa.apps.accounts.models import User
from marfa.apps.incidents.actions import resource_of
from marfa.apps.incidents.affected_people import Affected, affected_by
from marfa.apps.incidents.models import Incident
from marfa.apps.manifest import Urgency, Waiting, WorkItem
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import actor_of
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

ASKED: dict[str, Value] = {"on_record": True, "purpose": Purpose.DATA_PROTECTION.value}
NEEDS_ANSWER = (Incident.State.OPEN, Incident.State.CONTAINED)


@dataclass(frozen=True)
class Opened:
    """An incident with its notes, and whom it affects. people: their keys, for those who may read
    the log; None for others."""

    incident: Incident
    notes: list[tuple[datetime, str, str]]
    affected: Affected
    people: list[UUID] | None


def read_register(*, actor: Actor) -> QuerySet[Incident]:
    """All incidents; looking is on the record.

    Raises DeniedError.
    """
    with reading(
        actor=actor,
        code="incidents.read",
        purpose=Purpose.DATA_PROTECTION,
        resource=resource_of("all"),
    ):
        return Incident.objects.all()


def open_incident(*, actor: Actor, incident: Incident) -> Opened:
    """One incident with what is sealed about it. Raises DeniedError."""
    with reading(
        actor=actor,
        code="incidents.read",
        purpose=Purpose.DATA_PROTECTION,
        resource=resource_of(incident.pk),
    ) as act:
        affected = affected_by(incident)
        with open_vault():
            written = list(incident.notes.order_by("written_at", "id"))
            names = dict(
                User.objects.filter(pk__in=[n.written_by for n in written]).values_list(
                    "pk", "display_name"
                )
            )
            notes = [(n.written_at, names.get(n.written_by, ""), n.text) for n in written]
        may_list = _may_read_log(actor)
        act.note(people=len(affected.people), listed=may_list)
    return Opened(incident, notes, affected, sorted(affected.people) if may_list else None)


def _may_read_log(actor: Actor) -> bool:
    controller = Organisation.objects.get(kind=Organisation.Kind.CONTROLLER)
    log = Resource("Log", "log", {"controller": controller.pk})
    return decide(actor, "log.read", log, ASKED).allowed


def may_read(actor: Actor) -> bool:
    """Whether the register is theirs to read."""
    return decide(actor, "incidents.read", resource_of("all"), ASKED).allowed


def incidents_waiting(actor: Actor) -> Waiting:
    """How many incidents are open, for who may read the register."""
    if not may_read(actor):
        return Waiting(0)
    rows = list(Incident.objects.exclude(state=Incident.State.CLOSED))
    return Waiting(len(rows), sum(row.is_overdue for row in rows))


def work_items_of(user: User) -> Iterable[WorkItem]:
    """For those who read the register: incidents of which the authority was not told yet."""
    first = Incident.objects.filter(state__in=NEEDS_ANSWER).order_by("due_at").first()
    if first is not None and may_read(actor_of(user)):
        yield WorkItem(
            text=gettext("A data incident is waiting: tell the data-protection authority in time"),
            url=reverse("incidents:all"),
            urgency=Urgency.DUE,
            due=first.due_at,
        )

"""Who hears of an alarm, by name: the responsible worker, the supervisors, somebody outside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from marfa.apps.accounts.models import User
from marfa.apps.cases.queries import ASKED
from marfa.apps.detention.clocks import LADDER
from marfa.apps.detention.models import Detention
from marfa.apps.detention.policy import WATCH, detention_of
from marfa.apps.organisations.queries import actor_of, grants_in_force
from marfa.platform.deadlines.models import Deadline
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.words import Role


@dataclass(frozen=True)
class Rung:
    """One rung of the ladder. name: ``due``, ``supervisor`` or ``outside``. at: when it is reached.
    people: names of those who hear of it; empty where there is nobody."""

    name: str
    at: datetime
    reached: bool
    people: tuple[str, ...]


def ladder_of(row: Detention, alarm: Deadline, now: datetime) -> list[Rung]:
    """The rungs of an alarm, with those who may know of the person alone."""
    who = {"due": _named([row.case.worker]), **_above(row)}
    return [
        Rung(step.name, alarm.due_at + step.after, alarm.due_at + step.after <= now, who[step.name])
        for step in LADDER
    ]


def _above(row: Detention) -> dict[str, tuple[str, ...]]:
    at = Q(site=None) | Q(site=row.case.site_id)
    held = grants_in_force().filter(organisation=row.organisation_id)
    leading = held.filter(at, role=Role.SUPERVISOR).values_list("user_id", flat=True)
    outside = held.filter(role=Role.FOCAL_POINT).values_list("user_id", flat=True)
    return {"supervisor": _knowing(row, leading), "outside": _knowing(row, outside)}


def _knowing(row: Detention, keys: Iterable[UUID]) -> tuple[str, ...]:
    users = User.objects.filter(is_active=True, pk__in=list(keys)).order_by("display_name")
    about = detention_of(row)
    return tuple(
        user.display_name for user in users if decide(actor_of(user), WATCH, about, ASKED).allowed
    )


def _named(keys: Iterable[UUID | None]) -> tuple[str, ...]:
    users = User.objects.filter(is_active=True, pk__in=[key for key in keys if key is not None])
    return tuple(users.values_list("display_name", flat=True))

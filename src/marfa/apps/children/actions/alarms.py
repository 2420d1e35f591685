"""What the rungs of a duty's clock do: somebody is told, and it is on record who."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from marfa.apps.children.actions.duties import Kind, add_step, by_rule, refresh_duties
from marfa.apps.children.models import Duty, DutyStep
from marfa.apps.children.roster import told_of
from marfa.platform.rowsecurity.context import every_organisation


def tell_of_duty(key: UUID, step: str, at: datetime) -> None:
    """Tell of a rung, unless what is stored was overtaken meanwhile."""
    with every_organisation():
        duty = Duty.objects.select_related("person").filter(pk=key, current=True).first()
        if duty is None:
            return
        earlier = DutyStep.objects.filter(duty=duty, kind=Kind.TOLD, at__gte=duty.first_at)
        before = [each for each in earlier.values_list("told", flat=True) if each is not None]
        told = told_of(duty, step, at, before)
        act = by_rule()
        for user in told:
            add_step(act, duty, Kind.TOLD, code=step, told=user)
        if not told:
            add_step(act, duty, Kind.NOBODY, code=step)


def lapse_duty(key: UUID) -> None:
    """What satisfied a duty ended by itself: its clock runs again from the first moment."""
    with every_organisation():
        people = list(Duty.objects.filter(pk=key).values_list("person_id", flat=True))
    refresh_duties(people, by_rule())

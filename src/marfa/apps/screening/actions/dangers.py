"""What was done for somebody in danger. It can be written down before, within and after a talk."""

from __future__ import annotations

from marfa.apps.screening.actions.interview import screening_action
from marfa.apps.screening.doors import through_protection
from marfa.apps.screening.models import Danger, DangerStep, Screening
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def record_danger(*, actor: Actor, screening: Screening, kind: str, done: str) -> DangerStep:
    """Write down what was done. Raises InputError for nothing, and for a kind that is none."""
    if kind not in Danger.values:
        raise InputError.at(Message("apps.screening:danger-kind"), field="kind")
    if not done.strip():
        raise InputError.at(Message("apps.screening:danger-done"), field="done")
    with screening_action(actor, screening, "danger") as act:
        act.note(kind=kind)
        row = DangerStep(
            organisation_id=screening.organisation_id,
            person_id=screening.person_id,
            screening=screening,
            kind=kind,
            at=clock.now(),
            by=actor.id,
        )
        row.done = done.strip()
        act.create(row)
        through_protection(screening.person_id)
    return row

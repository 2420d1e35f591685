"""A confidential health check today: offered to everybody, arranged by whoever helps."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.screening.actions.interview import screening_action
from marfa.apps.screening.models import HealthCheck, Screening
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actor import Actor

CALLED_WITHIN = timedelta(hours=4)
"""How long it may take until a health service is called: the check is today, and the soonest care
works best."""
HEALTH_CHECK = deadline_kind("screening.health_check", Step("due"))


def agree_to_health_check(*, actor: Actor, screening: Screening) -> HealthCheck:
    """The person said yes, whatever was said before; how the interview ended does not matter.

    Raises InputError while it goes on, and for a second yes.
    """
    with screening_action(actor, screening, "health_check") as act:
        if screening.state in Screening.OPEN:
            raise InputError.at(Message("apps.screening:health-after-end"))
        if HealthCheck.objects.filter(screening=screening).exists():
            raise InputError.at(Message("apps.screening:health-agreed-already"))
        now = clock.now()
        row = HealthCheck(
            organisation_id=screening.organisation_id,
            person_id=screening.person_id,
            screening=screening,
            site=screening.site,
            due_at=now + CALLED_WITHIN,
            agreed_by=actor.id,
            agreed_at=now,
        )
        act.create(row)
        set_deadline(kind=HEALTH_CHECK, subject=row.pk, due_at=row.due_at, owner=owner_of(row))
    return row


def record_health_service(*, actor: Actor, check: HealthCheck, called: str) -> None:
    """Write down which health service was called. Raises InputError for nothing, and where
    somebody wrote it down already."""
    if not called.strip():
        raise InputError.at(Message("apps.screening:health-service"), field="called")
    with screening_action(actor, check.screening, "health_service"):
        check.refresh_from_db()
        if check.called_at is not None:
            raise InputError.at(Message("apps.screening:health-called-already"))
        check.called, check.called_by, check.called_at = called.strip(), actor.id, clock.now()
        check.save(update_fields=["called", "called_by", "called_at"])
        meet_deadline(kind=HEALTH_CHECK, subject=check.pk)

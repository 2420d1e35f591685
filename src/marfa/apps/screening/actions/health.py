"""A confidential health check today: offered to everybody, arranged by whoever helps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from marfa.apps.directory.models import Service
from marfa.apps.organisations.models import Site
from marfa.apps.reception.places_to_refer import services_near
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions.interview import screening_action
from marfa.apps.screening.models import HealthCheck, Screening
from marfa.apps.screening.policy_facts import record_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

CALLED_WITHIN = timedelta(hours=4)
"""How long it may take until a health service is called: the check is today, and the soonest care
works best."""
HEALTH_CHECK = deadline_kind("screening.health_check", Step("due"))
FIELDS = ("called",)
HEALTH = ("medical_care", "sexual_and_reproductive_health", "mental_health_and_psychosocial")


def agree_to_health_check(*, actor: Actor, screening: Screening) -> HealthCheck:
    """The person said yes, whatever was said before; how the interview ended does not matter.

    Raises InputError while it goes on, and for a second yes.
    """
    with screening_action(actor, screening, "health_check") as act:
        if screening.state in Screening.OPEN:
            raise InputError.at(Message("apps.screening:health-after-end"))
        if HealthCheck.objects.filter(screening=screening).exists():
            raise InputError.at(Message("apps.screening:health-agreed-already"))
        return _agreed(act, screening.person, screening.site, screening)


def agree_without_list(*, actor: Actor, person: Person, site: Site) -> HealthCheck:
    """The same at the end of a private conversation: no talk of another kind is begun or ended by
    it. One for which no health service was called yet stands; DeniedError."""
    with _on_record(actor, person, "health_check") as act:
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # two at once are one
        waits = HealthCheck.objects.filter(person=person, called_at=None).first()
        return waits or _agreed(act, person, site)


def _agreed(
    act: Act, person: Person, site: Site, screening: Screening | None = None
) -> HealthCheck:
    now = clock.now()
    row = HealthCheck(
        organisation_id=person.organisation_id,
        person=person,
        screening=screening,
        site=site,
        due_at=now + CALLED_WITHIN,
        agreed_by=act.by,
        agreed_at=now,
    )
    act.create(row)
    set_deadline(kind=HEALTH_CHECK, subject=row.pk, due_at=row.due_at, owner=owner_of(row))
    return row


def health_services(person: Person) -> list[Service]:
    """The health services that are offered and take this person for certain, the nearest first."""
    return [each.service for each in services_near(person, *HEALTH)]


def record_health_service(
    *, actor: Actor, check: HealthCheck, called: str, service: str = ""
) -> None:
    """Write down which health service was called. service: its reference in the directory, or
    empty for another one, which ``called`` then names. Raises InputError for nothing, for a service
    that is not offered, and where somebody wrote it down already."""
    known = {each.reference: each.name for each in health_services(check.person)}
    if service and service not in known:
        raise InputError.at(Message("apps.directory:called-over"), field="service")
    called = "\n".join(filter(None, (known.get(service, ""), called.strip())))
    if not called:
        raise InputError.at(Message("apps.screening:health-service"), field="called")
    with _on_record(actor, check.person, "health_service"):
        check.refresh_from_db(from_queryset=HealthCheck.objects.select_for_update(no_key=True))
        if check.called_at is not None:
            raise InputError.at(Message("apps.screening:health-called-already"))
        check.called, check.called_by, check.called_at = called, actor.id, clock.now()
        check.save(update_fields=["called", "called_by", "called_at"])
        meet_deadline(kind=HEALTH_CHECK, subject=check.pk)


@contextmanager
def _on_record(actor: Actor, person: Person, step: str) -> Iterator[Act]:
    with action(
        actor=actor,
        code="records.write",
        purpose=Purpose.SCREENING,
        resource=record_of(person, HealthCheck, FIELDS),
        subject=person.pk,
    ) as act:
        act.note(step=step)
        yield act

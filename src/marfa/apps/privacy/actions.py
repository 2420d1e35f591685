"""Changes to holds and requests."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from marfa.apps.privacy.action_base import about_subject
from marfa.apps.privacy.models import KINDS, OUTCOMES, REASONS, DataRequest, Hold
from marfa.apps.privacy.queries import utc_today
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.moments import end_of_day
from marfa.platform.rowsecurity.ownership import INSTALLATION
from marfa.safeguards.actor import Actor

ANSWER = deadline_kind(
    "privacy.answer_request", Step("week_before", timedelta(days=-7)), Step("due")
)
LONGEST_HOLD = timedelta(days=3653)


def place_hold(*, actor: Actor, subject: UUID, reason: str, until: date) -> Hold:
    """Let nothing of a person be deleted until the end of a day.

    Raises InputError for a reason that the list lacks, a day that is past, or one more than ten
    years away: a hold ends, and somebody looks again.
    """
    _known(reason, REASONS, "hold_reasons", "REASON")
    if not utc_today() <= until <= utc_today() + LONGEST_HOLD:
        raise InputError.at(Message("apps.privacy:hold-until"), field="--until")
    with about_subject(actor, "privacy.hold", subject) as act:
        act.note(reason=reason, until=until.isoformat())
        return Hold.objects.create(
            subject=subject,
            reason=reason,
            until=until,
            placed_at=clock.now(),
            placed_by=actor.id,
        )


def lift_hold(*, actor: Actor, hold: Hold) -> None:
    """End a hold before its day; nothing changes where it was lifted already."""
    with about_subject(actor, "privacy.hold", hold.subject) as act:
        act.note(lifted=True)
        Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=clock.now())


def receive_request(*, actor: Actor, subject: UUID, kind: str, received_on: date) -> DataRequest:
    """Write down what a person asked, and by when it is to be answered.

    Raises InputError for a kind that the list lacks, or a day that is still to come.
    """
    _known(kind, KINDS, "data_request_kinds", "KIND")
    if received_on > utc_today():
        raise InputError.at(Message("apps.privacy:received-later"), field="--received")
    days = int(codelist("data_request_kinds").entry(kind).attributes["days"])
    with about_subject(actor, "privacy.access", subject) as act:
        act.note(request=kind)
        made = DataRequest.objects.create(
            subject=subject,
            kind=kind,
            received_on=received_on,
            due_on=received_on + timedelta(days=days),
            taken_by=actor.id,
        )
        # As the list of requests itself, which data-protection officers keep for all.
        until = end_of_day(made.due_on, "UTC")
        set_deadline(kind=ANSWER, subject=made.pk, due_at=until, owner=INSTALLATION)
    return made


def settle_request(*, actor: Actor, request: DataRequest, outcome: str) -> None:
    """Write down how a request was answered. Raises InputError where it was settled before."""
    _known(outcome, OUTCOMES, "data_request_outcomes", "OUTCOME")
    with about_subject(actor, "privacy.access", request.subject) as act:
        act.note(request=request.kind, outcome=outcome)
        open_one = DataRequest.objects.filter(pk=request.pk, settled_at=None)
        if not open_one.update(settled_at=clock.now(), outcome=outcome):
            raise InputError.at(Message("apps.privacy:settled-before"), field="REQUEST")
        meet_deadline(kind=ANSWER, subject=request.pk)


def _known(code: str, codes: tuple[str, ...], name: str, field: str) -> None:
    if code not in codes:
        params = {"code": code, "list": name, "known": ", ".join(codes)}
        raise InputError.at(Message("apps.privacy:code-unknown", params), field=field)

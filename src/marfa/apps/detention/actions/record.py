"""Writing down that somebody is held, is moved, or was lost while they were held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

from marfa.apps.cases.action_base import (
    case_columns,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    lock_case,
    require_choice,
)
from marfa.apps.cases.actions import case_within
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import Case
from marfa.apps.detention.actions.base import (
    PURPOSE,
    columns_of,
    detention_action,
    is_child,
    raise_alarm,
    today_of,
)
from marfa.apps.detention.clocks import HAND_OVER
from marfa.apps.detention.facts import restate_detention_facts
from marfa.apps.detention.models import (
    ARMED,
    AUTHORITIES,
    GROUNDS,
    Detention,
    DetentionStep,
    Stay,
)
from marfa.apps.detention.policy import RECORD
from marfa.apps.detention.queries import open_detention_of, protocol_at, stay_now
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.dates import PartialDate, to_storage
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.moments import instant_on_day
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

State = Detention.State


@dataclass(frozen=True)
class Told:
    """What is known of a place. began: as well as it is known. reason: what whoever holds the
    person says of it, and never what the person is said to have done."""

    ground: str
    authority: str
    began: PartialDate
    authority_name: str = ""
    place: str = ""
    reason: str = ""

    def check(self) -> None:
        """Raises InputError with all that is wrong."""
        texts = ("authority_name", "place", "reason")
        check_together(
            partial(require_choice, self.ground, GROUNDS, field="ground"),
            partial(require_choice, self.authority, AUTHORITIES, field="authority"),
            *(partial(clean_text, getattr(self, name), field=name) for name in texts),
        )


def record_detention(*, actor: Actor, person: Person, told: Told) -> Detention:
    """Write down that somebody is held. Their case becomes urgent, or is opened; the alarm is on
    from this moment until somebody writes down how it ended.

    Raises DeniedError; InputError where it is recorded already, and for a day that is to come.
    """
    told.check()
    with (
        open_vault(),
        action(
            actor=actor,
            code=RECORD,
            purpose=PURPOSE,
            resource=PERSON.resource(person),
            subject=person.pk,
        ) as act,
    ):
        case = case_within(act, person, source=Case.Source.RESPONDER, urgency="now")
        lock_case(case)
        if open_detention_of(person) is not None:
            raise InputError.at(Message("apps.detention:recorded-already"))
        now = clock.now()
        row = Detention(**case_columns(case), recorded_at=now, recorded_by=actor.id)
        row.is_child = is_child(row)
        row.looked_on = row.review_on = today_of(row)
        create_case_row(act, row)
        _begin_stay(act, row, told, None)
        raise_alarm(row, now)
        act.note(ground=told.ground)
        restate_case_facts(person)
        restate_detention_facts(person)
    return row


def move_person(*, actor: Actor, row: Detention, told: Told) -> Stay:
    """The person is held elsewhere, or was found again: another place of the same detention. The
    alarm stays as it is; whoever was lost is looked at at once.

    Raises InputError for a day before the last place began, or one to come.
    """
    told.check()
    with detention_action(actor, row, "move_person") as act:
        before = stay_now(row)
        if told.began.latest < before.began_on:
            raise InputError.at(Message("apps.detention:before-last-place"), field="began")
        left = max(before.began_on, min(told.began.latest, today_of(row)))
        change_case_row(act, before, ended_on=left)
        stay = _begin_stay(act, row, told, before)
        if row.state == State.UNKNOWN:
            change_case_row(act, row, state=State.HELD)
            raise_alarm(row, clock.now())
    return stay


def lose_track(*, actor: Actor, row: Detention, text: str) -> None:
    """Nobody knows any more where the person is. It is no end: days count on and the alarm rings at
    once. Raises InputError without words, and where it is said already."""
    said = clean_text(text, field="text", needed=True)
    with detention_action(actor, row, "lose_track") as act:
        if row.state == State.UNKNOWN:
            raise InputError.at(Message("apps.detention:unknown-already"))
        change_case_row(act, row, state=State.UNKNOWN)
        raise_alarm(row, clock.now())
        kind = DetentionStep.Kind.LOST
        step = DetentionStep(**columns_of(row), kind=kind, at=clock.now(), by=actor.id)
        create_case_row(act, step, words=said)


def _begin_stay(act: Act, row: Detention, told: Told, before: Stay | None) -> Stay:
    today = today_of(row)
    if told.began.earliest > today:
        raise InputError.at(Message("apps.detention:day-to-come"), field="began")
    stay = Stay(
        **columns_of(row),
        ground=told.ground,
        authority=told.authority,
        began=to_storage(told.began),
        began_on=told.began.earliest,
        recorded_at=clock.now(),
        recorded_by=act.by,
    )
    if told.authority in ARMED:
        stay.hand_over_hours, stay.hand_over_at = _hand_over(row, stay.began_on, before)
    texts = {name: getattr(told, name).strip() for name in ("authority_name", "place", "reason")}
    create_case_row(act, stay, **texts)
    if stay.hand_over_at is None:
        meet_deadline(kind=HAND_OVER, subject=row.pk)
    else:
        set_deadline(
            kind=HAND_OVER,
            subject=row.pk,
            due_at=stay.hand_over_at,
            owner=owner_of(row),
            responsible=row.case.worker,
        )
    return stay


def _hand_over(row: Detention, since: date, before: Stay | None) -> tuple[int | None, datetime]:
    """Hours of the protocol, and by when they are over, counted from the earliest moment possible.

    From one armed place to the next the clock runs on. Where no protocol is on record none is
    assumed: it rings from the start.
    """
    if before is not None and before.hand_over_at is not None:
        return before.hand_over_hours, before.hand_over_at
    protocol = protocol_at(row.case.site)
    if protocol is None:
        return None, clock.now()
    start = instant_on_day(since, time(0, 0), row.case.site.time_zone)
    return protocol.hours, clock.advance(start, hours=protocol.hours)

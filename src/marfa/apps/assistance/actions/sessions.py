"""Sessions of help that is given again and again: when, by whom, and whether the person came.

Help waits for nothing and asks for nothing (resolution 2388, OP13): not coming ends none, and no
step, deadline or reason follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from marfa.apps.assistance.actions.assistance import clean_helper, help_action
from marfa.apps.assistance.models import Help, HelpSession
from marfa.apps.cases.action_base import (
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

GIVEN = (Help.State.RUNNING, Help.State.ENDED)
"""Of help that ended somebody may still write down what was given before."""


@dataclass(frozen=True)
class SessionTold:
    """on: which day at the site. came: of ``HelpSession.Came``. by_whom: who gave it; empty: who
    gives the help. again: it is another one of a day that has one already."""

    on: date | None
    came: str
    by_whom: str = ""
    words: str = ""
    again: bool = False


def record_session(*, actor: Actor, row: Help, told: SessionTold) -> HelpSession:
    """Write a session down. Raises DeniedError; InputError for a day on which the help was not
    given, and for a second one of a day that is not said to be another."""
    came = require_choice(told.came, HelpSession.Came.values, field="came")
    by_whom = clean_helper(told.by_whom)
    words = clean_text(told.words, field="text")
    with help_action(actor, row, "session", *GIVEN) as act:
        day = _day_given(row, told.on)
        same = HelpSession.objects.filter(help=row, on=day, struck_at=None)
        if not told.again and same.exists():
            raise InputError.at(Message("apps.assistance:session-that-day"), field="on")
        made = HelpSession(
            organisation_id=row.organisation_id,
            person_id=row.person_id,
            help=row,
            on=day,
            came=came,
            recorded_at=clock.now(),
            recorded_by=act.by,
        )
        create_case_row(act, made, by_whom=by_whom, words=words)
    return made


def strike_session(*, actor: Actor, row: HelpSession) -> None:
    """It was entered by mistake: it counts no more, and stays to be seen. Raises DeniedError;
    InputError where it was struck out before."""
    with help_action(actor, row.help, "strike_session", *Help.State.values) as act:
        row.refresh_from_db()
        if row.struck_at is not None:
            raise InputError.at(Message("apps.assistance:help-moved"))
        change_case_row(act, row, struck_at=clock.now(), struck_by=act.by)


def _day_given(row: Help, day: date | None) -> date:
    if day is None:
        raise InputError.at(Message("apps.assistance:session-day"), field="on")
    zone = ZoneInfo(row.case.site.time_zone)
    begun, ended = (
        moment.astimezone(zone).date() if moment else None
        for moment in (row.started_at, row.ended_at)
    )
    if begun is None or day < begun or day > (ended or clock.today(zone.key)):
        raise InputError.at(Message("apps.assistance:session-not-given"), field="on")
    return day

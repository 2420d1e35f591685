"""The end of a detention: by release, death or escape, and by nothing else."""

from __future__ import annotations

from datetime import date
from functools import partial

from marfa.apps.cases.action_base import (
    change_case_row,
    check_together,
    clean_text,
    require_choice,
)
from marfa.apps.detention.actions.base import detention_action, today_of
from marfa.apps.detention.clocks import ALARM, HAND_OVER
from marfa.apps.detention.models import OVER, Detention
from marfa.apps.detention.policy import END
from marfa.apps.detention.queries import stay_now
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline
from marfa.safeguards.actor import Actor


def end_detention(*, actor: Actor, row: Detention, how: str, day: date | None, text: str) -> None:
    """Write down how it ended and how that is known. Only this ends the alarm: no time, no
    transfer and no birthday does.

    how: released, died or escaped. Raises DeniedError; InputError.
    """
    check_together(
        partial(require_choice, how, OVER, field="how"),
        partial(clean_text, text, field="text", needed=True),
    )
    with detention_action(actor, row, "end_detention", code=END) as act:
        last = stay_now(row)
        if day is None or not last.began_on <= day <= today_of(row):
            raise InputError.at(Message("apps.detention:end-day"), field="day")
        change_case_row(act, last, ended_on=day)
        ended = {"state": how, "ended_on": day, "ended_at": clock.now(), "ended_by": actor.id}
        change_case_row(act, row, None, **ended, end_words=text.strip())
        meet_deadline(kind=ALARM, subject=row.pk)
        meet_deadline(kind=HAND_OVER, subject=row.pk)
        act.note(how=how)

"""Where the private conversation ends, so do the questions of a list that were begun in it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from marfa.apps.reception.actions.reasons import by_rule
from marfa.apps.registry.models import Person
from marfa.apps.screening import instruments
from marfa.apps.screening.actions.interview import (
    keep_said_before,
    must_be,
    save_screening,
    score_and_close,
    screening_action,
)
from marfa.apps.screening.drafts import discard_drafts
from marfa.apps.screening.facts import restate_screenings, state_outcome
from marfa.apps.screening.indicators import restate_indicators
from marfa.apps.screening.models import Screening
from marfa.safeguards.actions import Act, current_act
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

State = Screening.State


def end_with_private(person: UUID, officer: UUID, *, stopped: bool, at: datetime) -> None:
    """End the open talk with a person that an officer leads, if any, as the private conversation
    ended: what was answered stays, and counts unless it was stopped. Where nothing was asked yet,
    or the list is another one by now, there is no result.

    at: when the private conversation ended. Part of the action that ended it.
    """
    rows = Screening.objects.select_for_update(no_key=True)
    row = rows.filter(person=person, officer=officer, state__in=Screening.OPEN).first()
    if row is None:
        return
    act = current_act() or by_rule()
    with open_vault():
        if stopped or row.state != State.ASKING or not _scored(act, row, at):
            save_screening(act, row, row.version, {"state": State.STOPPED, "closed_at": at})
            discard_drafts(row)
            state_outcome(row, "not_finished")


def _scored(act: Act, row: Screening, at: datetime) -> bool:
    panel = instruments.instrument_panel(row.instrument)
    if panel.instruments[0].questions_digest != row.instrument_digest:
        return False
    keep_said_before(act, act.event.actor, row, panel)
    use = instruments.panel_use(panel, row.language)
    changes = {"closed_at": at, "recorded_at": None}
    score_and_close(act, row, row.version, panel, use, changes)
    return True


def ended_with_private(person: Person, officer: UUID, at: datetime) -> Screening | None:
    """The talk that ended with the private conversation, and on which nothing rests yet."""
    rows = Screening.objects.filter(person=person, officer=officer, closed_at=at)
    rows = rows.filter(state=State.FINISHED, changes=None, help_declined_at=None)
    return rows.select_related("person", "site").first()


def go_on_after_private(*, actor: Actor, screening: Screening) -> None:
    """Go on after all with a talk that ended with the private conversation: it is as though it had
    not ended, and what was answered stays. Raises InputError for one that is not finished."""
    with screening_action(actor, screening, "goes_on") as act:
        must_be(screening, State.FINISHED)
        changes = {"state": State.ASKING, **dict.fromkeys(("closed_at", "outcome", "indication"))}
        save_screening(act, screening, screening.version, changes)
        restate_screenings(screening.person_id)
        restate_indicators(screening.person)

"""The urgency of a case: raised by one, lowered by two."""

from __future__ import annotations

from datetime import datetime

from marfa.apps.cases.action_base import change_case_row, lock_case, record_step
from marfa.apps.cases.actions.reviews import withdraw_lowering
from marfa.apps.cases.events import CaseHastened
from marfa.apps.cases.models import URGENCIES, Case, CaseStep
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act


def raise_to(
    act: Act, case: Case, urgency: str, text: str = "", since: datetime | None = None
) -> None:
    """Raise a case to an urgency, within the action in which it was told; where the case is as
    urgent already, it stays so. A request to lower it below that is withdrawn either way: who
    asked did not know yet. since: as of when the history says it, by default now.
    """
    lock_case(case)
    withdraw_lowering(case, below=urgency)
    before = case.urgency
    if URGENCIES.index(urgency) > URGENCIES.index(before):
        change_case_row(act, case, urgency=urgency)
        kind = CaseStep.Kind.URGENCY
        record_step(act, case, kind, before=before, after=urgency, text=text, at=since)
        publish_event(CaseHastened(case.pk, case.person_id))

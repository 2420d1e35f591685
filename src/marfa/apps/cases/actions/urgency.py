"""A case becomes more urgent, whoever told it. It is lowered by two people alone."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.cases.action_base import change, lock, record_step
from marfa.apps.cases.actions.reviews import withdraw_lowering
from marfa.apps.cases.models import URGENCIES, Case, CaseStep


def raise_to(by: UUID, case: Case, urgency: str, text: str = "") -> None:
    """Raise a case to an urgency, within the action in which it was told; where the case is as
    urgent already, it stays so. A request to lower it below that is withdrawn either way: who
    asked did not know yet. by: key of who told it.
    """
    lock(case)
    withdraw_lowering(case, below=urgency)
    before = case.urgency
    if URGENCIES.index(urgency) > URGENCIES.index(before):
        change(by, case, urgency=urgency)
        kind = CaseStep.Kind.URGENCY
        record_step(by, case, kind, before=before, after=urgency, text=text)

"""Whose yes a step rests on: the child's by capacity, a guardian's or the agency's by two; somebody
grown up decides by themselves."""

from __future__ import annotations

from typing import Any

from marfa.apps.best_interests.agreement import check_agreement
from marfa.apps.best_interests.models.agreement import Agreement
from marfa.apps.cases.models import Case
from marfa.apps.registry.care import somebody_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock


def is_child(case: Case) -> bool:
    """Whether the person of a case is treated as a child today; in doubt, yes."""
    return somebody_of(case.person).is_child(clock.today(case.site.time_zone))


def agreement_columns(
    case: Case, agreement: Agreement | None, *, needed: bool = False
) -> dict[str, Any]:
    """The columns of ``AgreedRow`` and ``grown_up``. needed: without a yes nothing is done.

    Raises InputError for a yes that does not count, and where one is needed and missing.
    """
    grown_up = not is_child(case)
    if agreement is None or grown_up:
        if needed and not grown_up:
            raise InputError.at(Message("apps.tracing:yes-first"), field="agreed_who")
        return {"grown_up": grown_up}
    check_agreement(case.person, agreement)
    if needed and not agreement.is_yes:
        raise InputError.at(Message("apps.tracing:yes-first"), field="agreed_answer")
    return {**agreement.columns(), "grown_up": False}

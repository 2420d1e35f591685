"""What is asked before the case of a child is closed without a referral."""

from __future__ import annotations

from marfa.apps.cases.closure_conditions import ClosureCondition
from marfa.apps.cases.models import Case
from marfa.apps.children.situation import decisions_until
from marfa.platform import clock


def is_authority_unsafe(case: Case) -> bool:
    """Whether two people decided that the authority to which the child would be referred is unsafe,
    and the review is not overdue."""
    until = decisions_until([case.person_id]).get(case.person_id)
    return until is not None and until > clock.now()


CONDITION = ClosureCondition(lambda _case: None, authority_unsafe=is_authority_unsafe)

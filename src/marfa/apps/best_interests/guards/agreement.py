"""A yes rests on who may give it: the guards of every table that stores one.

# guards.py of an app
from marfa.apps.best_interests.guards.agreement import agreed_guard

_GUARD = agreed_guard("child_talks_talk")
raised, lifted = _GUARD.raised, _GUARD.lifted
"""

from __future__ import annotations

from marfa.apps.best_interests.guards.representatives import guardian_at
from marfa.apps.best_interests.guards.sql import Guard, day_of


def refused(vendor: str) -> str:
    """A yes that nobody gave who may."""
    counts = guardian_at("NEW.agreed_at", vendor)
    found = "EXISTS (SELECT 1 FROM best_interests_"
    guardian = (
        f"{found}representative who WHERE who.id = NEW.agreed_basis "
        f"AND who.person_id = NEW.person_id AND {counts})"
    )
    child = (
        f"{found}capacitynote said WHERE said.id = NEW.agreed_basis "
        "AND said.person_id = NEW.person_id AND said.level IN ('alone', 'supported'))"
    )
    agency = (
        f"{found}agencydecision two WHERE two.id = NEW.agreed_basis "
        "AND two.person_id = NEW.person_id AND two.state = 'agreed' "
        f"AND two.review_on >= {day_of('NEW.agreed_at', vendor, -1)}) "
        f"AND NOT {found}representative who WHERE who.person_id = NEW.person_id AND {counts})"
    )
    return (
        "(NEW.agreed_answer = 'given' AND NOT ("
        f"(NEW.agreed_by = 'guardian' AND {guardian}) OR (NEW.agreed_by = 'child' AND {child}) "
        f"OR (NEW.agreed_by = 'mandate' AND {agency})))"
    )


def agreed_guard(table: str) -> Guard:
    """The guard of a table with the columns of ``AgreedRow``."""
    return Guard(
        table,
        f"{table}_agreed",
        "a yes for a child is given by who may: the child, a guardian, or the agency by two",
        refused,
        ("person_id", "agreed_by", "agreed_answer", "agreed_basis", "agreed_at"),
    )

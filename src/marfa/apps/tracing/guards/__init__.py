"""What the database itself holds: nothing with a family before the relationship was verified by two
from both sides, and no yes but of who may give it."""

from __future__ import annotations

from collections.abc import Callable

from marfa.apps.best_interests.guards.sql import Guard

Statements = Callable[[str], list[str]]


def verified_guard(table: str) -> Guard:
    """The guard of a table with a column ``claim_id``."""
    verified = (
        "SELECT 1 FROM tracing_claimedrelative c "
        "JOIN tracing_tiedecision d ON d.id = c.decision_id AND d.claim_id = c.id "
        "WHERE c.id = NEW.claim_id AND c.person_id = NEW.person_id AND c.state = 'verified' "
        "AND d.state = 'agreed' AND d.outcome = 'verified'"
    )
    return Guard(
        table,
        f"{table}_verified",
        "the relationship was not verified by two from both sides",
        lambda _vendor: f"(NOT EXISTS ({verified}))",
        ("claim_id", "person_id"),
    )


def determined_guard(table: str, matter: str) -> Guard:
    """The guard of a table with a column ``determination_id``: it is one of this child, on this
    matter, and in its favour."""
    found = (
        "SELECT 1 FROM best_interests_determination d "  # noqa: S608 - constants
        "WHERE d.id = NEW.determination_id "
        f"AND d.person_id = NEW.person_id AND d.matter = '{matter}' "
        "AND d.state = 'decided' AND d.outcome = 'yes'"
    )
    return Guard(
        table,
        f"{table}_determined",
        "a determination of best interests is named that does not decide this",
        lambda _vendor: f"(NEW.determination_id IS NOT NULL AND NOT EXISTS ({found}))",
        ("determination_id", "person_id"),
    )


def all_of(*guards: Guard) -> tuple[Statements, Statements]:
    """The statements that put several guards of one table up, and those that take them away."""

    def raised(vendor: str) -> list[str]:
        return [each for guard in guards for each in guard.raised(vendor)]

    def lifted(vendor: str) -> list[str]:
        return [each for guard in guards for each in guard.lifted(vendor)]

    return raised, lifted

"""A guardian has a verified tie, or an authority appointed them, and no doubt concerns them."""

from __future__ import annotations

from marfa.apps.best_interests.guards.sql import Guard, day_of


def tie_counts(row: str) -> str:
    """Whether the tie of a representative is verified, and joins the child with that adult."""
    return (
        "EXISTS (SELECT 1 FROM registry_relationship tie "  # noqa: S608 - constants
        f"WHERE tie.id = {row}.relationship_id AND tie.state = 'verified' "
        f"AND tie.ended_at IS NULL AND ((tie.person_id = {row}.person_id "
        f"AND tie.to_id = {row}.adult_id) OR (tie.to_id = {row}.person_id "
        f"AND tie.person_id = {row}.adult_id)))"
    )


def in_doubt(row: str) -> str:
    """Whether a doubt concerns the adult, whichever child it came from."""
    return (
        "EXISTS (SELECT 1 FROM best_interests_adultdoubt doubt "  # noqa: S608 - constants
        f"WHERE doubt.adult_id = {row}.adult_id AND doubt.ended_at IS NULL)"
    )


def guardian_at(moment: str, vendor: str) -> str:
    """Whether a row ``who`` of the table counts as a guardian, within a day of a moment."""
    late, soon = day_of(moment, vendor, -1), day_of(moment, vendor, 1)
    return (
        "who.kind = 'guardian' AND who.ended_at IS NULL "
        f"AND who.since <= {soon} AND (who.until IS NULL OR who.until >= {late}) "
        f"AND (who.basis = 'authority' OR {tie_counts('who')}) AND NOT {in_doubt('who')}"
    )


def refused(_vendor: str) -> str:
    """A tie that does not hold, or a guardian whom a doubt concerns."""
    return (
        f"(NEW.ended_at IS NULL AND ((NEW.basis = 'tie' AND NOT {tie_counts('NEW')}) "
        f"OR (NEW.kind = 'guardian' AND {in_doubt('NEW')})))"
    )


_GUARD = Guard(
    "best_interests_representative",
    "best_interests_guardian",
    "a guardian has a verified tie or an appointment, and no doubt concerns them",
    refused,
    ("kind", "basis", "person_id", "adult_id", "relationship_id", "ended_at"),
)
raised, lifted = _GUARD.raised, _GUARD.lifted

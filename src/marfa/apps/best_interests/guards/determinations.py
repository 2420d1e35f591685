"""A panel decides with members of two agencies who had no reason to stand back."""

from __future__ import annotations

from marfa.apps.best_interests.guards.sql import Guard


def refused(_vendor: str) -> str:
    """Decided by a panel of fewer than two agencies. Where two people decide there is none."""
    agencies = (
        "(SELECT count(DISTINCT coalesce(CAST(member.agency_id AS text), 'own')) "
        "FROM best_interests_panelmember member WHERE member.determination_id = NEW.id "
        "AND NOT member.stood_back AND NOT member.has_conflict)"
    )
    return f"(NEW.state = 'decided' AND NEW.matter <> 'authority_unsafe' AND {agencies} < 2)"


_GUARD = Guard(
    "best_interests_determination",
    "best_interests_quorum",
    "a panel decides with members of two agencies, without a conflict of interest",
    refused,
    ("state", "matter"),
)
raised, lifted = _GUARD.raised, _GUARD.lifted

"""No child with a caregiver who was not vetted, and none without a yes of who may give it."""

from __future__ import annotations

from marfa.apps.best_interests.guards.agreement import agreed_guard
from marfa.apps.best_interests.guards.sql import Guard
from marfa.apps.tracing.guards import all_of, determined_guard

TABLE = "alternative_care_placement"
VETTED = (
    "SELECT 1 FROM alternative_care_vetting v WHERE v.id = NEW.vetting_id "
    "AND v.place_id = NEW.place_id AND v.agreed AND v.ended_at IS NULL "
    "AND v.until > NEW.begun_at"
)
_VETTED = Guard(
    TABLE,
    f"{TABLE}_vetted",
    "the caregiver was not vetted by two, or the vetting ran out",
    lambda _vendor: f"(NEW.sort <> 'emergency' AND NOT EXISTS ({VETTED}))",
    ("place_id", "vetting_id", "sort", "begun_at"),
)

raised, lifted = all_of(_VETTED, agreed_guard(TABLE), determined_guard(TABLE, "placement"))

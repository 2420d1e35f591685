"""No way back to who was not verified, and none without a yes of who may give it."""

from __future__ import annotations

from marfa.apps.best_interests.guards.agreement import agreed_guard
from marfa.apps.tracing.guards import all_of, determined_guard, verified_guard

TABLE = "tracing_reunification"

raised, lifted = all_of(
    verified_guard(TABLE), agreed_guard(TABLE), determined_guard(TABLE, "reunification")
)

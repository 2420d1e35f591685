"""No contact before the relationship was verified."""

from __future__ import annotations

from marfa.apps.tracing.guards import all_of, verified_guard

raised, lifted = all_of(verified_guard("tracing_familycontact"))

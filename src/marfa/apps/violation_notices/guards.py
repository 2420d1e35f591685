"""A notification is written with the yes of who may give it."""

from __future__ import annotations

from marfa.apps.best_interests.guards.agreement import agreed_guard

_GUARD = agreed_guard("violation_notices_violationnotice")
raised, lifted = _GUARD.raised, _GUARD.lifted

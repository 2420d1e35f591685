"""An assessment begins with the yes of who may give it."""

from __future__ import annotations

from marfa.apps.best_interests.guards.agreement import agreed_guard

_GUARD = agreed_guard("age_assessment_ageassessment")
raised, lifted = _GUARD.raised, _GUARD.lifted

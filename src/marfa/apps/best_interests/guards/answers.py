"""A yes for a child is given by who may."""

from __future__ import annotations

from marfa.apps.best_interests.guards.agreement import agreed_guard

_GUARD = agreed_guard("best_interests_childanswer")
raised, lifted = _GUARD.raised, _GUARD.lifted

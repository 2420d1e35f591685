"""Nothing goes to a tracing body without a yes of who may give it."""

from __future__ import annotations

from marfa.apps.best_interests.guards.agreement import agreed_guard
from marfa.apps.tracing.guards import all_of

raised, lifted = all_of(agreed_guard("tracing_tracingshare"))

"""Where the database and the charter do not agree about who sees what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.asking import Value
from marfa.safeguards.charter.columns import Standing
from marfa.safeguards.charter.deciding import decide
from marfa.safeguards.charter.visible import visible


def disagreements(
    model: type[Model],
    standing: Standing,
    actor: Actor,
    action: str = "people.see",
    context: Mapping[str, Value] | None = None,
) -> dict[Any, str]:
    """Rows that the query holds and the charter denies, or the other way round, by key."""
    everything = model._default_manager.all()
    listed = set(
        everything.filter(visible(standing, actor, action, context)).values_list("pk", flat=True)
    )
    found = {}
    for pk, resource in standing.resources(everything).items():
        decision = decide(actor, action, resource, context)
        if decision.allowed != (pk in listed):
            found[pk] = f"listed: {pk in listed}, charter: {decision.allowed} {decision.policies}"
    return found

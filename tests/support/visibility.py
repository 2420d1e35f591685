"""Where the ways of asking the charter do not agree about who sees what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.columns import Standing
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.charter.row_decisions import allowed_of
from marfa.safeguards.charter.visibility import visibility_condition


def disagreements(
    model: type[Model],
    standing: Standing,
    actor: Actor,
    action: str = "people.see",
    context: Mapping[str, Value] | None = None,
) -> dict[Any, str]:
    """Rows on which the list, the question about each and the question about all that are alike
    do not say the same, by key."""
    everything = model._default_manager.all()
    listed = set(
        everything.filter(visibility_condition(standing, actor, action, context)).values_list(
            "pk", flat=True
        )
    )
    found = {}
    read = standing.read(everything)
    assert standing.resources(everything) == {pk: resource for pk, (_, resource) in read.items()}
    alike = allowed_of(actor, action, [resource for _, resource in read.values()], context)
    for pk, (_, resource) in read.items():
        decision = decide(actor, action, resource, context)
        if not decision.allowed == (pk in listed) == (pk in alike):
            found[pk] = (
                f"listed: {pk in listed}, among alike: {pk in alike},"
                f" charter: {decision.allowed} {decision.policies}"
            )
    return found

"""Which of a few rows an actor may act upon: their facts are read, and the charter is asked.

``visible`` is for lists, where the database has to choose among all rows. Where the rows are named
by their keys, putting its condition together costs many times what their facts and the questions
do. Tests hold that both allow the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.columns import Standing
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.visibility import SEE

K = TypeVar("K")
R = TypeVar("R", bound=Model)


def seen_among(
    standing: Standing, rows: QuerySet[R], actor: Actor
) -> dict[Any, tuple[R, Resource]]:
    """Those of the rows that the actor may know of, by key in their order, each with what the
    charter was asked about it. As many queries for many rows as for one."""
    found = standing.read(rows)
    allowed = allowed_of(actor, SEE, [resource for _, resource in found.values()])
    return {key: each for key, each in found.items() if key in allowed}


def allowed_of(
    actor: Actor,
    action: str,
    resources: Collection[Resource],
    context: Mapping[str, object] | None = None,
) -> set[Any]:
    """The ids of those on which the charter allows an action.

    It is asked once for all that have the same facts: no policy names one single thing, so they
    have the same answer (a test reads the policies for that).
    """
    answers: dict[object, bool] = {}
    allowed = set()
    for resource in resources:
        alike = (resource.kind, frozenset(resource.facts.items()))
        if alike not in answers:
            answers[alike] = decide(actor, action, resource, context).allowed
        if answers[alike]:
            allowed.add(resource.id)
    return allowed

"""Protected people among those whom somebody looked for."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition

MOST = 20


def hidden_from(actor: Actor, meant: Q) -> list[tuple[UUID, UUID]]:
    """Protected people whom an actor may not know of, each after the organisation that protects
    them. meant: of all people, also of other organisations."""
    with every_organisation():
        rows = Person.objects.filter(meant, protected=True, erased_at=None)
        found = rows.exclude(visibility_condition(PERSON, actor)).order_by("pk").distinct()
        return list(found.values_list("organisation_id", "pk")[:MOST])

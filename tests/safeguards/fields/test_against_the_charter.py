"""What the register says of every field is what the charter decides by: no purpose that a field
does not declare opens it, and no office that may not."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

from marfa.domain.ids import new_id
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.fields.register import everything_declared, facts_of
from marfa.safeguards.words import Purpose, Role, Tier

HERE = new_id()
NARRATIVE = frozenset({Tier.SENSITIVE, Tier.SEALED})


@cache
def actor(role: Role) -> Actor:
    return Actor(new_id(), ActorKind.PERSON, frozenset({HeldRole(role, HERE)}))


def may_read(role: Role, tier: Tier, purposes: frozenset[Purpose], purpose: Purpose) -> bool:
    """As somebody to whom the person is assigned, so that nothing but office and purpose counts."""
    nobody: frozenset[str] = frozenset()
    facts: dict[str, Value] = {
        "organisation": HERE,
        "protected": False,
        "erased": False,
        "assigned": frozenset({actor(role).id}),
        "granted": nobody,
        "excluded": nobody,
        "excluded_places": nobody,
        "tier": tier.value,
        "purposes": frozenset(each.value for each in purposes),
    }
    context: dict[str, Value] = {"on_record": True, "purpose": purpose.value}
    return decide(actor(role), "records.read", Resource("Record", new_id(), facts), context).allowed


def kinds_of_field() -> dict[tuple[Tier, frozenset[Purpose]], str]:
    """Every kind of field that is declared, with one field of it."""
    return {
        facts_of(model, [name]): f"{model._meta.label}.{name}"
        for model, declared in everything_declared()
        for name in declared.fields
    }


def test_only_declared_purposes_open_a_field_and_only_to_offices_that_may() -> None:
    opened = 0
    for ((tier, purposes), field), purpose, role in product(
        kinds_of_field().items(), Purpose, Role
    ):
        if may_read(role, tier, purposes, purpose):
            opened += 1
            assert purpose in purposes, (field, purpose)
            assert tier is not Tier.SEALED, field
            assert role is not Role.ADMINISTRATOR, field
            assert role is not Role.DATA_PROTECTION_OFFICER or tier not in NARRATIVE, field
    assert opened, "somebody may read something"


@pytest.mark.parametrize("tier", [Tier.PERSONAL, Tier.SENSITIVE])
def test_the_tier_makes_the_difference(tier: Tier) -> None:
    purposes = frozenset({Purpose.ASSISTANCE, Purpose.STATISTICS})
    assert may_read(Role.CASE_WORKER, tier, purposes, Purpose.ASSISTANCE)
    assert not may_read(Role.CASE_WORKER, tier, purposes, Purpose.STATISTICS)

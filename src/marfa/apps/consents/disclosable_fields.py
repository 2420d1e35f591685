"""Which fields of a person may leave for a purpose: what the field register says, and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache

from django.db.models import Model, QuerySet

from marfa.apps.registry.models import ContactPoint, Person, PersonName
from marfa.safeguards.fields.register import facts_of, model_declaration
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Tier

MODELS: Mapping[str, type[Model]] = {
    model.__name__: model for model in (Person, PersonName, ContactPoint)
}


@cache
def disclosable_fields_for(purpose: Purpose) -> tuple[str, ...]:
    """Fields that may be sent for a purpose, such as ``PersonName.text``, by table."""
    return tuple(
        f"{name}.{field.name}"
        for name, model in MODELS.items()
        for field in model_declaration(model).fields.values()
        if purpose in field.shared_for
    )


def tier_of_fields(fields: Collection[str]) -> Tier:
    """The most harmful tier among fields."""
    order = list(Tier)
    tiers = (facts_of(MODELS[name], own)[0] for name, own in _by_table(fields))
    return max(tiers, key=order.index, default=Tier.SYSTEM)


def values_of(person: Person, fields: Collection[str]) -> dict[str, object]:
    """What the fields hold; of a table with several rows about the person, a list."""
    found: dict[str, object] = {}
    with open_vault():
        for name, own in _by_table(fields):
            rows = list(_rows(name, person))
            for field in own:
                values = [getattr(row, field) for row in rows]
                found[f"{name}.{field}"] = values[0] if name == "Person" else values
    return found


def _rows(name: str, person: Person) -> QuerySet[Model]:
    """Rows that hold now. A way to reach somebody is handed on only where it is known as safe."""
    if name == "Person":
        return Person.objects.filter(pk=person.pk)
    if name == "PersonName":
        return PersonName.objects.filter(person=person, ended_at=None).order_by("place", "pk")
    safe = {"safety": ContactPoint.Safety.SAFE, "ended_at": None}
    return ContactPoint.objects.filter(person=person, **safe).order_by("recorded_at", "pk")


def _by_table(fields: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    for name in MODELS:
        own = [each.partition(".")[2] for each in fields if each.startswith(f"{name}.")]
        if own:
            yield name, own

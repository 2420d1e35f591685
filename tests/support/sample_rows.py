"""A row in every table of an app, with something in every field that is sealed.

Made from the models themselves, so that a table or a field that is added later is met by the tests
of isolation, erasure and leaks without anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Field, ForeignKey, Model

from marfa.domain.ids import new_id, new_reference
from marfa.platform import clock
from marfa.platform.facts.columns import CodeColumn, CodesColumn
from marfa.safeguards.vault.fields import VaultDateField, VaultJSONField, VaultTextField

Made = dict[type[Model], Model]
Value = Callable[[Made], object]
VAULTED = (VaultTextField, VaultJSONField, VaultDateField)


WITH_PEOPLE = ("agreements", "registry", "consents", "reception", "figures")
"""The apps whose tables are about people who are registered, and about who gets their data."""


def tables_of(*labels: str) -> list[type[Model]]:
    """The tables of some apps, each after those that it refers to."""
    found: list[type[Model]] = []

    def visit(model: type[Model]) -> None:
        if model in found or model._meta.app_label not in labels:
            return
        for link in _links(model):
            if link.related_model is not model and not link.null:
                visit(link.related_model)
        found.append(model)

    for label in labels:
        for model in apps.get_app_config(label).get_models():
            visit(model)
    return found


def vaulted_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The fields of a table that are sealed."""
    return [field for field in model._meta.concrete_fields if isinstance(field, VAULTED)]


def fill(
    tables: Iterable[type[Model]],
    given: Mapping[type[Model], Model],
    sealed: Callable[[Field[Any, Any]], object],
    particular: Mapping[str, Mapping[str, object]],
) -> Made:
    """One row in each table that has none yet.

    given: rows to refer to. sealed: the value of a sealed field. particular: by label, values that
    constraints of the table ask for; a callable is asked with the rows that are there.
    """
    made: Made = dict(given)
    for model in tables:
        if model in made:
            continue
        told = dict(particular.get(model._meta.label, {}))
        values = {name: v(made) if callable(v) else v for name, v in told.items()}
        for field in model._meta.concrete_fields:
            if field.name not in values and not isinstance(field, VAULTED):
                _set(values, field, made)
        row = model(**values)
        for field in vaulted_fields(model):
            setattr(row, field.attname, sealed(field))
        row.save(force_insert=True)
        made[model] = row
    return made


def _links(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    return [f for f in model._meta.concrete_fields if isinstance(f, ForeignKey)]


def _set(values: dict[str, object], field: Field[Any, Any], made: Made) -> None:
    if isinstance(field, ForeignKey):
        target = made.get(field.related_model)
        if target is not None and (not field.null or field.name in ("site", "person")):
            values[field.name] = target
        return
    if field.has_default() or field.null or field.blank:
        return
    values[field.name] = _plain(field)


def _plain(field: Field[Any, Any]) -> object:
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return clock.now().date()
    if isinstance(field, models.UUIDField):
        return new_id()
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, CodesColumn):
        return []
    if isinstance(field, CodeColumn):
        return "unknown"
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.JSONField):
        return []
    choices = list(field.flatchoices)
    return choices[0][0] if choices else new_reference()[: field.max_length or 1]

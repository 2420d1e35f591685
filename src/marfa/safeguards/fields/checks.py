"""Does the register agree with the tables? If not, nothing starts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from marfa.domain.catalogue import render_problem
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.safeguards.fields.declarations import FieldDeclaration, ModelDeclaration
from marfa.safeguards.fields.register import (
    apps_that_store,
    declarations_of,
    file_of,
    tables_of,
)
from marfa.safeguards.fields.retention_exceptions import kept_longer

VAULT = "marfa.safeguards.vault.fields"
_LINE = '{name} = {{ tier = "...", for = "..." }}'


def problems_in_register() -> list[Problem]:
    """Everything that keeps the register from being whole and true; empty where nothing does."""
    return [problem for config in apps_that_store() for problem in problems_of_app(config)]


def problems_of_app(config: AppConfig) -> list[Problem]:
    """The problems of one app's declarations."""
    try:
        declared = declarations_of(config.label)
    except InputError as error:
        return list(error.problems)
    return list(compare_declarations(list(tables_of(config)), declared, file_of(config)[1]))


def compare_declarations(
    tables: list[type[models.Model]], declared: dict[str, ModelDeclaration], file: str
) -> Iterator[Problem]:
    """Where tables and declarations part: what only one of both has, and what a tier forbids."""
    names = {model.__name__ for model in tables}
    for name in sorted(declared.keys() - names):
        yield _problem("model-gone", file, name)
    for model in tables:
        if model.__name__ not in declared:
            lines = "; ".join(_LINE.format(name=field.name) for field in stored_columns(model))
            yield _problem("model-undeclared", file, model.__name__, lines=lines)
            continue
        yield from _compare_fields(model, declared[model.__name__], file)


def _compare_fields(
    model: type[models.Model], declared: ModelDeclaration, file: str
) -> Iterator[Problem]:
    fields = {field.name: field for field in stored_columns(model)}
    name = model.__name__
    for missing in [field for field in fields if field not in declared.fields]:
        line = _LINE.format(name=missing)
        yield _problem("field-undeclared", file, f"{name}.{missing}", model=name, line=line)
    for field in declared.fields.values():
        where = f"{name}.{field.name}"
        if field.name not in fields:
            yield _problem("field-gone", file, where)
        else:
            yield from _sealing(fields[field.name], field, file, where)
    if declared.kept_from and not isinstance(field_at(model, declared.kept_from), models.DateField):
        yield _problem("kept-from-no-date", file, name, lookup=declared.kept_from)
    said = {each.retention for each in kept_longer(model)}
    for retention in sorted(said ^ set(declared.longer)):
        yield _problem("longer-otherwise", file, name, retention=retention)
    if declared.pseudonyms and not _exists(declared.pseudonyms.partition(":")[0]):
        yield _problem("pseudonyms-unknown", file, name, module=declared.pseudonyms)
    for lookup in (*declared.subjects, *declared.named):
        if field_at(model, lookup) is None:
            yield _problem("subject-unknown", file, name, lookup=lookup)


def _sealing(
    field: models.Field[Any, Any], declared: FieldDeclaration, file: str, where: str
) -> Iterator[Problem]:
    """A tier that is encrypted stands in a vault field, or in bytes that a module seals."""
    tier = declared.tier.value
    if declared.sealed_by:
        if not isinstance(field, models.BinaryField):
            yield _problem("sealed-by-no-bytes", file, where)
        if not _exists(declared.sealed_by):
            yield _problem("sealed-by-unknown", file, where, module=declared.sealed_by)
    elif codelist("sensitivity_tiers").entry(tier).attributes["encrypted"] and not is_vaulted(
        field
    ):
        yield _problem("not-sealed", file, where, tier=tier, kind=type(field).__name__)


def is_vaulted(field: object) -> bool:
    """Whether what a field stores is encrypted by the vault."""
    return any(kind.__module__ == VAULT for kind in type(field).__mro__)


def stored_columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model's own table."""
    return list(model._meta.local_concrete_fields)


def field_at(model: type[models.Model], lookup: str) -> object:
    """The field at the end of a lookup such as ``case__closed_at``; None where there is none."""
    found: Any = None
    for name in lookup.split("__"):
        try:
            found = model._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return None
        model = found.related_model
    return found


def _exists(module: str) -> bool:
    try:
        return module.startswith("marfa.") and find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _problem(key: str, file: str, where: str, /, **params: object) -> Problem:
    return Problem(Message(f"safeguards.fields:{key}", params), Place(file=file, field=where))


def check_fields(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Django's system check ``marfa.E001``: one error for each problem of the register."""
    return [Error(render_problem(problem), id="marfa.E001") for problem in problems_in_register()]

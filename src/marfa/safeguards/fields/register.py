"""The register of all fields of all installed apps, as their ``fields.toml`` declare them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.models import Model

from marfa.domain.message import InputError, Message, Problem
from marfa.safeguards.fields.declarations import (
    FieldDeclaration,
    ModelDeclaration,
    read_declarations,
)
from marfa.safeguards.words import Purpose, Tier


def apps_that_store() -> list[AppConfig]:
    """Every installed app with a table, ours and foreign."""
    return [config for config in apps.get_app_configs() if any(tables_of(config))]


def tables_of(config: AppConfig) -> Iterator[type[Model]]:
    """The models of an app that have a table, those between two others included."""
    models = config.get_models(include_auto_created=True)
    return (model for model in models if not model._meta.proxy)


def file_of(config: AppConfig) -> tuple[Path, str]:
    """Where an app's declarations are, and how that file is called in sentences.

    An app that is not ours cannot bring one: its file lies in ``foreign/``.
    """
    own = Path(config.path) / "fields.toml"
    if own.is_file() or config.name.startswith(("marfa.", "tests.")):
        return own, f"{config.name.replace('.', '/')}/fields.toml"
    name = f"{config.label}.toml"
    foreign = files("marfa.safeguards.fields") / "foreign" / name
    return Path(str(foreign)), f"marfa/safeguards/fields/foreign/{name}"


@cache
def declarations_of(label: str) -> dict[str, ModelDeclaration]:
    """Model name -> declaration, of one app. Raises InputError naming what is wrong."""
    config = apps.get_app_config(label)
    path, name = file_of(config)
    if not path.is_file():
        params = {"app": config.name, "file": name}
        raise InputError.at(Message("safeguards.fields:file-missing", params), file=name)
    return read_declarations(path.read_text(encoding="utf-8"), name)


def model_declaration(model: type[Model]) -> ModelDeclaration:
    """What is declared of a table. Raises LookupError where nothing is."""
    try:
        return declarations_of(model._meta.app_label)[model.__name__]
    except (KeyError, InputError) as error:
        raise LookupError(f"{model._meta.label} is not declared") from error


def field_declaration(model: type[Model], field: str) -> FieldDeclaration:
    """What is declared of a field. Raises LookupError where nothing is."""
    declared = model_declaration(model)
    try:
        return declared.fields[field]
    except KeyError:
        raise LookupError(f"{model._meta.label}.{field} is not declared") from None


def tier_of(model: type[Model], field: str) -> Tier:
    """How much harm a field can do; what is not declared counts as the most harmful tier."""
    try:
        return field_declaration(model, field).tier
    except LookupError:
        return Tier.SEALED


def facts_of(model: type[Model], fields: Iterable[str]) -> tuple[Tier, frozenset[Purpose]]:
    """What the charter asks of some fields of a row: the highest tier among them, and the purposes
    for which all of them were collected. Raises LookupError for a field that is not declared."""
    declared = [field_declaration(model, field) for field in fields]
    order = list(Tier)
    tier = max((each.tier for each in declared), key=order.index, default=Tier.SYSTEM)
    shared = [frozenset(each.purposes) for each in declared]
    return tier, frozenset.intersection(*shared) if shared else frozenset()


def everything_declared() -> Iterator[tuple[type[Model], ModelDeclaration]]:
    """Each table with its declaration, in the order of the installed apps.

    Raises InputError where a file is missing or wrong; ``checking`` says what else may be.
    """
    for config in apps_that_store():
        declared = declarations_of(config.label)
        for model in tables_of(config):
            if model.__name__ in declared:
                yield model, declared[model.__name__]


def problems_of_files() -> list[Problem]:
    """What is wrong with the files themselves."""
    found: list[Problem] = []
    for config in apps_that_store():
        try:
            declarations_of(config.label)
        except InputError as error:
            found.extend(error.problems)
    return found

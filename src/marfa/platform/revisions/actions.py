"""Changes to versioned rows, with their revisions in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction

from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.codec import key_of, to_json
from marfa.platform.revisions.errors import BusyRowError, ConflictError, GivenUp, GoneError
from marfa.platform.revisions.merge import MergeKind, merge_fields, same_form
from marfa.platform.revisions.models import Draft, Revision, Versioned
from marfa.platform.revisions.queries import label_of, values_at
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.platform.rowsecurity.tables import columns_for

TRIES = 20


@dataclass(frozen=True)
class Saved:
    """version: of the row now; changed: the fields that this save changed; at: the moment that
    its revisions carry, for facts that follow from it."""

    version: int
    at: datetime
    values: Mapping[str, object]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class _Why:
    actor: UUID | None
    purpose: str
    action: str
    at: datetime


def create_row(row: Versioned, *, actor: UUID | None, purpose: str, action: str) -> Saved:
    """Insert a new row as version 1 and record the values it begins with.

    actor: key of the user; None for the system itself.
    """
    values = {name: getattr(row, name) for name in editable_fields(type(row))}
    for name, value in clean_changes(type(row), values).items():
        setattr(row, name, value)
    row.version = 1
    with transaction.atomic():
        row.save(force_insert=True)
        stored = _stored(type(row), row.pk)
        begun = [(n, None, v) for n, v in stored.items() if n != "version" and v is not None]
        now = clock.now()
        _record(row, 1, begun, Revision.Kind.CREATED, _Why(actor, purpose, action, now))
    return Saved(
        1,
        now,
        {n: v for n, v in stored.items() if n != "version"},
        tuple(name for name, *_ in begun),
    )


def save_changes(
    row: Versioned,
    *,
    base_version: int,
    changes: Mapping[str, object],
    actor: UUID | None,
    purpose: str,
    action: str,
    mine: GivenUp = (),
    check: Callable[[Mapping[str, object]], None] | None = None,
) -> Saved:
    """Change fields of a row as someone who saw ``base_version`` meant it.

    row: read at any time; it is brought to what is stored.
    changes: attribute name -> value; what equals the base counts as not changed.
    mine: values that a person gave up in answer to a conflict; kept in the history as set aside
        where another was chosen (see ``ConflictError.resolve``).
    check: called with all merged values before they are written; two changes that are right by
        themselves may be wrong together. It raises InputError.
    Raises ConflictError when others changed the same field differently, GoneError, InputError for
    values that do not fit or a version that never was, BusyRowError.
    """
    model = type(row)
    wanted = clean_changes(model, changes)
    given_up = tuple((n, clean_changes(model, {n: v})[n]) for n, v in mine)
    with transaction.atomic():
        for _ in range(TRIES):
            current = _stored(model, row.pk)
            version = int(current.pop("version"))  # type: ignore[call-overload]
            merged = _merged(row, version, current, base_version, wanted, given_up)
            if check is not None:
                check(merged)
            why = _Why(actor, purpose, action, clock.now())
            saved = _write(row, version, current, merged, given_up, why)
            if saved is not None:
                return saved
    raise BusyRowError


def erase_history(model: type[Versioned], object_id: UUID) -> int:
    """Delete the revisions and drafts of a row whose person is erased; how many."""
    with transaction.atomic():
        found = Revision.objects.filter(model=label_of(model), object_id=object_id).delete()[0]
        return found + Draft.objects.filter(subject=str(object_id)).delete()[0]


def editable_fields(model: type[Versioned]) -> dict[str, models.Field[Any, Any]]:
    """The fields that revisions cover, by attribute name: all columns but key and version."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return {field.attname: field for field in fields if field.attname != "version"}


def clean_changes(model: type[Versioned], changes: Mapping[str, object]) -> dict[str, object]:
    """The values as the fields hold them, sets and lists in their one form.

    Raises InputError naming the field; KeyError for a field that there is none of.
    """
    fields = editable_fields(model)
    found = {}
    for name, value in changes.items():
        try:
            python = fields[name].to_python(value)
        except ValidationError:
            raise InputError.at(Message("platform.revisions:value-wrong"), field=name) from None
        found[name] = same_form(python, model.merge_kinds.get(name, MergeKind.ONE))
    return found


def _stored(model: type[Versioned], key: UUID) -> dict[str, object]:
    names = [*editable_fields(model), "version"]
    found = model._base_manager.filter(pk=key).values(*names).first()
    if found is None:
        raise GoneError
    return {**found}


def _merged(
    row: Versioned,
    version: int,
    current: Mapping[str, object],
    base_version: int,
    wanted: Mapping[str, object],
    given_up: GivenUp,
) -> Mapping[str, object]:
    """All fields with the wanted changes merged in; raises ConflictError."""
    if not 1 <= base_version <= version:
        raise InputError.at(Message("platform.revisions:version-unknown"), field="version")
    base = values_at(row, base_version, current)
    kinds = type(row).merge_kinds
    found = merge_fields(base, {**base, **wanted}, current, kinds)
    if found.conflicts:
        raise ConflictError(
            found.conflicts, version=version, values=found.values, given_up=given_up
        )
    return found.values


def _write(
    row: Versioned,
    version: int,
    current: Mapping[str, object],
    merged: Mapping[str, object],
    given_up: GivenUp,
    why: _Why,
) -> Saved | None:
    """Update the row if it is still in this version; None when somebody was faster.

    The condition names columns of the row itself, which PostgreSQL asks again after waiting.
    """
    changed = {n: v for n, v in merged.items() if key_of(v) != key_of(current[n])}
    aside = {(n, key_of(v)): v for n, v in given_up if key_of(v) != key_of(merged[n])}
    if changed or aside:
        unmoved = type(row)._base_manager.filter(pk=row.pk, version=version)
        if unmoved.update(**changed, version=version + 1) != 1:
            return None
        version += 1
        pairs = [(n, current[n], v) for n, v in changed.items()]
        _record(row, version, pairs, Revision.Kind.CHANGED, why)
        pairs = [(n, merged[n], v) for (n, _), v in aside.items()]
        _record(row, version, pairs, Revision.Kind.SET_ASIDE, why)
    for name, value in {**merged, "version": version}.items():
        setattr(row, name, value)
    return Saved(version, why.at, merged, tuple(changed))


def _record(
    row: Versioned,
    version: int,
    changes: Iterable[tuple[str, object, object]],
    kind: Revision.Kind,
    why: _Why,
) -> None:
    whose = columns_for(owner_of(row))
    Revision.objects.bulk_create(
        Revision(
            model=label_of(type(row)),
            object_id=row.pk,
            version=version,
            field=name,
            kind=kind,
            before=to_json(before),
            after=to_json(after),
            actor_id=why.actor,
            at=why.at,
            purpose=why.purpose,
            action=why.action,
            **whose,
        )
        for name, before, after in changes
    )

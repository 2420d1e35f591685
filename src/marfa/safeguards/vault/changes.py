"""Changes to versioned rows with sealed fields: compared and merged in clear, stored sealed.

A row is both Versioned and Vaulted. The same value sealed twice is not the same bytes, so that
``revisions.save_changes`` alone would take every save for a change and every second one for a
conflict. Works within ``open_vault()``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from marfa.domain.message import InputError, Message
from marfa.platform.revisions.actions import TRIES, Saved, editable_fields, save_changes
from marfa.platform.revisions.codec import key_of
from marfa.platform.revisions.errors import BusyRowError, ConflictError, GivenUp, GoneError
from marfa.platform.revisions.merge import MergeKind, merge_fields, same_form
from marfa.platform.revisions.queries import values_at
from marfa.safeguards.vault.access import current_vault
from marfa.safeguards.vault.fields import Vaulted, VaultField, sealed_value
from marfa.safeguards.vault.rows import open_value


def save_sealed(
    row: Any,
    *,
    base_version: int,
    changes: Mapping[str, object],
    actor: UUID | None,
    purpose: str,
    action: str,
    mine: GivenUp = (),
    derived: Callable[[Mapping[str, object]], Mapping[str, object]] | None = None,
) -> Saved:
    """Change fields of a row as ``revisions.save_changes`` does; all values are in clear.

    row: Versioned and Vaulted; lists and sets among its sealed fields are its ``sealed_kinds``.
    derived: what else is stored, worked out from the merged values of the changed fields and of all
    that are not sealed; it is no matter of conflict, and what it raises stops the save.
    Raises what ``save_changes`` raises; values in a ConflictError are in clear.
    """
    kinds = {**row.merge_kinds, **row.sealed_kinds}
    wanted = {name: _clean(row, name, value, kinds) for name, value in changes.items()}
    for _ in range(TRIES):
        version, stored = _stored(row)
        raw = values_at(row, _known(base_version, version), stored)
        theirs = {name: in_clear(row, name, stored[name]) for name in wanted}
        base = {name: in_clear(row, name, raw[name]) for name in wanted}
        found = merge_fields(base, wanted, theirs, kinds)
        if found.conflicts:
            raise ConflictError(
                found.conflicts, version=version, values=found.values, given_up=mine
            )
        written = {**found.values}
        if derived is not None:
            written |= derived({**_open_fields(row, stored), **found.values})
        theirs |= {name: in_clear(row, name, stored[name]) for name in written}
        try:
            return save_changes(
                row,
                base_version=version,
                changes=_sealed(row, written, theirs),
                actor=actor,
                purpose=purpose,
                action=action,
                mine=_set_aside(row, mine, written),
            )
        except ConflictError:  # somebody was faster between reading and writing
            continue
    raise BusyRowError


def values_in_clear(row: Any, version: int) -> dict[str, object]:
    """The values of a row as they were in a version, opened."""
    return {name: in_clear(row, name, value) for name, value in values_at(row, version).items()}


def in_clear(row: Vaulted, name: str, value: object) -> object:
    """A value of a field as it stands in the row or its history, opened where it is sealed."""
    field = row._meta.get_field(name.removesuffix("_id")) if name.endswith("_id") else None
    field = field or row._meta.get_field(name)
    if not isinstance(field, VaultField) or not isinstance(value, (bytes, memoryview)):
        return value
    return field.from_bytes(open_value(current_vault(), field, row, bytes(value)))


def _clean(row: Any, name: str, value: object, kinds: Mapping[str, MergeKind]) -> object:
    """A value as its field holds it. Raises InputError naming the field."""
    if isinstance(value, (bytes, memoryview)):
        return in_clear(row, name, value)
    field: Any = editable_fields(type(row))[name]
    try:
        python = field.to_python(value)
    except ValidationError:
        raise InputError.at(Message("platform.revisions:value-wrong"), field=name) from None
    found = same_form(python, kinds.get(name, MergeKind.ONE))
    # Nothing is stored as nothing, so that an empty answer is no change.
    return None if isinstance(field, VaultField) and found in ("", [], {}) else found


def _stored(row: Any) -> tuple[int, dict[str, object]]:
    model = type(row)
    found = model._base_manager.filter(pk=row.pk).values(*editable_fields(model), "version").first()
    if found is None:
        raise GoneError
    return int(found.pop("version")), found


def _known(base: int, version: int) -> int:
    if not 1 <= base <= version:
        raise InputError.at(Message("platform.revisions:version-unknown"), field="version")
    return base


def _open_fields(row: Any, stored: Mapping[str, object]) -> dict[str, object]:
    fields = editable_fields(type(row))
    return {n: v for n, v in stored.items() if not isinstance(fields[n], VaultField)}


def _sealed(
    row: Any, values: Mapping[str, object], theirs: Mapping[str, object]
) -> dict[str, object]:
    """What is not stored already, as it is stored."""
    return {
        name: _as_stored(row, name, value)
        for name, value in values.items()
        if key_of(value) != key_of(theirs[name])
    }


def _set_aside(
    row: Any, mine: GivenUp, values: Mapping[str, object]
) -> tuple[tuple[str, object], ...]:
    return tuple(
        (name, _as_stored(row, name, value))
        for name, value in mine
        if key_of(value) != key_of(values.get(name))
    )


def _as_stored(row: Any, name: str, value: object) -> object:
    field: Any = editable_fields(type(row))[name]
    return sealed_value(row, name, value) if isinstance(field, VaultField) else value

"""Questions to the history of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from marfa.domain.message import Message
from marfa.platform.revisions.codec import from_json, key_of
from marfa.platform.revisions.merge import MergeKind, same_form
from marfa.platform.revisions.models import Revision, Versioned


@dataclass(frozen=True)
class Entry:
    """One version: who made it, when, why, and what it changed, in words.

    actor: key of the user, None for the system; names are put in by who may see them.
    """

    version: int
    at: datetime
    actor: UUID | None
    purpose: str
    action: str
    changes: tuple[Message, ...]


def label_of(model: type[models.Model]) -> str:
    """The name of a model in the table of revisions: ``registry.person``."""
    return model._meta.label_lower


def revisions_of(row: Versioned) -> models.QuerySet[Revision]:
    """The revisions of a row, oldest first."""
    found = Revision.objects.filter(model=label_of(type(row)), object_id=row.pk)
    return found.order_by("version", "field", "kind", "id")


def values_at(
    row: Versioned, version: int, current: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The values of a row as they were in a version: the present with later changes undone.

    current: the values as stored now, where they were read already.
    """
    if current is None:
        names = [f.attname for f in type(row)._meta.concrete_fields if not f.primary_key]
        stored = type(row)._base_manager.values(*names).get(pk=row.pk)
        current = {name: stored[name] for name in names if name != "version"}
    values = dict(current)
    later = revisions_of(row).filter(version__gt=version, kind=Revision.Kind.CHANGED)
    for revision in later.order_by("-version"):
        if revision.field in values:  # a column that has gone since then has no place
            values[revision.field] = from_json(revision.before)
    return values


def row_history(row: Versioned) -> list[Entry]:
    """The versions of a row, newest first, in the words of the active language's field names."""
    entries = []
    for version, group in groupby(revisions_of(row), lambda r: r.version):
        found = list(group)
        first = found[0]
        changes = tuple(message for each in found for message in _words(type(row), each))
        entries.append(
            Entry(version, first.at, first.actor_id, first.purpose, first.action, changes)
        )
    return entries[::-1]


def _words(model: type[Versioned], revision: Revision) -> Iterator[Message]:
    field = _field(model, revision.field)
    name = str(field.verbose_name) if field is not None else revision.field
    before, after = from_json(revision.before), from_json(revision.after)
    kind = model.merge_kinds.get(revision.field, MergeKind.ONE)
    if revision.kind == Revision.Kind.SET_ASIDE:
        value = _shown(field, after)
        yield Message("platform.revisions:set-aside", {"field": name, "value": value})
    elif kind is not MergeKind.ONE:
        yield from _members(name, field, before, after)
    elif before in (None, ""):
        value = _shown(field, after)
        yield Message("platform.revisions:set", {"field": name, "value": value})
    elif after in (None, ""):
        value = _shown(field, before)
        yield Message("platform.revisions:cleared", {"field": name, "value": value})
    else:
        shown = {"before": _shown(field, before), "after": _shown(field, after)}
        yield Message("platform.revisions:changed", {"field": name, **shown})


def _members(
    name: str, field: models.Field[Any, Any] | None, before: object, after: object
) -> Iterator[Message]:
    old, new = (_listed(value) for value in (before, after))
    added, removed = _without(new, old), _without(old, new)
    for value in added:
        shown = {"field": name, "value": _shown(field, value)}
        yield Message("platform.revisions:added", shown)
    for value in removed:
        shown = {"field": name, "value": _shown(field, value)}
        yield Message("platform.revisions:removed", shown)
    if not added and not removed and old != new:
        yield Message("platform.revisions:reordered", {"field": name})


def _listed(value: object) -> list[object]:
    found = same_form(value, MergeKind.LIST)
    return list(found) if isinstance(found, list) else []


def _without(members: Iterable[object], others: Iterable[object]) -> list[object]:
    left = [key_of(each) for each in others]
    found = []
    for each in members:
        if key_of(each) in left:
            left.remove(key_of(each))
        else:
            found.append(each)
    return found


def _field(model: type[Versioned], attname: str) -> models.Field[Any, Any] | None:
    try:
        found = model._meta.get_field(attname.removesuffix("_id"))
    except FieldDoesNotExist:
        try:
            found = model._meta.get_field(attname)
        except FieldDoesNotExist:
            return None
    return found if isinstance(found, models.Field) else None


def _shown(field: models.Field[Any, Any] | None, value: object) -> object:
    """A value as a parameter of a sentence: labels for codes, nothing of what is sealed."""
    if isinstance(value, bytes):
        return Message("platform.revisions:sealed")
    if isinstance(value, bool):
        no, yes = Message("platform.revisions:no"), Message("platform.revisions:yes")
        return yes if value else no
    if value is None:
        return Message("platform.revisions:nothing")
    choices = dict(getattr(field, "flatchoices", None) or ())
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    return value if isinstance(value, (int, float, date, str)) else str(value)

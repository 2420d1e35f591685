"""Everything that is stored about one person, or hangs on some rows: found through the register.

It is a walk until nothing new turns up: rows that the register says are about a key, rows that
stand or fall with those, and the files that nobody else refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import CASCADE, SET_NULL, ForeignKey, Model, Q
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.module_loading import import_string

from marfa.domain.codelists import codelist
from marfa.safeguards.fields.declarations import ModelDeclaration
from marfa.safeguards.fields.register import everything_declared, model_declaration

OWNED = frozenset({"files.StoredFile"})
"""Tables whose rows go with the last row that refers to them."""

AT_ONCE = 500
Rows = dict[type[Model], set[Any]]


@dataclass(frozen=True)
class Footprint:
    """Rows by table, with their primary keys.

    subject: the person, where it is about one. shared: rows about this person and others, which
    stay for the others.
    """

    rows: Mapping[type[Model], frozenset[Any]]
    subject: UUID | None = None
    shared: Mapping[type[Model], frozenset[Any]] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[UUID]:
        """Every key that tells of these rows or of the person."""
        found = {key for keys in self.rows.values() for key in keys if isinstance(key, UUID)}
        return frozenset(found | ({self.subject} if self.subject else set()))

    def of(self, label: str) -> frozenset[Any]:
        """The rows of one table by its label, ``files.StoredFile``."""
        return next((keys for m, keys in self.rows.items() if m._meta.label == label), frozenset())


def kept_on_erasure(declared: ModelDeclaration) -> bool:
    """Whether rows stay when a person is erased, since they hold keys and codes alone."""
    attributes = codelist("retention_classes").entry(declared.retention).attributes
    return bool(attributes.get("kept_on_erasure"))


def footprint_of(subject: UUID) -> Footprint:
    """All rows about a person, those that are kept on erasure left out."""
    return _walk({}, subject)


def footprint_of_rows(rows: Mapping[type[Model], Iterable[Any]]) -> Footprint:
    """Some rows with all that stands or falls with them."""
    return _walk({model: set(keys) for model, keys in rows.items()}, None)


def split_keys(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """The keys in lists that fit into one statement."""
    all_keys = list(keys)
    for start in range(0, len(all_keys), AT_ONCE):
        yield all_keys[start : start + AT_ONCE]


def find_rows(model: type[Model], lookups: Iterable[str], keys: Iterable[Any]) -> set[Any]:
    """Primary keys of the rows in which one of the lookups leads to one of the keys."""
    names = list(lookups)
    found: set[Any] = set()
    for part in split_keys(keys) if names else ():
        asked = Q(*((f"{name}__in", part) for name in names), _connector=Q.OR)
        found.update(model._base_manager.filter(asked).values_list("pk", flat=True))
    return found


def _walk(rows: Rows, subject: UUID | None) -> Footprint:
    tables = {m: d for m, d in everything_declared() if not kept_on_erasure(d)}
    fresh: Rows = {model: set(keys) for model, keys in rows.items()}
    new = _uuids(fresh) | ({subject} if subject else set())
    known = set(new)
    shared: Rows = {}
    while new or any(fresh.values()):
        step: Rows = {}
        for model, declared in tables.items():
            found = find_rows(model, declared.subjects, _subjects_of(declared, new))
            shared.setdefault(model, set()).update(found)
            if len(declared.subjects) > 1:
                found -= about_others(model, declared, found, known)
            found |= _dependants(model, declared, fresh)
            step[model] = found - rows.setdefault(model, set())
        for model, keys in step.items():
            rows[model] |= keys
        fresh, new = step, _uuids(step)
        known |= new
    _add_owned(rows, tables)
    left = {model: keys - rows[model] for model, keys in shared.items()}
    return Footprint(_frozen(rows), subject, _frozen(left))


def _subjects_of(declared: ModelDeclaration, keys: Set[UUID]) -> Iterable[UUID]:
    """What stands in the subjects of a table for these keys: they themselves, or pseudonyms."""
    if not declared.pseudonyms or not keys:
        return keys
    derive: Callable[[Set[UUID]], Set[UUID]] = import_string(declared.pseudonyms.replace(":", "."))
    return derive(keys)


def _frozen(rows: Rows) -> dict[type[Model], frozenset[Any]]:
    return {model: frozenset(keys) for model, keys in rows.items() if keys}


def about_others(
    model: type[Model], declared: ModelDeclaration, rows: Iterable[Any], known: Set[Any]
) -> set[Any]:
    """Those of the rows that are about somebody else too: a key that is not among the known. A row
    under a pseudonym is about one person alone."""
    found: set[Any] = set()
    if declared.pseudonyms:
        return found
    for part in split_keys(rows) if declared.subjects else ():
        asked = model._base_manager.filter(pk__in=part)
        for key, *about in asked.values_list("pk", *declared.subjects):
            if any(value is not None and value not in known for value in about):
                found.add(key)
    return found


def people_in(footprint: Footprint) -> set[UUID]:
    """The keys that the rows of a footprint are about."""
    found: set[UUID] = set()
    for model, keys in footprint.rows.items():
        declared = model_declaration(model)
        for lookup in () if declared.pseudonyms else declared.subjects:
            for part in split_keys(keys):
                rows = model._base_manager.filter(pk__in=part)
                values = rows.values_list(lookup, flat=True)
                found.update(value for value in values if isinstance(value, UUID))
    return found


def _uuids(rows: Rows) -> set[Any]:
    return {key for keys in rows.values() for key in keys if isinstance(key, UUID)}


def _dependants(model: type[Model], declared: ModelDeclaration, fresh: Rows) -> set[Any]:
    """Rows of a table that go with the rows that were just found."""
    found: set[Any] = set()
    for link in foreign_keys(model):
        target = link.related_model
        if link.name in declared.named or not fresh.get(target):
            continue
        goes = link.remote_field.on_delete
        # What is let go of (SET_NULL) is named in a row, and does not carry it.
        if goes is CASCADE or (declared.retention == "with_record" and goes is not SET_NULL):
            found |= find_rows(model, [link.name], fresh[target])
    return found


def _add_owned(rows: Rows, tables: Mapping[type[Model], ModelDeclaration]) -> None:
    """Files to which the rows refer, and nobody else; with what was made of them."""
    owned: Rows = {}
    for model, keys in rows.items():
        for link in foreign_keys(model):
            if link.related_model._meta.label in OWNED and link.name not in _named(model):
                for part in split_keys(keys):
                    of_part = model._base_manager.filter(pk__in=part)
                    targets = of_part.values_list(link.attname, flat=True)
                    owned.setdefault(link.related_model, set()).update(targets)
    for target, keys in owned.items():
        keys -= {None, *rows.get(target, ())}
        keys -= _referred_to_by_others(target, keys, rows)
        rows.setdefault(target, set()).update(keys)
        for model, declared in tables.items():
            rows.setdefault(model, set()).update(_dependants(model, declared, {target: keys}))


def _referred_to_by_others(target: type[Model], keys: set[Any], rows: Rows) -> set[Any]:
    """Those of the keys to which a row refers that does not go."""
    found: set[Any] = set()
    for relation in referring_keys(target):
        model, name = relation.related_model, relation.field.attname
        if model._meta.label.startswith("files.") or not isinstance(model, type):
            continue
        for part in split_keys(keys):
            asked = model._base_manager.filter(**{f"{name}__in": part})
            for key, referred in asked.values_list("pk", name):
                if key not in rows.get(model, ()):
                    found.add(referred)
    return found


def _named(model: type[Model]) -> tuple[str, ...]:
    return model_declaration(model).named


def foreign_keys(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    """The foreign keys in a model's own table."""
    return [f for f in model._meta.local_concrete_fields if isinstance(f, ForeignKey)]


def referring_keys(model: type[Model]) -> list[ForeignObjectRel]:
    """The foreign keys of other tables, and of its own, that lead to a model."""
    fields = model._meta.get_fields(include_hidden=True)
    relations = [f for f in fields if isinstance(f, ForeignObjectRel) and not f.many_to_many]
    return [relation for relation in relations if relation.field.concrete]

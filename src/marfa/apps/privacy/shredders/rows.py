"""Rows of the tables that the field register knows, whatever app they belong to."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import SET_NULL, Model

from marfa.domain.message import InputError, Message
from marfa.safeguards.fields.footprint import Footprint, find_rows, referring_keys, split_keys
from marfa.safeguards.fields.register import everything_declared, model_declaration
from marfa.safeguards.fields.shredder import Shredder


class RowShredder(Shredder):
    """Deletes the rows, and takes the person's key out of the rows in which it is merely named.

    handled: labels of the tables that have a shredder of their own.
    """

    code = "rows"

    def __init__(self, handled: frozenset[str]) -> None:
        self._handled = handled

    def found(self, footprint: Footprint) -> int:
        return sum(len(keys) for _, keys in self._going(footprint))

    def shred(self, footprint: Footprint) -> int:
        going = self._going(footprint)
        for model, _ in going:
            self._let_go(model, footprint)
        for model, keys in going:
            for part in split_keys(keys):
                # Foreign keys among what goes are asked for when the transaction ends.
                model._base_manager.filter(pk__in=part)._raw_delete(DEFAULT_DB_ALIAS)
        self._unname(footprint)
        return self.found(footprint)

    def _going(self, footprint: Footprint) -> list[tuple[type[Model], frozenset[Any]]]:
        rows = footprint.rows.items()
        return [(model, keys) for model, keys in rows if model._meta.label not in self._handled]

    def _let_go(self, target: type[Model], footprint: Footprint) -> None:
        """Rows that stay let go of those that do not; raises InputError where they must not."""
        for relation in referring_keys(target):
            model, field = relation.related_model, relation.field
            assert isinstance(model, type)  # noqa: S101 - "self" is resolved by now
            stay = find_rows(model, [field.name], footprint.rows[target])
            stay -= footprint.rows.get(model, frozenset())
            if not stay:
                continue
            named = field.name in model_declaration(model).named
            if not field.null or not (named or relation.on_delete is SET_NULL):
                table = {"table": model._meta.label}
                raise InputError.at(Message("apps.privacy:still-referred-to", table))
            for part in split_keys(stay):
                model._base_manager.filter(pk__in=part).update(**{field.attname: None})

    def _unname(self, footprint: Footprint) -> None:
        """Empty the fields that name the person by key, where they may be empty."""
        if footprint.subject is None or footprint.of("accounts.User"):
            # A member of staff stays in what they wrote, under a key that names nobody any more.
            return
        for model, declared in everything_declared():
            shared = declared.subjects if model in footprint.shared else ()
            for name in (*declared.named, *shared):
                field = model._meta.get_field(name) if "__" not in name else None
                if getattr(field, "null", False):
                    rows = model._base_manager.filter(**{name: footprint.subject})
                    rows.update(**{name: None})

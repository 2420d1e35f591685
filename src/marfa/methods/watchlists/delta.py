"""What changed between two versions of a list, field by field.

An entry is the same where its reference is; it changed where its content did. A new database key
(``DATAID``) under the same reference is no addition: the entry was re-numbered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marfa.methods.watchlists.entries import Entry

CHANGES = ("added", "removed", "renumbered", "amended")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that went, came, or became another. Of values that stand several times those alone
    that went or came are told."""

    field: str
    before: str | None
    after: str | None

    def as_json(self) -> dict[str, object]:
        return {"field": self.field, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class Delta:
    """All that changed, each entry once. ``renumbered`` and ``amended`` have entries before and
    after; what was re-numbered may have another content as well."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    renumbered: tuple[tuple[Entry, Entry], ...]
    amended: tuple[tuple[Entry, Entry], ...]

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in CHANGES}

    @property
    def touched(self) -> frozenset[str]:
        """References of which anything is to be screened anew or decided anew."""
        entries = (*self.added, *self.removed, *(after for _before, after in self.changed))
        return frozenset(entry.reference for entry in entries)

    @property
    def changed(self) -> tuple[tuple[Entry, Entry], ...]:
        """Entries before and after whose content changed, re-numbered or not."""
        moved = (pair for pair in self.renumbered if pair[0].digest != pair[1].digest)
        return (*moved, *self.amended)

    def as_json(self) -> dict[str, object]:
        return {
            "counts": self.counts,
            "items": {
                "added": [_told(entry) for entry in self.added],
                "removed": [_told(entry) for entry in self.removed],
                "renumbered": [
                    _told(after)
                    | {"source_id_before": before.source_id, "source_id": after.source_id}
                    | {"changes": [each.as_json() for each in compare_fields(before, after)]}
                    for before, after in self.renumbered
                ],
                "amended": [
                    _told(after)
                    | {"changes": [each.as_json() for each in compare_fields(before, after)]}
                    for before, after in self.amended
                ],
            },
        }


def compare_versions(old: Iterable[Entry], new: Iterable[Entry]) -> Delta:
    """What changed from one to the other; each kind of change in the order of the references."""
    before = {entry.reference: entry for entry in old}
    after = {entry.reference: entry for entry in new}
    both = [(before[key], after[key]) for key in sorted(before.keys() & after.keys())]
    same_key = [pair for pair in both if pair[0].source_id == pair[1].source_id]
    return Delta(
        tuple(after[key] for key in sorted(after.keys() - before.keys())),
        tuple(before[key] for key in sorted(before.keys() - after.keys())),
        tuple(pair for pair in both if pair[0].source_id != pair[1].source_id),
        tuple(pair for pair in same_key if pair[0].digest != pair[1].digest),
    )


def compare_fields(before: Entry, after: Entry) -> list[FieldChange]:
    """What changed within an entry."""
    old, new = _values(before), _values(after)
    found: list[FieldChange] = []
    for name in sorted(old.keys() | new.keys()):
        gone = _without(old.get(name, []), new.get(name, []))
        came = _without(new.get(name, []), old.get(name, []))
        if len(gone) == len(came) == 1:
            found.append(FieldChange(name, gone[0], came[0]))
            continue
        found += [FieldChange(name, value, None) for value in gone]
        found += [FieldChange(name, None, value) for value in came]
    return found


def _without(values: list[str], others: list[str]) -> list[str]:
    left = list(others)
    found = []
    for value in values:
        if value in left:
            left.remove(value)
        else:
            found.append(value)
    return found


def _values(entry: Entry) -> dict[str, list[str]]:
    """What an entry says by field, each value as text; a value with parts as ``PART: text``."""
    said: Mapping[str, Any] = entry.content if entry.content is not None else entry.as_json()
    found = {"kind": [entry.kind]}
    for name, value in said.items():
        if name != "source_id":
            values = value if isinstance(value, list) else [value]
            found[name] = [_as_text(each) for each in values]
    return found


def _as_text(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_as_text(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_as_text(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _told(entry: Entry) -> dict[str, object]:
    return {
        "reference": entry.reference,
        "kind": entry.kind,
        "name": entry.name,
        "regime": entry.regime,
        "digest": entry.digest,
    }

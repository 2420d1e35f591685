"""Whether the columns of two tables mean the same, so that they can be judged together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.tables.dimension import ROOT


def check_meaning(new: Released, others: Sequence[Released]) -> None:
    """Raises InputError where only a person can say how two tables of a population go together:
    persons in one and records in the other, other codes for "not reported", rounded figures, values
    that may be old ones under a new name."""
    if not new.query.get("new_values"):
        _check_names(new, others)
    for other in others:
        key = _difference(new, other)
        if key is not None:
            raise InputError.at(
                Message(f"methods.disclosure.releases:{key}", {"release": other.name})
            )


def _check_names(new: Released, others: Sequence[Released]) -> None:
    """Raises InputError where values of a column are gone and others have come, each with as many
    people as may be shown, or where a new value is an old one spelled otherwise: under another
    name the same people would be taken for others."""
    for column, now in _people_by_value(new).items():
        latest = next((o for o in reversed(others) if column in _people_by_value(o)), None)
        if latest is None:
            continue
        before = _people_by_value(latest)[column]
        come, gone = _apart(now, before), _apart(before, now)
        whole = new.filters == latest.filters
        many = [
            {v for v in each if of[v] >= new.minimum} for each, of in ((come, now), (gone, before))
        ]
        spelled = {v for v in come if v.casefold() in {old.casefold() for old in before}}
        if spelled or (whole and all(many)):
            raise InputError.at(
                Message(
                    "methods.disclosure.releases:values-renamed",
                    {
                        "release": latest.name,
                        "old": ", ".join(sorted(gone or before)),
                        "new": ", ".join(sorted(spelled or many[0])),
                    },
                ),
                column=column,
            )


def _apart(one: Mapping[str, int], two: Mapping[str, int]) -> set[str]:
    return one.keys() - two.keys()


def _people_by_value(release: Released) -> dict[str, dict[str, int]]:
    """By column and value of the data, people of the value in the table; of a joined value in all
    its parts. Withheld counts are taken for none."""
    counts = release.true if release.true is not None else release.table.counts
    found: dict[str, dict[str, int]] = {name: {value: 0} for name, value in release.filters}
    for axis, (dimension, members) in enumerate(
        zip(release.table.dimensions, release.members, strict=True)
    ):
        others = np.delete(release.table.nodes, axis, axis=1)
        margin = np.flatnonzero((others == ROOT).all(axis=1))
        at = dict(zip(release.table.nodes[margin, axis].tolist(), margin.tolist(), strict=True))
        mine = found.setdefault(dimension.name, {})
        for node in np.flatnonzero(dimension.is_leaf).tolist():
            number = int(counts[at[node]]) if node in at else 0
            mine.update({v: max(number, 0) for v in members[node] if v is not None and node})
    return found


def check_alone(columns: Sequence[str], others: Sequence[Released]) -> None:
    """Raises InputError for a rounded table of people of whom anything else is out: together they
    can give away what each hides."""
    if others:
        raise InputError.at(
            Message("methods.disclosure.releases:beside-rounded", {"release": others[-1].name}),
            column=", ".join(columns),
        )


def _difference(one: Released, two: Released) -> str | None:
    if "round" in (one.query.get("method"), two.query.get("method")):
        return "beside-rounded"
    if one.query.get("unit") != two.query.get("unit"):
        return "other-unit"
    shared = set(one.columns) & set(two.columns)
    if not shared:
        return None
    if sorted(one.query.get("missing", ())) != sorted(two.query.get("missing", ())):
        return "other-missing"
    several = [set(each.query.get("several", ())) & shared for each in (one, two)]
    if several[0] != several[1]:
        return "other-several"
    return None

"""Tables that go out together, protected beside everything that is out already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.choice import choose_figures
from marfa.methods.disclosure.releases.coarser import Rows, coarser_forms, joined_values
from marfa.methods.disclosure.releases.definitions import check_meaning
from marfa.methods.disclosure.releases.delay import (
    Combination,
    counts_before,
    counts_of,
    delayed_counts,
)
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.releases.rows import combinations_of, read_statement
from marfa.methods.disclosure.tables.arrays import Bools
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.count import cells_of_rows
from marfa.methods.disclosure.tables.full_cells import full_cells
from marfa.methods.disclosure.tables.households import largest_households
from marfa.methods.disclosure.tables.protected_table import STATUSES, WITHHELD, ProtectedTable
from marfa.methods.disclosure.tables.protection import list_zeros
from marfa.methods.disclosure.tables.query import Merged, TableQuery
from marfa.methods.disclosure.tables.suppression import suppress

METHOD = 1
"""Version of the protection: part of the id, since another one may withhold other cells."""

LARGEST_ALONE, MOST_CELLS = 20_000, 2_500
"""Unknowns, and cells with somebody in them, up to which the first table of a population is
protected by programmes too; larger ones by swaps, whose work grows with the table alone."""

MOST_WORK = 60_000
"""Small counts times cells up to which it is done in seconds."""

PRIMARY, SECONDARY = STATUSES.index("primary"), STATUSES.index("secondary")


Late = dict[str, Any]
"""``values`` of a combination, and ``as_of``: when those whom it counts were counted."""


@dataclass(frozen=True)
class Draft:
    """A table that is not out. rows: its counted combinations. version: of the records.
    asked: the query as it was asked, before values were joined or people delayed. households: the
    combinations by household, where the query names a column of them."""

    query: TableQuery
    rows: Rows
    version: str
    cells: Cells
    asked: TableQuery
    late: tuple[Late, ...] = ()
    households: Rows = ()

    def coarser(self, query: TableQuery, cells: Cells) -> Draft:
        """The same with joined values."""
        return replace(self, query=query, cells=cells)

    def without_sensitive(self) -> Draft:
        """The same with no column to guard: no group has a single value any more."""
        return replace(
            self,
            query=replace(self.query, sensitive=()),
            asked=replace(self.asked, sensitive=()),
        )


def make_draft(
    query: TableQuery,
    rows: Rows,
    version: str,
    households: Rows = (),
    cells: Cells | None = None,
) -> Draft:
    """A table as it was counted. cells: of the rows, where they are at hand."""
    found = cells_of_rows(query, rows) if cells is None else cells
    return Draft(query, rows, version, found, query, households=households)


def is_large(draft: Draft) -> bool:
    """Whether a table by itself is protected by swaps."""
    sizes = [len(dimension.labels) for dimension in draft.cells.dimensions]
    every = np.prod(sizes, dtype=float) if draft.query.hides_zeros else 0
    cells = max(len(draft.cells.counts), every)
    small = int((draft.cells.counts < draft.query.min_cell).sum())
    return (
        cells > MOST_CELLS
        or small * cells > MOST_WORK
        or combinations_of([_plain(draft)]) > LARGEST_ALONE
    )


def open_groups(draft: Draft) -> Draft:
    """The same with groups joined until nobody's sensitive value can be read off a whole group.

    Raises InputError where no joining suffices.
    """
    sensitive = draft.query.sensitive
    if not sensitive or not len(full_cells(draft.cells, sensitive)):
        return draft
    for query, cells in coarser_forms(draft.query, draft.rows, but=sensitive):
        if not len(full_cells(cells, sensitive)):
            return draft.coarser(query, cells)
    raise InputError.at(
        Message("methods.disclosure.releases:groups-full", {"columns": ", ".join(sensitive)})
    )


def protect_set(
    drafts: Sequence[Draft], earlier: Sequence[Released], *, coarser: bool
) -> list[Released]:
    """Withhold as little as possible of all tables together.

    earlier: all that is out of the population. coarser: whether a table that cannot stand beside
    the others may be written with joined values.
    Raises InputError where a table cannot stand in any form that is allowed.
    """
    for number, draft in enumerate(drafts):
        check_meaning(_plain(draft), [*earlier, *map(_plain, drafts[:number])])
    found = _protect(drafts, earlier)
    if found is not None:
        return found
    accepted: list[Draft] = []
    for draft in drafts:
        accepted.append(_standing(draft, accepted, earlier, coarser=coarser))
    found = _protect(accepted, earlier)
    if found is None:
        raise _refused(drafts[-1])
    return found


def _standing(
    draft: Draft, accepted: Sequence[Draft], earlier: Sequence[Released], *, coarser: bool
) -> Draft:
    """The finest form of a table that stands beside the others."""
    if _protect([*accepted, draft], earlier) is not None:
        return draft
    if coarser:
        for query, cells in coarser_forms(draft.query, draft.rows):
            form = draft.coarser(query, cells)
            if _protect([*accepted, form], earlier) is not None:
                return form
    raise _refused(draft, coarser=coarser)


def _refused(draft: Draft, *, coarser: bool = True) -> InputError:
    names = ", ".join(draft.asked.dimensions)
    key = "no-form-stands" if coarser else "stands-not"
    return InputError.at(Message(f"methods.disclosure.releases:{key}", {"columns": names}))


def protect_dated(draft: Draft, earlier: Sequence[Released], *, coarser: bool) -> Released:
    """The next of a row of dated tables: who came or went in small numbers is counted later.

    The first one is protected as any table is. Raises InputError as ``protect_set`` does.
    """
    before = next((each for each in reversed(earlier) if _same_series(each, draft.asked)), None)
    if before is None:
        return protect_set([draft], earlier, coarser=coarser)[0]
    query = replace(draft.query, merged=_merged(before))
    check_meaning(_plain(draft), earlier)
    old, new = counts_before(before), counts_of(cells_of_rows(query, draft.rows))
    every = [(*values, 1) for values in {**old, **new}]
    dimensions = cells_of_rows(query, every).dimensions
    for delay in delayed_counts(old, new, dimensions, query.min_cell):
        rows = delay.rows()
        late = _late(delay.late, query, before)
        if delay.counts == old:
            return _again(draft, query, before, late)
        whole = {c: n for c, n in delay.counts.items() if n} == new
        version = draft.version if whole else _version_of(query, rows)
        form = Draft(query, rows, version, cells_of_rows(query, rows), draft.asked, late)
        found = _protect([form], earlier)
        if found is not None:
            return found[0]
    raise _refused(draft)


def _same_series(release: Released, asked: TableQuery) -> bool:
    """Whether a table is an earlier one of the same dated tables."""
    parts = ("dimensions", "where", "unit", "groups", "min_cell", "series")
    one, two = release.query, json.loads(json.dumps(asked.as_json()))
    return all(one.get(part) == two.get(part) for part in parts)


def _merged(before: Released) -> Merged:
    found: dict[str, dict[str, tuple[str | None, ...]]] = {}
    for column, merges in dict(before.query.get("merged", {})).items():
        found[column] = {label: tuple(parts) for label, parts in merges.items()}
    return found


def _late(late: frozenset[Combination], query: TableQuery, before: Released) -> tuple[Late, ...]:
    """The delayed combinations, each with the date as of which it counts."""
    names = query.dimensions
    known = {
        tuple(entry["values"].get(name) for name in names): entry["as_of"]
        for entry in before.table.about.get("delayed", ())
    }
    date = str(before.query.get("period") or before.name)
    ordered = sorted(late, key=lambda c: tuple((v is None, v or "") for v in c))
    return tuple(
        {"values": dict(zip(names, c, strict=True)), "as_of": known.get(c, date)} for c in ordered
    )


def _version_of(query: TableQuery, rows: Rows) -> str:
    """People who are counted at some date, and others at another, are a version of their own."""
    text = json.dumps([query.dimensions, query.where, sorted(map(str, rows))])
    return "delayed:" + hashlib.sha256(text.encode()).hexdigest()


def _again(draft: Draft, query: TableQuery, before: Released, late: tuple[Late, ...]) -> Released:
    """The table before, once more: nothing of the change can be shown yet."""
    about = {
        **before.table.about,
        "query": query.as_json(),
        "query_id": _id(query, before.version, [before.name]),
        "delayed": list(late),
    }
    return replace(before, table=replace(before.table, about=about))


def _plain(draft: Draft) -> Released:
    """A table with nothing withheld, as the choice begins with it."""
    cells = draft.cells
    about: dict[str, Any] = {"query": draft.query.as_json(), "query_id": draft.query.query_id}
    if draft.query.hides_zeros:
        about["zeros_withheld"] = True
    status = np.zeros(len(cells.counts), dtype=np.int64)
    table = ProtectedTable(
        cells.dimensions, cells.nodes, cells.counts, status, draft.query.min_cell, False, about
    )
    largest = None
    if draft.query.household is not None:
        largest = largest_households(draft.query, cells, draft.households)
    if not draft.query.hides_zeros:
        return Released(table, draft.version, cells.counts, largest)
    every = list_zeros(table)
    if largest is not None:
        place = {tuple(nodes): at for at, nodes in enumerate(cells.nodes.tolist())}
        at = [place.get(tuple(nodes), -1) for nodes in every.nodes.tolist()]
        largest = np.append(largest, 0)[np.array(at, dtype=np.int64)]
    return Released(every, draft.version, every.counts, largest)


def _protect(drafts: Sequence[Draft], earlier: Sequence[Released]) -> list[Released] | None:
    """The tables as they may go out, None where no choice of figures protects."""
    new = [_plain(draft) for draft in drafts]
    if len(drafts) == 1 and not earlier and is_large(drafts[0]):
        return [_released(drafts[0], new[0], _swapped(drafts[0], new[0]), ())]
    fresh = frozenset(range(len(earlier), len(earlier) + len(new)))
    statement = read_statement([*earlier, *new], fresh=fresh)
    choice = choose_figures(statement)
    if choice is None:
        return None
    withheld = [np.zeros(len(release.table.counts), dtype=bool) for release in new]
    for line in np.flatnonzero(choice.withheld):
        for number, cell in statement.rows[line].fresh:
            withheld[number - len(earlier)][cell] = True
    ids = [release.name for release in earlier]
    return [_released(d, n, w, ids) for d, n, w in zip(drafts, new, withheld, strict=True)]


def _swapped(draft: Draft, new: Released) -> Bools:
    """(cells,) what is withheld of a large table by itself.

    Raises InputError where zeros were to be withheld in it too.
    """
    if draft.query.hides_zeros:
        raise InputError.at(
            Message("methods.disclosure.releases:zeros-too-many", {"limit": MOST_CELLS})
        )
    return suppress(draft.cells, new.minimum, largest=new.largest).suppressed


def _released(draft: Draft, new: Released, withheld: Bools, beside: Sequence[str]) -> Released:
    cells, query = new.table, draft.query
    small = cells.counts < query.min_cell
    status = np.where(withheld, np.where(small, PRIMARY, SECONDARY), 0).astype(np.int64)
    counts = np.where(withheld, WITHHELD, cells.counts)
    about: dict[str, Any] = {
        "query_id": _id(query, draft.version, beside),
        "query": query.as_json(),
        "method": "suppress",
        "withheld": {
            "primary": int((status == PRIMARY).sum()),
            "secondary": int((status == SECONDARY).sum()),
        },
        "beside": list(beside),
    }
    if query.hides_zeros:
        about["zeros_withheld"] = True
    if lost := joined_values(query, draft.asked):
        about["coarser"] = lost
    if draft.late:
        about["delayed"] = list(draft.late)
    table = replace(cells, counts=counts, status=status, about=about)
    return Released(table, draft.version, new.true, new.largest)


def _id(query: TableQuery, version: str, beside: Sequence[str]) -> str:
    """Of everything that changes the figures: query, who is counted, what was out before."""
    data = [METHOD, query.as_json(), version, list(beside)]
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]

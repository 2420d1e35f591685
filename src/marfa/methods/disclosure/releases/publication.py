"""From a file of records to tables that may go out, and their entries in the register."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.definitions import check_alone
from marfa.methods.disclosure.releases.delay import counts_before
from marfa.methods.disclosure.releases.protection import (
    Draft,
    is_large,
    make_draft,
    open_groups,
    protect_dated,
    protect_set,
)
from marfa.methods.disclosure.releases.register import Register
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.releases.sums import add_sums, sums_as_json
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.count import Counted, cells_of_rows, count
from marfa.methods.disclosure.tables.coverage import measure_coverage
from marfa.methods.disclosure.tables.full_cells import full_cells
from marfa.methods.disclosure.tables.protected_table import WITHHELD, ProtectedTable
from marfa.methods.disclosure.tables.protection import (
    check_rounding,
    list_zeros,
    round_cells,
)
from marfa.methods.disclosure.tables.query import TableQuery, query_from_json
from marfa.methods.disclosure.tables.rates import PER, rates_of
from marfa.methods.disclosure.tables.sensitivity import sensitive_columns
from marfa.methods.disclosure.tables.source import RecordFile
from marfa.methods.disclosure.tables.subject import recognise_subject


@dataclass(frozen=True)
class Publication:
    """Tables by name, as they may go out, and what the register must know of them. known: names of
    tables that were out already, just so."""

    tables: Mapping[str, ProtectedTable]
    releases: tuple[Released, ...]
    known: frozenset[str] = frozenset()

    def enter(self, register: Register, population: str) -> None:
        """Note in the register what is new."""
        if self.releases:
            register.add(population, self.releases)


def make_publication(
    source: RecordFile,
    queries: Mapping[str, TableQuery],
    earlier: Sequence[Released],
    *,
    version: str,
    coarser: bool,
) -> Publication:
    """Count and protect tables of one file together, beside all that is out of its population.

    queries: by the name of the table. earlier: what is out. version: of the records. coarser:
    whether values may be joined where a table cannot stand as it is asked.
    Raises InputError as ``count`` does, where a table cannot stand, and where rounding is asked for
    counts of grave violations or sexual violence.
    """
    counted: dict[str, Counted] = {}
    drafts: dict[str, Draft] = {}
    done: dict[str, Released] = {}
    known: set[str] = set()
    for name, query in queries.items():
        found = counted[name] = count(source, query)
        check_rounding(query, found.cells)
        draft = _guarded(make_draft(query, found.rows, version, found.households, found.cells))
        again = _out_already(draft.query, version, earlier)
        if again is not None:
            done[name] = again
            known.add(name)
        else:
            drafts[name] = draft
    fresh = _protected(drafts, earlier, coarser=coarser)
    amounts = {name: counted[name].amounts for name in fresh if queries[name].amount is not None}
    done |= add_sums(fresh, amounts, earlier)
    tables = {name: _finished(done[name], counted[name], query) for name, query in queries.items()}
    return Publication(tables, tuple(done[name] for name in drafts), frozenset(known))


def _guarded(draft: Draft) -> Draft:
    """With the columns that are known as sensitive guarded, unless somebody said otherwise.

    Of a large table zeros cannot be withheld: there groups are joined where it was asked for, and
    a table with whole groups of a column known as sensitive is refused.
    """
    query = draft.query
    if query.base is not None:
        return draft
    known = () if query.whole_groups or query.sensitive else sensitive_columns(query.dimensions)
    guarded = replace(query, sensitive=known or query.sensitive)
    form = replace(draft, query=guarded, asked=guarded)
    if not guarded.sensitive or not is_large(form):
        return form
    if known and not query.zeros:
        if len(full_cells(form.cells, known)):
            raise InputError.at(
                Message("methods.disclosure.releases:groups-large"), column=", ".join(known)
            )
        return draft
    joined = open_groups(form)
    return joined if query.zeros else joined.without_sensitive()


def _protected(
    drafts: Mapping[str, Draft], earlier: Sequence[Released], *, coarser: bool
) -> dict[str, Released]:
    together = {n: d for n, d in drafts.items() if not d.query.series and d.query.base is None}
    found: dict[str, Released] = {}
    if together:
        found |= dict(
            zip(together, protect_set([*together.values()], earlier, coarser=coarser), strict=True)
        )
    for name, draft in drafts.items():
        if name not in together:
            protect = _rounded if draft.query.base is not None else protect_dated
            found[name] = protect(draft, [*earlier, *found.values()], coarser=coarser)
    return found


def _rounded(draft: Draft, earlier: Sequence[Released], *, coarser: bool) -> Released:
    check_alone(draft.query.dimensions, earlier)
    return Released(round_cells(draft.cells, draft.query), draft.version, draft.cells.counts)


def _out_already(query: TableQuery, version: str, earlier: Sequence[Released]) -> Released | None:
    """The same table of the same records, if it is out: it goes out again as it is."""
    asked = json.loads(json.dumps({**query.as_json(), "merged": {}, "source": ""}))
    for release in reversed(earlier):
        recorded = {"merged": {}, **release.query} | {"merged": {}, "source": ""}
        if release.version == version and recorded == asked:
            return release
    return None


def _finished(release: Released, counted: Counted, query: TableQuery) -> ProtectedTable:
    """With zeros, and with what stands beside the figures."""
    values = {label for d in release.table.dimensions for label in d.labels[1:]}
    found = recognise_subject(query.dimensions, values)
    table = list_zeros(release.table)
    joined = release.query.get("merged") or "delayed" in table.about
    true = replace(counted, cells=_cells_of(release)) if joined else counted
    coverage = measure_coverage(table, true)
    if release.filters or "delayed" in table.about:
        # The number of all others would be one more figure, which nobody has judged.
        coverage["records_elsewhere"] = None
    about: dict[str, Any] = {
        **table.about,
        "subject": found if query.subject == "victims" else query.subject,
        "coverage": coverage,
    }
    if full := _full(release, true.cells):
        about["full_cells"] = full
    if zeros := int((table.innermost & (table.counts == 0)).sum()):
        about["zero_cells"] = zeros
    if release.amounts is not None:
        about["amounts"] = sums_as_json(release)
    if query.denominators:
        about["rates"] = {"per": PER, "cells": rates_of(table, query.denominators)}
    return replace(table, about=about)


def _full(release: Released, cells: Cells) -> list[dict[str, str | None]]:
    """Cells that are shown and hold everyone of their group, of columns that are not guarded."""
    names = tuple(d.name for d in cells.dimensions if d.name not in release.sensitive)
    if not names:
        return []
    shown = {
        tuple(nodes)
        for nodes, count in zip(
            release.table.nodes.tolist(), release.table.counts.tolist(), strict=True
        )
        if count != WITHHELD
    }
    return [
        {
            dimension.name: dimension.labels[node]
            for dimension, node in zip(cells.dimensions, nodes, strict=True)
            if node
        }
        for nodes in cells.nodes[full_cells(cells, names)].tolist()
        if tuple(nodes) in shown
    ]


def _cells_of(release: Released) -> Cells:
    rows = [(*values, number) for values, number in counts_before(release).items()]
    return cells_of_rows(query_from_json(release.query), rows)

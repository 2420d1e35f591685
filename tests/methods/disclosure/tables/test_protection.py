"""No protected cell is pinned or narrower than allowed: against two attackers."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.disclosure.tables import ProtectedTable, audit, protect_cells, suppress
from tests.methods.disclosure.tables.worlds import (
    Record,
    cells_of,
    intervals,
    query_of,
    records,
)

PRIMARY = 1
GROUPS = {
    "a": {"v0": "low", "v1": "low", "v2": "high", "v3": "high"},
    "b": {"v0": "near", "v1": "near", "near": "far"},
}


def protect(counted: Counter[Record], minimum: int, groups: bool = False) -> ProtectedTable:
    cells = cells_of(counted, GROUPS if groups else None)
    return protect_cells(cells, query_of(cells, minimum), work=20)


@given(records((2, 3), most=7), st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_every_whole_table_that_fits(counted: Counter[Record], minimum: int) -> None:
    """Exhaustion, with no solver at all: each primary cell takes 1 and minimum - 1."""
    if counted.total() > 16:
        return
    table = protect(counted, minimum)
    total_withheld = bool((table.counts[(table.nodes == 0).all(axis=1)] < 0).any())
    slack = minimum if total_withheld else 0
    for positive in (False, True):
        found = intervals(
            [(table, (0, 1))], list(counted), counted.total(), slack, positive=positive
        )[0]
        for (low, high), status in zip(found, table.status.tolist(), strict=True):
            if status == PRIMARY:
                # Who knows that no withheld cell is zero may know that a margin of two is not one.
                assert positive or low <= 1
                assert high >= minimum - 1
                assert low < high


def test_cells_that_are_not_zero_and_add_up_to_their_number() -> None:
    """Five cells and a total of five are five ones, to anyone who sees the zeros."""
    counted: Counter[Record] = Counter({(f"v{i}",): 1 for i in range(5)} | {("v9",): 30})
    table = protect(counted, 5)
    found = intervals([(table, (0,))], list(counted), 35, 0, positive=True)[0]
    assert all(low < high for (low, high), s in zip(found, table.status, strict=True) if s == 1)


@given(records((4, 3, 3), most=30), st.integers(2, 10), st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_linear_attacker(counted: Counter[Record], minimum: int, groups: bool) -> None:
    table = protect(counted, minimum, groups)
    found = audit(table)
    assert found.safe
    small = (table.counts > 0) & (table.counts < minimum)
    assert not small.any(), "a small count is shown"


@given(records((3, 4), most=40), st.integers(2, 10))
@settings(max_examples=25, deadline=None)
def test_published_figures_are_true_and_add_up(counted: Counter[Record], minimum: int) -> None:
    cells = cells_of(counted)
    table = protect(counted, minimum)
    true = {tuple(n): int(c) for n, c in zip(cells.nodes.tolist(), cells.counts, strict=True)}
    for nodes, count in zip(table.nodes.tolist(), table.counts.tolist(), strict=True):
        assert count in (-1, true.get(tuple(nodes), 0))


@pytest.mark.parametrize("seed", range(3))
def test_swaps_alone_protect_large_tables(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any search for fewer cells, as for tables of many thousand cells."""
    module = import_module("marfa.methods.disclosure.tables.suppression")

    monkeypatch.setattr(module, "SEARCH_CLASSES", 0)
    random = np.random.default_rng(seed)
    counted: Counter[Record] = Counter()
    for values in random.geometric(0.35, size=(3000, 3)):
        counted[tuple(f"v{min(v, 7)}" for v in values)] += 1
    cells = cells_of(counted)
    choice = suppress(cells, 5)
    status = np.where(choice.primary, 1, np.where(choice.secondary, 2, 0))
    counts = np.where(choice.suppressed, -1, cells.counts)
    table = ProtectedTable(cells.dimensions, cells.nodes, counts, status, 5, False)
    found = audit(table)
    assert not len(found.unsettled)
    assert not (table.status[found.narrow] == PRIMARY).any()


def test_a_lone_small_cell_takes_three_others() -> None:
    """The textbook square: one primary needs a rectangle, and not more."""
    counted: Counter[Record] = Counter(
        {(f"v{i}", f"v{j}"): 20 + i + j for i in range(3) for j in range(3)}
    )
    counted["v0", "v0"] = 2
    table = protect(counted, 5)
    assert int((table.status == PRIMARY).sum()) == 1
    assert int((table.status == 2).sum()) == 3


def test_the_auditor_finds_what_is_left_open() -> None:
    """One withheld cell in a row with a margin is no secret."""
    cells = cells_of(Counter({("v0", "v0"): 2, ("v0", "v1"): 9, ("v1", "v0"): 9, ("v1", "v1"): 9}))
    small = cells.counts == 2
    counts = np.where(small, -1, cells.counts)
    table = ProtectedTable(cells.dimensions, cells.nodes, counts, small.astype(np.int64), 5, False)
    found = audit(table)
    assert not found.safe
    assert found.low.tolist() == found.high.tolist() == [2.0]


def test_the_auditor_finds_margins_that_do_not_add_up() -> None:
    cells = cells_of(Counter({("v0", "v0"): 7, ("v1", "v1"): 9}))
    counts = cells.counts.copy()
    counts[counts == 16] = 17
    table = ProtectedTable(
        cells.dimensions, cells.nodes, counts, np.zeros(len(counts), dtype=np.int64), 5, False
    )
    assert len(audit(table).wrong_sums) == 1

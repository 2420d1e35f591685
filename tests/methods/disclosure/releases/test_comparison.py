"""Two tables of the same people: what is safe apart may not be safe together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.disclosure.releases import compare
from marfa.methods.disclosure.tables import ProtectedTable, TableQuery, protect_cells
from tests.methods.disclosure.tables.worlds import Record, cells_of, intervals, query_of, records

PAIRS = (((0, 1), (0, 2)), ((0, 1), (1,)), ((0,), (1, 2)), ((0, 1), (0, 1)))


def release(
    counted: Counter[Record],
    axes: tuple[int, ...],
    minimum: int,
    groups: dict[str, dict[str, str]] | None = None,
    **query: object,
) -> ProtectedTable:
    cells = cells_of(counted, groups, axes)
    asked: TableQuery = replace(query_of(cells, minimum), **query)  # type: ignore[arg-type]
    table = protect_cells(cells, asked, work=20)
    about = {**table.about, "query": asked.as_json(), "query_id": asked.query_id}
    return replace(table, about=about)


@given(records((2, 2, 2), most=5), st.integers(2, 4), st.sampled_from(PAIRS))
@settings(max_examples=25, deadline=None)
def test_what_is_called_safe_together_is_safe(
    counted: Counter[Record], minimum: int, axes: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    """Against every table of whole persons that fits both releases."""
    if counted.total() > 12:
        return
    tables = [release(counted, chosen, minimum) for chosen in axes]
    if not compare(tables[0], tables[1:]).safe:
        return
    open_total = any((t.counts[(t.nodes == 0).all(axis=1)] < 0).any() for t in tables)
    values = [sorted({str(record[axis]) for record in counted}) for axis in range(3)]
    everyone: list[Record] = list(product(*values))
    pairs = list(zip(tables, axes, strict=True))
    bounds = intervals(pairs, everyone, counted.total(), minimum if open_total else 0)
    for table, found in zip(tables, bounds, strict=True):
        for (low, high), status in zip(found, table.status.tolist(), strict=True):
            if status == 1:
                assert low <= 1
                assert high >= minimum - 1


def withhold(table: ProtectedTable, *hidden: tuple[int, ...]) -> ProtectedTable:
    """A release in which these cells are withheld whatever the protection chose."""
    counts, status = table.counts.copy(), table.status.copy()
    for nodes in hidden:
        at = (table.nodes == np.array(nodes)).all(axis=1)
        counts[at], status[at] = -1, 1
    return replace(table, counts=counts, status=status)


def test_a_figure_shown_before_cannot_be_withheld_now() -> None:
    counted: Counter[Record] = Counter(
        {("v0", "v0"): 6, ("v0", "v1"): 7, ("v1", "v0"): 8, ("v1", "v1"): 9}
    )
    old = release(counted, (0, 1), 5)
    new = withhold(old, (1, 1), (1, 2), (2, 1), (2, 2))
    found = compare(new, [old])
    assert [problem.key for problem in found.problems] == ["together-narrow"]


def test_a_few_newcomers_stand_out() -> None:
    counted: Counter[Record] = Counter({("v0", "v0"): 10, ("v1", "v1"): 10})
    old = release(counted, (0, 1), 5)
    counted["v0", "v0"] += 2
    new = release(counted, (0, 1), 5, source="later")
    assert [problem.key for problem in compare(new, [old]).problems] == ["few-came"]


def test_other_groups_of_the_same_column_are_judged_by_their_values() -> None:
    """One table hides v0 in a group with v1, the other v2 in one with v1: each gives away the
    other's."""
    counted: Counter[Record] = Counter({("v0", "v0"): 2, ("v1", "v0"): 10, ("v2", "v0"): 10})
    old = release(counted, (0,), 5, {"a": {"v0": "g", "v1": "g"}})
    new = release(counted, (0,), 5, {"a": {"v1": "h", "v2": "h"}})
    assert [problem.key for problem in compare(new, [old]).problems] == ["together-narrow"]
    assert compare(old, [old]).safe


def test_unknown_population_is_asked() -> None:
    counted: Counter[Record] = Counter({("v0", "v0"): 10, ("v1", "v1"): 10})
    new = release(counted, (0, 1), 5)
    nameless = release(counted, (0, 1), 5, source="x", population="")
    assert [p.key for p in compare(new, [nameless]).problems] == ["ask-population"]


def test_another_population_is_named_and_confirmed() -> None:
    counted: Counter[Record] = Counter({("v0", "v0"): 10, ("v1", "v1"): 10})
    new = release(counted, (0, 1), 5)
    other = release(counted, (0, 1), 5, source="x", population="others")
    found = compare(new, [other])
    assert [p.key for p in found.problems] == ["left-apart"]
    assert found.apart == (str(other.about["query_id"]),)
    assert compare(new, [other], apart_confirmed=True).safe
    for said in ({"population": " P "}, {"period": "2026"}):
        same = release(counted, (0, 1), 5, None, source="x", **said)
        assert compare(new, [same]).compared == 1, f"{said} does not make another population"


def test_part_of_the_records_is_linked_through_its_filter() -> None:
    """All, and those with v0: the difference is v1, which the first table withholds."""
    counted: Counter[Record] = Counter(
        {("v0", "v0"): 2, ("v0", "v1"): 30, ("v1", "v0"): 30, ("v1", "v1"): 30}
    )
    new = release(counted, (0, 1), 5)
    part: Counter[Record] = Counter({k: n for k, n in counted.items() if k[0] == "v1"})
    old = release(part, (1,), 5, where=(("a", "v1"),))
    assert [p.key for p in compare(new, [old]).problems] == ["together-narrow"]

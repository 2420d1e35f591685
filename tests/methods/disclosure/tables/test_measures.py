"""Rounding, k-anonymity, l-diversity, the scorecard, and the id of a query."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.disclosure.tables import (
    TableQuery,
    anonymity,
    audit,
    controlled_rounding,
    open_source,
    protect_cells,
    query_from_json,
    scorecard,
)
from tests.methods.disclosure.tables.worlds import Record, cells_of, query_of, records


@given(records((3, 4, 2), most=40), st.integers(2, 10))
@settings(max_examples=40, deadline=None)
def test_rounding_adds_up_and_stays_near(counted: Counter[Record], base: int) -> None:
    cells = cells_of(counted)
    rounded = controlled_rounding(cells, base)
    assert not (rounded.counts % base).any()
    assert (rounded.counts == cells.totals(rounded.counts[cells.leaves])).all()
    leaf_moves = np.abs(rounded.counts - cells.counts)[cells.leaves]
    assert leaf_moves.max() < base
    if rounded.exact:
        assert rounded.largest_move < base


def test_a_rounded_table_is_checked() -> None:
    cells = cells_of(Counter({("v0", "v0"): 7, ("v1", "v1"): 13, ("v0", "v1"): 4}))
    table = protect_cells(cells, replace(query_of(cells, 5), method="round", base=5))
    assert not len(audit(table).wrong_sums)
    assert {status for _v, _c, status in table.rows()} == {"rounded"}


PEOPLE = [
    ("F", "A", "x"),
    ("F", "A", "y"),
    ("F", "A", "y"),
    ("M", "A", "x"),
    ("M", "A", ""),
    ("M", "B", "x"),
    ("M", "B", "x"),
    ("", "B", ""),
    ("", "B", ""),
]


def people(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder / "people.csv"
    lines = ["sex,place,form", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_anonymity_against_a_plain_count(tmp_path: Path) -> None:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sex, place, form in PEOPLE:
        groups[sex, place].append(form)
    with open_source(people(tmp_path, PEOPLE)) as source:
        found = anonymity(source, ("sex", "place"), minimum=3, sensitive="form")
    sizes = [len(group) for group in groups.values()]
    assert (found.k, found.groups) == (min(sizes), len(sizes))
    assert found.records_below == sum(size for size in sizes if size < 3)
    assert found.l_distinct == min(len({f for f in g if f}) for g in groups.values()) == 0
    assert found.l_entropy == 0.0
    assert not found.holds


def test_entropy_diversity(tmp_path: Path) -> None:
    with open_source(people(tmp_path, PEOPLE[:3])) as source:
        found = anonymity(source, ("sex", "place"), minimum=3, sensitive="form")
    entropy = -(math.log(1 / 3) / 3 + 2 * math.log(2 / 3) / 3)
    assert found.l_entropy == pytest.approx(math.exp(entropy), abs=1e-4)
    assert found.holds


def test_small_sources_are_named_without_figures(tmp_path: Path) -> None:
    rows = [("F", "big", "x")] * 320 + [("F", "big", "")] * 80 + [("F", "small", "")] * 3
    with open_source(people(tmp_path, rows)) as source:
        scores = scorecard(source, ("form",), by="place", minimum=5)
    by_source = {score.source: score for score in scores}
    assert by_source["big"].reported == pytest.approx(0.8)
    assert not by_source["small"].enough
    assert by_source["small"].reported is by_source["small"].values is None


def test_the_id_is_that_of_the_recorded_query() -> None:
    query = TableQuery(("sex",), "digest", groups={"sex": {"F": "all"}}, where=(("y", "1"),))
    again = query_from_json(query.as_json())
    assert again == query
    assert again.query_id == query.query_id
    assert replace(query, min_cell=6).query_id != query.query_id
    assert replace(query, source="other").query_id != query.query_id

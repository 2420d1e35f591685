"""Rates with intervals, and cells that hold everyone of their group."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.disclosure.releases import make_draft, protect_set
from marfa.methods.disclosure.releases.protection import open_groups
from marfa.methods.disclosure.tables import TableQuery, protect_cells
from marfa.methods.disclosure.tables.full_cells import full_cells
from marfa.methods.disclosure.tables.rates import poisson_interval, rates_of, read_denominators
from tests.methods.disclosure.tables.worlds import Record, cells_of, query_of

# Limits of the mean of a Poisson count at 95%: Garwood (1936), as tabulated in Ulm,
# American Journal of Epidemiology 131 (1990), table 1.
GARWOOD = {
    0: (0.0, 3.689),
    1: (0.0253, 5.572),
    5: (1.623, 11.668),
    10: (4.795, 18.390),
    100: (81.36, 121.63),
}


@pytest.mark.parametrize("count", GARWOOD)
def test_intervals_are_the_published_ones(count: int) -> None:
    assert poisson_interval(count) == pytest.approx(GARWOOD[count], rel=5e-4, abs=1e-3)


def people(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_rates_add_up_the_inhabitants_and_withhold_with_the_counts(tmp_path: Path) -> None:
    counted: Counter[Record] = Counter(
        {("v0", "v0"): 30, ("v0", "v1"): 20, ("v1", "v0"): 3, ("v1", "v1"): 40, (None, "v0"): 9}
    )
    cells = cells_of(counted)
    table = protect_cells(cells, query_of(cells, 5), work=20)
    file = people(tmp_path / "people.csv", "a,population\nv0,200000\nv1,100000\n")
    found = {
        tuple(sorted(cell["values"].items())): cell
        for cell in rates_of(table, read_denominators(file, ("a", "b")))
    }
    whole = found[()]
    assert (whole["population"], whole["rate"]) == (300_000, pytest.approx(34.0))
    shown = {
        tuple(sorted(values.items()))
        for values, count, _status in table.rows()
        if count is not None and values.get("a", "all") is not None
    }
    assert set(found) == shown, "a withheld count has no rate, nor has one not reported"
    assert all(cell["low"] <= cell["rate"] <= cell["high"] for cell in found.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,population\nv0,many\n",
        "a,population\nv0,1\nv0,2\n",
        "c,population\nx,1\n",
        "a\nv0\n",
    ],
)
def test_inhabitants_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read_denominators(people(tmp_path / "people.csv", text), ("a", "b"))


def test_a_group_of_whom_all_have_one_value_is_found_and_opened() -> None:
    """All twelve of v1 have form v0: their group is joined with another before it goes out."""
    rows = [("v0", "v0", 20), ("v0", "v1", 15), ("v1", "v0", 12), ("v2", "v1", 9), ("v2", "v0", 8)]
    query = TableQuery(("a", "b"), "file", min_cell=5)
    plain = make_draft(query, rows, "v")
    (place,) = full_cells(plain.cells, ("b",)).tolist()
    assert plain.cells.counts[place] == 12
    assert open_groups(plain) is plain, "nothing is joined where no column is sensitive"
    opened = open_groups(make_draft(replace(query, sensitive=("b",)), rows, "v"))
    assert not len(full_cells(opened.cells, ("b",)))
    (release,) = protect_set([opened], [], coarser=False)
    assert release.table.about["coarser"]
    apart = make_draft(replace(query, sensitive=("b",)), [("v0", "v0", 9), ("v1", "v1", 9)], "v")
    assert len(full_cells(apart.cells)) > 0
    assert not len(full_cells(open_groups(apart).cells, ("b",)))

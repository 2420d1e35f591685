"""What must change nothing: names of lists, order of rows, a file split and joined again."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.estimation import CaptureTable, Settings, analyse, read_captures
from marfa.methods.estimation.headline import Headline

POINTS = Settings(replicates=0)

tables = st.lists(st.integers(1, 40), min_size=7, max_size=7)


def numbers(line: Headline) -> tuple[object, ...]:
    basis = {name: round(value, 6) for name, value in (line.basis or {}).items()}
    return (line.verdict, basis, *(x and round(x, 5) for x in (line.low, line.high, line.point)))


@settings(max_examples=5, deadline=None)
@given(tables)
def test_names_of_lists(counts: list[int]) -> None:
    plain = CaptureTable(("a", "b", "c"), tuple(map(float, counts)))
    renamed = CaptureTable(("zebra", "الشرطة", "b"), plain.counts)
    one, other = (
        analyse(table, Settings(replicates=100, interval="percentile")).headline
        for table in (plain, renamed)
    )
    assert numbers(one) == numbers(other)
    assert (one.interval_low, one.interval_high) == (other.interval_low, other.interval_high)


@settings(max_examples=12, deadline=None)
@given(tables, st.permutations(range(3)))
def test_order_of_lists(counts: list[int], order: list[int]) -> None:
    plain = CaptureTable(("a", "b", "c"), tuple(map(float, counts)))
    moved = CaptureTable.of(
        [plain.lists[i] for i in order],
        [
            (sum(1 << new for new, old in enumerate(order) if cell >> old & 1), count)
            for cell, count in enumerate(counts, 1)
        ],
    )
    assert numbers(analyse(moved, POINTS).headline) == numbers(analyse(plain, POINTS).headline)


def written(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@settings(max_examples=15, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_order_of_rows_and_split_by_strata(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], random: object
) -> None:
    folder = tmp_path_factory.mktemp("files")
    head: list[object] = ["a", "b", "c", "sex", "count"]
    rows: list[list[object]] = [
        [cell & 1, cell >> 1 & 1, cell >> 2 & 1, sex, count // 2 + (count % 2) * (sex == "f")]
        for cell, count in enumerate(counts, 1)
        for sex in ("f", "m")
    ]
    whole = read_captures(written(folder / "whole.csv", [head, *rows]), strata=["sex"])
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    again = read_captures(written(folder / "mixed.csv", [head, *mixed]), strata=["sex"])
    assert again.table == whole.table
    assert dict(again.strata) == dict(whole.strata)
    parts = [
        read_captures(
            written(folder / f"{sex}.csv", [head, *(r for r in rows if r[3] == sex)]),
            strata=["sex"],
        )
        for sex in ("f", "m")
    ]
    joined = np.sum([part.table.n for part in parts], axis=0)
    assert joined.tolist() == list(map(float, counts))
    assert {k: v for part in parts for k, v in part.strata} == dict(whole.strata)

"""Features against a count by hand, and against more and fewer rows at once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from marfa.methods.flows import COLUMNS, compute_features, write_features
from tests.methods.flows.ledgers import DAY, HOUR, Row, ledger_of, random_rows
from tests.methods.flows.reference import key

RARE = ("cycles_4", "cycles_5", "cycles_6")


def by_hand(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Every column, from its definition, by trying everything."""
    rows = sorted(rows, key=key)
    found: dict[str, list[int]] = {name: [] for name in COLUMNS}
    for row in rows:
        for side, account in (("src", row.src), ("dst", row.dst)):
            before = [r for r in rows if row.ts - 2 * DAY <= r.ts < row.ts and r.src != r.dst]
            sent = [r for r in before if r.src == account] if row.src != row.dst else []
            got = [r for r in before if r.dst == account] if row.src != row.dst else []
            numbers = (
                len(sent), len({r.dst for r in sent}), sum(r.amount for r in sent),
                len(got), len({r.src for r in got}), sum(r.amount for r in got),
            )  # fmt: skip
            names = ("sent_count", "sent_payees", "sent_sum", "got_count", "got_payers", "got_sum")
            for name, number in zip(names, numbers, strict=True):
                found[f"{side}_{name}"].append(number)
        legs = legs_of(rows)
        mine = [(i, o) for i, o in legs if o is row]
        near = [
            i for i, _ in mine if row.amount * 100 >= i.amount * 90 and row.ts <= i.ts + 12 * HOUR
        ]
        found["carries_on"].append(len(near))
        middles = [0]
        for i, _ in mine:
            if i.src != row.dst:
                others = [
                    j.dst for j, o in legs
                    if j.src == i.src and o.dst == row.dst and j.src != o.dst
                    and (o.ts < row.ts or o is row) and j.ts >= row.ts - 5 * DAY
                ]  # fmt: skip
                middles.append(len(set(others)))
        found["scatter_gather"].append(max(middles))
        closed = cycles_closed(rows, row)
        for hops in range(2, 7):
            found[f"cycles_{hops}"].append(closed.count(hops))
    return found


def legs_of(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    return [
        (i, o)
        for i in rows
        for o in rows
        if i.src != i.dst == o.src != o.dst
        and i.ts < o.ts <= i.ts + 5 * DAY
        and i.amount * 85 <= o.amount * 100 <= i.amount * 100
    ]


def cycles_closed(rows: Sequence[Row], last: Row) -> list[int]:
    """Lengths of the cycles that end with a transaction, found backwards."""
    found: list[int] = []

    def back(path: list[Row]) -> None:
        first = path[0]
        for row in rows:
            if row.dst != first.src or row.src == row.dst or row.ts >= first.ts:
                continue
            if row.ts < last.ts - 5 * DAY:
                continue
            if not row.amount * 85 <= first.amount * 100 <= row.amount * 100:
                continue
            if row.src == last.dst:
                found.append(len(path) + 1)
            elif len(path) < 5 and row.src not in {r.src for r in path}:
                back([row, *path])

    if last.src != last.dst:
        back([last])
    return found


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_column_is_what_a_count_by_hand_says(tmp_path: Path, seed: int, fast: bool) -> None:
    rows = random_rows(random.Random(seed), 80)
    with ledger_of(tmp_path, rows) as ledger:
        found = compute_features(ledger, fast=fast)
    expected = by_hand(rows)
    assert {name: column.tolist() for name, column in found.items()} == expected
    assert all(any(column) for name, column in expected.items() if name not in RARE)


@pytest.mark.parametrize("fast", [True, False])
def test_how_many_are_worked_through_at_once_changes_no_byte(tmp_path: Path, fast: bool) -> None:
    rows = random_rows(random.Random(5), 90 if fast else 9)
    files = []
    for place, batch in enumerate((1, 7, 128, None)):
        with ledger_of(tmp_path, random.Random(place).sample(rows, len(rows))) as ledger:
            path = tmp_path / f"{place}.parquet"
            write_features(ledger, compute_features(ledger, batch=batch, fast=fast), path)
            files.append(path.read_bytes())
    assert len(set(files)) == 1
    assert files[0][:4] == b"PAR1"


def test_what_comes_later_changes_nothing_before_it(tmp_path: Path) -> None:
    rows = sorted(random_rows(random.Random(6), 100), key=key)
    with ledger_of(tmp_path, rows) as ledger:
        whole = compute_features(ledger)
    cut = rows[:60]
    with ledger_of(tmp_path, cut) as ledger:
        early = compute_features(ledger)
    for name in COLUMNS:
        assert np.array_equal(whole[name][:60], early[name]), name
    with ledger_of(tmp_path, rows[1:]) as ledger:
        other = compute_features(ledger)
    assert any(not np.array_equal(whole[n][1:], other[n]) for n in COLUMNS), "earlier ones do"

"""Tracing: cases worked out by hand, and that no money is lost or made."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.flows import METHODS, trace
from tests.methods.flows.ledgers import Row, ledger_of, random_rows

MIXED = [
    Row("own", "shop", "b", 0, 60_000),
    Row("dirty", "a", "b", 1, 40_000),
    Row("first", "b", "c", 2, 80_000),
    Row("second", "b", "d", 3, 20_000),
]


def traced(folder: Path, rows: list[Row], start: str, **how: object) -> dict[str, float]:
    with ledger_of(folder, rows) as ledger:
        found = trace(ledger, start, **how)  # type: ignore[arg-type]
        return {ledger.ids[row]: amount / 1000 for row, amount in found.amounts.items()}


def test_first_in_first_out(tmp_path: Path) -> None:
    """60 of its own came first: of the 80 that leave first, 20 are the 40 that came second."""
    assert traced(tmp_path, MIXED, "dirty") == {"dirty": 40, "first": 20, "second": 20}
    back = traced(tmp_path, MIXED, "first", back=True)
    assert back == {"own": 60, "dirty": 20, "first": 80}


def test_pro_rata(tmp_path: Path) -> None:
    """Four tenths of what is in the account are the 40: so are four tenths of what leaves."""
    on = traced(tmp_path, MIXED, "dirty", method="prorata")
    assert on == {"dirty": 40, "first": 32, "second": 8}
    back = traced(tmp_path, MIXED, "first", back=True, method="prorata")
    assert back == {"own": 48, "dirty": 32, "first": 80}


def test_money_that_comes_at_the_same_time_has_not_come_before(tmp_path: Path) -> None:
    rows = [Row("in", "a", "b", 5, 10_000), Row("out", "b", "c", 5, 10_000)]
    for method in METHODS:
        assert traced(tmp_path, rows, "in", method=method) == {"in": 10}
        assert traced(tmp_path, rows, "out", back=True, method=method) == {"out": 10}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_no_money_is_lost_or_made(tmp_path: Path, seed: int, back: bool, method: str) -> None:
    rng = random.Random(seed)
    rows = random_rows(rng, 200, 7)
    with ledger_of(tmp_path, rows) as ledger:
        followed = 0
        for start in rng.sample([row.id for row in rows], 12):
            found = trace(ledger, start, back=back, method=method)
            amount = int(ledger.amount[found.start])
            assert sum(found.ends.values()) == amount
            assert found.amounts[found.start] >= amount
            for row, part in found.amounts.items():
                assert 0 < part <= int(ledger.amount[row]) or row == found.start
                assert (row <= found.start) if back else (row >= found.start)
            followed = max(followed, len(found.amounts))
    assert followed > 3, "something was followed"


def test_both_directions_agree_on_what_reached_what(tmp_path: Path) -> None:
    rows = random_rows(random.Random(9), 150, 6)
    with ledger_of(tmp_path, rows) as ledger:
        for method in METHODS:
            on = trace(ledger, ledger.ids[10], method=method)
            agreed = 0
            for row, amount in sorted(on.amounts.items())[1:15]:
                back = trace(ledger, ledger.ids[row], back=True, method=method)
                assert abs(back.amounts.get(10, 0) - amount) <= 1
                agreed += 1
            assert agreed > 2


def test_an_id_that_is_not_there(tmp_path: Path) -> None:
    with ledger_of(tmp_path, MIXED) as ledger, pytest.raises(InputError):
        trace(ledger, "nothing")

"""Small random ledgers, as rows and as files."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.flows_data import Made, Shape, plant_patterns

from marfa.methods.flows import Ledger, open_ledger

HOUR = 3_600
DAY = 24 * HOUR


@dataclass(frozen=True)
class Row:
    """amount: thousandths."""

    id: str
    src: str
    dst: str
    ts: int
    amount: int
    channel: str = "wire"
    category: str = ""
    memo: str = ""


COLUMNS = ("id", "src", "dst", "ts", "amount", "channel", "category", "memo")


def write_rows(path: Path, rows: Sequence[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(COLUMNS)
        for r in rows:
            amount = f"{r.amount / 1000:.3f}"
            out.writerow((r.id, r.src, r.dst, r.ts, amount, r.channel, r.category, r.memo))
    return path


@contextmanager
def ledger_of(folder: Path, rows: Sequence[Row]) -> Iterator[Ledger]:
    with open_ledger(write_rows(folder / "ledger.csv", rows)) as ledger:
        yield ledger


def random_rows(
    rng: random.Random, number: int = 120, accounts: int = 9, days: int = 12
) -> list[Row]:
    """Dense enough for every shape, with equal times, like sums and money that goes on."""
    rows: list[Row] = []
    for place in range(number):
        src, dst = rng.randrange(accounts), rng.randrange(accounts)
        if src == dst and rng.random() < 0.9:
            dst = (dst + 1) % accounts
        ts = rng.randrange(days * 24) * HOUR + rng.choice((0, 0, 1, 1800))
        amount = rng.choice((100_000, 100_000, 98_000, 92_000, 140_000, 300_000, 9_100_000))
        if rows and rng.random() < 0.5:
            before = rng.choice(rows)
            src, ts = int(before.dst[1:]), before.ts + rng.randrange(1, 40) * 1_200
            amount = int(before.amount * rng.choice((1.0, 0.97, 0.9, 0.86, 0.8)))
            dst = dst if dst != src else (dst + 1) % accounts
        channel = rng.choice(("wire", "cash"))
        rows.append(Row(f"i{place}", f"a{src}", f"a{dst}", ts, amount, channel))
    return rows


def mixed_rows(rng: random.Random, number: int = 70) -> list[Row]:
    """Random rows, and one of each shape among accounts that some of them share."""
    made = plant_patterns(rng, Made(), 30, 12, 1, Shape(most=5, days=1.5, sum=(90.0, 400.0)))
    rows = random_rows(rng, number)
    for place, (src, dst, ts, amount, channel, _) in enumerate(made.rows):
        rows.append(Row(f"p{place}", f"a{src}", f"a{dst}", ts, round(amount * 1000), channel))
    return rows

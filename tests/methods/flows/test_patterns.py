"""Patterns against their definitions tried out, and what must not change an answer."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from marfa.methods.flows import KINDS, Found, find_patterns, parts
from marfa.methods.flows.cycles import Limits, _by_kernel, find_cycles, walk
from marfa.methods.flows.habit import needed_count
from tests.methods.flows.ledgers import DAY, HOUR, Row, ledger_of, mixed_rows, random_rows
from tests.methods.flows.reference import Reference, needed


def sets_of(found: Found) -> dict[str, set[frozenset[str]]]:
    return {
        kind: {frozenset(found.ledger.ids[row] for row in f.rows) for f in findings}
        for kind, findings in found.findings.items()
    }


@pytest.mark.parametrize(("fast", "at_once"), [(True, parts.AT_ONCE), (False, 37)])
@pytest.mark.parametrize("seed", [10, 16])
def test_findings_are_what_the_definitions_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, fast: bool, at_once: int
) -> None:
    monkeypatch.setattr(parts, "AT_ONCE", at_once)
    rows = mixed_rows(random.Random(seed))
    expected = Reference(rows).found()
    assert all(expected.values()), "every shape is in the ledger, or nothing is compared"
    with ledger_of(tmp_path, rows) as ledger:
        assert sets_of(find_patterns(ledger, fast=fast)) == expected


@pytest.mark.slow
def test_findings_are_what_the_definitions_say_in_many_ledgers(tmp_path: Path) -> None:
    met = dict.fromkeys(KINDS, 0)
    for seed in range(100, 220):
        rng = random.Random(seed)
        rows = random_rows(rng, rng.randint(20, 160), rng.randint(5, 14), rng.randint(3, 20))
        rows = mixed_rows(rng, 40) if seed % 3 == 0 else rows
        with ledger_of(tmp_path, rows) as ledger:
            expected = Reference(rows).found()
            assert sets_of(find_patterns(ledger, fast=seed % 2 == 0)) == expected, seed
        for kind, found in expected.items():
            met[kind] += len(found)
    assert min(met.values()) > 0, f"a shape that no ledger had: {met}"


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.slow)])
def test_neither_the_order_of_rows_nor_the_names_of_accounts_change_anything(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    rows = mixed_rows(rng)
    names = {f"a{n}": f"{rng.random()}-{n}" for n in range(30)}
    shuffled = rng.sample(rows, len(rows))
    renamed = [replace(r, src=names[r.src], dst=names[r.dst]) for r in shuffled]
    with ledger_of(tmp_path, rows) as ledger:
        found = find_patterns(ledger)
        told, digest = list(found.rows()), found.digest
    with ledger_of(tmp_path, shuffled) as ledger:
        assert list(find_patterns(ledger).rows()) == told
    with ledger_of(tmp_path, renamed) as ledger:
        again = find_patterns(ledger)
        assert again.digest == digest
        assert [row[:3] for row in again.rows()] == [row[:3] for row in told]
    seen = {row[2] for row in told}
    changed = [replace(r, amount=7) if r.id in seen else r for r in rows]
    with ledger_of(tmp_path, changed) as ledger:
        assert find_patterns(ledger).digest != digest, "the digest sees a change"


def test_a_window_is_as_long_as_asked(tmp_path: Path) -> None:
    rows = [Row(str(n), f"p{n}", "x", n * DAY, 50_000) for n in range(4)]
    rows.append(Row("far", "q", "z", 40 * DAY, 50_000))
    with ledger_of(tmp_path, rows) as ledger:
        from marfa.methods.flows import Parameters

        exact = find_patterns(ledger, parameters=Parameters().with_window(3 * DAY))
        short = find_patterns(ledger, parameters=Parameters().with_window(3 * DAY - 1))
    assert len(exact.findings["fan_in"]) == 1
    assert not short.findings["fan_in"]


def test_what_stands_at_the_same_time_does_not_come_after_another(tmp_path: Path) -> None:
    hops = [("a", "b"), ("b", "c"), ("c", "a")]
    same = [Row(f"{n}", s, d, 5 * HOUR, 80_000) for n, (s, d) in enumerate(hops)]
    later = [replace(r, ts=r.ts + n) for n, r in enumerate(same)]
    with ledger_of(tmp_path, same) as ledger:
        assert not find_patterns(ledger, kinds=["cycle"]).findings["cycle"]
    with ledger_of(tmp_path, later) as ledger:
        assert len(find_patterns(ledger, kinds=["cycle"]).findings["cycle"]) == 1


def test_a_hub_has_to_stand_out_from_its_habit_and_is_not_left_out(tmp_path: Path) -> None:
    """Two customers a day all year are a habit; thirty in a day are not."""
    habit = [Row(f"h{n}", f"c{n}", "shop", n * 12 * HOUR, 50_000) for n in range(400)]
    burst = [Row(f"b{n}", f"n{n}", "shop", 150 * DAY + n * 60, 50_000) for n in range(30)]
    with ledger_of(tmp_path, habit) as ledger:
        calm = find_patterns(ledger, kinds=["fan_in"])
    with ledger_of(tmp_path, habit + burst) as ledger:
        busy = find_patterns(ledger, kinds=["fan_in"])
    late = [f for f in calm.findings["fan_in"] if calm.ledger.ts[f.rows[-1]] > 30 * DAY]
    assert not late
    assert calm.damped == 1
    told = [{busy.ledger.ids[row] for row in f.rows} for f in busy.findings["fan_in"] if f.damped]
    assert any({f"b{n}" for n in range(30)} <= ids for ids in told)


@pytest.mark.parametrize("earlier", [0, 1, 7, 60, 500])
@pytest.mark.parametrize("elapsed", [0, 3 * DAY, 200 * DAY])
@pytest.mark.parametrize("others", [0, 3, 40])
def test_what_it_takes_is_a_tail_of_poisson(earlier: int, elapsed: int, others: int) -> None:
    mine = needed_count(4, earlier, elapsed, 3 * DAY, others)
    theirs = needed(4, earlier, elapsed, 3 * DAY, others)
    assert mine == theirs or theirs > 200


@pytest.mark.parametrize("sums", [{}, {"least": 0, "most": 0}])
def test_joins_find_the_cycles_that_a_walk_finds(tmp_path: Path, sums: dict[str, int]) -> None:
    met = set()
    with ledger_of(tmp_path, random_rows(random.Random(2), 90, 9, 8)) as ledger:
        inside = slice(3, len(ledger) - 4)
        for hops in range(2, 7):
            limits = Limits((5 if sums else 20) * DAY, hops=hops, **sums)
            joined = find_cycles(ledger, limits, fast=False, part=inside)
            assert joined == sorted(_by_kernel(ledger, limits, inside, walk))
            met |= {len(rows) for rows in joined}
        assert not find_cycles(ledger, Limits(0), fast=False)
    assert met == ({2, 3, 4, 5, 6} if sums else {2, 3, 4}), met

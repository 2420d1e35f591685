"""Recall and precision from pairs that people judged."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.linkage import link_lists
from marfa.methods.linkage.clerical import (
    Drawn,
    Verdict,
    draw_sample,
    judge_sample,
    read_judged,
    sample_rows,
)
from marfa.methods.linkage.record_files import write_tables
from tests.methods.linkage.worlds import two_lists


def told(stratum: int, size: int, same: int, other: int) -> list[Drawn]:
    verdicts = [Verdict.SAME] * same + [Verdict.NOT] * other
    return [Drawn(f"a{n}", f"b{n}", stratum, size, v) for n, v in enumerate(verdicts)]


def test_a_stratum_stands_for_all_of_its_pairs() -> None:
    found = judge_sample(told(1, 100, 10, 0) + told(4, 100, 5, 5))
    assert found.precision.share == 1.0
    assert found.recall.share == pytest.approx(100 / 150)
    assert found.recall.low < 100 / 150 < found.recall.high


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Samples of a made linkage of which the truth is known; binomial tolerance on 200 of them."""
    chance = random.Random(4)
    strata = {1: (400, 0.99), 3: (150, 0.85), 4: (120, 0.3), 6: (500, 0.03)}
    true = {s: size * rate for s, (size, rate) in strata.items()}
    recall = (true[1] + true[3]) / sum(true.values())
    precision = (true[1] + true[3]) / 550
    held = {"recall": 0, "precision": 0}
    for _run in range(200):
        drawn: list[Drawn] = []
        for stratum, (size, rate) in strata.items():
            same = sum(chance.random() < rate for _ in range(40))
            drawn += told(stratum, size, same, 40 - same)
        found = judge_sample(drawn)
        held["recall"] += found.recall.low <= recall <= found.recall.high
        held["precision"] += found.precision.low <= precision <= found.precision.high
    assert min(held.values()) >= 200 * 0.9, held


def test_a_sample_of_lists_tells_their_quality(tmp_path: Path) -> None:
    left, right, truth = two_lists(240, 21)
    found = link_lists([left, right], as_of=date(2026, 12, 1))
    write_tables({tmp_path / "sample.csv": sample_rows(draw_sample(found.links, 120))})
    drawn = read_judged(tmp_path / "sample.csv")
    assert {each.verdict for each in drawn} == {None}
    with pytest.raises(InputError):
        judge_sample(drawn)
    judged = [
        Drawn(
            d.left_id,
            d.right_id,
            d.stratum,
            d.size,
            Verdict.SAME if (d.left_id, d.right_id) in truth else Verdict.NOT,
        )
        for d in drawn
    ]
    quality = judge_sample(judged)
    got = {(link.left.id, link.right.id) for link in found.matches}
    looked_at = {(link.left.id, link.right.id) for link in found.links} & truth
    assert quality.precision.low <= len(got & truth) / len(got) <= quality.precision.high
    assert quality.recall.low <= len(got & truth) / len(looked_at) <= quality.recall.high


@pytest.mark.parametrize("row", ["a,b,1,9,perhaps so", "a,b,0,9,yes", "a,b,9,9,yes", "a,b,1,x,no"])
def test_what_is_no_verdict_is_told_by_row(tmp_path: Path, row: str) -> None:
    file = tmp_path / "judged.csv"
    file.write_text(
        f"left_id,right_id,stratum,pairs_in_stratum,same\na,b,1,9,نعم\n{row}\n", "utf-8"
    )
    with pytest.raises(InputError) as wrong:
        read_judged(file)
    assert wrong.value.problems[0].place.row == 3

"""Lists that work in places of their own: no point that the truth gives the lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError
from marfa.methods.estimation import (
    CaptureData,
    CaptureTable,
    Fitted,
    Headline,
    Settings,
    analyse,
    analyse_strata,
)
from marfa.methods.estimation.headline import headline
from marfa.methods.estimation.list_division import split_strength
from marfa.methods.estimation.territories import (
    overlap_share,
    smallest_reach,
    territories,
    triple_share,
)

DRAWN = Settings(replicates=100, interval="percentile")
PEOPLE = 1000


def place(chances: Sequence[float], seed: int, people: int = PEOPLE) -> CaptureTable:
    """People of one place, each list finding them by chance."""
    rng = np.random.default_rng(seed)
    found = rng.random((people, len(chances))) < np.array(chances)
    histories = found.astype(int) @ (1 << np.arange(len(chances)))
    counts = np.bincount(histories, minlength=2 ** len(chances))[1:]
    return CaptureTable(tuple("abcdef"[: len(chances)]), tuple(map(float, counts)))


def divided(k: int, own: float, other: float, seed: int) -> list[CaptureTable]:
    """As many places as lists, in each of which one list is strong."""
    return [
        place([own if i == home else other for i in range(k)], 10 * seed + home)
        for home in range(k)
    ]


def together(tables: Sequence[CaptureTable]) -> CaptureTable:
    return tables[0].with_counts(np.sum([table.n for table in tables], axis=0))


def holds(line: Headline, truth: float) -> bool:
    low, high = line.interval_low, line.interval_high
    return low is not None and low <= truth and (high is None or truth <= high)


@pytest.mark.parametrize("k", [3, 4])
@pytest.mark.parametrize("seed", range(3))
def test_lists_by_place_give_no_point_that_misses(k: int, seed: int) -> None:
    table = together(divided(k, 0.35, 0.03, seed))
    fitted = Fitted(table)
    assert min(fitted.choices.values()) > 1.5 * k * PEOPLE, "the methods agree, and are wrong"
    line = analyse(table, DRAWN).headline
    assert holds(line, k * PEOPLE)
    assert line.verdict == "undecided"
    said = {message.key for message in line.cautions}
    assert {"caution-places", "caution-places-undecided"} <= said
    assert "--place" in " ".join(map(render_message, line.cautions))


@pytest.mark.parametrize("seed", range(3))
def test_lists_that_work_everywhere_keep_their_point(seed: int) -> None:
    table = place([0.25, 0.2, 0.3], seed, 2000)
    line = analyse(table, DRAWN).headline
    assert line.verdict == "estimate"
    assert holds(line, 2000)


def test_by_place_the_answer_is_right() -> None:
    parts = divided(4, 0.4, 0.03, 5)
    strata = tuple(((f"place {i}",), table) for i, table in enumerate(parts))
    data = CaptureData(together(parts), ("place",), strata, places=("place",))
    line = analyse_strata(data, DRAWN).total.headline
    assert line.verdict == "estimate"
    assert line.point == pytest.approx(4 * PEOPLE, rel=0.15)
    assert holds(line, 4 * PEOPLE)
    said = {message.key for message in line.cautions}
    assert {"caution-inside-places", "caution-split", "caution-pooled-differs"} <= said
    # The same groups that say nothing of places leave the question open.
    other = CaptureData(data.table, ("group",), strata)
    assert "caution-places" in {
        message.key for message in analyse_strata(other, DRAWN).total.headline.cautions
    }


def test_groups_alike_are_not_split() -> None:
    alike = tuple(((str(i),), place([0.3, 0.2, 0.25], i)) for i in range(3))
    table = together([part for _, part in alike])
    assert split_strength(CaptureData(table, ("g",), alike)) == 0.0


@given(st.floats(0.01, 1.0), st.integers(3, 6))
def test_the_formulas_are_sums_over_places(reach: float, k: int) -> None:
    """Chances add up over k places; products over lists inside each."""
    chances = np.where(np.eye(k) == 1, 0.01, 0.01 * reach)
    one = chances[:, 0].mean()
    two = (chances[:, 0] * chances[:, 1]).mean()
    three = (chances[:, 0] * chances[:, 1] * chances[:, 2]).mean()
    assert overlap_share(reach, k) == pytest.approx(two / one**2)
    assert triple_share(reach, k) == pytest.approx(three * one / two**2)
    assert 0.75 <= triple_share(reach, k) <= 1 + 1e-12


def test_the_smallest_reach_undoes_the_curvature() -> None:
    for reach in (0.05, 0.3, 0.8):
        assert smallest_reach(float(np.log(triple_share(reach, 4))), 4) == pytest.approx(reach)
    assert smallest_reach(-0.5, 4) == 0.0
    assert smallest_reach(-np.inf, 4) == 0.0
    assert smallest_reach(0.2, 4) == 1.0


def test_a_large_table_can_exclude_places() -> None:
    found = territories(Fitted(place([0.3, 0.25, 0.2, 0.3], 1, 30_000)))
    assert found is not None
    assert found.reach > 0.1
    small = territories(Fitted(place([0.1, 0.1, 0.1, 0.1], 1, 1000)))
    assert small is not None
    assert small.reach == 0.0
    assert small.fewest(900.0) == small.seen


def test_nobody_on_three_lists_excludes_nothing_and_shows_nothing() -> None:
    table = CaptureTable.of("abcd", {1: 60, 2: 70, 4: 50, 8: 65, 3: 2, 5: 3, 6: 2, 9: 4, 10: 3})
    found = territories(Fitted(table))
    assert found is not None
    assert found.reach == 0.0
    assert not found.bent


def test_a_table_without_models_is_doubted_too() -> None:
    table = CaptureTable.of("abc", {1: 9, 2: 7, 4: 5, 3: 3, 5: 2})
    fitted = Fitted(table)
    fitted.__dict__["models"] = replace(fitted.models, models=fitted.models.models[:0])
    found = territories(fitted)
    assert found is not None
    assert found.fewest(50.0) == table.observed


def test_pairs_below_chance_are_named() -> None:
    rng = np.random.default_rng(4)
    found = rng.random((4000, 4)) < 0.15
    found[:, 1] &= ~(found[:, 0] & (rng.random(4000) < 0.9))
    counts = np.bincount(found.astype(int) @ (1 << np.arange(4)), minlength=16)[1:]
    shown = territories(Fitted(CaptureTable(tuple("abcd"), tuple(map(float, counts)))))
    assert shown is not None
    assert shown.below == ("a + b",)
    assert shown.signs


def test_the_sentence_names_both_ends_of_the_envelope() -> None:
    basis = {"a": 1000.0, "b": 3000.0}
    closed = headline(basis, intervals=[(700.0, 4000.0), (900.0, 5250.0)])
    assert closed.verdict == "undecided"
    assert (closed.interval_low, closed.interval_high) == (700.0, 5250.0)
    assert "between about 700 and 5,250 people" in render_message(closed.message)
    assert "700" in render_message(closed.message, "ar")
    open_ = headline(basis, intervals=[(700.0, 4000.0), (900.0, None)])
    assert open_.interval_high is None
    assert "no upper limit" in render_message(open_.message)
    inside = headline({"a": 1000.0, "b": 1500.0}, intervals=[(1200.0, 1300.0)])
    assert (inside.interval_low, inside.interval_high) == (1000.0, 1500.0), "holds the methods"


def test_people_out_of_reach_are_an_assumption_that_is_printed() -> None:
    table = place([0.25, 0.2, 0.3], 8, 2000)
    plain = analyse(table, DRAWN).headline
    assert "no list could reach are not counted" in render_message(plain.message)
    told = analyse(table, Settings(replicates=100, interval="percentile", unreachable=0.3))
    assert told.headline.point == pytest.approx((plain.point or 0) / 0.7)
    assert told.headline.interval_high == pytest.approx((plain.interval_high or 0) / 0.7)
    assert "assumes that 30% of all people" in render_message(told.headline.message)
    strata = ((("x",), table), (("y",), table))
    data = CaptureData(together([table, table]), ("g",), strata)
    settings = Settings(replicates=100, interval="percentile", unreachable=0.3)
    total = analyse_strata(data, settings)
    assert total.total.headline.point == pytest.approx(
        sum(part.analysis.headline.point or 0 for part in total.strata), rel=0.05
    )


@pytest.mark.parametrize("share", [-0.1, 0.95, 1.0])
def test_a_share_out_of_reach_that_leaves_nobody(share: float) -> None:
    with pytest.raises(InputError):
        analyse(place([0.25, 0.2, 0.3], 8), Settings(replicates=0, unreachable=share))


def test_every_answer_says_that_it_is_no_quota() -> None:
    line = analyse(place([0.25, 0.2, 0.3], 8, 2000), Settings(replicates=0)).headline
    assert "not-a-quota" in {message.key for message in line.cautions}

"""The headline, what is refused, strata, sensitivity and internal consistency."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.estimation import (
    CaptureTable,
    Settings,
    analyse,
    analyse_strata,
    internal_consistency,
    read_captures,
    refusals,
    summarise,
)
from marfa.methods.estimation.headline import headline
from marfa.methods.estimation.linkage import broken, corrected
from marfa.methods.estimation.referrals import refusal, without
from marfa.methods.estimation.sensitivity import drop_one, merge_two, regrouped
from marfa.methods.estimation.settings import Linkage
from tests.methods.estimation import published_tables

POINTS = Settings(replicates=0)


def test_the_uk_data_do_not_decide() -> None:
    line = analyse(published_tables.UK_5, POINTS).headline
    assert line.verdict == "undecided"
    assert line.point is None
    assert (line.low, line.high) == pytest.approx((11313, 25311), abs=1)


def test_one_method_asked_for_does_not_narrow_the_headline() -> None:
    line = analyse(published_tables.UK_5, Settings(methods=("stepwise",), replicates=0)).headline
    assert line.verdict == "undecided"


def test_agreement_gives_a_point() -> None:
    line = analyse(published_tables.KOSOVO, POINTS).headline
    assert line.verdict == "estimate"
    assert line.low is not None
    assert line.point is not None
    assert line.high is not None
    assert line.low <= line.point <= line.high
    assert "independence" not in (line.basis or {}), "BIC speaks against it by 164"


@given(st.lists(st.floats(10, 1e6), min_size=1, max_size=6))
def test_no_point_beyond_a_factor_of_two(values: list[float]) -> None:
    line = headline({str(i): value for i, value in enumerate(values)})
    assert (line.point is None) == (max(values) > 2 * min(values))
    assert (line.verdict == "undecided") == (line.point is None)


def test_near_ties_beyond_the_factor_leave_it_undecided() -> None:
    line = headline({"a": 1000.0, "b": 1100.0}, ties=[(3, 900.0, 2500.0)])
    assert line.verdict == "undecided"
    assert (line.low, line.high) == (900.0, 2500.0)


REFUSED = {
    "refused-one-list": CaptureTable.of("a", {1: 20}),
    "refused-nobody": CaptureTable.of("abc", {}),
    "refused-empty-list": CaptureTable.of("abc", {1: 20, 2: 20, 3: 4}),
    "refused-duplicate-list": CaptureTable.of("abc", {1: 20, 6: 20, 7: 4}),
    "refused-contained-list": CaptureTable.of("abc", {1: 20, 3: 9, 7: 4, 4: 3}),
    "refused-everybody": CaptureTable.of("abc", {1: 20, 3: 9, 5: 4, 7: 3}),
    "refused-no-overlap": CaptureTable.of("abc", {1: 20, 2: 9, 4: 4}),
    "refused-many-lists": CaptureTable.of("abcdefghijklm", {1: 2, 3: 4}),
}


@pytest.mark.parametrize(("key", "table"), REFUSED.items(), ids=REFUSED.keys())
def test_tables_that_say_nothing_are_refused(key: str, table: CaptureTable) -> None:
    analysis = analyse(table, POINTS)
    assert not analysis.answered
    assert analysis.headline.verdict == "refused"
    found = {refusal_.message.key for refusal_ in analysis.refusals}
    assert key in found or (key == "refused-everybody" and "refused-contained-list" in found)


def test_a_table_that_can_be_used_is_not_refused() -> None:
    for table in (
        published_tables.ARTIFICIAL,
        published_tables.UK_6,
        published_tables.NEW_ORLEANS_5,
    ):
        assert refusals(table) == []


def test_two_lists_answer_only_where_independence_is_taken_on() -> None:
    table = CaptureTable.of("ab", {1: 30, 2: 50, 3: 10})
    assert analyse(table, POINTS).headline.verdict == "refused"
    named = analyse(table, Settings(methods=("independence",), replicates=0))
    assert named.headline.verdict == "estimate"
    assert named.headline.point == pytest.approx(240)
    assert "caution-two-lists" in {message.key for message in named.headline.cautions}


def test_no_estimate_is_infinite_or_absurd() -> None:
    # Rcapture's best model for this table says 1.4e13 and gives no error.
    for result in analyse(published_tables.ARTIFICIAL, POINTS).results:
        assert result.estimate < 2000


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 1, 3, 20]), min_size=7, max_size=7))
def test_every_answer_is_finite(counts: list[int]) -> None:
    analysis = analyse(CaptureTable(("a", "b", "c"), tuple(map(float, counts))), POINTS)
    for result in analysis.results:
        assert np.isfinite(result.estimate)
        assert result.estimate >= sum(counts)


def test_internal_consistency_of_the_five_data_sets() -> None:
    """Binette and Steorts (2022), table of section 4: list K and small lists left out."""
    checks = [
        check
        for table in (
            published_tables.UK_5,
            published_tables.NETHERLANDS_5,
            published_tables.NEW_ORLEANS_5,
            published_tables.WESTERN,
            published_tables.AUSTRALIA,
        )
        for check in internal_consistency(table)
        if check.reference != "K"
    ]
    expected = {
        "stepwise": (10, -0.17, 0.63, -0.15),
        "independence": (8, -0.29, 0.55, -0.28),
        "dga": (10, -0.34, 0.60, -0.22),
    }
    for method, figures in expected.items():
        found = summarise(checks, method)
        assert found is not None
        shown = (found.lists, *(round(x, 2) for x in (found.mean, found.rmse, found.median)))
        assert shown == figures


def test_joining_pf_and_nca_gives_the_five_lists() -> None:
    joined = regrouped(published_tables.UK_6, [[0], [1], [2, 5], [3], [4]])
    assert joined.lists == ("LA", "NG", "PF+NCA", "GO", "GP")
    assert joined.counts == published_tables.UK_5.counts


def test_merging_and_dropping_need_four_lists() -> None:
    assert len(merge_two(published_tables.KOSOVO)) == 6
    assert len(drop_one(published_tables.KOSOVO)) == 4
    assert merge_two(published_tables.KOREA) == drop_one(published_tables.KOREA) == []


def test_a_list_left_out_takes_its_own_people_along() -> None:
    dropped = {variant.change: variant for variant in drop_one(published_tables.UK_5)}
    assert dropped["LA",].observed == published_tables.UK_5.observed - 54


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=15, max_size=15),
    st.floats(0.3, 1.0),
    st.floats(0.8, 1.0),
)
def test_linkage_correction_undoes_the_errors(
    counts: list[int], recall: float, precision: float
) -> None:
    true = CaptureTable(("a", "b", "c", "d"), tuple(map(float, counts)))
    seen = true.with_counts(broken(true.n, 4, recall))
    assert seen.n @ np.ones(15) >= true.n @ np.ones(15) - 1e-9
    assert seen.sizes == pytest.approx(true.sizes), "no record is lost, only links"
    assert corrected(seen, recall, 1.0).n == pytest.approx(true.n, abs=1e-6)
    assert corrected(seen, recall, precision).sizes == pytest.approx(true.sizes, rel=0.6, abs=60)


def test_missed_links_are_put_right_in_the_headline() -> None:
    """Independent lists of 3,000 people; a link between two lists is found half the time."""
    chances = [0.3, 0.25, 0.2]
    counts = [
        3000 * np.prod([c if cell >> i & 1 else 1 - c for i, c in enumerate(chances)])
        for cell in range(1, 8)
    ]
    seen = np.round(broken(np.array(counts), 3, 0.5))
    table = CaptureTable(("a", "b", "c"), tuple(seen.tolist()))
    raw = analyse(table, POINTS).headline
    mended = analyse(table, Settings(replicates=0, linkage=Linkage(0.5))).headline
    assert raw.basis is not None
    assert raw.basis["independence"] > 5000
    assert mended.basis is not None
    assert mended.basis["independence"] == pytest.approx(3000, rel=0.02)


def test_the_chance_error_of_the_links_widens_the_envelope() -> None:
    table = CaptureTable.of("abc", {1: 900, 2: 750, 4: 600, 3: 180, 5: 150, 6: 120, 7: 36})
    widths = []
    for checked in (None, 2000, 60):
        links = Linkage(0.8, 0.98, checked, checked)
        line = analyse(
            table, Settings(replicates=200, interval="percentile", linkage=links, everywhere=True)
        ).headline
        assert line.interval_low is not None
        assert line.interval_high is not None
        assert line.low is not None
        assert line.interval_low < line.low
        widths.append(line.low / line.interval_low)
    assert widths[0] < 1.02 * widths[1] < widths[2]


def test_linked_intervals_hold_the_truth() -> None:
    """Links found with chance 0.8, recall known from 150 checked pairs, ten tables of 3,000."""
    cells = (np.arange(8)[:, None] >> np.arange(3)) & 1
    p = np.array([0.3, 0.25, 0.2])
    chances = np.prod(np.where(cells == 1, p, 1 - p), axis=1)
    hits = 0
    for seed in range(10):
        rng = np.random.default_rng([38, seed])
        true = rng.multinomial(3000, chances)[1:]
        seen = np.round(broken(true.astype(float), 3, 0.8))
        recall = rng.binomial(150, 0.8)
        links = Linkage(recall / 150, 1.0, 150, None)
        table = CaptureTable(("a", "b", "c"), tuple(seen.tolist()))
        line = analyse(
            table, Settings(replicates=100, interval="percentile", linkage=links, everywhere=True)
        ).headline
        assert line.interval_low is not None
        hits += line.interval_low <= 3000 <= (line.interval_high or np.inf)
    assert hits >= 8


def test_referrals_refuse_where_they_are_most_of_the_overlap() -> None:
    table = published_tables.KOREA
    most = table.with_counts([c if h in (3, 7) else 0 for h, c in enumerate(table.counts, 1)])
    assert [message.key for message in refusal(table, most)] == ["refused-referrals-share"]
    line = analyse(table, POINTS, referred=most).headline
    assert line.verdict == "refused"
    few = table.with_counts([6 if h == 3 else 0 for h in range(1, 8)])
    assert refusal(table, few) == []
    moved = without(table, few)
    assert moved.observed == table.observed
    assert moved.overlap(3) == table.overlap(3) - 6


def test_strata_add_up(tmp_path: Path) -> None:
    # Hook and Regal's spina bifida counts by ethnicity, two of three groups.
    file = tmp_path / "spina.csv"
    file.write_text(
        "a,b,c,group,count\n"
        "0,1,0,one,45\n1,0,0,one,230\n1,1,0,one,134\n0,0,1,one,52\n0,1,1,one,3\n1,0,1,one,107\n"
        "1,1,1,one,12\n0,1,0,two,3\n1,0,0,two,13\n1,1,0,two,8\n0,0,1,two,8\n0,1,1,two,1\n"
        "1,0,1,two,3\n",
        encoding="utf-8",
    )
    data = read_captures(file, strata=["group"])
    answer = analyse_strata(data, Settings(replicates=300))
    assert [part.values for part in answer.strata] == [("one",), ("two",)]
    for result in answer.total.results:
        parts = [
            next(r.estimate for r in part.analysis.results if r.method == result.method)
            for part in answer.strata
        ]
        assert result.estimate == pytest.approx(sum(parts))
        interval = result.interval("percentile") or result.interval("credible")
        assert interval is not None
        assert interval.low is not None
        assert interval.low < result.estimate
    assert answer.total.observed == sum(part.analysis.observed for part in answer.strata)


def test_a_total_is_undecided_where_all_its_groups_are(tmp_path: Path) -> None:
    # The published table of Kosovo in four equal groups: too few in each to choose a model.
    lines = ["EXH,ABA,OSCE,HRW,group,count"]
    for history, count in enumerate(published_tables.KOSOVO.counts, 1):
        marks = ",".join(str(history >> i & 1) for i in range(4))
        lines += [f"{marks},{group},{(int(count) + group) // 4}" for group in range(4)]
    file = tmp_path / "groups.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    answer = analyse_strata(read_captures(file, strata=["group"]), POINTS)
    assert {part.analysis.headline.verdict for part in answer.strata} == {"undecided"}
    assert answer.total.headline.verdict == "undecided"
    assert answer.total.headline.point is None
    low, high = answer.total.headline.low, answer.total.headline.high
    assert low is not None
    assert high is not None
    assert high > 2 * low


def test_a_group_without_an_answer_leaves_no_total(tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text(
        "a,b,c,sex,count\n1,1,0,f,9\n1,0,1,f,8\n1,0,0,f,30\n0,1,0,f,20\n0,0,1,f,20\n"
        "1,0,0,m,5\n0,1,0,m,7\n0,0,1,m,2\n",
        encoding="utf-8",
    )
    answer = analyse_strata(read_captures(file, strata=["sex"]), POINTS)
    assert not answer.total.answered
    assert [refusal_.message.key for refusal_ in answer.total.refusals] == ["stratum-refused"]
    assert answer.strata[0].analysis.answered

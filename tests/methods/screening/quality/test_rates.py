"""Intervals, error rates, gaps and disparity."""

from __future__ import annotations

import json
from math import comb, fsum
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.methods.screening import Age, Answer, Panel, PilotUse, score
from marfa.methods.screening.load import measure_load
from marfa.methods.screening.quality import (
    Decision,
    accuracy,
    audit,
    clopper_pearson,
    decision,
    gaps,
    newcombe,
    wilson,
)
from marfa.methods.screening.study.decisions import CHECKLIST, decision_kept, rules_kept
from marfa.methods.screening.study.report import natural_numbers
from marfa.methods.screening.views import full
from tests.methods.screening.support import library, run, yes


@pytest.mark.parametrize(
    ("hits", "total", "wilsons", "exact"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857-872, table I, methods 3 and 5.
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_intervals_of_a_proportion_as_published(
    hits: int, total: int, wilsons: tuple[float, float], exact: tuple[float, float]
) -> None:
    for found, wanted in ((wilson(hits, total), wilsons), (clopper_pearson(hits, total), exact)):
        assert found.estimate == pytest.approx(hits / total)
        assert (found.lower, found.upper) == pytest.approx(wanted, abs=0.00006)


def test_interval_of_a_difference_as_published() -> None:
    """Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10: 56/70 - 48/80."""
    found = newcombe(56, 70, 48, 80)
    assert found.estimate == pytest.approx(0.20)
    assert (found.lower, found.upper) == pytest.approx((0.0524, 0.3339), abs=0.00006)


@given(st.integers(1, 60), st.data())
def test_the_exact_interval_solves_the_binomial_tails(total: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, total))
    found = clopper_pearson(hits, total)

    def tail(counts: range, p: float) -> float:
        return fsum(comb(total, k) * p**k * (1 - p) ** (total - k) for k in counts)

    if hits > 0:
        assert tail(range(hits, total + 1), found.lower) == pytest.approx(0.025, abs=1e-9)
    if hits < total:
        assert tail(range(hits + 1), found.upper) == pytest.approx(0.025, abs=1e-9)
    assert found.lower <= found.estimate <= found.upper
    other = wilson(hits, total)
    assert 0 <= other.lower <= other.estimate <= other.upper <= 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_numbers_of_people_add_up(share: float, sensitivity: float, specificity: float) -> None:
    rates = SimpleNamespace(
        prevalence=share,
        sensitivity=SimpleNamespace(estimate=sensitivity),
        specificity=SimpleNamespace(estimate=specificity),
    )
    told = natural_numbers(rates)  # type: ignore[arg-type]
    assert told is not None
    assert told["flagged"] + told["missed"] == told["victims"]
    assert min(told.values()) >= 0
    assert abs(told["missed"] - 1000 * share * (1 - sensitivity)) <= 1


@pytest.mark.parametrize(("hits", "total", "confidence"), [(1, 0, 0.9), (3, 2, 0.9), (1, 2, 1.0)])
def test_what_is_no_proportion_is_refused(hits: int, total: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"proportion|confidence"):
        wilson(hits, total, confidence)


def test_error_rates_of_a_published_screen() -> None:
    """Six-item child screen (Pediatrics 147(3) e2020013235): 26 of 212 trafficked.

    Sensitivity 84.6% (70.8 to 98.5) is 22 of 26, specificity 53.2% (46.1 to 60.4) is 99 of 186;
    the paper's intervals are of the normal kind, so only the estimates are compared.
    """
    people = [(Decision.FLAGGED, True)] * 22 + [(Decision.NOT_FLAGGED, True)] * 4
    people += [(Decision.FLAGGED, False)] * 87 + [(Decision.NOT_FLAGGED, False)] * 99
    found = accuracy(people)
    assert found.sensitivity is not None
    assert found.specificity is not None
    assert found.sensitivity.estimate == pytest.approx(0.846, abs=0.0005)
    assert found.specificity.estimate == pytest.approx(0.532, abs=0.0005)
    assert (found.cases, found.others, found.open) == (26, 186, 0)
    assert found.sensitivity_bounds == (22 / 26, 22 / 26)


@given(st.lists(st.tuples(st.sampled_from(Decision), st.booleans()), max_size=30), st.booleans())
def test_the_open_ones_are_no_negatives_and_the_bounds_hold_them(
    people: list[tuple[Decision, bool]], flagged: bool
) -> None:
    found = accuracy(people)
    settled = Decision.FLAGGED if flagged else Decision.NOT_FLAGGED
    closed = accuracy((settled if d is Decision.OPEN else d, case) for d, case in people)
    for bounds, rate in (
        (found.sensitivity_bounds, closed.sensitivity),
        (found.specificity_bounds, closed.specificity),
    ):
        assert (bounds is None) == (rate is None)
        if bounds is not None and rate is not None:
            assert bounds[0] - 1e-12 <= rate.estimate <= bounds[1] + 1e-12
    only_open = accuracy([(Decision.OPEN, True)])
    assert only_open.sensitivity is None
    assert only_open.sensitivity_bounds == (0, 1)


def test_silence_is_open_and_never_a_negative() -> None:
    assert decision(run(yes("cd-papers"))) is Decision.FLAGGED
    assert decision(run(yes())) is Decision.NOT_FLAGGED
    assert decision(run({})) is Decision.OPEN
    assert decision(run(yes() | {"cd-papers": Answer.REFUSED})) is Decision.OPEN
    # What remains open can only make it more urgent, not flag the person.
    assert decision(run(yes() | {"core-danger": Answer.UNKNOWN})) is Decision.NOT_FLAGGED
    checklist = Panel.of("unodc-general", library())
    with pytest.raises(ValueError, match="checklist"):
        decision(score(checklist, {}, age=Age.ADULT, use=PilotUse()))


def test_gaps_by_item() -> None:
    results = [
        run(yes("dr-work"), Age.ADULT).profiles[0],
        run({"dr-work": Answer.REFUSED, "dr-pay": Answer.UNKNOWN}, Age.ADULT).profiles[0],
    ]
    found = {one.item: one for one in gaps(results)}
    assert (found["dr-work"].yes, found["dr-work"].refused) == (1, 1)
    assert found["dr-work"].open_share == 0.5
    assert (found["dr-pay"].no, found["dr-pay"].unknown) == (1, 1)
    assert (found["ex-hours"].no, found["ex-hours"].not_asked) == (1, 1)
    assert all(one.people == 2 for one in found.values())
    with pytest.raises(ValueError, match="more than one instrument"):
        gaps([*results, run({}, Age.CHILD).profiles[0]])


def test_the_audit_finds_a_difference_and_hides_small_groups() -> None:
    people = [("women", n < 60) for n in range(100)] + [("men", n < 20) for n in range(100)]
    people += [("few", True)] * 9
    found = {one.group: one for one in audit(people)}
    assert set(found) == {"women", "men"}
    assert found["women"].stands_out
    assert found["women"].difference.lower > 0
    assert found["men"].difference.upper < 0
    assert found["men"].rate.estimate == 0.2


def test_the_audit_is_quiet_where_there_is_nothing() -> None:
    people = [(group, n % 2 == 0) for group in "abcd" for n in range(50)]
    assert not any(one.stands_out for one in audit(people))
    assert audit([]) == []
    assert audit([("all", True)] * 50) == []


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_small_group_cannot_be_worked_out_from_what_is_shown(people: int, hits: int) -> None:
    """Rates and differences are the same whatever is true of the few, even if they are there."""
    shown = [("women", n < 60) for n in range(100)] + [("men", n < 20) for n in range(50)]
    few = [("few", n < hits) for n in range(people)]
    assert audit(shown + few) == audit(shown)
    assert audit(shown[:100] + few) == []


@pytest.mark.parametrize("given", [yes("cd-papers"), yes(), {}, {"rr-none": Answer.NOT_ASKED}])
def test_a_kept_result_says_what_the_result_said(given: dict[str, Answer]) -> None:
    known = {item: answer for item, answer in given.items() if item != "rr-none"}
    result = run(known)
    assert decision_kept(json.loads(json.dumps(full(result)))) is decision(result)


def test_of_a_checklist_a_sign_flags_and_an_open_question_is_open() -> None:
    """Its items are those of the file; what each answer is worth is said by nobody else."""
    panel = Panel.of("registration-risk")
    items = [item.id for item in panel.instruments[0].items]
    no = dict.fromkeys(items, Answer.NO)
    for changed, expected, rules in (
        ({}, Decision.NOT_FLAGGED, set()),
        ({items[0]: Answer.YES}, Decision.FLAGGED, {CHECKLIST}),
        ({items[0]: Answer.REFUSED}, Decision.OPEN, set()),
    ):
        kept = full(score(panel, {**no, **changed}, age=Age.ADULT, use=PilotUse()))
        assert decision_kept(kept) is expected
        assert rules_kept(kept) == frozenset(rules)


def test_load_is_a_share_with_its_interval_and_of_few_nothing_is_said() -> None:
    """1 of 29, as Newcombe's table above has it."""
    rows = [("gate", n < 1, frozenset({"a"} if n < 1 else ())) for n in range(29)]
    found = measure_load([*rows, *[("hill", True, frozenset({"a"}))] * 9])
    gate = found["gate"].flagged
    assert gate is not None
    assert (gate.lower, gate.upper) == pytest.approx((0.0061, 0.1718), abs=0.00006)
    assert found["gate"].by_rule["a"] == gate
    assert (found["hill"].people, found["hill"].flagged, found["hill"].by_rule) == (9, None, {})

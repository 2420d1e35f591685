"""What must hold for every detector, whatever the counts."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods.surveillance import (
    DETECTORS,
    Budget,
    Panel,
    Settings,
    Step,
    Why,
    detect,
    detect_newest,
    hold,
)
from tests.methods.surveillance.series import quiet_counts, quiet_panel

ALL = sorted(DETECTORS)
LENGTH = 290


def newest(panel: Panel, method: str) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chosen = Settings(start=len(panel) - 1, years=3)
        return np.asarray(detect(panel, method, chosen).alarm[-1])


@pytest.mark.parametrize("method", ALL)
@given(seed=st.integers(0, 10**6), more=st.integers(1, 40))
@settings(max_examples=8)
def test_more_cases_never_take_an_alarm_away(method: str, seed: int, more: int) -> None:
    counts = quiet_counts(LENGTH, 6, seed=seed)
    counts[-1] += np.arange(6) * 5
    raised = counts.copy()
    raised[-1] += more
    names = tuple("abcdef")
    before, after = newest(Panel(names, counts), method), newest(Panel(names, raised), method)
    assert not ((before == 1) & (after != 1)).any()


def test_more_cases_never_take_an_alarm_away_under_a_budget() -> None:
    panel = quiet_panel(LENGTH, 40)
    alarms = []
    for more in (0, 3, 9, 30):
        counts = panel.counts.copy()
        counts[-1] += more
        answers = detect_newest(replace(panel, counts=counts))
        alarms.append(hold(answers, Budget(2.0))[0].alarms[0])
    for fewer, most in pairwise(alarms):
        assert (fewer <= most).all()
    assert alarms[-1].all()


@pytest.mark.parametrize("method", ["seasonal", "flexible_nbPlugin", "bayes_b3"])
@pytest.mark.parametrize("alpha", [0.001, 0.01, 0.05])
def test_an_alarm_is_a_probability_of_at_most_alpha(method: str, alpha: float) -> None:
    counts = quiet_counts(LENGTH, 30, mean=4) + quiet_counts(LENGTH, 30, mean=40, seed=2)
    panel = Panel(tuple(f"s{i}" for i in range(30)), counts)
    answers = detect(panel, method, Settings(start=LENGTH - 30, years=3, alpha=alpha, least=0))
    assert answers.alarms.any() or alpha == 0.001
    np.testing.assert_array_equal(answers.alarms, answers.probability <= alpha)


@pytest.mark.parametrize("method", ALL)
def test_the_order_of_columns_changes_nothing(method: str) -> None:
    panel = quiet_panel(LENGTH, 7)
    chosen = Settings(start=LENGTH - 6, years=3)
    one = detect(panel, method, chosen)
    order = [3, 0, 6, 2, 5, 1, 4]
    other = detect(panel.choose([panel.units[i] for i in order]), method, chosen)
    for name in ("alarm", "bound", "expected", "probability", "why"):
        np.testing.assert_allclose(getattr(one, name)[:, order], getattr(other, name), rtol=1e-9)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("level", [0, 1, 7, 100_000])
def test_constant_series_answer_or_say_why_not(method: str, level: int) -> None:
    panel = Panel(("a",), np.full((LENGTH, 1), float(level)))
    answers = detect(panel, method, Settings(start=LENGTH - 3, years=3))
    assert not answers.alarms.any()
    silent = np.isnan(answers.alarm)
    assert (answers.why[silent] != Why.ANSWERED).all()


@pytest.mark.parametrize("method", ALL)
def test_nothing_reported_is_no_answer_and_not_zero(method: str) -> None:
    panel = Panel(("a", "b"), np.full((LENGTH, 2), np.nan))
    answers = detect(panel, method, Settings(start=LENGTH - 3, years=3))
    assert np.isnan(answers.alarm).all()
    assert (answers.why != Why.ANSWERED).all()


@pytest.mark.parametrize("method", ALL)
def test_a_missing_newest_step_is_missing(method: str) -> None:
    counts = quiet_counts(LENGTH, 2)
    counts[-1, 0] = np.nan
    answers = detect(Panel(("a", "b"), counts), method, Settings(start=LENGTH - 2, years=3))
    assert answers.why[-1, 0] == Why.MISSING
    assert np.isnan(answers.alarm[-1, 0])
    assert answers.alarm[-1, 1] in (0, 1)


@pytest.mark.parametrize("method", ALL)
def test_a_series_that_is_too_short_says_so(method: str) -> None:
    answers = detect(Panel(("a",), quiet_counts(3, 1)), method)
    assert not answers.alarms.any()
    assert (answers.why == Why.TOO_SHORT).all()


@pytest.mark.parametrize("method", [m for m in ALL if m != "glrnb"])
def test_a_very_long_series_answers(method: str) -> None:
    """A hundred years of weeks."""
    panel = Panel(("a",), quiet_counts(5200, 1))
    answers = detect(panel, method, Settings(start=5198))
    assert (answers.why == Why.ANSWERED).all()


def test_missing_weeks_in_the_past_are_not_zeros() -> None:
    counts = quiet_counts(LENGTH, 1, mean=20)
    gaps = counts.copy()
    gaps[::4] = np.nan
    zeros = np.nan_to_num(gaps)
    expected = [detect_newest(Panel(("a",), c[:-1])).expected[0, 0] for c in (counts, gaps, zeros)]
    assert expected[1] == pytest.approx(expected[0], rel=0.15)
    assert expected[2] < 0.85 * expected[0]


def test_people_at_risk_are_an_offset() -> None:
    """Twice the people bring twice the cases: no alarm with the offset, one without."""
    counts = quiet_counts(LENGTH, 1, mean=30)
    people = np.full((LENGTH, 1), 1000.0)
    counts[-1], people[-1] = counts[-1] + 60, 3000.0
    for method in ("seasonal", "flexible_nbPlugin"):
        plain = detect_newest(Panel(("a",), counts), method, Settings(years=3))
        offset = detect_newest(Panel(("a",), counts, at_risk=people), method, Settings(years=3))
        assert plain.alarm[0, 0] == 1, method
        assert offset.alarm[0, 0] == 0, method
        assert offset.expected[0, 0] > 2.5 * plain.expected[0, 0]


def test_a_clear_outbreak_is_seen_by_every_detector() -> None:
    counts = quiet_counts(LENGTH, 1, mean=6)
    counts[-3:] += 60
    for method in ALL:
        # The week before is in the limit of C1 and C2 already: the first week is what they see.
        answers = detect(Panel(("a",), counts), method, Settings(start=LENGTH - 3, years=3))
        assert answers.alarms.any(), method


def test_days_are_compared_with_their_own_weekday() -> None:
    """Markets are on Fridays: seven times as many, every Friday, is nothing unusual."""
    rng = np.random.default_rng(3)
    first = date(2018, 1, 1)
    days = [first + timedelta(days=i) for i in range(3 * 365)]
    mean = np.array([21.0 if d.weekday() == 4 else 3.0 for d in days])
    counts = rng.poisson(mean)[:, None].astype(float)
    panel = Panel(("market",), counts, Step.DAY, tuple(days))
    for method in ("seasonal", "flexible_nbPlugin"):
        answers = detect(panel, method, Settings(start=len(days) - 56, years=2))
        assert answers.alarms.sum() <= 3, method
        friday = np.array([d.weekday() == 4 for d in days[-56:]])
        assert answers.expected[friday].min() > 3 * answers.expected[~friday].max() / 2


def test_months_answer() -> None:
    rng = np.random.default_rng(5)
    dates = tuple(date(2010 + i // 12, i % 12 + 1, 1) for i in range(120))
    counts = rng.poisson(40, size=(120, 1)).astype(float)
    counts[-1] = 120
    panel = Panel(("a",), counts, Step.MONTH, dates)
    for method in ("seasonal", "flexible_nbPlugin", "farrington_1996", "bayes_b3"):
        answers = detect(panel, method, Settings(start=117))
        assert answers.alarms[-1, 0], method
        assert not answers.alarms[0, 0], method


def test_years_have_no_season() -> None:
    panel = Panel(("a",), np.full((30, 1), 9.0), Step.YEAR)
    with pytest.raises(InputError, match="not-yearly"):
        detect(panel, "flexible_nbPlugin")
    assert len(detect(panel, "bayes_b1").steps)

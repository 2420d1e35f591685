"""Alarms held to a number over many series, verdicts, forecasts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marfa.domain.message import InputError
from marfa.methods.surveillance import (
    Budget,
    Judged,
    Panel,
    Verdict,
    detect,
    forecast,
    hold,
    score_forecasts,
    score_verdicts,
)
from marfa.methods.surveillance.budget import benjamini_hochberg
from marfa.methods.surveillance.forecast import count_crps
from marfa.methods.surveillance.tails import exceedance
from marfa.methods.surveillance.verdicts import median_interval, read_verdicts, wilson
from tests.methods.surveillance.series import quiet_counts, quiet_panel


@pytest.mark.slow
@pytest.mark.parametrize("per_step", [3.0, 12.0])
def test_quiet_series_give_as_many_alarms_as_were_chosen(per_step: float) -> None:
    counts = np.hstack(
        [quiet_counts(300, 250, mean=m, seed=i) for i, m in enumerate((0.4, 2.0, 8.0, 60.0))]
    )
    panel = Panel(tuple(f"s{i}" for i in range(1000)), counts)
    answers = detect(panel, steps=np.arange(276, 300))
    held, told = hold(answers, Budget(per_step))
    found = held.alarms.sum(axis=1).mean()
    assert found == pytest.approx(per_step, rel=0.25)
    assert np.mean([t.expected_false for t in told]) == pytest.approx(per_step, rel=0.05)


def test_a_budget_is_said_before_and_counted_after() -> None:
    panel = quiet_panel(290, 60)
    panel.counts[-1, :4] += 60
    held, (told,) = hold(detect(panel, steps=np.array([289])), Budget(1.0))
    assert told.series == 60
    assert told.found == held.alarms.sum() >= 4
    assert told.expected_false <= 1.0
    assert told.false_share == pytest.approx(told.expected_false / told.found)
    strict, _told = hold(detect(panel, steps=np.array([289])), Budget(1.0, share=0.01))
    assert strict.alarms.sum() <= held.alarms.sum()


def test_benjamini_hochberg_by_hand() -> None:
    p = np.array([0.9, 0.01, 0.02, 0.041, 0.2, np.nan])
    assert benjamini_hochberg(p, 0.05) == 0.02
    assert benjamini_hochberg(np.array([0.5, 0.9]), 0.05) < 1e-6


def test_wilson_as_published() -> None:
    """Newcombe 1998, table I: 81 of 263, and 0 of 20."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_median_of_lead_times() -> None:
    assert median_interval([]) == (None, None, None)
    assert median_interval([7]) == (7.0, None, None)
    # Ten values: the second and the ninth hold the median with 97.9%.
    assert median_interval(list(range(1, 11))) == (5.5, 2.0, 9.0)


def test_verdicts_are_counted() -> None:
    alarms = [
        Judged("b", Verdict.REAL, 7),
        Judged("b", Verdict.FALSE),
        Judged("b", Verdict.UNCLEAR),
    ]
    found = score_verdicts([*alarms, Judged("a", Verdict.UNCLEAR)])
    assert [s.detector for s in found] == ["a", "b"]
    assert found[0].share is None
    assert (found[0].least, found[0].most) == (0.0, 1.0)
    assert (found[1].real, found[1].false, found[1].unclear, found[1].share) == (1, 1, 1, 0.5)
    assert found[1].lead == 7


def test_reading_verdicts(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.csv"
    text = "detector,verdict,raised,known\nx,Real,2020-01-06,2020-01-20\nx,false,2020-01-06,\n"
    file.write_text(text, encoding="utf-8")
    assert [j.lead for j in read_verdicts(file)] == [14, None]
    file.write_text("detector,verdict\nx,perhaps\n", encoding="utf-8")
    with pytest.raises(InputError, match="verdict-unknown"):
        read_verdicts(file)


def test_the_score_is_the_sum_of_squares() -> None:
    mean, spread, y = 4.2, 1.7, 6.0
    x = np.arange(400.0)
    below = 1 - exceedance(x + 1, np.array(mean), np.array(spread))
    expected = ((below - (x >= y)) ** 2).sum()
    found = count_crps(np.array([y]), np.array([mean]), np.array([spread]))[0]
    assert found == pytest.approx(expected, rel=1e-9)


def test_baselines_cover_what_they_say() -> None:
    """Where there is a strong season, the seasonal baseline is better than last year's mean."""
    panel = quiet_panel(280, 30, mean=20)
    scored = {(s.baseline, s.ahead): s for s in score_forecasts(panel, 4, origins=20)}
    assert scored["seasonal", 4].inside_80 == pytest.approx(0.85, abs=0.08)
    assert scored["seasonal", 4].inside_95 >= 0.92
    assert scored["seasonal", 4].crps < scored["last_year", 4].crps


def test_a_forecast_does_not_look_ahead() -> None:
    panel = quiet_panel(200, 3)
    for baseline in ("seasonal", "last_year"):
        told = forecast(panel.until(190), 4, baseline)
        changed = panel.counts.copy()
        changed[190:] += 500
        other = forecast(Panel(panel.units, changed).until(190), 4, baseline)
        np.testing.assert_array_equal(told.mean, other.mean)

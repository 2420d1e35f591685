"""Error bars hold as often as they say, among the counts that are shown; ordinary ones do not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from marfa.methods.disclosure.private.caps import BINS, choose_cap
from marfa.methods.disclosure.private.estimates import estimate_figures
from marfa.methods.disclosure.private.intervals import Shown, find_intervals
from marfa.methods.disclosure.private.measurement import Promise, Question, measure_records
from tests.methods.disclosure.private.made import SeededNoise, random_rows, records_of

SCALE, THRESHOLD, TRIES = 30.0, 25.0, 4000


def shown_counts(true: float, expected: float, doubt: float) -> Shown:
    draw = np.random.default_rng(int(true))
    counts = true + SCALE * draw.normal(size=TRIES)
    counts = counts[counts > THRESHOLD]
    same = np.ones(len(counts))
    return Shown(counts, same * SCALE, same * THRESHOLD, same * expected, same * doubt)


@pytest.mark.parametrize("true", [3, 10, 50, 200, 5000])
@pytest.mark.parametrize(("away", "doubt"), [(0, 1e6), (0, 15), (40, 15), (-40, 15)])
def test_error_bars_hold_after_the_choice(true: float, away: float, doubt: float) -> None:
    shown = shown_counts(true, max(0.0, true + away), doubt)
    low, high = find_intervals(shown)
    held = ((low <= true) & (true <= high)).mean()
    assert held == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / len(low)) ** 0.5)


def test_ordinary_error_bars_do_not() -> None:
    """The control: two standard deviations around a count that is shown because it is high."""
    true = 10.0
    shown = shown_counts(true, true, 1e6)
    held = (np.abs(shown.counts - true) <= 1.96 * SCALE).mean()
    assert held < 0.93


def test_a_right_expectation_makes_them_shorter_and_a_wrong_one_not_false() -> None:
    lengths = []
    for doubt in (1e6, 15.0):
        low, high = find_intervals(shown_counts(200, 200, doubt))
        lengths.append((high - low).mean())
    assert lengths[1] < 0.9 * lengths[0]
    assert lengths[0] == pytest.approx(2 * 1.96 * SCALE, rel=0.01), "as known for Gaussians"


def test_the_cap_grows_with_epsilon_and_never_hides_many() -> None:
    """Lengths that fall off: the more noise the counts have, the lower the cap."""
    bins = np.round(20_000 * 0.6 ** np.arange(BINS))
    caps = [choose_cap(bins, 1.0, 10.0, mu) for mu in (0.01, 0.1, 1.0, 10.0)]
    assert caps == sorted(caps)
    assert caps[0] < caps[-1] <= 10.0
    edges = 10.0 * np.arange(1, BINS + 1) / BINS
    for cap, mu in zip(caps, (0.01, 0.1, 1.0, 10.0), strict=True):
        lost = (np.maximum(0, 1 - cap / edges) * bins).sum()
        assert lost <= 0.5 * cap / mu or cap == caps[-1]


def test_longer_combinations_are_shown_with_all_of_their_parts() -> None:
    records = records_of(random_rows(2_000, 4, (4, 3, 5, 2)))
    found = measure_records(records, Question(SeededNoise(3), Promise(2.0, 1e-5), 3))
    figures = estimate_figures(found.measured, records.parts, found.number, seed=0)
    shown = [{tuple(items) for items in each.items[each.shown].tolist()} for each in figures]
    assert all(shown)
    assert len(shown[2]) < len(figures[2].items), "some are not shown"
    for shorter, longer in pairwise(shown):
        for items in longer:
            assert all((*items[:n], *items[n + 1 :]) in shorter for n in range(len(items)))
    for each in figures:
        some = each.shown
        assert (each.low[some] <= each.counts[some]).all()
        assert (each.counts[some] <= each.high[some]).all()
        assert (each.counts[some] >= 1).all()

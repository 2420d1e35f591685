"""Late reports: only what was known then, thinned bounds, a site that is always late."""

from __future__ import annotations

import numpy as np
import pytest

from marfa.methods.surveillance import Settings, collect_reports, detect, detect_late
from marfa.methods.surveillance.delay import Reports
from marfa.methods.surveillance.panel import Panel
from tests.methods.surveillance.series import quiet_counts

WEEKS = 230
PUNCTUAL = [0.4, 0.3, 0.15, 0.1, 0.05]
TWO_WEEKS_LATE = [0.0, 0.0, 0.7, 0.2, 0.1]


def reports_of(counts: np.ndarray, delays: list[list[float]], seed: int = 2) -> Reports:
    rng = np.random.default_rng(seed)
    rows = []
    for unit, shares in enumerate(delays):
        for so in range(len(counts)):
            drawn = rng.multinomial(int(counts[so, unit]), shares)
            rows += [(f"site {unit}", so, so + d, float(n)) for d, n in enumerate(drawn) if n]
    return collect_reports(rows)


@pytest.fixture(scope="module")
def late() -> Reports:
    counts = quiet_counts(WEEKS, 3, mean=12)
    counts[WEEKS - 6 : WEEKS - 3] += 40
    return reports_of(counts, [PUNCTUAL, TWO_WEEKS_LATE, PUNCTUAL])


@pytest.mark.parametrize("moment", [WEEKS - 8, WEEKS - 5, WEEKS - 3, WEEKS - 1])
def test_a_replay_gives_the_alarms_of_that_moment(late: Reports, moment: int) -> None:
    """What came later is cut off for the other run, and nothing changes."""
    then = late.known <= moment
    as_it_was = Reports(
        late.units, late.unit[then], late.so[then], late.known[then], late.count[then]
    )
    now, past = detect_late(late, moment), detect_late(as_it_was, moment)
    for name in ("step", "known", "expected", "bound", "probability", "alarm", "why"):
        np.testing.assert_array_equal(getattr(now, name), getattr(past, name), err_msg=name)


def test_a_site_that_reports_two_weeks_late_is_judged_two_weeks_late(late: Reports) -> None:
    said = detect_late(late, WEEKS - 20)
    assert (WEEKS - 20 - said.step).tolist() == [1, 2, 1]
    assert said.share == pytest.approx([0.7, 0.7, 0.7], abs=0.06)


def test_the_outbreak_is_seen_before_all_reports_are_in(late: Reports) -> None:
    begun = WEEKS - 6
    seen = {
        unit: next(m for m in range(begun, WEEKS) if detect_late(late, m).alarm[unit] == 1)
        for unit in (0, 1)
    }
    assert seen[0] <= begun + 2
    assert seen[1] <= begun + 3
    assert max(seen.values()) < begun + late.longest


def test_nothing_is_an_alarm_only_because_half_is_missing(late: Reports) -> None:
    """The naive detector takes what has come so far for all there is, and expects too much."""
    moment = WEEKS - 20
    said = detect_late(late, moment)
    naive = detect(Panel(late.units, late.until(moment).counts), settings=Settings(start=moment))
    assert said.expected[0] == pytest.approx(0.7 * naive.expected[0, 0], rel=0.25)


@pytest.mark.slow
def test_the_rate_of_false_alarms_is_the_nominal_one() -> None:
    counts = quiet_counts(330, 250, mean=10, dispersion=2.0, seed=8)
    reports = reports_of(counts, [PUNCTUAL] * 250)
    found = [detect_late(reports, moment).probability for moment in range(318, 330)]
    assert (np.array(found) <= 0.01).mean() == pytest.approx(0.01, abs=0.005)


def test_a_young_series_says_so() -> None:
    said = detect_late(reports_of(quiet_counts(20, 1), [PUNCTUAL]), 19)
    assert np.isnan(said.alarm).all()

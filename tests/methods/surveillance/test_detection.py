"""Detection at equal rates of false alarms, and the cost of it."""

from __future__ import annotations

import time

import numpy as np
import pytest

from marfa.methods.surveillance import Panel, Settings, detect, detect_newest
from tests.methods.surveillance.reference import detected, simulated, with_reference
from tests.methods.surveillance.series import quiet_panel

EVALUATED = np.arange(575, 624)


@with_reference
def test_detection_at_equal_rates_of_false_alarms() -> None:
    """126 simulated series; the reference is what R's bound detects at the same rates."""
    sim = simulated()
    panel = Panel(sim.names, sim.counts)
    outbreak = sim.outbreak[575:]
    ours = detect(panel, steps=EVALUATED).probability
    theirs = detect(panel, "flexible_nbPlugin", Settings(years=5, r_compatible=True), EVALUATED)
    assert detected(theirs.probability, outbreak, 0.01).mean() == pytest.approx(0.500, abs=5e-4)
    assert detected(theirs.probability, outbreak, 0.02).mean() == pytest.approx(0.635, abs=5e-4)
    assert detected(ours, outbreak, 0.01).mean() >= 0.53
    assert detected(ours, outbreak, 0.02).mean() >= 0.67


@pytest.mark.slow
def test_the_cost_of_a_step() -> None:
    """CPU time, which other work on the machine changes little; ten times is left as room."""
    panel = quiet_panel(324, 1)
    settings = Settings(years=5, start=len(panel) - 50, r_compatible=True)
    detect(panel, "flexible_nbPlugin", settings)
    begun = time.process_time()
    detect(panel, "flexible_nbPlugin", settings)
    assert (time.process_time() - begun) / 50 < 0.002


@pytest.mark.slow
def test_five_thousand_series_at_once() -> None:
    panel = quiet_panel(312, 5000)
    for method in ("seasonal", "flexible_nbPlugin"):
        begun = time.process_time()
        answers = detect_newest(panel, method)
        assert time.process_time() - begun < 10, method
        assert np.isfinite(answers.probability).all()

"""Series of counts that tests make up."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from marfa.methods.surveillance import Panel
from marfa.methods.surveillance.panel import Floats


def quiet_counts(
    steps: int, units: int, *, mean: float = 8.0, dispersion: float = 1.5, seed: int = 1
) -> Floats:
    """Negative-binomial counts with a season and nothing unusual."""
    rng = np.random.default_rng(seed)
    season = np.exp(0.4 * np.sin(2 * np.pi * np.arange(steps) / 52))[:, None]
    level = mean * season * np.ones((1, units))
    return rng.negative_binomial(level / (dispersion - 1), 1 / dispersion).astype(float)


def quiet_panel(steps: int, units: int, *, dated: bool = False, **options: float) -> Panel:
    counts = quiet_counts(steps, units, **options)  # type: ignore[arg-type]
    first = date(2015, 1, 5)
    dates = tuple(first + timedelta(days=7 * i) for i in range(steps)) if dated else ()
    return Panel(tuple(f"site {i}" for i in range(units)), counts, dates=dates)

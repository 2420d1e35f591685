"""Intervals from bootstrap replicates: percentile, and Efron's BCa."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from marfa.domain.message import Message
from marfa.methods.estimation.newton import Floats

LEVELS = (0.95, 0.8)

FEWEST_BEYOND = 10
"""A limit with fewer replicates beyond it is decided by chance."""


@dataclass(frozen=True)
class Interval:
    """Limits for the total population.

    kind: ``percentile``, ``bca``, ``profile``, ``credible``.
    high: None where the data set no upper limit; low: None where none could be found.
    low_at, high_at: the shares of the replicates at which the limits were read.
    """

    kind: str
    level: float
    low: float | None
    high: float | None
    low_at: float | None = None
    high_at: float | None = None

    def as_json(self) -> dict[str, object]:
        return {"kind": self.kind, "level": self.level, "low": self.low, "high": self.high}


def quantile(ordered: Floats, share: float) -> float:
    """Median-unbiased quantile (type 8 of Hyndman and Fan 1996) of sorted values.

    Infinite values stand at the end and are never averaged with finite ones.
    """
    size = len(ordered)
    position = min(max((size + 1 / 3) * share + 1 / 3, 1.0), float(size))
    below = int(np.floor(position))
    part = position - below
    low = float(ordered[below - 1])
    if part < 1e-12 or below >= size:
        return low
    high = float(ordered[below])
    return high if np.isinf(high) else low + part * (high - low)


def percentile(replicates: Floats, level: float) -> Interval:
    """The middle share of the replicates."""
    ordered = np.sort(replicates)
    low_at, high_at = (1 - level) / 2, (1 + level) / 2
    return _interval("percentile", level, ordered, low_at, high_at)


def bca(replicates: Floats, estimate: float, acceleration: float, level: float) -> Interval:
    """Bias-corrected and accelerated limits (Efron 1987; DiCiccio and Efron 1996, eq. 2.3).

    Limits are None where the estimate lies beyond all replicates: no correction exists.
    """
    ordered = np.sort(replicates)
    # Replicates equal to the estimate but for rounding do not lie below it.
    share = float((ordered < estimate * (1 - 1e-9)).mean())
    if not 0 < share < 1:
        return Interval("bca", level, None, None)
    bias = float(ndtri(share))
    low_at, high_at = (
        _corrected(bias, acceleration, side) for side in ((1 - level) / 2, (1 + level) / 2)
    )
    return _interval("bca", level, ordered, low_at, high_at)


def _corrected(bias: float, acceleration: float, side: float) -> float:
    moved = bias + float(ndtri(side))
    scale = 1 - acceleration * moved
    if scale <= 0:
        return 1.0 if moved > 0 else 0.0
    return float(ndtr(bias + moved / scale))


def _interval(kind: str, level: float, ordered: Floats, low_at: float, high_at: float) -> Interval:
    low, high = quantile(ordered, low_at), quantile(ordered, high_at)
    return Interval(
        kind,
        level,
        low if np.isfinite(low) else None,
        high if np.isfinite(high) else None,
        low_at,
        high_at,
    )


def interval_warnings(interval: Interval, replicates: int) -> list[Message]:
    """What a reader must know of an interval before using it."""
    found = []
    shown: dict[str, object] = {
        "kind": Message(f"methods.estimation:kind-{interval.kind}"),
        "level": round(100 * interval.level),
    }
    if interval.low is None and interval.high is None:
        return [Message("methods.estimation:interval-impossible", shown)]
    if interval.high is None:
        found.append(Message("methods.estimation:interval-unbounded", shown))
    for side, share in (("low", interval.low_at), ("high", interval.high_at)):
        if share is None:
            continue
        beyond = (share if side == "low" else 1 - share) * replicates
        if beyond < FEWEST_BEYOND:
            params = {**shown, "share": f"{100 * share:.3g}", "beyond": f"{beyond:.2g}"}
            found.append(Message(f"methods.estimation:interval-tail-{side}", params))
    return found

"""The one sentence a reader takes away, and when there is none.

Models that fit the same data equally well can differ without bound (Aleshin-Guendel,
Sadinle and Wakefield 2024), so the headline is a range over what careful methods arrive
at; where they differ by more than a factor of two, the data do not decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from marfa.domain.message import Message

FACTOR = 2.0

ESTIMATE, UNDECIDED, REFUSED = "estimate", "undecided", "refused"


@dataclass(frozen=True)
class Headline:
    """verdict: ``estimate`` (range and point), ``undecided`` (range alone), ``refused``.

    basis: the defensible estimates by name. interval_low, interval_high: the envelope of the
    95% intervals; interval_high None where one of them has no upper limit.
    reasons: why it is refused; cautions: what to say beside it.
    """

    verdict: str
    low: float | None = None
    high: float | None = None
    point: float | None = None
    basis: Mapping[str, float] | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    reasons: tuple[Message, ...] = ()
    cautions: tuple[Message, ...] = ()

    @property
    def message(self) -> Message:
        """The headline in words."""
        if self.verdict == REFUSED or self.low is None or self.high is None:
            return Message("methods.estimation:headline-refused")
        params: dict[str, object] = {"low": round(self.low), "high": round(self.high)}
        if self.verdict == UNDECIDED:
            return Message("methods.estimation:headline-undecided", params)
        params["point"] = round(self.point or 0)
        if self.interval_low is None:
            return Message("methods.estimation:headline-estimate", params)
        params["from"] = round(self.interval_low)
        if self.interval_high is None:
            return Message("methods.estimation:headline-estimate-open", params)
        params["to"] = round(self.interval_high)
        return Message("methods.estimation:headline-estimate-interval", params)


def headline(
    basis: Mapping[str, float],
    *,
    ties: Sequence[tuple[int, float, float]] = (),
    intervals: Sequence[tuple[float | None, float | None]] = (),
    reasons: Sequence[Message] = (),
    cautions: Sequence[Message] = (),
) -> Headline:
    """Put the defensible estimates into one statement.

    basis: estimates of the total by name. ties: for each set of models, how many are nearly
    as good as its best, and their lowest and highest estimate. intervals: 95% limits shown.
    """
    if reasons or not basis:
        return Headline(
            REFUSED, basis=dict(basis), reasons=tuple(reasons), cautions=tuple(cautions)
        )
    low, high = min(basis.values()), max(basis.values())
    said = list(cautions)
    tied_low = min([low, *(tie[1] for tie in ties)])
    tied_high = max([high, *(tie[2] for tie in ties)])
    if tied_low < 0.99 * low or tied_high > 1.01 * high:
        params = {"low": round(tied_low), "high": round(tied_high)}
        said.append(Message("methods.estimation:caution-near-ties", params))
    if high <= FACTOR * low < tied_high / tied_low * low:
        low, high = tied_low, tied_high
    decided = high <= FACTOR * low
    lows = [x for x, _ in intervals if x is not None]
    highs = [x for _, x in intervals]
    return Headline(
        ESTIMATE if decided else UNDECIDED,
        low,
        high,
        float(median(basis.values())) if decided else None,
        dict(basis),
        min(lows, default=None),
        None if None in highs else max((x for x in highs if x is not None), default=None),
        cautions=tuple(said),
    )

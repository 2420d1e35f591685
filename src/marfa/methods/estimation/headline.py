"""The one sentence a reader takes away, and when there is none.

Models that fit the same data equally well can differ without bound (Aleshin-Guendel,
Sadinle and Wakefield 2024), so the headline is a range over what careful methods arrive
at; where they differ by more than a factor of two, the data do not decide. Nor do they where
lists that work in places of their own would make far fewer people of the same overlaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from marfa.domain.message import Message
from marfa.methods.estimation.territories import Territories

FACTOR = 2.0

ESTIMATE, UNDECIDED, REFUSED = "estimate", "undecided", "refused"


@dataclass(frozen=True)
class Headline:
    """verdict: ``estimate`` (range and point), ``undecided`` (range alone), ``refused``.

    low, high: the range of the methods. basis: the defensible estimates by name.
    interval_low, interval_high: the envelope of all that is defensible with sampling error (95%);
    it holds the range. Both None where nothing was drawn; interval_high None also where one of
    the intervals has no upper limit.
    unreachable: the share of all people of whom no list can know, as it was given; the numbers
    include them. from_seen: interval_low is the number of people seen, the data set no lower limit
    of their own. reasons: why it is refused; cautions: what to say beside it.
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
    unreachable: float | None = None
    from_seen: bool = False

    @property
    def message(self) -> Message:
        """The headline in words: both ends of the envelope, and who is not counted."""
        if self.verdict == REFUSED or self.low is None or self.high is None:
            return Message("methods.estimation:headline-refused")
        params: dict[str, object] = {
            "low": round(self.low),
            "high": round(self.high),
            "beyond": self._beyond,
        }
        if self.point is not None:
            params["point"] = round(self.point)
        name = "undecided" if self.verdict == UNDECIDED else "estimate"
        if self.interval_low is None:
            return Message(f"methods.estimation:headline-{name}", params)
        params["from"] = round(self.interval_low)
        seen = "-seen" if self.from_seen else ""
        if self.interval_high is None:
            return Message(f"methods.estimation:headline-{name}-open{seen}", params)
        params["to"] = round(self.interval_high)
        return Message(f"methods.estimation:headline-{name}-interval{seen}", params)

    @property
    def _beyond(self) -> Message:
        if self.unreachable is None:
            return Message("methods.estimation:beyond-not-counted")
        params = {"share": f"{100 * self.unreachable:g}"}
        return Message("methods.estimation:beyond-assumed", params)

    def counting_unreachable(self, share: float | None) -> Headline:
        """The same with people added whom no list can reach, a share of all there are.

        Of N people a share u is on no list whatever happens, so the lists tell of (1 - u) N: each
        number is divided by 1 - u. An assumption: no overlap tells anything about u.
        """
        if share is None or self.verdict == REFUSED:
            return self

        def grown(number: float | None) -> float | None:
            return None if number is None else number / (1 - share)

        return replace(
            self,
            low=grown(self.low),
            high=grown(self.high),
            point=grown(self.point),
            interval_low=grown(self.interval_low),
            interval_high=grown(self.interval_high),
            unreachable=share,
            from_seen=False,
        )


def headline(
    basis: Mapping[str, float],
    *,
    ties: Sequence[tuple[int, float, float]] = (),
    intervals: Sequence[tuple[float | None, float | None]] = (),
    reasons: Sequence[Message] = (),
    cautions: Sequence[Message] = (),
    places: Territories | None = None,
) -> Headline:
    """Put the defensible estimates into one statement.

    basis: estimates of the total by name. ties: for each set of models, how many are nearly
    as good as its best, and their lowest and highest estimate. intervals: 95% limits shown.
    places: what follows if each list works in places of its own; None where that is excluded.
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
    point = float(median(basis.values()))
    least, most = _envelope(intervals, low, high)
    if places is not None:
        fewest = places.fewest(low if least is None else least)
        if decided and places.undecided(fewest, point):
            decided, low = False, fewest
            said.insert(0, Message("methods.estimation:caution-places-undecided"))
        least = None if least is None else fewest
        most = places.most(most)
        said += places.cautions(fewest)
    said.append(Message("methods.estimation:not-a-quota"))
    return Headline(
        ESTIMATE if decided else UNDECIDED,
        low,
        high,
        point if decided else None,
        dict(basis),
        least,
        most,
        cautions=tuple(said),
        from_seen=places is not None and least is not None and least <= places.seen,
    )


def _envelope(
    intervals: Sequence[tuple[float | None, float | None]], low: float, high: float
) -> tuple[float | None, float | None]:
    """From the lowest limit to the highest, the range of the methods inside."""
    if not intervals:
        return None, None
    highs = [x for _, x in intervals if x is not None]
    least = min([low, *(x for x, _ in intervals if x is not None)])
    return least, None if len(highs) < len(intervals) else max([high, *highs])

"""From the answers to the headline: what is defensible, how wide, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marfa.domain.message import Message
from marfa.methods.estimation import linkage, referrals
from marfa.methods.estimation.checks import cautions
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.headline import Headline, headline
from marfa.methods.estimation.heterogeneity import FAMILIES
from marfa.methods.estimation.intervals import LEVELS, Interval, percentile
from marfa.methods.estimation.linked_intervals import linked_limits
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.results import Result
from marfa.methods.estimation.settings import Settings
from marfa.methods.estimation.table import CaptureTable
from marfa.methods.estimation.territories import territories


def conclude_headline(
    fitted: Fitted,
    results: Sequence[Result],
    replicates: Mapping[str, Floats],
    settings: Settings,
    referred: CaptureTable | None,
) -> Headline:
    """The headline of a table that can be used.

    replicates: by method and by family of heterogeneity, as ``bootstrap`` gives them.
    """
    table = fitted.table
    said = cautions(table)
    reasons: list[Message] = []
    basis = dict(fitted.choices)
    judged = fitted
    ties = _ties(fitted)
    limits = _limits(results)
    if table.k == 2 and settings.methods != ("independence",):
        reasons.append(Message("methods.estimation:refused-two-lists"))
    if settings.linkage is not None:
        mended = linkage.corrected(table, settings.linkage.recall, settings.linkage.precision)
        again = Fitted(mended, settings.order, settings.p_threshold)
        basis, judged = dict(again.choices), again
        ties, limits = _ties(again), linked_limits(table, again, settings)
        said.append(Message("methods.estimation:caution-linkage-corrected"))
    else:
        wider = [percentile(replicates[f], LEVELS[0]) for f in FAMILIES if f in replicates]
        said += _differences(limits, wider, fitted)
        limits += [(interval.low, interval.high) for interval in wider]
    if referred is not None and referred.shared > 0:
        reasons += referrals.refusal(table, referred)
        unsent = Fitted(
            referrals.without(table, referred), settings.order, settings.p_threshold
        ).choices
        basis |= {f"{name}-unreferred": value for name, value in unsent.items()}
        params = {"share": round(100 * referrals.referred_share(table, referred))}
        said.append(Message("methods.estimation:caution-referrals", params))
    places = territories(judged, settings.everywhere)
    made = headline(
        basis, ties=ties, intervals=limits, reasons=reasons, cautions=said, places=places
    )
    return made.counting_unreachable(settings.unreachable)


def _ties(fitted: Fitted) -> list[tuple[int, float, float]]:
    """Estimates that the data support as well as those of the methods' choices."""
    if fitted.table.k < 3:
        return []
    sets = [m for m in (fitted.models, fitted.deeper) if m is not None and len(m.models)]
    found = [fitted.near_ties(models) for models in sets]
    return found + [(1, value, value) for value in fitted.differing]


def _limits(results: Sequence[Result]) -> list[tuple[float | None, float | None]]:
    shown = [_shown(result) for result in results]
    return [(interval.low, interval.high) for interval in shown if interval is not None]


def _differences(
    limits: Sequence[tuple[float | None, float | None]],
    wider: Sequence[Interval],
    fitted: Fitted,
) -> list[Message]:
    """A word on people who differ, where that reaches beyond every other interval."""
    tops = [interval.high for interval in wider]
    if not wider or fitted.heterogeneous is None:
        return []
    if None in tops:
        return [Message("methods.estimation:caution-heterogeneity-open")]
    top = max(x for x in tops if x is not None)
    if top <= 1.1 * max((high for _, high in limits if high is not None), default=0.0):
        return []
    return [Message("methods.estimation:caution-heterogeneity", {"high": round(top)})]


def _shown(result: Result) -> Interval | None:
    """The interval that stands for a result in the headline; a rejected model has none."""
    if any(message.key == "independence-rejected" for message in result.warnings):
        return None
    for kind in ("percentile", "credible", "bca", "profile"):
        found = result.interval(kind)
        if found is not None:
            return found
    return None

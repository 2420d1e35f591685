"""All patterns of a ledger, with one set of parameters that is told with the answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from marfa.methods.flows.bipartite import Block, find_bipartite, find_blocks, find_stacks
from marfa.methods.flows.bursts import Bursts, find_bursts, find_fans, find_structuring
from marfa.methods.flows.cycles import Limits, cycle_findings, find_cycles
from marfa.methods.flows.findings import KINDS, Finding, Found
from marfa.methods.flows.gather_scatter import find_funnels, find_gather_scatter
from marfa.methods.flows.ledger import FRACTION, Ledger
from marfa.methods.flows.legs import find_pass_through, find_scatter_gather

HOUR = 3_600
DAY = 24 * HOUR
WORTH_A_KERNEL = 500_000
"""Transactions. Below, joins are done before the kernel is loaded, in a third less memory."""


@dataclass(frozen=True)
class Parameters:
    """Windows and holds in seconds, least numbers, and the reporting limit in whole units.

    From the indicators FM-01 to FM-06 and FR-01, with windows a little wider than theirs where
    the count has to stand out from the account's habit in any case.
    """

    fan_window: int = 3 * DAY
    fan_least: int = 4
    gather_window: int = 7 * DAY
    scatter_window: int = 7 * DAY
    scatter_least: int = 3
    block_window: int = 3 * DAY
    stack_window: int = 7 * DAY
    cycle_window: int = 6 * DAY
    pass_hold: int = 12 * HOUR
    pass_window: int = 7 * DAY
    pass_least: int = 3
    structuring_window: int = 7 * DAY
    structuring_least: int = 3
    structuring_limit: int = 10_000
    funnel_window: int = 7 * DAY
    funnel_hold: int = 2 * DAY
    funnel_least: int = 4

    def with_window(self, seconds: int) -> Parameters:
        """One window for all shapes; a hold is never longer than it."""
        names = [name for name in asdict(self) if name.endswith("_window")]
        holds = {name: min(getattr(self, name), seconds) for name in ("pass_hold", "funnel_hold")}
        return replace(self, **dict.fromkeys(names, seconds), **holds)


def find_patterns(
    ledger: Ledger,
    *,
    kinds: Collection[str] = KINDS,
    parameters: Parameters | None = None,
    fast: bool | None = None,
) -> Found:
    """The findings of the kinds that are asked for, in the order of ``KINDS``.

    fast: machine code where the extra ``kernels`` is installed; None where the ledger is so large
    that loading it is worth while. The answer is the same.
    """
    worth = len(ledger) >= WORTH_A_KERNEL if fast is None else fast
    search = _Search(ledger, parameters or Parameters(), worth)
    makers: Mapping[str, Callable[[], Sequence[Finding]]] = {
        "fan_in": lambda: find_fans(search.inward, "fan_in"),
        "fan_out": lambda: find_fans(search.outward, "fan_out"),
        "gather_scatter": search.gather_scatter,
        "scatter_gather": search.scatter_gather,
        "bipartite": lambda: find_bipartite(search.blocks),
        "stack": search.stacks,
        "cycle": search.cycles,
        "pass_through": search.pass_through,
        "structuring": search.structuring,
        "funnel": search.funnels,
    }
    found = {kind: sorted(makers[kind]()) for kind in KINDS if kind in kinds}
    return Found(ledger, found, asdict(search.chosen), len(search.damped))


class _Search:
    """One ledger with one set of parameters; what two shapes need is found once."""

    def __init__(self, ledger: Ledger, chosen: Parameters, fast: bool) -> None:
        self.ledger, self.chosen, self.fast = ledger, chosen, fast
        self.damped: set[int] = set()

    @cached_property
    def inward(self) -> Bursts:
        return self._bursts(inward=True)

    @cached_property
    def outward(self) -> Bursts:
        return self._bursts(inward=False)

    def _bursts(self, *, inward: bool) -> Bursts:
        window, least = self.chosen.fan_window, self.chosen.fan_least
        found = find_bursts(self.ledger, inward=inward, window=window, least=least)
        self.damped |= found.damped
        return found

    @cached_property
    def blocks(self) -> Sequence[Block]:
        return find_blocks(self.ledger, window=self.chosen.block_window)

    def gather_scatter(self) -> Sequence[Finding]:
        window = self.chosen.gather_window
        return find_gather_scatter(self.ledger, self.inward, self.outward, window=window)

    def scatter_gather(self) -> Sequence[Finding]:
        window, least = self.chosen.scatter_window, self.chosen.scatter_least
        return find_scatter_gather(self.ledger, window=window, least=least)

    def stacks(self) -> Sequence[Finding]:
        return find_stacks(self.ledger, self.blocks, window=self.chosen.stack_window)

    def cycles(self) -> Sequence[Finding]:
        limits = Limits(self.chosen.cycle_window)
        return cycle_findings(self.ledger, find_cycles(self.ledger, limits, fast=self.fast))

    def pass_through(self) -> Sequence[Finding]:
        chosen = self.chosen
        return find_pass_through(
            self.ledger,
            hold=chosen.pass_hold,
            window=chosen.pass_window,
            least=chosen.pass_least,
        )

    def structuring(self) -> Sequence[Finding]:
        chosen = self.chosen
        return find_structuring(
            self.ledger,
            window=chosen.structuring_window,
            least=chosen.structuring_least,
            limit=chosen.structuring_limit * FRACTION,
        )

    def funnels(self) -> Sequence[Finding]:
        chosen = self.chosen
        return find_funnels(
            self.ledger,
            window=chosen.funnel_window,
            hold=chosen.funnel_hold,
            least=chosen.funnel_least,
        )

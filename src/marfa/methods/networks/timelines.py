"""Networks over time: what can have passed from whom to whom, and how phases differ."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from heapq import heappop, heappush

from marfa.methods.networks.measures import Totals, measure_whole
from marfa.methods.networks.network import Network
from marfa.methods.networks.ties_file import first_day, last_day

MOST_NODES = 2000
ALWAYS, NEVER_ENDS = "0000-00-00", "9999-99-99"

Steps = list[list[tuple[int, str, str]]]


@dataclass(frozen=True)
class Reach:
    """Ordered pairs with a path: in the picture without time, and with ties in time.

    dated: ties that say when. A message can pass from the first to the last of a path only
    where no tie had ended before the one before it began.
    """

    dated: int
    ties: int
    still: int
    in_time: int


@dataclass(frozen=True)
class Phase:
    """A layer as a phase: its figures, and what it shares with the one before (Jaccard)."""

    name: str
    totals: Totals
    nodes_shared: float | None
    ties_shared: float | None


def measure_reach(network: Network) -> Reach | None:
    """None where no tie has a date, or the network is too large for it."""
    dated = sum(1 for tie in network.ties if tie.start or tie.end)
    if not dated or len(network.nodes) > MOST_NODES:
        return None
    still: Steps = [[] for _ in network.nodes]
    steps: Steps = [[] for _ in network.nodes]
    number = {name: i for i, name in enumerate(sorted(network.nodes))}
    for tie in network.ties:
        begin = first_day(tie.start) if tie.start else ALWAYS
        end = last_day(tie.end) if tie.end else NEVER_ENDS
        for a, b in ((tie.source, tie.target), (tie.target, tie.source)):
            steps[number[a]].append((number[b], begin, end))
            still[number[a]].append((number[b], ALWAYS, NEVER_ENDS))
    return Reach(dated, len(network.ties), _reached(still), _reached(steps))


def _reached(steps: Steps) -> int:
    return sum(len(earliest_arrivals(steps, source)) - 1 for source in range(len(steps)))


def earliest_arrivals(steps: Steps, source: int) -> dict[int, str]:
    """The first day on which each node can have been reached from one of them.

    A step leads to a node while it lasts, from its first day to its last.
    """
    arrived: dict[int, str] = {}
    front = [(ALWAYS, source)]
    while front:
        day, v = heappop(front)
        if v in arrived:
            continue
        arrived[v] = day
        for w, begin, end in steps[v]:
            if w not in arrived and day <= end:
                heappush(front, (max(day, begin), w))
    return arrived


def compare_phases(network: Network) -> tuple[Phase, ...]:
    """The layers as phases, in the order of their dates, else of their names and numbers."""
    if len(network.layers) < 2:
        return ()
    found: list[Phase] = []
    before: tuple[set[str], set[tuple[str, str]]] | None = None
    for name in sorted(network.layers, key=lambda layer: _when(network, layer)):
        part = network.in_layer(name)
        now = set(part.nodes), {tie.pair for tie in part.ties}
        nodes = ties = None
        if before is not None:
            nodes, ties = _jaccard(before[0], now[0]), _jaccard(before[1], now[1])
        found.append(Phase(name, measure_whole(part.graph()), nodes, ties))
        before = now
    return tuple(found)


def _when(network: Network, layer: str) -> tuple[str, list[tuple[bool, int, str]]]:
    starts = [tie.start for tie in network.ties if tie.layer == layer and tie.start]
    parts = [p for p in re.split(r"(\d+)", layer) if p]
    words = [(p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts]
    return min(starts, default=""), words


def _jaccard(one: Set[object], two: Set[object]) -> float | None:
    either = one | two
    return round(len(one & two) / len(either), 3) if either else None

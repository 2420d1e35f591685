"""Exact search in every published network: its time, and what rankings would have left.

    python benchmarks/networks.py          k to 3, to 4 where there are at most 70 nodes

Networks come from ``$MARFA_REFERENCE_DATA/networks``. Times are CPU seconds of one thread: with
machine code, where the extra ``kernels`` is installed (loading it is timed apart), and without,
k to 3. The named reference is removal by betweenness taken anew, as in the disruption curves of
Cavallaro and others, PLOS ONE 15(8):e0236476.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from marfa.methods.networks import Graph, find_best_sets, make_graph, read_any
from marfa.methods.networks.rankings import compare_rankings
from marfa.methods.networks.splitting import Splitter, machine_code

BAR_FAST, BAR_PLAIN = 2.0, 20.0
MOST_FOR_FOUR = 70


def networks() -> Iterator[tuple[str, Graph]]:
    root = os.environ.get("MARFA_REFERENCE_DATA")
    folder = Path(root) / "networks" if root else None
    if folder is None or not folder.is_dir():
        print("MARFA_REFERENCE_DATA is not set: nothing to measure.")
        return
    for file in sorted(folder.glob("*.edges.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        name = file.name.removesuffix(".edges.csv")
        yield name, graph_of({(row["source"], row["target"]) for row in rows})
        if name == "caviar":
            full = {(r["source"], r["target"]) for r in rows if r["layer"] == "CAVIAR_FULL"}
            yield "caviar, CAVIAR_FULL", graph_of(full)
    for file in sorted(folder.glob("synthetic*/*.graphml")):
        ties = read_any(file).ties
        yield file.stem, graph_of({(tie.source, tie.target) for tie in ties})


def graph_of(pairs: set[tuple[str, str]]) -> Graph:
    """Everybody may stand: it is the method that is measured, on published figures."""
    pairs = {(a, b) for a, b in pairs if a != b}
    names = {name for pair in pairs for name in pair}
    return make_graph(names, pairs, names)


def spent(graph: Graph, k: int, *, fast: bool) -> float:
    begun = time.process_time()
    find_best_sets(graph, k, fast=fast)
    return time.process_time() - begun


def load_machine_code() -> bool:
    begun = time.process_time()
    there = machine_code() is not None
    if there:
        Splitter([[1], [0]], fast=True).run()
        print(f"Machine code loaded in {time.process_time() - begun:.2f} s")
    else:
        print("The extra kernels is not installed: times without machine code alone.")
    return there


def main() -> int:
    there = load_machine_code()
    print(f"{'network':32}{'nodes':>6}{'ties':>6} k{'left':>8}{'sets':>7}", end="")
    print(f"{'adaptive':>10}{'greedy':>8}{'  s fast':>9}{' s plain':>9}")
    worst_fast = worst_plain = 0.0
    best = dict.fromkeys(("degree", "betweenness", "adaptive_betweenness", "greedy"), 0)
    cases = 0
    for name, graph in networks():
        for k in range(1, 5 if graph.nodes <= MOST_FOR_FOUR else 4):
            found = find_best_sets(graph, k)
            assert found.exact
            beside = compare_rankings(graph, k)
            cases += 1
            for ranking, left in beside.items():
                best[ranking] += left == found.pairs_after
            fast = spent(graph, k, fast=True) if there else float("nan")
            plain = spent(graph, k, fast=False) if k <= 3 else float("nan")
            worst_fast = max(worst_fast, fast if there else 0.0)
            worst_plain = max(worst_plain, plain if k <= 3 else 0.0)
            adaptive, greedy = beside["adaptive_betweenness"], beside["greedy"]
            print(
                f"{name:32}{graph.nodes:6}{graph.ties:6} {k}{found.pairs_after:8}{found.total:7}"
                f"{adaptive:10}{greedy:8}{fast:9.2f}{plain:9.2f}"
            )
    print(f"\n{cases} cases, all exact; the best set was also found by: {best}")
    print(f"Longest with machine code {worst_fast:.2f} s (bar {BAR_FAST:.0f})")
    print(f"Longest without, k to 3   {worst_plain:.2f} s (bar {BAR_PLAIN:.0f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())

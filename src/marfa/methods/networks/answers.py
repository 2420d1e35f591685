"""Answers as plain data: what of a network may be written down, and what may not.

Figures of single nodes are a ranking for whoever sorts them. They are given for the nodes that
may stand in a set and for no others, and only where it was said who is what.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import process_time
from typing import Any

from marfa.domain.catalogue import render_message
from marfa.domain.message import Message
from marfa.methods.networks.measures import Measured, measure
from marfa.methods.networks.network import Graph, Network
from marfa.methods.networks.rankings import compare_rankings
from marfa.methods.networks.search import BestSets, find_best_sets
from marfa.methods.networks.stability import Stability, try_stability
from marfa.methods.networks.ties_file import refuse_without_standing
from marfa.methods.networks.timelines import Phase, Reach, compare_phases, measure_reach

FIGURES = ("degree", "betweenness", "closeness", "core", "community")
NOTICE = Message("methods.networks:notice")


@dataclass(frozen=True)
class Survey:
    """What ``measure`` says of a network."""

    network: Network
    graph: Graph
    measured: Measured
    phases: tuple[Phase, ...]
    reach: Reach | None
    ungrounded: int

    @property
    def rows(self) -> list[dict[str, str | int | float]] | None:
        """Figures of the nodes that may be shown, by id; None where nobody said who is what."""
        if not self.network.nodes_given:
            return None
        found = []
        for v in sorted(self.graph.candidates, key=self.graph.names.__getitem__):
            figures = {name: getattr(self.measured.figures, name)[v] for name in FIGURES}
            found.append({"id": self.graph.names[v], **figures})
        return found

    @property
    def notes(self) -> list[Message]:
        return [*self.network.notes, *ungrounded_note(self.ungrounded)]

    def as_json(self, language: str) -> dict[str, Any]:
        rows = self.rows
        found = self.measured
        data: dict[str, Any] = {
            **asdict(found.totals),
            "communities": {
                "number": found.communities.number,
                "modularity": found.communities.modularity,
                "stability": found.communities.stability,
            },
            "missing": asdict(found.missing),
            "phases": [_phase(phase) for phase in self.phases],
            "time": None if self.reach is None else asdict(self.reach),
            "suspects_without_ground": self.ungrounded,
        }
        if rows is not None:
            data |= {"figures": rows, "kept_out": self.graph.nodes - len(rows)}
        return {**data, **_said(self.notes, language)}


def survey(
    network: Network, *, layer: str | None = None, persons: bool = False, seed: int = 1
) -> Survey:
    """Measure a network. persons: also give figures of persons who are suspects."""
    if persons:
        refuse_without_standing(network)
    part = network.in_layer(layer)
    graph = part.graph(persons=persons)
    return Survey(
        part,
        graph,
        measure(graph, seed=seed),
        compare_phases(part) if layer is None else (),
        measure_reach(part),
        count_ungrounded(part) if persons else 0,
    )


@dataclass(frozen=True)
class Separation:
    """What ``separate`` says of a network."""

    network: Network
    graph: Graph
    k: int
    found: BestSets
    beside: dict[str, int]
    stability: Stability
    ungrounded: int

    @property
    def sets(self) -> list[list[str]]:
        return [sorted(self.graph.names[v] for v in nodes) for nodes in self.found.sets]

    @property
    def kept_out(self) -> int:
        return self.graph.nodes - len(self.graph.candidates)

    @property
    def notes(self) -> list[Message]:
        notes = [*self.network.notes, *ungrounded_note(self.ungrounded)]
        candidates = len(self.graph.candidates)
        if candidates < self.k:
            params = {"candidates": candidates, "k": self.k}
            notes.append(Message("methods.networks:note-fewer", params))
        return notes

    def as_json(self, language: str) -> dict[str, Any]:
        return {
            "k": self.k,
            "pairs_before": self.found.pairs_before,
            "pairs_after": self.found.pairs_after,
            "exact": self.found.exact,
            "bound": self.found.bound,
            "sets": self.sets,
            "sets_total": self.found.total,
            "all_counted": self.found.all_counted,
            "candidates": len(self.graph.candidates),
            "kept_out": self.kept_out,
            "stability": asdict(self.stability),
            "beside": self.beside,
            "suspects_without_ground": self.ungrounded,
            **_said(self.notes, language),
        }


def separate(
    network: Network,
    k: int,
    *,
    layer: str | None = None,
    persons: bool = False,
    seconds: float = 60.0,
    seed: int = 1,
    drop: float = 0.1,
    add: float = 0.1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Separation:
    """Search for the best sets of k nodes, and try how sure they are, in ``seconds``."""
    if persons:
        refuse_without_standing(network)
    part = network.in_layer(layer)
    graph = part.graph(persons=persons)
    begun = process_time()
    found = find_best_sets(graph, k, seconds=seconds)
    beside = compare_rankings(graph, k)
    stability = try_stability(
        graph,
        found,
        k,
        drop=drop,
        add=add,
        seed=seed,
        seconds=seconds - (process_time() - begun),
        doubt=_doubt(part, graph),
        progress=progress,
    )
    ungrounded = count_ungrounded(part) if persons else 0
    return Separation(part, graph, k, found, beside, stability, ungrounded)


def _doubt(network: Network, graph: Graph) -> dict[tuple[int, int], float]:
    """Chances that a tie is wrong, where the record says how sure it is, by its surest entry."""
    number = {name: v for v, name in enumerate(graph.names)}
    found: dict[tuple[int, int], float] = {}
    for tie in network.ties:
        if tie.certainty is None:
            continue
        a, b = sorted((number[tie.source], number[tie.target]))
        found[a, b] = min(found.get((a, b), 1.0), 1 - tie.certainty)
    return found


def count_ungrounded(network: Network) -> int:
    """Suspects of whom the record does not say why."""
    return sum(1 for node in network.nodes.values() if node.is_suspect and not node.ground)


def ungrounded_note(count: int) -> list[Message]:
    return [Message("methods.networks:suspects-without-ground", count=count)] if count else []


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "layer": phase.name,
        **asdict(phase.totals),
        "nodes_shared": phase.nodes_shared,
        "ties_shared": phase.ties_shared,
    }


def _said(notes: list[Message], language: str) -> dict[str, Any]:
    return {
        "notes": [{"code": note.key, "text": render_message(note, language)} for note in notes],
        "notice": render_message(NOTICE, language),
    }

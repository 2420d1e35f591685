"""Figures against published ones and against networkx."""

from __future__ import annotations

import csv
from random import Random

import networkx as nx
import pytest

from marfa.methods.networks import Graph, attack_curve, make_graph
from marfa.methods.networks.communities import agreement, find_communities
from marfa.methods.networks.measures import measure, measure_nodes, measure_whole, spearman
from marfa.methods.networks.rankings import compare_rankings
from tests.methods.networks.support import folder, published, random_pairs


def library(graph: Graph) -> nx.Graph:
    made = nx.Graph()
    made.add_nodes_from(range(graph.nodes))
    made.add_edges_from(graph.pairs())
    return made


def test_mexico_as_published() -> None:
    """Density 0.401 and degree centralisation 44.32 %: doi 10.1007/s13278-024-01208-x."""
    totals = measure_whole(published("mexico_human_trafficking"))
    assert (totals.nodes, totals.ties) == (34, 225)
    assert totals.density == pytest.approx(0.4011, abs=5e-5)
    assert totals.degree_centralisation == pytest.approx(0.4432, abs=5e-5)


@pytest.mark.parametrize(
    ("network", "file"),
    [("montagna_meetings", "meeting"), ("montagna_phonecalls", "phone_calls")],
)
@pytest.mark.parametrize(
    ("by", "column"), [("betweenness", "Betweenness"), ("ci", "Collective Influence")]
)
def test_montagna_as_published(network: str, file: str, by: str, column: str) -> None:
    """Removal with ranks taken anew, PLOS ONE 15(8):e0236476."""
    results = folder() / "montagna_published_results" / f"sequential_{file}_Unweighted.csv"
    with results.open(encoding="utf-8", newline="") as lines:
        theirs = [float(row[column]) for row in csv.DictReader(lines)]
    ours = attack_curve(published(network), by, recompute=True)
    assert [removed for removed, _share in ours[:8]] == list(range(8))
    for (_removed, share), wanted in zip(ours[:8], theirs[:8], strict=True):
        assert share == pytest.approx(wanted, abs=5e-4)


def test_rankings_fall_short_where_the_search_does_not() -> None:
    beside = compare_rankings(published("montagna_meetings"), 3)
    assert (beside["adaptive_betweenness"], beside["betweenness"]) == (2323, 3662)


@pytest.mark.parametrize("seed", range(30))
def test_figures_of_nodes_against_networkx(seed: int) -> None:
    chance = Random(seed)
    names = [f"n{i}" for i in range(chance.randint(1, 25))]
    graph = make_graph(names, random_pairs(chance, names), set())
    found = measure_nodes(graph, [1] * graph.nodes)
    theirs = library(graph)
    for v in range(graph.nodes):
        assert found.degree[v] == theirs.degree[v]
        assert found.core[v] == nx.core_number(theirs)[v]
        assert found.closeness[v] == pytest.approx(nx.closeness_centrality(theirs)[v], abs=1e-6)
        between = nx.betweenness_centrality(theirs)[v]
        assert found.betweenness[v] == pytest.approx(between, abs=1e-6)
    assert measure_whole(graph).components == nx.number_connected_components(theirs)


def test_communities_of_two_cliques_are_found_from_every_start() -> None:
    names = [f"n{i}" for i in range(12)]
    pairs = {(a, b) for group in (names[:6], names[6:]) for a in group for b in group if a < b}
    graph = make_graph(names, pairs | {(names[0], names[6])}, set())
    found = find_communities(graph)
    assert (found.number, found.stability) == (2, 1.0)
    by_name = {graph.names[v]: found.member[v] for v in range(12)}
    assert len({by_name[n] for n in names[:6]}) == len({by_name[n] for n in names[6:]}) == 1


def test_agreement_of_divisions() -> None:
    """The example of Hubert and Arabie's index in its usual form: equal, and by chance."""
    assert agreement([1, 1, 2, 2], [2, 2, 1, 1]) == 1.0
    assert agreement([1, 1, 2, 2], [1, 2, 1, 2]) == pytest.approx(-0.5)
    assert agreement([1], [1]) is None


def test_ranks_that_are_shared() -> None:
    assert spearman([1, 2, 2, 3], [1, 2, 2, 3]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 1, 1], [1, 2, 3]) is None


def test_missing_ties_move_figures_one_way() -> None:
    graph = published("ciel")
    found = measure(graph, seed=3)
    low, high = found.missing.totals["density"]
    assert found.totals.density is not None
    assert low == high > found.totals.density, "a tenth more ties, always as many"
    assert found.missing.totals["components"][1] <= found.totals.components
    assert all(rank is not None and 0 < rank <= 1 for rank in found.missing.ranks.values())
    assert measure(graph, seed=3) == found


def test_networks_too_small_to_measure() -> None:
    for names in ([], ["a"], ["a", "b"]):
        found = measure(make_graph(names, [], set()))
        assert found.totals.nodes == len(names)
        assert found.totals.degree_centralisation is None
        assert attack_curve(make_graph(names, [], set()), "katz", recompute=True)[:1] == (
            [(0, 1.0)] if names else []
        )

"""The exact search: against trying everything, and with all that must not matter changed."""

from __future__ import annotations

from math import comb
from random import Random

import pytest

from marfa.methods.networks import Graph, find_best_sets, make_graph
from marfa.methods.networks import search as search_module
from marfa.methods.networks.search import SHOWN, BestSets, even_pairs
from marfa.methods.networks.splitting import Splitter, machine_code
from tests.methods.networks.support import best_by_trying, pairs_left, published, random_pairs


def random_graph(chance: Random, most: int = 14) -> tuple[Graph, list[str], set[tuple[str, str]]]:
    names = [f"n{i}" for i in range(chance.randint(1, most))]
    pairs = random_pairs(chance, names)
    allowed = {name for name in names if chance.random() < 0.8}
    return make_graph(names, pairs, allowed), names, pairs


@pytest.mark.parametrize("seed", range(300))
def test_every_best_set_is_found_and_counted(seed: int) -> None:
    chance = Random(seed)
    graph, _names, _pairs = random_graph(chance)
    k = chance.randint(1, 4)
    found = find_best_sets(graph, k)
    if not graph.candidates:
        assert (found.sets, found.total, found.pairs_after) == ((), 0, found.pairs_before)
        return
    best, sets = best_by_trying(graph, k)
    assert (found.pairs_after, found.bound, found.total) == (best, best, len(sets))
    assert found.exact
    assert found.all_counted
    assert {frozenset(s) for s in found.sets} <= sets
    assert len({frozenset(s) for s in found.sets}) == len(found.sets) == min(SHOWN, len(sets))


@pytest.mark.parametrize("seed", range(60))
def test_order_of_rows_and_names_change_nothing(seed: int) -> None:
    chance = Random(seed)
    graph, names, pairs = random_graph(chance, 12)
    allowed = {graph.names[v] for v in graph.candidates}
    found = find_best_sets(graph, 2)

    def named(result: BestSets, of: Graph) -> set[frozenset[str]]:
        return {frozenset(of.names[v] for v in s) for s in result.sets}

    shuffled = [(b, a) if chance.random() < 0.5 else (a, b) for a, b in pairs]
    chance.shuffle(shuffled)
    same = make_graph(chance.sample(names, len(names)), shuffled, allowed)
    assert same == graph

    new = dict(zip(names, chance.sample([f"x{i}" for i in range(99)], len(names)), strict=True))
    other = make_graph(
        new.values(), {(new[a], new[b]) for a, b in pairs}, {new[name] for name in allowed}
    )
    renamed = find_best_sets(other, 2)
    assert (renamed.pairs_after, renamed.total) == (found.pairs_after, found.total)
    if found.total <= SHOWN:
        wanted = {frozenset(new[name] for name in s) for s in named(found, graph)}
        assert named(renamed, other) == wanted
    assert other.neighbours == graph.neighbours, "the same shape has the same order"


@pytest.mark.parametrize("seed", range(40))
def test_machine_code_gives_the_same_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(search_module, "WORTH_COMPILING", -1)
    graph, _names, _pairs = random_graph(Random(seed), 20)
    assert find_best_sets(graph, 3, fast=True) == find_best_sets(graph, 3, fast=False)


def test_machine_code_is_used_where_it_is_there() -> None:
    pytest.importorskip("numba")
    assert machine_code() is not None
    assert not isinstance(Splitter([[1], [0]], fast=True).loss, list)
    assert isinstance(Splitter([[1], [0]]).loss, list)


@pytest.mark.parametrize("seed", range(40))
def test_one_pass_tells_what_each_removal_leaves(seed: int) -> None:
    graph, _names, _pairs = random_graph(Random(seed))
    split = Splitter(graph.neighbours)
    gone = [v for v in range(graph.nodes) if v % 5 == 1]
    for v in gone:
        split.gone[v] = 1
    total = split.run()
    assert total == pairs_left(graph, gone)
    for v in set(range(graph.nodes)) - set(gone):
        assert total - split.loss[v] == pairs_left(graph, [*gone, v])


def test_where_time_ends_first_the_bound_holds() -> None:
    chance = Random(3)
    names = [f"n{i}" for i in range(60)]
    pairs = {(a, b) for a in names for b in names if a < b and chance.random() < 0.05}
    graph = make_graph(names, pairs, names)
    cut = find_best_sets(graph, 4, seconds=0.0, fast=False)
    whole = find_best_sets(graph, 4)
    assert not cut.all_counted
    assert not cut.exact
    assert cut.bound <= whole.pairs_after <= cut.pairs_after
    assert cut.sets
    assert pairs_left(graph, cut.sets[0]) == cut.pairs_after


@pytest.mark.parametrize("nodes", range(9))
@pytest.mark.parametrize("pieces", range(1, 9))
def test_even_pieces_have_the_fewest_pairs(nodes: int, pieces: int) -> None:
    def fewest(left: int, parts: int) -> int:
        if parts == 1:
            return comb(left, 2)
        return min(comb(n, 2) + fewest(left - n, parts - 1) for n in range(left + 1))

    assert even_pairs(nodes, pieces) == fewest(nodes, pieces)


# Pairs left by exhaustive search with another program, in C.
KNOWN = [
    ("montagna_meetings", None, 3, 1654),
    ("hijackers_911", None, 3, 749),
    ("caviar", "CAVIAR_FULL", 3, 1958),
    ("mexico_human_trafficking", None, 2, 465),
]


@pytest.mark.parametrize(("name", "layer", "k", "left"), KNOWN)
def test_published_networks(name: str, layer: str | None, k: int, left: int) -> None:
    found = find_best_sets(published(name, layer), k)
    assert found.exact
    assert found.pairs_after == left


def test_a_network_with_many_equal_sets() -> None:
    found = find_best_sets(published("mexico_human_trafficking"), 3)
    assert (found.pairs_after, found.total) == (435, 31)

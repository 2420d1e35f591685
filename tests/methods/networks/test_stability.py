"""How sure a set is: what must hold of any trial, and cases that can be worked out."""

from __future__ import annotations

from random import Random

import numpy as np

from marfa.methods.networks import find_best_sets, make_graph
from marfa.methods.networks.perturbation import add_ties, disturb
from marfa.methods.networks.stability import try_stability
from tests.methods.networks.support import best_by_trying, pairs_left, random_pairs


def star(leaves: int) -> tuple[list[str], set[tuple[str, str]]]:
    names = ["hub", *(f"leaf{i}" for i in range(leaves))]
    return names, {("hub", leaf) for leaf in names[1:]}


def test_without_disturbance_nothing_changes() -> None:
    names, pairs = star(8)
    graph = make_graph(names, pairs, names)
    found = find_best_sets(graph, 1)
    tried = try_stability(graph, found, 1, drop=0, add=0, replicates=20)
    assert (tried.replicates, tried.any_stays_best) == (20, 1.0)
    assert (tried.sets[0].stays_best, tried.sets[0].mean_loss) == (1.0, 0.0)


def test_losses_are_those_of_the_disturbed_network() -> None:
    chance = Random(5)
    names = [f"n{i}" for i in range(9)]
    graph = make_graph(names, random_pairs(chance, names), names)
    found = find_best_sets(graph, 2)
    tried = try_stability(graph, found, 2, drop=0.3, add=0.3, seed=7, replicates=25)
    losses = []
    for number in range(25):
        generator = np.random.default_rng([7, number])
        other = disturb(graph, drop=0.3, add=0.3, chance=generator)
        best, _sets = best_by_trying(other, 2)
        losses.append(pairs_left(other, found.sets[0]) - best)
    assert tried.sets[0].mean_loss == round(sum(losses) / 25, 2)
    assert tried.sets[0].stays_best == round(losses.count(0) / 25, 3)
    assert any(losses)


def test_as_many_ties_are_added_as_said() -> None:
    names, pairs = star(10)
    graph = make_graph(names, pairs, names)
    added = add_ties(graph, 0.5, np.random.default_rng(1))
    assert len(set(added)) == 15
    assert set(graph.pairs()) < set(added)
    full = make_graph(["a", "b", "c"], {("a", "b"), ("b", "c"), ("a", "c")}, set())
    assert add_ties(full, 1.0, np.random.default_rng(1)) == full.pairs()


def test_a_certain_tie_is_never_dropped_and_a_doubtful_one_is() -> None:
    names, pairs = star(6)
    graph = make_graph(names, pairs, names)
    ties = graph.pairs()
    doubt = {ties[0]: 1.0} | dict.fromkeys(ties[1:], 0.0)
    other = disturb(graph, drop=0.5, add=0, chance=np.random.default_rng(2), doubt=doubt)
    assert other.pairs() == ties[1:]


def test_the_same_seed_gives_the_same_answer_and_time_can_end() -> None:
    chance = Random(9)
    names = [f"n{i}" for i in range(12)]
    graph = make_graph(names, random_pairs(chance, names), names)
    found = find_best_sets(graph, 2)
    one = try_stability(graph, found, 2, seed=4, replicates=10)
    assert one == try_stability(graph, found, 2, seed=4, replicates=10)
    assert one != try_stability(graph, found, 2, seed=5, replicates=10)
    none = try_stability(graph, found, 2, seconds=0.0)
    assert (none.replicates, none.any_stays_best, none.sets) == (0, None, ())

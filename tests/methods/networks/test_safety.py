"""Who may stand in a set, tried on thousands of networks; and what a file cannot smuggle in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from marfa.domain.message import InputError
from marfa.methods.networks import (
    KINDS,
    STANDINGS,
    Network,
    Node,
    may_stand,
    read_network,
    separate,
    survey,
)
from marfa.methods.networks.search import find_best_sets
from marfa.methods.networks.standing import SUSPECT, THINGS, clean_id
from tests.methods.networks.support import network_of, random_node, random_pairs

NEVER = tuple(standing for standing in STANDINGS if standing != SUSPECT)


def test_the_rule_itself() -> None:
    for kind in ("", *KINDS):
        for standing in ("", *STANDINGS):
            node = Node("x", kind, standing)
            thing = kind in THINGS and standing in ("", SUSPECT)
            assert may_stand(node, persons=False) is thing
            suspect = kind == "person" and standing == SUSPECT
            assert may_stand(node, persons=True) is (thing or suspect)


@pytest.mark.parametrize("block", range(20))
def test_nobody_who_may_not_stand_ever_does(block: int) -> None:
    """5,000 networks: as they are, with a victim added, and with somebody marked as one."""
    for seed in range(block * 250, block * 250 + 250):
        chance = Random(seed)
        names = [f"n{i}" for i in range(chance.randint(2, 9))]
        nodes = [random_node(chance, name) for name in names]
        pairs = random_pairs(chance, names)
        before = network_of(nodes, pairs)
        hub = Node("victim", "person", chance.choice(NEVER))
        added = network_of([*nodes, hub], pairs | {(name, "victim") for name in names})
        one = chance.randrange(len(nodes))
        nodes[one] = replace(nodes[one], standing=chance.choice(NEVER))
        marked = network_of(nodes, pairs)
        sizes = []
        for network in (before, added, marked):
            graph = network.graph(persons=True)
            found = find_best_sets(graph, chance.randint(1, 3))
            named = {graph.names[v] for best in found.sets for v in best}
            assert named <= {n.id for n in network.nodes.values() if may_stand(n, persons=True)}
            assert not any(network.nodes[name].standing in NEVER for name in named)
            sizes.append(len(graph.candidates))
        was = may_stand(before.nodes[names[one]], persons=True)
        assert sizes == [sizes[0], sizes[0], sizes[0] - was]


def test_without_persons_things_alone() -> None:
    nodes = [Node("a", "person", SUSPECT), Node("b", "vehicle"), Node("c", "person", SUSPECT)]
    network = network_of(nodes, {("a", "b"), ("a", "c")})
    assert separate(network, 1, seconds=5).sets == [["b"]]
    assert separate(network, 1, seconds=5, persons=True).sets == [["a"]]


def test_figures_of_nodes_are_those_of_nodes_that_may_stand() -> None:
    chance = Random(4)
    nodes = [random_node(chance, f"n{i}") for i in range(24)]
    nodes = [n for n in nodes if n.standing or n.is_thing]
    network = network_of(nodes, random_pairs(chance, [n.id for n in nodes]))
    for persons in (False, True):
        rows = survey(network, persons=persons).rows
        assert rows is not None
        allowed = {n.id for n in nodes if may_stand(n, persons=persons)}
        assert {row["id"] for row in rows} == allowed
        assert 0 < len(allowed) < len(nodes)
    assert survey(replace(network, nodes_given=False)).rows is None


def test_what_rankings_would_win_is_told_of_nodes_that_may_stand_alone() -> None:
    """A star with a victim in the middle: nothing in the answer tells what she holds together."""
    nodes = [Node("v", "person", "victim"), *(Node(f"t{i}", "vehicle") for i in range(6))]
    network = network_of(nodes, {("v", f"t{i}") for i in range(6)})
    found = separate(network, 1, seconds=5)
    assert set(found.beside.values()) == {15}
    assert (found.found.pairs_after, found.found.bound) == (15, 15)


TIES = "source,target\na,b\nb,c\n"


def read(tmp_path: Path, nodes: str) -> Network:
    (tmp_path / "ties.csv").write_text(TIES, encoding="utf-8")
    (tmp_path / "nodes.csv").write_text(nodes, encoding="utf-8")
    return read_network(tmp_path / "ties.csv", tmp_path / "nodes.csv")


SPELLINGS = [
    "Suspect",
    "SUSPECT",
    "suspekt",
    "suspеct",
    "possible victim",
    "possible-victim",
    "Victim",
    "victim?",
    "none",
    "no",
    "0",
    "suspect,victim",
    "ｓｕｓｐｅｃｔ",
    "مشتبه فيه",
]


@pytest.mark.parametrize("standing", SPELLINGS)
def test_a_standing_spelled_otherwise_is_refused(tmp_path: Path, standing: str) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, f'id,kind,standing\na,person,suspect\nb,person,"{standing}"\n')
    (problem,) = refused.value.problems
    assert problem.message.key == "standing-unknown"
    assert problem.place.row == 3
    assert not problem.message.params, "what was written is not repeated"


@pytest.mark.parametrize(
    "other", ["b", " b ", "B", "b\u200f", "\u2066b\u2069", "ｂ", "\ufeffb", "b\u00ad"]
)
def test_nobody_is_two_people(tmp_path: Path, other: str) -> None:
    """Once a victim, once a suspect, told apart by a mark that nobody sees."""
    with pytest.raises(InputError) as refused:
        read(tmp_path, f"id,kind,standing\nb,person,victim\n{other},person,suspect\n")
    (problem,) = refused.value.problems
    assert (problem.message.key, problem.place.row) == ("id-twice", 3)


def test_ids_are_compared_as_they_are_seen() -> None:
    assert clean_id(" e\u0301a  b\u200e ") == "éa b"


def test_a_role_can_protect_and_never_expose(tmp_path: Path) -> None:
    roles = "id,kind,standing,role_es\na,person,,Victima reclutador\nb,person,suspect,x\n"
    network = read(tmp_path, roles)
    assert network.nodes["a"].standing == "possible_victim"
    assert network.nodes["b"].standing == "suspect"
    worse = "id,kind,standing,role\na,person,victim,suspect\nb,person,,suspect\n"
    network = read(tmp_path, worse)
    assert (network.nodes["a"].standing, network.nodes["b"].standing) == ("victim", "")

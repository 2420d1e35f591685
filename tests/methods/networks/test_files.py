"""Files: what is read, what is said of it by row, and that formats keep what they should."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

from marfa.domain.message import InputError
from marfa.methods.networks import Network, Node, Tie, leave_out_protected, read_any, written_files
from marfa.methods.networks.answers import survey
from marfa.methods.networks.followthemoney import ENDS, KINDS
from marfa.methods.networks.ties_file import read_network
from marfa.methods.networks.timelines import compare_phases, measure_reach
from tests.methods.networks.support import folder

TIES = (
    "source,target,layer,weight,from,to,evidence,certainty\n"
    "a,b,calls,2,2020,2021-03,E-1,0.9\n"
    "b,a,calls,2,2020,2021-03,E-1,0.9\n"
    "c,c,calls,,,,,\n"
    "b,d,money,,2022,,,\n"
    "d,e,money,,,2019,,\n"
)
NODES = (
    "id,kind,standing,ground\n"
    "a,person,suspect,named by two\na,person,suspect,\n"
    "b,vehicle,,\nc,person,child,\nd,person,unknown,\n"
)


def write(tmp_path: Path, ties: str, nodes: str | None = None) -> Network:
    (tmp_path / "t.csv").write_text(ties, encoding="utf-8")
    if nodes is None:
        return read_network(tmp_path / "t.csv")
    (tmp_path / "n.csv").write_text(nodes, encoding="utf-8")
    return read_network(tmp_path / "t.csv", tmp_path / "n.csv")


def test_what_is_unusual_is_said_by_row(tmp_path: Path) -> None:
    network = write(tmp_path, TIES, NODES)
    assert {(note.key, note.params["rows"]) for note in network.notes} == {
        ("note-duplicate", "3"),
        ("note-loop", "4"),
        ("note-unknown-end", "6"),
    }
    assert len(network.ties) == 3
    assert set(network.nodes) == {"a", "b", "c", "d", "e"}
    assert network.nodes["e"] == Node("e")
    assert network.layers == ("calls", "money")


def test_two_modes_are_said(tmp_path: Path) -> None:
    nodes = "id,kind,standing\np,person,suspect\nq,person,suspect\nv,vehicle,\n"
    network = write(tmp_path, "source,target\np,v\nv,q\n", nodes)
    assert [note.key for note in network.notes] == ["note-two-modes"]
    assert write(tmp_path, "source,target\np,v\np,q\n", nodes).notes == ()


@pytest.mark.parametrize(
    ("ties", "key", "row", "column"),
    [
        ("source,goal\na,b\n", "column-missing", None, "target"),
        ("source,target,source\na,b,c\n", "column-twice", None, "source"),
        ("source,target\na\n", "row-length", 2, None),
        ("source,target\na,\n", "id-empty", 2, "target"),
        ("source,target,from\na,b,last year\n", "not-a-date", 2, "from"),
        ("source,target,from,to\na,b,2020-05,2020-04\n", "ends-before", 2, "to"),
        ("source,target,weight\na,b,-1\n", "not-a-number", 2, "weight"),
        ("source,target,certainty\na,b,2\n", "not-a-share", 2, "certainty"),
        ("source,target,certainty\na,b,nan\n", "not-a-share", 2, "certainty"),
        ("", "file-empty", None, None),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    tmp_path: Path, ties: str, key: str, row: int | None, column: str | None
) -> None:
    with pytest.raises(InputError) as refused:
        write(tmp_path, ties)
    problem = refused.value.problems[0]
    found = (problem.message.key, problem.place.row, problem.place.column)
    assert found == (key, row, column)
    assert not problem.message.params


@pytest.mark.parametrize("ending", ["csv", "graphml", "ftm"])
def test_there_and_back(tmp_path: Path, ending: str) -> None:
    network, out = leave_out_protected(write(tmp_path, TIES, NODES + "e,telephone,,\n"))
    assert out == 1
    assert "c" not in network.nodes
    for path, text in written_files(network, tmp_path / f"x.{ending}").items():
        path.write_text(text, encoding="utf-8")
    back = read_any(tmp_path / f"x.{ending}")
    assert back.nodes == network.nodes
    assert back.ties == network.ties
    assert {note.key for note in back.notes} == {"note-two-modes"}


@pytest.mark.parametrize("ending", ["csv", "graphml", "ftm"])
@pytest.mark.parametrize("standing", ["witness", "possible_victim", "victim", "child"])
def test_nobody_protected_is_written(tmp_path: Path, ending: str, standing: str) -> None:
    nodes = {
        "Amal": Node("Amal", "person", standing),
        "phone": Node("phone", "telephone", standing),
        "s": Node("s", "person", "suspect", "AMAL said so"),
        "t": Node("t", "vehicle"),
    }
    ties = (Tie("Amal", "s"), Tie("s", "t", "with Amal", evidence="letter of amal"))
    kept, out = leave_out_protected(Network(nodes, ties, nodes_given=True))
    assert out == 2
    texts = written_files(kept, tmp_path / f"x.{ending}").values()
    assert "amal" not in "".join(texts).casefold()
    assert "phone" not in kept.nodes


def test_graphml_is_read_by_networkx_and_back(tmp_path: Path) -> None:
    network = write(tmp_path, TIES, NODES)
    (target,) = (path := tmp_path / "x.graphml",)
    target.write_text(written_files(network, path)[path], encoding="utf-8")
    theirs = nx.read_graphml(path)
    assert dict(theirs.nodes(data="standing"))["c"] == "child"
    assert {frozenset(edge) for edge in theirs.edges} == {frozenset(t.pair) for t in network.ties}
    nx.write_graphml(theirs, tmp_path / "y.graphml")
    assert read_any(tmp_path / "y.graphml").nodes == network.nodes


def test_followthemoney_takes_what_is_written(tmp_path: Path) -> None:
    model = pytest.importorskip("followthemoney").model
    network = write(
        tmp_path, TIES, NODES + "f,account,,\ng,company,,\nh,premises,,\ni,telephone,,\n"
    )
    (text,) = written_files(network, tmp_path / "x.ftm").values()
    for line in text.splitlines():
        written = json.loads(line)
        entity = model.get_proxy(written)
        entity.schema.validate(written)
        wanted = {(p, v) for p, values in written["properties"].items() for v in values}
        assert {(prop.name, value) for prop, value in entity.itervalues()} == wanted


def test_ends_of_edges_are_those_of_followthemoney() -> None:
    model = pytest.importorskip("followthemoney").model
    for name, ends in ENDS.items():
        schema = model.get(name)
        assert (schema.source_prop.name, schema.target_prop.name) == ends
    assert all(model.get(name) is not None for name in KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE x [<!ENTITY a 'b'>]><graphml/>",
        "<graphml>",
        "no xml",
        "<graphml/>",
    ],
)
def test_graphml_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.graphml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_any(path)


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"id": 1}', '{"id": "a", "schema": "Person", "properties": []}']
)
def test_followthemoney_that_is_none(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.ftm"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_any(path)
    assert refused.value.problems[0].place.row == 2


def test_victims_of_others_files_are_known_by_their_role(tmp_path: Path) -> None:
    """Synthetic networks with the roles trafficker, bottom, and victim."""
    file = folder() / "synthetic_domestic_sex_trafficking" / "HT5_1_40.graphml"
    network = read_any(file)
    kept, out = leave_out_protected(network)
    assert (len(network.nodes), out, len(kept.nodes)) == (28, 20, 8)


def test_paths_respect_time(tmp_path: Path) -> None:
    """a-b lasts until 2020, b-c begins in 2022: from a to c in time, not from c to a."""
    ties = "source,target,from,to\na,b,2019,2020\nb,c,2022,2023\n"
    reach = measure_reach(write(tmp_path, ties))
    assert reach is not None
    assert (reach.dated, reach.still, reach.in_time) == (2, 6, 5)
    both = measure_reach(write(tmp_path, ties.replace("2022", "2020-12")))
    assert both is not None
    assert both.in_time == 6, "ties that last at the same time lead both ways"
    assert measure_reach(write(tmp_path, "source,target\na,b\n")) is None


def test_phases_are_compared_in_their_order(tmp_path: Path) -> None:
    ties = "source,target,layer\na,b,P10\na,c,P10\na,b,P9\nx,y,P2\n"
    phases = compare_phases(write(tmp_path, ties))
    assert [phase.name for phase in phases] == ["P2", "P9", "P10"]
    assert [phase.ties_shared for phase in phases] == [None, 0.0, 0.5]
    assert [phase.nodes_shared for phase in phases] == [None, 0.0, round(2 / 3, 3)]


def test_a_layer_that_is_not_there(tmp_path: Path) -> None:
    network = write(tmp_path, TIES)
    assert survey(network, layer="money").graph.nodes == 3
    with pytest.raises(InputError):
        survey(replace(network), layer="letters")

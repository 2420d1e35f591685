"""GraphML (Brandes and others 2002), as other programs for networks read and write it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from marfa.domain.message import InputError, Message
from marfa.methods.networks.network import Network, Tie
from marfa.methods.networks.standing import Node
from marfa.methods.networks.ties_file import Findings, assemble, gather_nodes, make_tie

SPACE = "http://graphml.graphdrawing.org/xmlns"
NODE_KEYS = ("kind", "standing", "ground")
TIE_KEYS = ("layer", "weight", "from", "to", "evidence", "certainty")


def read_graphml(path: Path) -> Network:
    """Nodes and ties of the first graph. Rows are counted over nodes, then over ties."""
    root = _parse(path)
    names = {key.get("id", ""): key.get("attr.name", "") for key in _children(root, "key")}
    graph = next(_children(root, "graph"), None)
    if graph is None:
        raise InputError.at(Message("methods.networks:file-empty"), file=path.name)
    about = Findings(path.name)
    rows = [
        (number, {**_data(element, names), "id": element.get("id", "")})
        for number, element in enumerate(_children(graph, "node"), 1)
    ]
    known = gather_nodes(rows, about)
    ties = []
    for number, element in enumerate(_children(graph, "edge"), 1):
        ends = {end: element.get(end, "") for end in ("source", "target")}
        tie = make_tie({**_data(element, names), **ends}, number, about)
        if tie is not None:
            ties.append((number, tie))
    about.check()
    return assemble(known, ties, about, nodes_given=True)


def _parse(path: Path) -> ElementTree.Element:
    """A document type could hold entities that grow without end, or name other files."""
    try:
        data = path.read_bytes()
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
            raise ValueError
        return ElementTree.fromstring(data)  # noqa: S314
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise InputError.at(Message("methods.networks:file-unreadable"), file=path.name) from error


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if child.tag.rpartition("}")[2] == name)


def _data(element: ElementTree.Element, names: dict[str, str]) -> dict[str, str]:
    found = ((names.get(d.get("key", ""), ""), d.text or "") for d in _children(element, "data"))
    return {name: text.strip() for name, text in found if name}


def graphml_text(network: Network) -> str:
    """A document with all nodes and ties that the network holds."""
    root = ElementTree.Element("graphml", xmlns=SPACE)
    for domain, keys in (("node", NODE_KEYS), ("edge", TIE_KEYS)):
        for key in keys:
            ElementTree.SubElement(
                root, "key", {"id": key, "for": domain, "attr.name": key, "attr.type": "string"}
            )
    graph = ElementTree.SubElement(root, "graph", id="G", edgedefault="undirected")
    for node in network.nodes.values():
        _add(graph, "node", {"id": node.id}, node_cells(node))
    for tie in network.ties:
        _add(graph, "edge", {"source": tie.source, "target": tie.target}, tie_cells(tie))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add(
    graph: ElementTree.Element, name: str, attributes: dict[str, str], cells: dict[str, str]
) -> None:
    element = ElementTree.SubElement(graph, name, attributes)
    for key, value in cells.items():
        if value:
            ElementTree.SubElement(element, "data", key=key).text = value


def node_cells(node: Node) -> dict[str, str]:
    """A node's columns beside its id."""
    return {"kind": node.kind, "standing": node.standing, "ground": node.ground}


def tie_cells(tie: Tie) -> dict[str, str]:
    """A tie's columns beside its ends."""
    certainty = "" if tie.certainty is None else str(tie.certainty)
    values = (tie.layer, tie.weight, tie.start, tie.end, tie.evidence, certainty)
    return dict(zip(TIE_KEYS, values, strict=True))

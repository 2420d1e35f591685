"""From one file format to another, without those who are to be protected."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.methods.networks.followthemoney import followthemoney_text, read_followthemoney
from marfa.methods.networks.graphml import (
    NODE_KEYS,
    TIE_KEYS,
    graphml_text,
    node_cells,
    read_graphml,
    tie_cells,
)
from marfa.methods.networks.network import Network
from marfa.methods.networks.standing import clean_id, look_of
from marfa.methods.networks.ties_file import read_network

FORMATS = {
    ".csv": "csv",
    ".graphml": "graphml",
    ".ftm": "followthemoney",
    ".json": "followthemoney",
    ".jsonl": "followthemoney",
    ".ijson": "followthemoney",
}


def format_of(path: Path) -> str:
    """The format that a file's ending means."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise InputError.at(Message("methods.networks:ending-unknown"), file=path.name)
    return found


def nodes_beside(ties: Path) -> Path:
    """Where nodes stand that go with a CSV file of ties: ``a.nodes.csv`` with ``a.csv``."""
    stem = ties.name.removesuffix(ties.suffix).removesuffix(".edges")
    return ties.with_name(f"{stem}.nodes.csv")


def read_any(path: Path, nodes: Path | None = None) -> Network:
    """A network from a file of any format. nodes: who is what, with a CSV file of ties."""
    kind = format_of(path)
    if kind == "csv":
        beside = nodes_beside(path)
        return read_network(path, nodes or (beside if beside.is_file() else None))
    if nodes is not None:
        raise InputError.at(Message("methods.networks:nodes-inside"), file=nodes.name)
    return read_graphml(path) if kind == "graphml" else read_followthemoney(path)


def leave_out_protected(network: Network) -> tuple[Network, int]:
    """The network without witnesses, victims and children, and their ties; how many they are.

    Where the text of what stays names one of them, it is emptied.
    """
    out = {node.id for node in network.nodes.values() if node.is_protected}
    clear = _eraser(out)
    kept = {
        name: replace(node, ground=clear(node.ground))
        for name, node in network.nodes.items()
        if name not in out
    }
    ties = tuple(
        replace(tie, layer=clear(tie.layer), evidence=clear(tie.evidence))
        for tie in network.ties
        if not {tie.source, tie.target} & out
    )
    layers = tuple(sorted({tie.layer for tie in ties}))
    return replace(network, nodes=kept, ties=ties, layers=layers), len(out)


def _eraser(names: Collection[str]) -> Callable[[str], str]:
    """Empties a text in which one of the names stands as a word of its own, in any case."""
    if not names:
        return str
    words = "|".join(re.escape(look_of(name)) for name in sorted(names))
    found = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    return lambda text: "" if found.search(look_of(clean_id(text))) else text


def written_files(network: Network, target: Path) -> dict[Path, str]:
    """What to write for a network, by file; ties alone unless nodes were left out first."""
    kind = format_of(target)
    if kind == "graphml":
        return {target: graphml_text(network)}
    if kind == "followthemoney":
        return {target: followthemoney_text(network)}
    return {target: _ties_text(network), nodes_beside(target): _nodes_text(network)}


def _ties_text(network: Network) -> str:
    rows = [[tie.source, tie.target, *tie_cells(tie).values()] for tie in network.ties]
    return csv_text(["source", "target", *TIE_KEYS], rows)


def _nodes_text(network: Network) -> str:
    rows = [[node.id, *node_cells(node).values()] for node in network.nodes.values()]
    return csv_text(["id", *NODE_KEYS], rows)


def csv_text(header: list[str], rows: list[list[str]]) -> str:
    """A table as CSV."""
    text = io.StringIO()
    writer = TableWriter(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()

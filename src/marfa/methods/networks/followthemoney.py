"""FollowTheMoney entities, one JSON object a line, as OpenAleph exchanges them.

The mapping is our own. Nodes: person, company, account, premises, vehicle and telephone are
Person, Company, BankAccount, RealEstate, Vehicle and UserAccount of the service "telephone".
What is none of these is read as a node of no kind, which may not stand in a set. Ties are read
from every schema that joins two entities and written as UnknownLink. FollowTheMoney has no place
for a standing: it is written as a keyword, ``standing:suspect``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.networks.graphml import tie_cells
from marfa.methods.networks.network import Network, Tie
from marfa.methods.networks.standing import Node
from marfa.methods.networks.ties_file import Findings, assemble, gather_nodes, make_tie

KINDS = {
    "Person": "person",
    "Company": "company",
    "BankAccount": "account",
    "CryptoWallet": "account",
    "RealEstate": "premises",
    "Vehicle": "vehicle",
    "Airplane": "vehicle",
    "Vessel": "vehicle",
}
SCHEMATA = {kind: schema for schema, kind in reversed(KINDS.items())} | {
    "telephone": "UserAccount",
    "": "LegalEntity",
}
TELEPHONE = "telephone"

# What may be a node though it is of no kind of ours; documents, addresses and the like are none.
OTHER_NODES = ("UserAccount", "LegalEntity", "Organization", "PublicBody")

# The two properties by which a schema joins two entities.
ENDS = {
    "Associate": ("person", "associate"),
    "Control": ("controller", "controlled"),
    "Debt": ("debtor", "creditor"),
    "Directorship": ("director", "organization"),
    "Employment": ("employee", "employer"),
    "Family": ("person", "relative"),
    "Membership": ("member", "organization"),
    "Occupancy": ("holder", "post"),
    "Ownership": ("owner", "asset"),
    "Payment": ("payer", "beneficiary"),
    "ProjectParticipant": ("participant", "project"),
    "Representation": ("agent", "client"),
    "Succession": ("predecessor", "successor"),
    "UnknownLink": ("subject", "object"),
}
OURS = "marfa-"
"""Ids that we made: FollowTheMoney takes letters, digits, points and hyphens alone."""

Entity = Mapping[str, Any]


def read_followthemoney(path: Path) -> Network:
    """Nodes and ties; rows are lines."""
    about = Findings(path.name)
    entities = list(_entities(path))
    nodes = [(n, e) for n, e in entities if e["schema"] in KINDS or e["schema"] in OTHER_NODES]
    names = {str(entity["id"]): _name(entity) for _number, entity in nodes}
    rows = [(number, _node_row(entity)) for number, entity in nodes]
    known = gather_nodes(rows, about)
    ties: list[tuple[int, Tie]] = []
    for number, entity in entities:
        for row in _tie_rows(entity, names) if entity["schema"] in ENDS else ():
            tie = make_tie(row, number, about)
            if tie is not None:
                ties.append((number, tie))
    about.check()
    return assemble(known, ties, about, nodes_given=True)


def _entities(path: Path) -> Iterator[tuple[int, Entity]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.at(Message("methods.networks:file-unreadable"), file=path.name) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entity = json.loads(line)
            properties = entity["properties"]
            whole = isinstance(entity["id"], str) and isinstance(entity["schema"], str)
            if not whole or not all(isinstance(v, list) for v in properties.values()):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InputError.at(
                Message("methods.networks:not-an-entity"), file=path.name, row=number
            ) from error
        yield number, entity


def _first(entity: Entity, name: str) -> str:
    return str(next(iter(entity["properties"].get(name, [])), ""))


def _name(entity: Entity) -> str:
    """The id that the node had with us, where we wrote the entity."""
    return _first(entity, "name") if str(entity["id"]).startswith(OURS) else str(entity["id"])


def _marked(entity: Entity, property_name: str, mark: str) -> str:
    """The value after ``mark:`` in a property of several values."""
    values = map(str, entity["properties"].get(property_name, []))
    return next((v.partition(":")[2] for v in values if v.startswith(mark + ":")), "")


def _node_row(entity: Entity) -> dict[str, str]:
    kind = KINDS.get(entity["schema"], "")
    if entity["schema"] == "UserAccount":
        kind = TELEPHONE if _first(entity, "service") == TELEPHONE else "account"
    return {
        "id": _name(entity),
        "kind": kind,
        "standing": _marked(entity, "keywords", "standing"),
        "ground": _first(entity, "notes") if str(entity["id"]).startswith(OURS) else "",
    }


def _tie_rows(entity: Entity, names: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """One tie for each pair of ends that the entity names."""
    first, second = ENDS[entity["schema"]]
    role = _first(entity, "role")
    for source in entity["properties"].get(first, []):
        for target in entity["properties"].get(second, []):
            yield {
                "source": names.get(str(source), str(source)),
                "target": names.get(str(target), str(target)),
                "layer": role if entity["schema"] == "UnknownLink" else entity["schema"],
                "weight": _marked(entity, "summary", "weight"),
                "from": _first(entity, "startDate")[:10],
                "to": _first(entity, "endDate")[:10],
                "evidence": _first(entity, "recordId"),
                "certainty": _marked(entity, "summary", "certainty"),
            }


def followthemoney_text(network: Network) -> str:
    """One entity a line: nodes, then ties."""
    entities = [*map(_node_entity, network.nodes.values()), *map(_tie_entity, network.ties)]
    return "".join(json.dumps(entity, ensure_ascii=False) + "\n" for entity in entities)


def _entity_id(*parts: str) -> str:
    return OURS + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _entity(identity: str, schema: str, properties: Mapping[str, Sequence[str]]) -> Entity:
    filled = {name: [v for v in values if v] for name, values in properties.items()}
    filled = {name: values for name, values in filled.items() if values}
    return {"id": identity, "schema": schema, "properties": filled}


def _node_entity(node: Node) -> Entity:
    properties = {
        "name": [node.id],
        "keywords": [f"standing:{node.standing}" if node.standing else ""],
        "notes": [node.ground],
        "service": [TELEPHONE if node.kind == TELEPHONE else ""],
    }
    return _entity(_entity_id(node.id), SCHEMATA[node.kind], properties)


def _tie_entity(tie: Tie) -> Entity:
    cells = tie_cells(tie)
    marks = [f"{key}:{cells[key]}" for key in ("weight", "certainty") if cells[key]]
    properties = {
        "subject": [_entity_id(tie.source)],
        "object": [_entity_id(tie.target)],
        "role": [tie.layer],
        "startDate": [tie.start],
        "endDate": [tie.end],
        "recordId": [tie.evidence],
        "summary": marks,
    }
    identity = _entity_id("tie", *tie.pair, tie.layer, tie.start, tie.end)
    return _entity(identity, "UnknownLink", properties)

"""A dimension of a table: its values, and the groups above them up to the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marfa.domain.message import InputError, Message

ROOT = 0
"""Node that stands for the sum over the whole dimension."""

UNSPECIFIED = " / _U"
"""Added to a group's name for the records of which only the group is known."""


@dataclass(frozen=True)
class Dimension:
    """Nodes of one dimension; node 0 is the total.

    labels: name of each node; None is the value "not reported" (and, at node 0, unused).
    parents: index of the node above; -1 for node 0. A parent comes before its children.
    of: by label of a merged value, the values of the data that it stands for.
    """

    name: str
    labels: tuple[str | None, ...]
    parents: tuple[int, ...]
    of: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict, hash=False)

    @cached_property
    def is_leaf(self) -> NDArray[np.bool_]:
        """For each node, whether records fall into it directly (nothing lies below)."""
        leaf = np.ones(len(self.parents), dtype=bool)
        leaf[[parent for parent in self.parents if parent >= 0]] = False
        return leaf

    @cached_property
    def chains(self) -> tuple[tuple[int, ...], ...]:
        """For each node, itself and every node above it, the total last."""
        chains: list[tuple[int, ...]] = []
        for node, parent in enumerate(self.parents):
            chains.append((node, *chains[parent]) if parent >= 0 else (node,))
        return tuple(chains)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each node, the nodes directly below it."""
        below: list[list[int]] = [[] for _ in self.parents]
        for node, parent in enumerate(self.parents):
            if parent >= 0:
                below[parent].append(node)
        return tuple(tuple(nodes) for nodes in below)

    @cached_property
    def node_of(self) -> dict[str | None, int]:
        """Node by label, the total left out."""
        return {label: node for node, label in enumerate(self.labels) if node != ROOT}

    def leaf_for(self, value: str | None) -> int:
        """The leaf of a value of the data; a group's own name leads to its unspecified leaf."""
        node = self.node_of[value]
        return node if self.is_leaf[node] else self.node_of[f"{value}{UNSPECIFIED}"]


def build_dimension(
    name: str, values: Iterable[str | None], parent_of: Mapping[str, str] | None = None
) -> Dimension:
    """The nodes for the values found in the data.

    values: distinct values; None means not reported and stands directly below the total.
    parent_of: group above each value or group; what has none stands below the total.
        Groups in which no value was found are left out.
    Raises InputError when the groups run in a circle.
    """
    parent_of = parent_of or {}
    found = sorted({value for value in values if value is not None})
    groups = {group for value in found for group in _groups_above(name, value, parent_of)}
    plain = [value for value in found if value not in groups]
    # A record may name a region and no district: it gets a leaf of its own below the region.
    plain += [f"{value}{UNSPECIFIED}" for value in found if value in groups]
    above = dict(parent_of) | {f"{value}{UNSPECIFIED}": value for value in found if value in groups}
    depth = {label: len(_groups_above(name, label, above)) for label in (*groups, *plain)}
    labels: list[str | None] = [None, *sorted(depth, key=lambda label: (depth[label], label))]
    node_of = {label: node for node, label in enumerate(labels) if node}
    parents = [-1, *(node_of.get(above.get(str(label), ""), ROOT) for label in labels[1:])]
    if None in values or not found:
        labels.append(None)
        parents.append(ROOT)
    return Dimension(name, tuple(labels), tuple(parents))


def _groups_above(name: str, value: str, parent_of: Mapping[str, str]) -> list[str]:
    groups: list[str] = []
    while (group := parent_of.get(value)) is not None:
        if group in groups or group == value:
            raise InputError.at(
                Message("methods.disclosure.tables:hierarchy-circle", {"value": group}), column=name
            )
        groups.append(group)
        value = group
    return groups

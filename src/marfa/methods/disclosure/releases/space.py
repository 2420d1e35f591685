"""The combinations that an attacker considers: the columns of all tables, crossed as far as needed.

Tables that share columns in a ring (sex and form, form and age, age and sex) are only judged by the
table over all of them. Columns that are not in a ring need not be crossed: tables over the cliques
of a triangulated graph that agree where they meet always belong to one table over all columns, in
whole numbers too (Lauritzen, Graphical Models (1996), section 4.4; Vorobev 1962).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from marfa.methods.disclosure.releases.release import Released, Value
from marfa.methods.disclosure.tables.arrays import Bools, Ints

REST = "\x00rest"
"""Stands for all values of a column that no table names."""


@dataclass(frozen=True)
class Bag:
    """Columns that are crossed. values: of each column, in the order of the axes."""

    columns: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values of each column."""
        return tuple(len(values) for values in self.values)

    @property
    def size(self) -> int:
        """Number of combinations."""
        return int(np.prod(self.shape, dtype=float))

    def inside(self, wanted: Mapping[str, frozenset[Value]]) -> Bools:
        """(size,) which combinations have one of the wanted values in each column named."""
        mask = np.ones((), dtype=bool)
        for name, values in zip(self.columns, self.values, strict=True):
            here = np.ones(len(values), dtype=bool)
            if name in wanted:
                here = np.array([value in wanted[name] for value in values], dtype=bool)
            mask = np.multiply.outer(mask, here)
        flat: Bools = mask.reshape(-1).astype(bool)
        return flat

    def groups(self, columns: Sequence[str]) -> Ints:
        """(size,) number of the combination of these columns alone."""
        at = np.indices(self.shape).reshape(len(self.shape), -1)
        code = np.zeros(self.size, dtype=np.int64)
        for name in columns:
            axis = self.columns.index(name)
            code = code * self.shape[axis] + at[axis]
        return code


@dataclass(frozen=True)
class Space:
    """Bags, and the pairs of them that must agree on the columns they share."""

    bags: tuple[Bag, ...]
    edges: tuple[tuple[int, int, tuple[str, ...]], ...]

    @cached_property
    def size(self) -> int:
        """Combinations in all bags."""
        return sum(bag.size for bag in self.bags)

    def bag_of(self, columns: Iterable[str]) -> int:
        """The smallest bag with all of these columns."""
        need = set(columns)
        fitting = [n for n, bag in enumerate(self.bags) if need <= set(bag.columns)]
        return min(fitting, key=lambda number: (self.bags[number].size, number))


def build_space(releases: Sequence[Released]) -> Space:
    """The space of a population's tables."""
    values = _values(releases)
    cliques = _cliques([set(release.columns) for release in releases])
    bags = tuple(
        Bag(tuple(sorted(clique)), tuple(values[name] for name in sorted(clique)))
        for clique in cliques
    )
    return Space(bags, _tree(bags))


def known_groups(releases: Sequence[Released]) -> dict[tuple[str, str], frozenset[Value]]:
    """By column and name, the values in each group of values."""
    found: dict[tuple[str, str], frozenset[Value]] = {}
    for release in releases:
        for dimension, members in zip(release.table.dimensions, release.members, strict=True):
            for node in range(1, len(dimension.labels)):
                label = dimension.labels[node]
                if label is not None and not dimension.is_leaf[node]:
                    key = dimension.name, label
                    found[key] = found.get(key, frozenset()) | members[node]
    return found


def _values(releases: Sequence[Released]) -> dict[str, tuple[Value, ...]]:
    """All values of each column that any table names, and REST where others are possible."""
    found: dict[str, set[Value]] = {}
    listed: dict[str, set[str]] = {}
    groups = known_groups(releases)
    for release in releases:
        for dimension, members in zip(release.table.dimensions, release.members, strict=True):
            found.setdefault(dimension.name, set()).update(*members)
            if not release.filters:
                listed.setdefault(dimension.name, set()).add(release.version)
        for name, values in release.within(groups).items():
            found.setdefault(name, set()).update(values)
    versions = {release.version for release in releases}
    return {
        name: (
            *sorted(values, key=lambda value: (value is None, value or "")),
            *((REST,) if listed.get(name, set()) != versions else ()),
        )
        for name, values in found.items()
    }


def _cliques(sets: list[set[str]]) -> list[frozenset[str]]:
    """Cliques of the graph of columns, triangulated by the fewest new edges at each step."""
    near: dict[str, set[str]] = {}
    for columns in sets:
        for name in columns:
            near.setdefault(name, set()).update(columns - {name})
    found: list[frozenset[str]] = []
    while near:
        name = min(near, key=lambda each: (_missing(near, each), len(near[each]), each))
        clique = frozenset({name, *near[name]})
        if not any(clique <= other for other in found):
            found.append(clique)
        for one, two in combinations(near.pop(name), 2):
            near[one].add(two)
            near[two].add(one)
        for other in near.values():
            other.discard(name)
    return found


def _missing(near: dict[str, set[str]], name: str) -> int:
    return sum(two not in near[one] for one, two in combinations(near[name], 2))


def _tree(bags: tuple[Bag, ...]) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """A tree of the bags in which those that share most are neighbours (a junction tree)."""
    pairs = sorted(
        (-len(set(one.columns) & set(two.columns)), first, second)
        for (first, one), (second, two) in combinations(enumerate(bags), 2)
    )
    label = list(range(len(bags)))
    edges: list[tuple[int, int, tuple[str, ...]]] = []
    for _shared, first, second in pairs:
        if label[first] != label[second]:
            shared = tuple(sorted(set(bags[first].columns) & set(bags[second].columns)))
            edges.append((first, second, shared))
            label = [label[first] if each == label[second] else each for each in label]
    return tuple(edges)

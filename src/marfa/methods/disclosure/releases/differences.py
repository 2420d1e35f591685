"""People whom no table counts by themselves, and whose number tables give by subtraction.

All by form, and women by form: the difference is everybody else, though no table has a row for
them. The same comes of values that one table joins and another tells apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from marfa.methods.disclosure.releases.release import Released, Value, Wanted
from marfa.methods.disclosure.releases.space import Space
from marfa.methods.disclosure.tables.arrays import Bools

Values = frozenset[Value]
Place = tuple[tuple[str, Values], ...]
"""The values that people have in some columns, in order."""


@dataclass
class Group:
    """People of one version in a row of a table. true: None where nobody can tell."""

    version: int
    wanted: Wanted
    true: int | None
    minimum: int


@dataclass(frozen=True)
class Difference:
    """People that are left when rows are subtracted. true: None where they were counted at
    different dates, or the tables that tell are not at hand."""

    version: int
    bag: int
    inside: Bools
    true: int | None
    minimum: int


@dataclass
class _Family:
    """Rows that differ in one column alone. known: by version, the true counts by value set."""

    column: str
    sets: set[Values] = field(default_factory=set)
    known: dict[int, dict[Values, int | None]] = field(default_factory=dict)
    minimum: int = 2


def tables_differ(releases: Sequence[Released]) -> bool:
    """Whether tables count parts of one another, or group values in different ways: otherwise
    everybody is in a row of a table."""
    return any(
        release.filters or any(dimension.of for dimension in release.table.dimensions)
        for release in releases
    )


def find_differences(
    space: Space, groups: Sequence[Group], filters: Sequence[tuple[str, ...]]
) -> Iterator[Difference]:
    """Every set of people that is left over.

    groups: of all rows. filters: columns of the filters of each table.
    """
    values = {n: frozenset(v) for bag in space.bags for n, v in zip(bag.columns, bag.values)}
    yield from _of_one_column(space, groups, values)
    yield from _of_filters(space, groups, filters)


def _place(wanted: Mapping[str, Values]) -> Place:
    return tuple(sorted(wanted.items()))


def _of_one_column(
    space: Space, groups: Sequence[Group], values: Mapping[str, Values]
) -> Iterator[Difference]:
    families: dict[tuple[Place, str], _Family] = {}
    for group in groups:
        for column in values:
            rest = {n: v for n, v in group.wanted.items() if n != column}
            if not _in_one_bag(space, {*rest, column}):
                continue
            family = families.setdefault((_place(rest), column), _Family(column))
            mine = group.wanted.get(column, values[column])
            family.sets.add(mine)
            family.known.setdefault(group.version, {})[mine] = group.true
            family.minimum = max(family.minimum, group.minimum)
    for (place, column), family in families.items():
        for part in _parts(family.sets):
            wanted = {**dict(place), column: part}
            bag = space.bag_of(wanted)
            inside = space.bags[bag].inside(wanted)
            for version, known in family.known.items():
                if part not in known:
                    yield Difference(version, bag, inside, _true(part, known), family.minimum)


def _in_one_bag(space: Space, columns: set[str]) -> bool:
    return any(columns <= set(bag.columns) for bag in space.bags)


def _parts(sets: set[Values]) -> list[Values]:
    """The parts that these sets tell apart."""
    if len(sets) < 2:
        return []
    ordered = sorted(sets, key=lambda each: sorted(map(str, each)))
    parts: dict[tuple[bool, ...], set[Value]] = {}
    for value in frozenset().union(*ordered):
        parts.setdefault(tuple(value in each for each in ordered), set()).add(value)
    return list(map(frozenset, parts.values()))


def _true(part: Values, known: Mapping[Values, int | None]) -> int | None:
    """The true count of a part, where it is what is left of a known set."""
    for whole, count in known.items():
        if count is None or not part < whole:
            continue
        rest, true = whole - part, count
        for other in sorted(known, key=lambda each: (-len(each), sorted(map(str, each)))):
            number = known[other]
            if number is not None and other <= rest:
                rest, true = rest - other, true - number
        if not rest:
            return true
    return None


def _of_filters(
    space: Space, groups: Sequence[Group], filters: Sequence[tuple[str, ...]]
) -> Iterator[Difference]:
    """Of parts by several columns at once: everybody who is not in all of them."""
    several = {columns for columns in filters if len(columns) > 1}
    if not several:
        return
    by_place: dict[Place, list[Group]] = {}
    for group in groups:
        by_place.setdefault(_place(group.wanted), []).append(group)
    for place, parts in by_place.items():
        for left_out in _subsets(several):
            rest = tuple(pair for pair in place if pair[0] not in left_out)
            wholes = by_place.get(rest, ())
            if len(rest) != len(place) - len(left_out) or not wholes:
                continue
            bag = space.bag_of(name for name, _values in place)
            inside = space.bags[bag].inside(dict(rest)) & ~space.bags[bag].inside(dict(place))
            for version in {group.version for group in (*parts, *wholes)}:
                one, two = _at(wholes, version), _at(parts, version)
                true = None if one is None or two is None else one - two
                minimum = max(group.minimum for group in (*parts, *wholes))
                yield Difference(version, bag, inside, true, minimum)


def _subsets(filters: Iterable[tuple[str, ...]]) -> set[frozenset[str]]:
    return {
        frozenset(some)
        for columns in filters
        for size in range(2, len(columns) + 1)
        for some in combinations(columns, size)
    }


def _at(groups: Sequence[Group], version: int) -> int | None:
    return next((g.true for g in groups if g.version == version and g.true is not None), None)

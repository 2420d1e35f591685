"""People whom no table counts by themselves, and whose number tables give by subtraction.

All by form, and women by form: the difference is everybody else, though no table has a row for
them. The same comes of values that one table joins and another tells apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations

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
    known = list(groups)
    # What is left of some rows may be subtracted from others.
    while fresh := list(_of_one_column(space, known)):
        known += fresh
    for group in known[len(groups) :]:
        bag = space.bag_of(group.wanted)
        inside = space.bags[bag].inside(group.wanted)
        yield Difference(group.version, bag, inside, group.true, group.minimum)
    yield from _of_filters(space, known, filters)


def _place(wanted: Mapping[str, Values]) -> Place:
    return tuple(sorted(wanted.items()))


def _of_one_column(space: Space, groups: Sequence[Group]) -> Iterator[Group]:
    values = {
        name: frozenset(every)
        for bag in space.bags
        for name, every in zip(bag.columns, bag.values, strict=True)
    }
    near = {frozenset(bag.columns) for bag in space.bags}
    families: dict[tuple[Place, str], _Family] = {}
    for group in groups:
        for column in values:
            rest = {n: v for n, v in group.wanted.items() if n != column}
            if not any({*rest, column} <= columns for columns in near):
                continue
            family = families.setdefault((_place(rest), column), _Family())
            mine = group.wanted.get(column, values[column])
            family.sets.add(mine)
            family.known.setdefault(group.version, {})[mine] = group.true
            family.minimum = max(family.minimum, group.minimum)
    for (place, column), family in families.items():
        for part in _parts(family.sets):
            for version, known in family.known.items():
                if part not in known:
                    wanted = {**dict(place), column: part}
                    yield Group(version, wanted, _true(part, known), family.minimum)


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
    for some in _subsets(several):
        near: dict[Place, dict[Place, list[Group]]] = {}
        for group in groups:
            place = _place(group.wanted)
            rest = tuple(pair for pair in place if pair[0] not in some)
            near.setdefault(rest, {}).setdefault(place, []).append(group)
        for places in near.values():
            for part, whole in permutations(places, 2):
                if some <= dict(part).keys() and _differ_in_several(dict(part), dict(whole)):
                    yield from _without(space, places[part], places[whole])


def _differ_in_several(part: Wanted, whole: Wanted) -> bool:
    """Whether the first are some of the second, by more than one column."""
    if not all(part[name] <= values for name, values in whole.items()):
        return False
    return sum(part[name] != whole.get(name) for name in part) > 1


def _without(space: Space, parts: Sequence[Group], wholes: Sequence[Group]) -> Iterator[Difference]:
    """Those of the whole who are not of the part, at each date of both."""
    part, whole = parts[0].wanted, wholes[0].wanted
    bag = space.bag_of(part)
    inside = space.bags[bag].inside(whole) & ~space.bags[bag].inside(part)
    minimum = max(group.minimum for group in (*parts, *wholes))
    for version in {group.version for group in (*parts, *wholes)}:
        one, two = _at(wholes, version), _at(parts, version)
        true = None if one is None or two is None else one - two
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

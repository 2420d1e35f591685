"""Made-up records, their tables, and what the attacker must not find out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from marfa.methods.disclosure.releases import Draft, Released, make_draft
from marfa.methods.disclosure.tables import ProtectedTable, TableQuery
from marfa.methods.disclosure.tables.protection import list_zeros
from tests.methods.disclosure.releases.attacker import Claim, exposed

Row = tuple[str, ...]
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sex": ("F", "M", "X"),
    "age": ("child", "teen", "adult"),
    "form": ("labour", "sexual", "slavery", "organ"),
    "district": ("D1", "D2", "D3", "D4"),
}
MINIMUM = 5


def made_up_people(number: int, seed: int, columns: Sequence[str] = tuple(COLUMNS)) -> list[Row]:
    """Records with values of unequal frequency."""
    draw = random.Random(seed)
    weights = {name: [draw.random() ** 2 + 0.03 for _ in COLUMNS[name]] for name in columns}
    return [
        tuple(draw.choices(COLUMNS[name], weights[name])[0] for name in columns)
        for _ in range(number)
    ]


def two_way(columns: Sequence[str] = tuple(COLUMNS)) -> list[tuple[str, str]]:
    """All pairs of columns."""
    return list(combinations(columns, 2))


def draft_of(
    people: Sequence[Row],
    by: Sequence[str],
    version: str,
    columns: Sequence[str] = tuple(COLUMNS),
    **query: object,
) -> Draft:
    """A table of these people that is not out yet."""
    places = [list(columns).index(name) for name in by]
    counted = Counter(tuple(person[place] for place in places) for person in people)
    rows = [(*values, number) for values, number in sorted(counted.items())]
    asked = TableQuery(tuple(by), version, min_cell=MINIMUM, **query)  # type: ignore[arg-type]
    return make_draft(asked, rows, version)


def published(release: Released) -> ProtectedTable:
    """What readers have."""
    return list_zeros(release.table).with_one_mark()


def exposed_counts(releases: Sequence[Released]) -> list[tuple[Claim, str]]:
    """What the attacker finds out about small counts, zeros, whole groups and households that were
    to be protected, given everything that is out."""
    claims: list[Claim] = []
    groups: list[tuple[Claim, Claim]] = []
    for number, release in enumerate(releases):
        assert release.true is not None
        true = {_values(release, place): int(n) for place, n in enumerate(release.true)}
        guarded = set(release.query.get("sensitive", ()))
        for place, (values, count) in enumerate(true.items()):
            claim = Claim(number, values, count)
            names = {name for name, _value in values}
            if 0 < count < MINIMUM or (
                not count and release.query.get("zeros") and (not guarded or names & guarded)
            ):
                claims.append(claim)
            known = 0 if release.largest is None else int(release.largest[place])
            if known > 1 and count - known < MINIMUM:
                claims.append(replace(claim, known=known))
            for name in names & guarded:
                above = tuple(pair for pair in values if pair[0] != name)
                if above and count and true.get(above) == count:
                    groups.append((claim, Claim(number, above, count)))
    versions = list(dict.fromkeys(release.version for release in releases))
    files = [versions.index(release.version) for release in releases]
    tables = [published(each).as_json() for each in releases]
    return exposed(tables, files, claims, MINIMUM, groups)


def _values(release: Released, place: int) -> tuple[tuple[str, str | None], ...]:
    nodes = release.table.nodes[place].tolist()
    return tuple(
        (dimension.name, dimension.labels[node])
        for dimension, node in zip(release.table.dimensions, nodes, strict=True)
        if node
    )


def small_steps(releases: Sequence[Released]) -> list[tuple[str, int]]:
    """Cells that two tables show and that differ by one to k - 1 people."""
    shown = [
        {
            _values(release, place): int(count)
            for place, count in enumerate(release.table.counts)
            if count >= 0
        }
        for release in releases
    ]
    return [
        (str(key), two[key] - one[key])
        for one, two in combinations(shown, 2)
        for key in one.keys() & two.keys()
        if 0 < abs(two[key] - one[key]) < MINIMUM
    ]

"""Tables that are shown every day, against who has every day of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.stats import binomtest

from marfa.domain.message import InputError
from marfa.methods.disclosure.releases import Past, Released, next_day, past_from_text
from marfa.methods.disclosure.tables import ProtectedTable, build_cells, build_dimension
from marfa.methods.disclosure.tables.dimension import Dimension
from marfa.methods.disclosure.tables.protection import list_zeros

MINIMUM = 5
SITES = ("gate", "harbour", "school")
SITE = build_dimension("site", SITES[:2])
AGE = build_dimension("age", ("child", "adult"))
WAITS = build_dimension("waits", ("no", "yes"))
EVERYONE = list(product(SITES, ("child", "adult"), ("no", "yes")))
NAMES = ("site", "age", "waits")
Person = tuple[str, ...]
Cell = dict[str, str]


def table(people: Sequence[Person], dimensions: tuple[Dimension, ...], day: int) -> Released:
    """Every cell, zeros too, with nothing withheld."""
    axes = [NAMES.index(dimension.name) for dimension in dimensions]
    counted = Counter(tuple(person[axis] for axis in axes) for person in people)
    nodes = np.array(
        [[d.node_of[v] for d, v in zip(dimensions, key, strict=True)] for key in counted]
    )
    cells = build_cells(dimensions, nodes, np.array(list(counted.values())))
    status = np.zeros(len(cells.counts), dtype=np.int64)
    about = {"zeros_withheld": True, "query": {}}
    found = ProtectedTable(
        dimensions, cells.nodes, cells.counts, status, MINIMUM, zeros_listed=False, about=about
    )
    every = list_zeros(found)
    return Released(every, str(day), every.counts)


def wanted(table: int, cell: int) -> bool:
    """All of the first table; of the second those who wait."""
    return table == 0 or cell % 3 == WAITS.node_of["yes"]


def days(
    seed: int, number: int, *, moving: bool = False
) -> tuple[list[list[Person]], list[tuple[Released, ...]]]:
    """People of each day, and what was shown. moving: whether sites open and close meanwhile."""
    draw = random.Random(seed)
    kinds = [kind for kind in EVERYONE if kind[0] != "school"]
    weights = [draw.random() ** 2 + 0.05 for _ in kinds]
    people: list[Person] = [draw.choices(kinds, weights)[0] for _ in range(draw.randint(30, 90))]
    sites: tuple[str, ...] = SITES[:2]
    past = Past()
    everybody: list[list[Person]] = []
    shown: list[tuple[Released, ...]] = []
    for day in range(number):
        site = build_dimension("site", sites)
        tables = [table(people, (site, AGE), day), table(people, (site, WAITS), day)]
        found = next_day(tables, past, wanted)
        if found is not None:
            # As an installation keeps it.
            past = past_from_text(found.past.as_text(), found.past.last)
            everybody.append(people)
            shown.append(found.tables)
        gone = draw.choice((0, 1, 3, 8))
        people = people[gone:] + draw.choices(kinds, weights, k=draw.choice((0, 1, 2, 6)))
        draw.shuffle(people)
        if moving and draw.random() < 0.5:
            sites = draw.choice((SITES, SITES[:2], SITES[1:]))
            # Who was at a site that is closed is taken to another; a new one gets some people.
            people = [(p[0] if p[0] in sites else draw.choice(sites), *p[1:]) for p in people]
            kinds = [kind for kind in EVERYONE if kind[0] in sites]
            weights = [draw.random() ** 2 + 0.05 for _ in kinds]
    return everybody, shown


Line = tuple[np.ndarray, float, float]


class Watcher:
    """Has what was shown on every day, and no code of the product: each combination of all columns
    is an unknown on each day. Between two days there is no more change than truly was, and the
    slack; without a slack, over all days the least that what was shown allows."""

    def __init__(
        self,
        everybody: Sequence[Sequence[Person]],
        shown: Sequence[Sequence[Released]],
        slack: int | None,
    ) -> None:
        self.days, self.kinds = len(shown), len(EVERYONE)
        people = self.days * self.kinds
        self.size = people + 2 * (self.days - 1) * self.kinds
        rows: list[Line] = []
        for day, tables in enumerate(shown):
            for release in tables:
                for cell, count, _status in release.table.rows():
                    if count is not None:
                        rows.append((self.line(day, cell), count, count))
        for day in range(self.days - 1):
            steps = people + 2 * day * self.kinds
            for kind in range(self.kinds):
                line = np.zeros(self.size)
                line[(day + 1) * self.kinds + kind], line[day * self.kinds + kind] = 1, -1
                line[steps + kind], line[steps + self.kinds + kind] = -1, 1
                rows.append((line, 0, 0))
            if slack is None:
                continue
            one, two = Counter(everybody[day]), Counter(everybody[day + 1])
            change = sum(abs(two[kind] - one[kind]) for kind in EVERYONE)
            line = np.zeros(self.size)
            line[steps : steps + 2 * self.kinds] = 1
            rows.append((line, 0, change + slack))
        if slack is None:
            line = np.zeros(self.size)
            line[people:] = 1
            rows.append((line, 0, round(self.solved(line, rows).fun)))
        self.rows = rows

    def line(self, day: int, cell: dict[str, str | None]) -> np.ndarray:
        line = np.zeros(self.size)
        for kind, person in enumerate(EVERYONE):
            values = dict(zip(NAMES, person, strict=True))
            if all(values[name] == value for name, value in cell.items()):
                line[day * self.kinds + kind] = 1
        return line

    def solved(self, least: np.ndarray, rows: Sequence[Line]) -> OptimizeResult:
        matrix, low, high = (np.array(part) for part in zip(*rows, strict=True))
        return milp(
            least,
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(self.size),
        )

    def possible(self, line: np.ndarray, value: int) -> bool:
        rows = [*self.rows, (line, value, value)]
        return self.solved(np.zeros(self.size), rows).x is not None


def exposed(
    everybody: Sequence[Sequence[Person]], shown: Sequence[Sequence[Released]]
) -> list[str]:
    """Small counts of a day that cannot be any small number for who takes it that no more people
    came and went than did, and small differences of any two days, shown or not, for who allows that
    a few more did."""
    counts, steps = (Watcher(everybody, shown, slack) for slack in (0, 2 * MINIMUM))
    found: list[str] = []
    cells: dict[str, tuple[dict[str, str | None], dict[int, int]]] = {}
    for day, tables in enumerate(shown):
        for release in tables:
            assert release.true is not None
            for (cell, _count, _status), true in zip(
                release.table.rows(), release.true.tolist(), strict=True
            ):
                name = str(sorted(cell.items()))
                cells.setdefault(name, (cell, {}))[1][day] = true
    for name, (cell, true) in cells.items():
        lines = [counts.line(day, cell) for day in range(len(shown))]
        for day, count in true.items():
            if 0 < count < MINIMUM:
                found += [
                    f"{name} on {day} is not {value}"
                    for value in range(1, MINIMUM)
                    if not counts.possible(lines[day], value)
                ]
        for one, two in combinations(sorted(true), 2):
            step = true[two] - true[one]
            if 0 < abs(step) < MINIMUM:
                sign = 1 if step > 0 else -1
                found += [
                    f"{name} from {one} to {two} is not {sign * value}"
                    for value in range(1, MINIMUM)
                    if not steps.possible(lines[two] - lines[one], sign * value)
                ]
    return found


def test_who_watches_every_day_learns_nothing() -> None:
    everybody, shown = days(1, 3)
    assert len(shown) == 3
    numbers = sum(int((t.table.counts > 0).sum()) for day in shown[1:] for t in day)
    assert numbers > 1, "and something is shown"
    assert not exposed(everybody, shown)


def judged_alone(people: Sequence[Person], day: int) -> tuple[Released, ...]:
    """What would be shown if nothing had been before."""
    sites = [site for site in SITES if any(person[0] == site for person in people)]
    site = build_dimension("site", sites)
    tables = [table(people, (site, AGE), day), table(people, (site, WAITS), day)]
    found = next_day(tables, Past(), wanted)
    assert found is not None
    return found.tables


def test_days_that_are_judged_alone_tell_of_somebody() -> None:
    """The control: the same days, each as if it were the first."""
    everybody, _shown = days(1, 2)
    assert exposed(everybody, [judged_alone(each, day) for day, each in enumerate(everybody)])


def test_who_watches_sites_open_and_close_learns_nothing() -> None:
    everybody, shown = days(4, 3, moving=True)
    sites = {str(t.table.dimensions[0].labels) for day in shown for t in day}
    assert len(sites) > 1
    assert not exposed(everybody, shown)
    apart = [judged_alone(each, day) for day, each in enumerate(everybody)]
    assert exposed(everybody, apart), "the control: each day as if it were the first"


@pytest.mark.slow
@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=20, deadline=None)
def test_who_watches_eight_days_learns_nothing(seed: int, moving: bool) -> None:
    everybody, shown = days(seed, 8, moving=moving)
    assert not exposed(everybody, shown)


@pytest.mark.slow
def test_who_takes_the_least_change_is_right_no_more_often_than_who_guesses() -> None:
    """The truth is often a larger change: then the premise is false, and so is what follows."""
    told: list[bool] = []
    for seed in range(60):
        everybody, shown = days(seed, 4, moving=seed % 2 == 1)
        least = Watcher(everybody, shown, None)
        for day, release in ((day, each) for day, tables in enumerate(shown) for each in tables):
            assert release.true is not None
            for (cell, _count, _status), true in zip(
                release.table.rows(), release.true.tolist(), strict=True
            ):
                if 0 < true < MINIMUM:
                    line = least.line(day, cell)
                    found = [v for v in range(3 * MINIMUM) if least.possible(line, v)]
                    told += [found == [true]] if len(found) == 1 else []
    assert len(told) > 20, "the attacker tells something"
    assert binomtest(sum(told), len(told), 1 / (MINIMUM - 1), "greater").pvalue > 0.05


def test_a_number_binds_all_that_come_after() -> None:
    """20, then 30, then 22: the last differs by two from the first. 20 again tells nothing."""
    past, told = Past(), []
    for day, number in enumerate((20, 30, 22, 20, 35)):
        people = [("gate", "adult", "no")] * number + [("harbour", "adult", "no")] * 40
        found = next_day([table(people, (SITE, AGE), day)], past, lambda _table, _cell: True)
        assert found is not None
        past = found.past
        place = found.tables[0].table.nodes.tolist().index([SITE.node_of["gate"], 0])
        told.append(int(found.tables[0].table.counts[place]))
    assert told == [20, 30, -1, 20, 35]


def test_what_is_left_of_the_past_is_read_back_or_refused() -> None:
    people = [("gate", "adult", "no")] * 20
    found = next_day([table(people, (SITE, AGE), 1)], Past(), lambda _table, _cell: True)
    assert found is not None
    assert past_from_text(found.past.as_text(), found.past.last) == found.past
    with pytest.raises(InputError):
        past_from_text("no such text", ())


def test_a_table_that_is_left_out_cannot_be_forgotten() -> None:
    """Who drops a table would drop what it showed."""
    people = [("gate", "adult", "no")] * 20 + [("harbour", "child", "yes")] * 20
    both = [table(people, (SITE, AGE), 1), table(people, (SITE, WAITS), 1)]
    found = next_day(both, Past(), wanted)
    assert found is not None
    one = next_day([table(people, (SITE, AGE), 2)], found.past, wanted)
    assert one is not None
    assert next_day([table(people, (SITE, AGE), 3)], one.past, wanted) is None


def test_the_only_site_is_remembered_when_another_opens() -> None:
    """20 at the only site, 40 there when another opens, then 22: it differs by two from the first
    day, on which the sum of all sites was shown as well."""
    past, told = Past(), []
    for day, (number, sites) in enumerate(((20, 1), (40, 2), (22, 2), (22, 1), (20, 1))):
        people = [("gate", "adult", "no")] * number + [("harbour", "adult", "no")] * 30 * (
            sites - 1
        )
        site = build_dimension("site", SITES[:sites])
        found = next_day([table(people, (site, AGE), day)], past, lambda _table, _cell: True)
        if found is None:
            told.append(-2)
            continue
        past = found.past
        place = found.tables[0].table.nodes.tolist().index([site.node_of["gate"], 0])
        told.append(int(found.tables[0].table.counts[place]))
    assert told == [20, 40, -1, -1, 20]

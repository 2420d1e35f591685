"""What is protected beside small counts: whole groups, zeros, households, sums of a column."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, linprog, milp

from marfa.domain.message import InputError
from marfa.methods.disclosure.releases import (
    Draft,
    Released,
    make_draft,
    make_publication,
    protect_set,
    sums,
)
from marfa.methods.disclosure.releases.register import release_as_json, release_from_json
from marfa.methods.disclosure.tables import TableQuery, open_source
from tests.methods.disclosure.releases.attacker import leaf_values
from tests.methods.disclosure.releases.people import (
    MINIMUM,
    Row,
    draft_of,
    exposed_counts,
    made_up_people,
    two_way,
)

SMALL = ("sex", "age", "form")


def guarded(people: Sequence[Row], by: Sequence[str], **query: object) -> Draft:
    return draft_of(people, by, "v", SMALL, **query)


def stored(release: Released) -> Released:
    """As the register gives it back."""
    return release_from_json(release_as_json(release))


def few_forms(seed: int) -> list[Row]:
    """Records in which some groups have one form of exploitation alone."""
    draw = random.Random(seed)
    forms = {"child": ("labour",), "teen": ("labour", "sexual"), "adult": ("sexual", "slavery")}
    return [
        (draw.choice("FM"), age, draw.choice(forms[age]))
        for age in draw.choices(list(forms), (2, 3, 4), k=draw.randint(60, 140))
    ]


def test_nobody_learns_of_a_whole_group() -> None:
    """All children have one form: the attacker knows it without the guard, and not with it."""
    found = 0
    for seed in range(4):
        people = few_forms(seed)
        plain = protect_set([guarded(people, by) for by in two_way(SMALL)], [], coarser=False)
        asked = [
            guarded(people, by, sensitive=("form",) if "form" in by else ())
            for by in two_way(SMALL)
        ]
        hidden = protect_set(asked, [], coarser=True)
        assert not exposed_counts(hidden)
        assert all(len(stored(each).full) == len(each.full) for each in hidden)
        for one, two in zip(plain, hidden, strict=True):
            one.table.about["query"]["sensitive"] = two.query.get("sensitive", [])
        found += any("group" in why for _claim, why in exposed_counts(plain))
    assert found == 4, "the control: the attacker sees what the guard is for"


def test_a_later_table_does_not_show_the_zero_that_hid_a_group() -> None:
    people = few_forms(7)
    out = protect_set([guarded(people, ("age", "form"), sensitive=("form",))], [], coarser=False)
    for by in (("sex", "form"), ("form",), ("sex", "age")):
        try:
            out += protect_set([guarded(people, by)], list(map(stored, out)), coarser=True)
        except InputError:
            continue
    assert len(out) > 1
    assert not exposed_counts(out)


@pytest.mark.parametrize("sensitive", [pytest.param((), marks=pytest.mark.slow), ("form",)])
def test_zeros_are_protected_where_it_is_asked_for(sensitive: tuple[str, ...]) -> None:
    people = made_up_people(150, 2, SMALL)
    out = protect_set(
        [
            guarded(people, by, zeros=True, sensitive=tuple(set(sensitive) & set(by)))
            for by in two_way(SMALL)
        ],
        [],
        coarser=True,
    )
    zeros = [r for r in out if 0 in (r.true if r.true is not None else ())]
    assert zeros
    assert not exposed_counts(out)
    plain = protect_set([guarded(people, by) for by in two_way(SMALL)], [], coarser=True)
    assert (zeros[0].table.counts == -1).sum() > 0
    assert sum(int((r.table.counts == -1).sum()) for r in plain) < sum(
        int((r.table.counts == -1).sum()) for r in out
    )


def households(seed: int) -> tuple[list[Row], list[str]]:
    """People, and the household of each; some are large."""
    draw = random.Random(seed)
    people = made_up_people(90, seed, SMALL)
    people.sort(key=lambda person: (person[1], draw.random()))
    sizes = draw.choices((1, 2, 7), (5, 3, 1), k=90)
    names = [f"h{number}" for number, size in enumerate(sizes) for _ in range(size)]
    return people, names[: len(people)]


def with_households(people: Sequence[Row], names: Sequence[str], by: Sequence[str]) -> Draft:
    counted: dict[tuple[str, ...], int] = defaultdict(int)
    shared: dict[tuple[str, ...], int] = defaultdict(int)
    for person, name in zip(people, names, strict=True):
        key = tuple(person[SMALL.index(column)] for column in by)
        counted[key] += 1
        shared[(*key, name)] += 1
    query = TableQuery(tuple(by), "v", min_cell=MINIMUM, household="household")
    rows = [(*key, number) for key, number in sorted(counted.items())]
    return make_draft(query, rows, "v", [(*key, number) for key, number in sorted(shared.items())])


def test_a_household_learns_nothing_of_others() -> None:
    """Who is of the largest household in a count knows those people."""
    people, names = households(3)
    tables = two_way(SMALL)[2:]
    out = protect_set([with_households(people, names, by) for by in tables], [], coarser=True)
    assert sum(int(r.dominated.sum()) for r in out) > 1
    assert not exposed_counts(list(map(stored, out)))
    plain = protect_set([guarded(people, by) for by in tables], [], coarser=False)
    known = [replace(one, largest=two.largest) for one, two in zip(plain, out, strict=True)]
    assert exposed_counts(known), "the control: without the guard a household learns of others"


# Sums: who has every table published of them, and no code of the product.

Cell = Mapping[str, Any]


def days_file(path: Path, seed: int) -> tuple[Path, list[tuple[Row, int]]]:
    draw = random.Random(seed)
    people = made_up_people(draw.randint(60, 140), seed, SMALL)
    days = [round(draw.paretovariate(0.8) * 10) for _ in people]
    lines = [
        ",".join((*SMALL, "days")),
        *(f"{','.join(p)},{d}" for p, d in zip(people, days, strict=True)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path, list(zip(people, days, strict=True))


def publish(path: Path, tables: Sequence[Sequence[str]], earlier: Sequence[Released]) -> Any:
    with open_source(path) as source:
        queries = {
            "-".join(by): TableQuery(
                tuple(by), source.digest, amount="days", p_percent=10, dominance=(2, 85)
            )
            for by in tables
        }
        return make_publication(source, queries, earlier, version="v", coarser=True)


class SumAttacker:
    """Unknown is what each combination has in all, nothing below zero; whatever two tables say of
    the same people is the same."""

    def __init__(self, tables: Sequence[Cell]) -> None:
        self.leaves = [leaf_values(table) for table in tables]
        values: dict[str, set[str | None]] = defaultdict(set)
        for leaves in self.leaves:
            for name, found in leaves.items():
                values[name] |= {each for each in found if each is not None}
        self.names = sorted(values)
        self.people = list(product(*(sorted(map(str, values[name])) for name in self.names)))
        rows: list[np.ndarray] = []
        said: list[float] = []
        for number, table in enumerate(tables):
            for cell in table["amounts"]["cells"]:
                rows.append(self.line(number, cell["values"]))
                said.append(cell["sum"])
            for cell in (*table["cells"], *table["margins"]):
                if cell["count"] == 0:
                    rows.append(self.line(number, cell))
                    said.append(0.0)
        self.rows, self.said = np.array(rows), np.array(said)

    def line(self, table: int, cell: Cell) -> np.ndarray:
        inside = [
            all(
                person[self.names.index(name)] in self.leaves[table][name][value]
                for name, value in cell.items()
                if name in self.names
            )
            for person in self.people
        ]
        return np.array(inside, dtype=float)

    def interval(self, line: np.ndarray) -> tuple[float, float]:
        ends = []
        for sign in (1, -1):
            found = linprog(sign * line, A_eq=self.rows, b_eq=self.said, bounds=(0, None))
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        return ends[0], ends[1]


def contributions(people: Sequence[tuple[Row, int]], cell: Cell, leaves: Any) -> list[int]:
    return sorted(
        (
            amount
            for person, amount in people
            if all(
                person[SMALL.index(name)] in leaves[name][value]
                for name, value in cell.items()
                if name in SMALL
            )
        ),
        reverse=True,
    )


def told(tables: Sequence[Cell], people: Sequence[tuple[Row, int]]) -> list[str]:
    """Sums of which somebody's share can be worked out within ten percent."""
    attacker = SumAttacker(tables)
    found: list[str] = []
    for number, table in enumerate(tables):
        for cell in (*table["cells"], *table["margins"]):
            parts = contributions(people, cell, attacker.leaves[number])
            if not parts:
                continue
            rest = sum(parts[2:])
            wanted = 0.1 * parts[0] - rest
            two = 100 / 85 * sum(parts[:2]) - sum(parts)
            if len(parts) < MINIMUM:
                wanted = max(wanted, 0.1 * parts[0])
            wanted = max(wanted, two)
            if wanted <= 0:
                continue
            low, high = attacker.interval(attacker.line(number, cell))
            if high < sum(parts) + wanted - 0.02 or low > max(sum(parts) - wanted, 0) + 0.02:
                found.append(f"{cell}: {low} to {high} is {sum(parts)}")
    return found


def shown(made: Any) -> list[Cell]:
    return [table.with_one_mark().as_json() for table in made.tables.values()]


def test_no_share_of_a_sum_can_be_worked_out(tmp_path: Path) -> None:
    without = shown_sums = 0
    for seed in (1, 2):
        path, people = days_file(tmp_path / f"{seed}.csv", seed)
        together = publish(path, two_way(SMALL), [])
        assert not told(shown(together), people)
        shown_sums += sum(len(t["amounts"]["cells"]) for t in shown(together))
        without += bool(told([every_sum(table, people) for table in shown(together)], people))
    assert shown_sums > 20
    assert without, "the control: sums beside all counts that are shown tell of somebody"


def every_sum(table: Cell, people: Sequence[tuple[Row, int]]) -> Cell:
    """The table with the sum of each count that is shown."""
    leaves = leaf_values(table)
    cells = [
        {"values": cell, "sum": sum(contributions(people, cell, leaves))}
        for cell in (*table["cells"], *table["margins"])
        if cell["count"]
    ]
    return {**table, "amounts": {"cells": cells}}


@pytest.mark.slow
@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_sums_one_after_another(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    path, people = days_file(tmp_path_factory.mktemp("sums") / "days.csv", seed)
    draw = random.Random(seed)
    out: list[Released] = []
    tables: list[Cell] = []
    choices = [*two_way(SMALL), *((name,) for name in SMALL)]
    for by in draw.sample(choices, draw.randint(2, 5)):
        try:
            made = publish(path, [by], list(map(stored, out)))
        except InputError:
            continue
        out += made.releases
        tables += shown(made)
    assert not told(tables, people)


def test_sums_of_other_records_of_the_same_people_are_refused(tmp_path: Path) -> None:
    """The difference would be what the newcomers have."""
    path, _people = days_file(tmp_path / "days.csv", 1)
    made = publish(path, [("sex",)], [])
    other = [Released(r.table, "w", r.true, r.largest, r.amounts) for r in made.releases]
    with pytest.raises(InputError) as caught:
        publish(path, [("age",)], other)
    assert caught.value.problems[0].message.key == "sums-of-others"


@pytest.mark.parametrize("wrong", ["", "many", "-3", "1.234"])
def test_what_is_no_amount_is_refused(tmp_path: Path, wrong: str) -> None:
    path, _people = days_file(tmp_path / "days.csv", 1)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[5] = lines[5].rsplit(",", 1)[0] + f",{wrong}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        publish(path, [("sex",)], [])
    assert caught.value.problems[0].message.key == "amount-wrong"


# Sums and counts: who also knows the smallest and the largest amount that anybody has.


class JointAttacker(SumAttacker):
    """Unknown are people and what they have: so many have between so many times the bounds."""

    def __init__(self, tables: Sequence[Cell], bounds: tuple[int, int]) -> None:
        super().__init__(tables)
        n = len(self.people)
        money = [np.concatenate([np.zeros(n), row]) for row in self.rows]
        counts: list[np.ndarray] = []
        said: list[float] = []
        for number, table in enumerate(tables):
            for cell in (*table["cells"], *table["margins"]):
                if cell["count"] is not None:
                    counts.append(np.concatenate([self.line(number, cell), np.zeros(n)]))
                    said.append(cell["count"])
        self.joint, self.told = np.array([*money, *counts]), np.array([*self.said, *said])
        low, high = (np.zeros((n, 2 * n)) for _ in bounds)
        for place in range(n):
            low[place, place], low[place, n + place] = bounds[0], -1
            high[place, place], high[place, n + place] = -bounds[1], 1
        self.within = np.concatenate([low, high])

    def could_be(self, table: int, cell: Cell, number: int) -> bool:
        line = np.concatenate([self.line(table, cell), np.zeros(len(self.people))])
        found = milp(
            np.zeros(2 * len(self.people)),
            constraints=[
                LinearConstraint(self.joint, self.told - 1e-6, self.told + 1e-6),
                LinearConstraint(self.within, -np.inf, 1e-6),
                LinearConstraint(line, number, number),
            ],
            integrality=np.repeat([1, 0], len(self.people)),
        )
        return found.x is not None


def told_of_counts(tables: Sequence[Cell], people: Sequence[tuple[Row, int]]) -> list[str]:
    """Small counts that are not any of 1 to k - 1."""
    amounts = [amount for _person, amount in people]
    attacker = JointAttacker(tables, (min(amounts), max(amounts)))
    return [
        f"{cell} is not {number}"
        for place, table in enumerate(tables)
        for cell in (*table["cells"], *table["margins"])
        if 0 < len(contributions(people, cell, attacker.leaves[place])) < MINIMUM
        for number in range(1, MINIMUM)
        if not attacker.could_be(place, cell, number)
    ]


def months_file(path: Path, seed: int) -> tuple[Path, list[tuple[Row, int]]]:
    """Amounts between narrow bounds: months of a year."""
    draw = random.Random(seed)
    people = made_up_people(draw.randint(60, 140), seed, SMALL)
    days = [draw.randint(9, 12) for _ in people]
    lines = [",".join((*SMALL, "days"))]
    lines += [f"{','.join(p)},{d}" for p, d in zip(people, days, strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path, list(zip(people, days, strict=True))


def test_sums_do_not_tell_how_many_people_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of nine to twelve months each: 30 are of three people. Such sums are refused."""
    refused = stood = 0
    for seed in (0, 1):
        path, people = months_file(tmp_path / f"{seed}.csv", seed)
        with monkeypatch.context() as patch:
            patch.setattr(sums, "_check_counts", lambda *_: None)
            unchecked = publish(path, two_way(SMALL), [])
        if told_of_counts(shown(unchecked), people):
            with pytest.raises(InputError) as caught:
                publish(path, two_way(SMALL), [])
            assert caught.value.problems[0].message.key == "sums-tell-counts"
            refused += 1
        else:
            assert shown(publish(path, two_way(SMALL), [])) == shown(unchecked)
            stood += 1
    assert refused
    assert stood

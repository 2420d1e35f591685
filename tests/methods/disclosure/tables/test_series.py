"""Dated tables against an attacker that tries every table there could be."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from marfa.methods.disclosure.tables.dimension import build_dimension
from marfa.methods.disclosure.tables.series import (
    CellRequest,
    Dated,
    Shown,
    show_dated,
    small_steps,
)

SITES, SEXES = ("gate", "harbour"), ("female", "male")
SITE, SEX = build_dimension("site", SITES), build_dimension("sex", SEXES)
MINIMUM = 4
MOST = 26
Guesses = NDArray[np.int64]
Counts = Mapping[tuple[str, str], int]
CELLS = tuple(product((*SITES, ""), (*SEXES, "")))


def value(counts: Counts, cell: tuple[str, str]) -> int:
    """A cell or a margin, added up here and nowhere else."""
    return sum(
        number
        for (site, sex), number in counts.items()
        if cell[0] in ("", site) and cell[1] in ("", sex)
    )


def table(counts: Counts, last: Shown) -> Dated:
    leaves: dict[tuple[int, ...], int] = {
        (SITE.node_of[site], SEX.node_of[sex]): n for (site, sex), n in counts.items()
    }
    bare = Dated((SITE, SEX), leaves, {})
    wanted = {}
    for site, sex in CELLS:
        values = {name: at for name, at in (("site", site), ("sex", sex)) if at}
        name = f"{site}/{sex}"
        wanted[name] = CellRequest(bare.cell(**values), last.get(name))
    return Dated((SITE, SEX), leaves, wanted)


GUESSES = np.indices((MOST,) * 4).reshape(4, -1)
"""Every table of four cells, in the order of ``product(SITES, SEXES)``."""


def sums(cell: tuple[str, str], guesses: Guesses) -> Guesses:
    """The cell or margin in each table."""
    inner = product(SITES, SEXES)
    parts = [
        at for at, own in enumerate(inner) if cell[0] in ("", own[0]) and cell[1] in ("", own[1])
    ]
    found: Guesses = guesses[parts].sum(axis=0)
    return found


def possible(shown: Shown, least: int) -> Guesses:
    """Every table that shows the same. least: what a hidden cell holds at least: 1 for who knows
    that zeros are shown, 0 for who does not."""
    fits = np.ones(GUESSES.shape[1], dtype=bool)
    for cell in CELLS:
        count = shown[f"{cell[0]}/{cell[1]}"]
        number = sums(cell, GUESSES)
        fits &= number >= least if count is None else number == count
    return GUESSES[:, fits]


def narrow(shown: Shown, true: Counts, last: Shown) -> list[str]:
    """Cells of which these attackers know more than they may: of a small count anything from 1 to
    the least that is shown, of one that moved a little anything as near to what it was."""
    knowing, plain = possible(shown, 1), possible(shown, 0)
    found = []
    for cell in CELLS:
        name, number = f"{cell[0]}/{cell[1]}", value(true, cell)
        before = last.get(name)
        ends: list[int] = []
        if 0 < number < MINIMUM:
            ends += [1, MINIMUM - 1]
        if before is not None and 0 < abs(number - before) < MINIMUM:
            ends += [max(1, before - MINIMUM + 1), before + MINIMUM - 1]
        if not ends:
            continue
        one, two = sums(cell, knowing), sums(cell, plain)
        if one.min() == one.max() or one.max() < max(ends) or two.min() > min(ends):
            found.append(name)
    return found


def steps(seed: int) -> Iterator[Counts]:
    """A site as it fills and empties from day to day."""
    chance = random.Random(seed)
    counts = {cell: chance.choice((0, 1, 2, 3, 5, 8, 9)) for cell in product(SITES, SEXES)}
    for _day in range(4):
        yield dict(counts)
        for cell in counts:
            counts[cell] = min(9, max(0, counts[cell] + chance.choice((-2, -1, 0, 0, 0, 1, 2, 5))))


@pytest.mark.parametrize("seed", range(12))
def test_no_day_gives_a_small_number_away(seed: int) -> None:
    last: Shown = {}
    for counts in steps(seed):
        (shown,) = show_dated([table(counts, last)], minimum=MINIMUM, work=20)
        assert small_steps(last, shown, MINIMUM) == []
        for cell in CELLS:
            number = shown[f"{cell[0]}/{cell[1]}"]
            assert number in (None, value(counts, cell))
            assert number is None or number == 0 or number >= MINIMUM
        assert narrow(shown, counts, last) == []
        last |= {name: number for name, number in shown.items() if number is not None}


def test_what_hides_small_cells_alone_is_caught() -> None:
    """The planted leak: a small cell is hidden, and everything from which it follows is shown."""
    counts = {
        ("gate", "female"): 2,
        ("gate", "male"): 8,
        ("harbour", "female"): 9,
        ("harbour", "male"): 9,
    }
    naive: Shown = {
        f"{cell[0]}/{cell[1]}": None if value(counts, cell) < MINIMUM else value(counts, cell)
        for cell in CELLS
    }
    assert narrow(naive, counts, {}) == ["gate/female"]
    (shown,) = show_dated([table(counts, {})], minimum=MINIMUM)
    assert narrow(shown, counts, {}) == []
    assert shown["/"] is not None


def test_one_newcomer_does_not_show_from_one_day_to_the_next() -> None:
    before = dict.fromkeys(product(SITES, SEXES), 9)
    (first,) = show_dated([table(before, {})], minimum=MINIMUM)
    assert None not in first.values()
    after = {**before, ("gate", "female"): 10}
    naive: Shown = {f"{cell[0]}/{cell[1]}": value(after, cell) for cell in CELLS}
    assert len(small_steps(first, naive, MINIMUM)) == 4
    (second,) = show_dated([table(after, first)], minimum=MINIMUM)
    hidden = {name for name, number in second.items() if number is None}
    assert {"gate/female", "gate/", "/female", "/"} <= hidden
    assert narrow(second, after, first) == []


def test_the_rest_of_a_shown_total_is_guarded_though_it_is_never_shown() -> None:
    """Of 12 at a site 10 wait: that two do not is a small number too."""
    waits = build_dimension("waits", ("no", "yes"))

    def made(yes: int, no: int) -> tuple[Dated, Dated]:
        people: dict[tuple[int, ...], int] = {
            (SITE.node_of["gate"], SEX.node_of["female"]): yes + no
        }
        people[SITE.node_of["harbour"], SEX.node_of["male"]] = 30
        bare = Dated((SITE, SEX), people, {})
        first = Dated((SITE, SEX), people, {"gate": CellRequest(bare.cell(site="gate"))})
        leaves: dict[tuple[int, ...], int] = {
            (SITE.node_of["gate"], waits.node_of["yes"]): yes,
            (SITE.node_of["gate"], waits.node_of["no"]): no,
            (SITE.node_of["harbour"], waits.node_of["yes"]): 15,
            (SITE.node_of["harbour"], waits.node_of["no"]): 15,
        }
        plain = Dated((SITE, waits), leaves, {})
        margins = frozenset({plain.cell(), plain.cell(site="gate"), plain.cell(site="harbour")})
        names = {"gate": plain.cell(site="gate", waits="yes")}
        wanted = {name: CellRequest(nodes) for name, nodes in names.items()}
        return first, Dated((SITE, waits), leaves, wanted, margins)

    people, waiting = show_dated(made(10, 2), minimum=MINIMUM)
    assert people["gate"] == 12
    assert waiting["gate"] is None
    people, waiting = show_dated(made(7, 5), minimum=MINIMUM)
    assert (people["gate"], waiting["gate"]) == (12, 7)


def test_where_nobody_is_everything_is_zero() -> None:
    (shown,) = show_dated([table({}, {})], minimum=MINIMUM)
    assert set(shown.values()) == {0}

"""Tables of parts of the people, and of joined values: what is left when they are subtracted."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods.disclosure.releases import Draft, Released, compare, protect_set
from tests.methods.disclosure.releases.attacker import REST, Attacker
from tests.methods.disclosure.releases.people import (
    COLUMNS,
    MINIMUM,
    Row,
    draft_of,
    exposed_counts,
    published,
)
from tests.methods.disclosure.releases.test_attacks import named

SMALL = ("sex", "age", "form")


def part_of(
    people: Sequence[Row], by: Sequence[str], version: str, where: Mapping[str, str]
) -> Draft:
    """A table of those who have these values."""
    inside = [
        person
        for person in people
        if all(person[SMALL.index(name)] == value for name, value in where.items())
    ]
    return draft_of(inside, by, version, SMALL, where=tuple(where.items()))


def told_of_the_rest(releases: Sequence[Released], files: Sequence[Sequence[Row]]) -> list[str]:
    """Small numbers of people, with any values of the columns of a table, of whom an attacker with
    all tables knows that they are there and few, where he should find that they may be any few."""
    versions = list(dict.fromkeys(release.version for release in releases))
    numbers = [versions.index(release.version) for release in releases]
    tables = [published(release).as_json() for release in releases]
    attacker = Attacker(tables, numbers, aware=False)
    found: list[str] = []
    for names in {tuple(sorted(release.columns)) for release in releases}:
        values = {
            name: sorted(
                {person[attacker.names.index(name)] for person in attacker.people}, key=str
            )
            for name in names
        }
        for place in product(*(values[name] for name in names)):
            wanted = dict(zip(names, place, strict=True))
            for number, people in enumerate(files):
                true = sum(all(_is(p, n, v, values[n]) for n, v in wanted.items()) for p in people)
                if not 0 < true < MINIMUM:
                    continue
                row = attacker.row_of({n: [v] for n, v in wanted.items()}, number)
                low, high = attacker.ends(row)
                few = 1 <= low <= high < MINIMUM
                if few and not all(attacker.could_be(row, v) for v in range(1, MINIMUM)):
                    found.append(f"{wanted} in {number} are {true}")
    return found


def _is(person: Row, name: str, value: str | None, named: Sequence[str | None]) -> bool:
    mine = person[SMALL.index(name)]
    return mine == value or (value == REST and mine not in named)


def nearly_all_women(seed: int, number: int = 90) -> list[Row]:
    draw = random.Random(seed)
    return [
        (draw.choices(("F", "M"), (9, 1))[0], draw.choice(COLUMNS["age"]), draw.choice(("x", "y")))
        for _ in range(number)
    ]


def test_nobody_is_left_when_a_part_is_subtracted() -> None:
    """All by age, and women by age: the difference is the few men, though no table counts them."""
    for seed in range(3):
        people = nearly_all_women(seed)
        drafts = [part_of(people, ("age",), "v", where) for where in ({}, {"sex": "F"})]
        alone = [protect_set([draft], [], coarser=False)[0] for draft in drafts]
        assert told_of_the_rest(alone, [people]), "the control: each is safe alone"
        women, everybody = (published(named(each, "v")) for each in alone)
        assert not compare(women, [everybody]).safe, "and the audit sees it"
        out: list[Released] = []
        for draft in drafts:
            out += protect_set([draft], out, coarser=True)
        assert len(out) == 2
        assert not told_of_the_rest(out, [people])
        women, everybody = (published(named(each, "v")) for each in out)
        assert compare(women, [everybody]).safe


@given(st.integers(0, 10_000))
@settings(max_examples=2, deadline=None)
def test_parts_of_random_files_tell_of_nobody(seed: int) -> None:
    parts_tell_of_nobody(seed, 4)


@pytest.mark.slow
@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_eight_parts_of_random_files_tell_of_nobody(seed: int) -> None:
    parts_tell_of_nobody(seed, 8)


def parts_tell_of_nobody(seed: int, length: int) -> None:
    """Parts by one or two columns, from files that stay, grow and shrink."""
    draw = random.Random(seed)
    people = nearly_all_women(seed, draw.randint(40, 110))
    out: list[Released] = []
    files: list[list[Row]] = []
    version = 0
    for step in range(length):
        if step and draw.random() < 0.3:
            version += 1
            people = people[draw.choice((0, 0, 1, 6)) :]
            people = people + nearly_all_women(seed + step, draw.choice((0, 1, 5, 9)))
        where = {
            name: draw.choice([person[SMALL.index(name)] for person in people])
            for name in draw.sample(SMALL, draw.choice((0, 1, 1, 2)))
        }
        left = [name for name in SMALL if name not in where]
        draft = part_of(people, draw.sample(left, draw.choice((1, len(left)))), f"{version}", where)
        try:
            out += protect_set([draft], out, coarser=True)
        except InputError:
            continue
        if len(dict.fromkeys(release.version for release in out)) > len(files):
            files.append(people)
    assert out
    assert not exposed_counts(out)
    assert not told_of_the_rest(out, files)

"""The attacks that worked on single tables, against tables that know of one another."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods.disclosure.releases import Released, compare, protect_dated, protect_set
from tests.methods.disclosure.releases.people import (
    draft_of,
    exposed_counts,
    made_up_people,
    published,
    small_steps,
    two_way,
)

SMALL = ("sex", "age", "form")


def alone(people: list[tuple[str, ...]], number: int = 3) -> list[Released]:
    """Tables of the same people, each protected as if it were the only one."""
    return [
        protect_set([draft_of(people, by, "v")], [], coarser=False)[0] for by in two_way()[:number]
    ]


def named(release: Released, source: str) -> Released:
    """With a population, and as if counted from some file."""
    query = {**release.query, "population": "people", "source": source}
    return replace(
        release, table=replace(release.table, about={**release.table.about, "query": query})
    )


def test_a_set_exposes_nobody_where_its_tables_alone_do() -> None:
    people = made_up_people(94, 1)
    apart = alone(people, 5)
    assert exposed_counts(apart), "the attacker sees what the protection is for"
    together = protect_set([draft_of(people, by, "v") for by in two_way()[:5]], [], coarser=True)
    assert len(together) == 5
    assert not exposed_counts(together)


@pytest.mark.parametrize("source", ["v", "another file with the same people"])
def test_the_audit_finds_what_several_tables_give_away(source: str) -> None:
    """Of one file, or of one whose rows stand in another order; in what readers have, and in the
    working copies, which say which cells are small."""
    seen = {False: 0, True: 0}
    for seed in (1, 2, 3):
        people = made_up_people(94, seed)
        tables = [named(each, "v") for each in alone(people, 5)[:-1]]
        tables.append(named(alone(people, 5)[-1], source))
        for working in seen:
            last, *earlier = (each.table if working else published(each) for each in tables[::-1])
            found = [problem.key for problem in compare(last, earlier).problems]
            seen[working] += found == ["together-narrow"]
        together = protect_set(
            [draft_of(people, by, "v") for by in two_way()[:5]], [], coarser=True
        )
        outs = [named(each, "v" if n else source).table for n, each in enumerate(together)]
        assert compare(outs[0], outs[1:]).safe, "the control: protected tables pass"
    assert seen == {False: 2, True: 3}, "who knows which counts are small sees more"


def grown(
    seed: int, more: int, fewer: int = 0
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    before = made_up_people(100, seed, SMALL)
    rest = list(before)
    for _ in range(fewer):
        rest.pop(random.Random(seed).randrange(len(rest)))
    return before, rest + made_up_people(more, seed + 1, SMALL)


@pytest.mark.parametrize(
    ("more", "fewer"), [(0, 0), (1, 0), (5, 0), (20, 0), (0, 1), (0, 7), (6, 3)]
)
def test_files_that_grew_or_shrank_are_attacked_together(more: int, fewer: int) -> None:
    before, after = grown(11, more, fewer)
    out = protect_set([draft_of(before, ("sex", "form"), "a", SMALL)], [], coarser=False)
    try:
        out += protect_set([draft_of(after, ("age", "form"), "b", SMALL)], out, coarser=True)
        out += protect_set([draft_of(after, ("sex", "form"), "b", SMALL)], out, coarser=True)
    except InputError:
        pass
    assert not exposed_counts(out)
    assert not small_steps(out)


def test_without_the_protection_newcomers_are_read_by_subtraction() -> None:
    """The control: both tables are safe alone, and the audit says that together they are not."""
    before, after = grown(11, 3)
    tables = [
        protect_set([draft_of(people, ("sex", "form"), version, SMALL)], [], coarser=False)[0]
        for people, version in ((before, "a"), (after, "b"))
    ]
    assert small_steps(tables)
    one, two = (published(named(each, each.version)) for each in tables)
    assert "few-came" in [problem.key for problem in compare(two, [one]).problems]


def months(seed: int, number: int, gone: int = 0) -> list[Released]:
    people = made_up_people(90, seed, SMALL)
    out: list[Released] = []
    for month in range(number):
        draft = draft_of(
            people, ("sex", "form"), f"{month}", SMALL, series=True, period=f"2025-{month + 1:02}"
        )
        out.append(protect_dated(draft, out, coarser=True))
        people = people[gone:] + made_up_people(4 + month, seed * 100 + month, SMALL)
    return out


@pytest.mark.parametrize(("seed", "gone"), [(1, 0), (3, 1)])
def test_dated_tables_show_neither_newcomers_nor_erasures(seed: int, gone: int) -> None:
    tables = months(seed, 5, gone)
    assert len(tables) == 5, "a table every month"
    assert not small_steps(tables)
    assert not exposed_counts(tables)
    late = [table.table.about["delayed"] for table in tables[1:]]
    assert all(late), "each says what it delays"


def test_a_delayed_figure_counts_the_same_people_in_cells_and_margins() -> None:
    for table in months(4, 5):
        assert table.true is not None
        inner = table.table.innermost
        total = (table.table.nodes == 0).all(axis=1)
        assert int(table.true[inner].sum()) == int(table.true[total][0])


@given(st.integers(0, 10_000))
@settings(max_examples=2, deadline=None)
def test_random_sequences_expose_nobody(seed: int) -> None:
    sequence_exposes_nobody(seed, 4)


@pytest.mark.slow
@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_long_random_sequences_expose_nobody(seed: int) -> None:
    sequence_exposes_nobody(seed, 8)


def sequence_exposes_nobody(seed: int, length: int) -> None:
    """Tables by any columns, from files that stay, grow and shrink, some in a set, some as dated
    tables, some with whole groups and zeros guarded."""
    draw = random.Random(seed)
    people = made_up_people(draw.randint(40, 120), seed, SMALL)
    out: list[Released] = []
    version = 0
    # A zero that one table shows is known, whatever the next one is asked to hide.
    zeros = draw.random() < 0.25
    for step in range(length):
        if step and draw.random() < 0.6:
            version += 1
            for _ in range(draw.choice((0, 0, 1, 6))):
                people.pop(draw.randrange(len(people)))
            people = people + made_up_people(draw.choice((0, 1, 5, 13)), seed + step, SMALL)
        by = draw.choice(two_way(SMALL) + [(name,) for name in SMALL])
        series = draw.random() < 0.3
        guard = {"sensitive": ("form",)} if "form" in by and draw.random() < 0.4 else {}
        draft = draft_of(
            people, by, f"{version}", SMALL, series=series, period=f"{step}", zeros=zeros, **guard
        )
        try:
            if series:
                out.append(protect_dated(draft, out, coarser=True))
            else:
                more = [pair for pair in two_way(SMALL) if draw.random() < 0.25 and pair != by]
                together = [
                    draft_of(people, pair, f"{version}", SMALL, zeros=zeros) for pair in more
                ]
                out += protect_set([draft, *together], out, coarser=True)
        except InputError:
            continue
    assert out
    assert not exposed_counts(out)
    assert not small_steps(out)


def test_the_same_tables_every_time() -> None:
    people = made_up_people(120, 9)
    drafts = [draft_of(people, by, "v") for by in two_way()[:5]]
    again = [draft_of(people[::-1], by, "v") for by in two_way()[:5]]
    one, two = (protect_set(each, [], coarser=True) for each in (drafts, again))
    assert [t.table.as_json() for t in one] == [t.table.as_json() for t in two]


def test_what_cannot_stand_is_written_coarser_or_refused() -> None:
    """Zeros of a finer table would give away what an earlier one withholds."""
    refused = joined = 0
    for seed in (4, 8, 9):
        people = made_up_people(60, seed)
        out: list[Released] = []
        for by in two_way()[:5]:
            draft = draft_of(people, by, "v")
            try:
                out += protect_set([draft], out, coarser=False)
            except InputError:
                refused += 1
                out += protect_set([draft], out, coarser=True)
                joined += bool(out[-1].table.about.get("coarser"))
                merged = [d.of for d in out[-1].table.dimensions if d.of]
                assert merged, "a joined value says what it stands for"
                break
    assert refused
    assert joined == refused

"""What an index takes a name to score at most is never less than what the two score."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.names import Comparer, NameIndex
from marfa.methods.names.asked import Asked
from marfa.methods.names.index import SLACK, SOUGHT
from marfa.methods.names.tokens import parse
from tests.methods.names.strategies import person, related, spelling

COMPARER = Comparer()
FLOORS = (0.0, SOUGHT, 0.67, 0.85)


def lists_about(chance: Random) -> tuple[list[str], list[str]]:
    """Four queries, and ten names: spellings of them, kin of them, strangers."""
    queries = [person(chance) for _ in range(4)]
    listed = [spelling(chance, query) for query in queries]
    listed += [related(chance, query) for query in queries]
    listed += [person(chance), person(chance)]
    return queries, list(dict.fromkeys(listed))


def bounds_of(index: NameIndex, query: str, as_query: bool, floor: float) -> dict[int, float]:
    """By the number of a name the most that it could score, as a search takes it."""
    found: dict[int, float] = {}
    for slots, bounds in index.bounded(Asked.of(query, as_query=as_query), floor=floor):
        for slot, bound in zip(slots.tolist(), bounds.tolist(), strict=True):
            found[slot] = max(bound, found.get(slot, 0.0))
    return found


def too_low(chance: Random) -> list[tuple[float, float | None, float, bool, str, str]]:
    """Pairs whose bound is less than their score, with both."""
    queries, listed = lists_about(chance)
    index = NameIndex()
    for name in listed:
        index.add(name, name)
    found: list[tuple[float, float | None, float, bool, str, str]] = []
    for query in queries:
        as_query = chance.random() < 0.5
        # What a search ranks by, which is no less than the score.
        asked = parse(query)
        matches = [COMPARER.match(asked, parse(name), query=as_query) for name in listed]
        scores = [match.standing if match else 0.0 for match in matches]
        for floor in FLOORS:
            bounds = bounds_of(index, query, as_query, floor - SLACK if floor else 0.0)
            for slot, (name, score) in enumerate(zip(listed, scores, strict=True)):
                bound = bounds.get(slot)
                if score < max(floor, SOUGHT):
                    continue
                if bound is None or bound + SLACK < score - 1e-9:
                    found.append((score, bound, floor, as_query, query, name))
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_no_bound_is_less_than_the_score(seed: int) -> None:
    assert too_low(Random(seed)) == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        # Sheikh is a family's name behind a name, and a title in front of one.
        ("عمر Sheikh", "عمر Sheikh 7. 7 Dr"),
        # Of two spellings of a name the one that is nearer may be the second.
        ("Mohamed Sheikh Muhammad", "Sheikh Muhammad"),
    ],
)
def test_what_was_missed_once_is_in_the_bound(query: str, name: str) -> None:
    index = NameIndex()
    index.add("one", name)
    score = COMPARER.compare(query, name).score
    assert bounds_of(index, query, False, 0.0)[0] + SLACK >= score > SOUGHT


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_no_bound_is_less_than_the_score_of_many_pairs(seed: int) -> None:
    chance = Random(seed)
    assert [each for _ in range(500) for each in too_low(chance)] == []

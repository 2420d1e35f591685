"""A search gives what comparing every name gives: the same scores, and nobody likely is lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.names import Comparer, Frequencies, Hit, NameIndex, compare, pairs
from marfa.methods.names.tokens import parse
from tests.methods.names.strategies import anything, names, person, spelling

COMPARER = Comparer()
GIVEN = [
    "Mohamed",
    "Ahmed",
    "Abd-al-Rahman",
    "Hassan",
    "Khalid",
    "Salim",
    "Tesfay",
    "Ivan",
    "Amina",
    "محمد",
    "أحمد",
    "سالم",
]
FAMILY = [
    "Kashlaf",
    "Milad",
    "Haddad",
    "al-Masri",
    "Kidane",
    "Petrov",
    "Diallo",
    "كشلاف",
    "الميلاد",
    "حداد",
]
people = st.builds(
    lambda given_names, family: " ".join([*given_names, family]),
    st.lists(st.sampled_from(GIVEN), min_size=1, max_size=3),
    st.sampled_from(FAMILY),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(people | names, min_size=1, max_size=40), people | names, st.booleans())
def test_search_is_a_scan(listed: list[str], query: str, as_query: bool) -> None:
    index = NameIndex()
    for number, name in enumerate(listed):
        index.add(str(number), name)
    hits = index.search(query, len(listed), as_query=as_query)
    found = {hit.key: hit for hit in hits}
    for number, name in enumerate(listed):
        each = COMPARER.compare(query, name, query=as_query)
        standing = standing_of(query, name, as_query)
        assert each.score <= standing <= 1.0
        if str(number) in found:
            assert found[str(number)].score == each.score
            assert found[str(number)].standing == standing
        else:
            assert not each.match, (query, name, each.score)
            assert standing < 0.67, (query, name, standing)
    assert in_turn(hits)


def in_turn(hits: list[Hit]) -> bool:
    """Whether each is the best of those that are left: by standing, or by score."""
    return all(
        hit.standing == max(each.standing for each in hits[place:])
        or hit.score == max(each.score for each in hits[place:])
        for place, hit in enumerate(hits)
    )


def standing_of(query: str, name: str, as_query: bool) -> float:
    match = COMPARER.match(parse(query), parse(name), query=as_query)
    return match.standing if match else 0.0


def listed_about(chance: random.Random, count: int) -> tuple[list[str], list[str]]:
    """Queries, and a list of other people and of three spellings of each query."""
    queries = [person(chance) for _ in range(count)]
    spelt = [spelling(chance, query) for query in queries for _ in range(3)]
    listed = [*(person(chance) for _ in range(count)), *spelt]
    return queries, list(dict.fromkeys(listed))


def missed(seed: int, count: int = 8) -> list[tuple[float, str, str]]:
    """What a scan calls likely and a search for a few does not put before what it found."""
    queries, listed = listed_about(random.Random(seed), count)
    index = NameIndex()
    for name in listed:
        index.add(name, name)
    found: list[tuple[float, str, str]] = []
    for query in queries:
        hits = {hit.key: hit.score for hit in index.search(query, 5)}
        worst = min(hits.values()) if len(hits) == 5 else 0.0
        for name in listed:
            each = COMPARER.compare(query, name)
            if name in hits:
                assert hits[name] == each.score
            elif each.match and each.score > worst + 1e-9:
                found.append((each.score, query, name))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_nobody_likely_is_lost_however_the_name_is_spelt(seed: int) -> None:
    """Parts joined, split, dropped, turned round, cut to a letter; names in several scripts."""
    assert missed(seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 250))
def test_nobody_likely_is_lost_among_many_spellings(seed: int) -> None:
    assert missed(seed) == []


def _keyed(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


@pytest.mark.parametrize("seed", range(6))
def test_two_lists_are_compared_as_pairs_are(seed: int) -> None:
    left, right = listed_about(random.Random(1000 + seed), 5)
    for floor in (0.4, 0.67, 0.9):
        found = {(p.left, p.right): p.score for p in pairs(_keyed(left), _keyed(right), floor)}
        for one in left:
            for other in right:
                each = COMPARER.compare(one, other)
                wanted = each.score if each.compared and each.score >= floor else None
                assert found.get((one, other)) == wanted, (one, other, each.score)


def test_what_a_comparer_learnt_changes_nothing() -> None:
    """A name that is one compound is also read as two words, of which the first is no name."""
    comparer = Comparer()
    texts = [
        "Abdul Basir",
        "Nazir Mohammad Abdul Basir",
        "Abd El Illah",
        "Aboud Rogo Mohamed",
        "Abd",
    ]
    for one in texts:
        for other in texts:
            assert comparer.compare(one, other).score == compare(one, other).score


def test_the_one_with_the_rare_part_is_found_among_many_with_the_common_ones() -> None:
    index = NameIndex()
    index.add("milad", "Abd al-Rahman Salim Ibrahim al-Milad")
    index.add("alias", "Abdul Rahman")
    for number in range(300):
        index.add(str(number), f"Abdul Rahman Salim Ibrahim {'bcdfgklmnr'[number % 10]}urq{number}")
    best = index.search("عبد الرحمن الميلاد", 10)[0]
    assert best.key == "milad"
    assert best.comparison.match


@settings(max_examples=60, deadline=None)
@given(st.lists(people, min_size=12, max_size=40), people)
def test_pages_follow_one_another(listed: list[str], query: str) -> None:
    index = NameIndex()
    for number, name in enumerate(listed):
        index.add(str(number), name)
    whole = [hit.key for hit in index.search(query, 12)]
    pages = [hit.key for start in (0, 4, 8) for hit in index.search(query, 4, offset=start)]
    assert pages == whole


def test_what_is_written_alike_comes_first() -> None:
    index = NameIndex()
    for number, name in enumerate(["Hassan Ali", "Hasan Aly", "ALI HASSAN", "Aly Hassane"]):
        index.add(str(number), name)
    index.add("exact", "Ali Hassan")
    assert [hit.name for hit in index.search("Ali Hassan", 2)] == ["Ali Hassan", "ALI HASSAN"]


def test_a_rotation_costs_something() -> None:
    rotated = compare("Ahmed Ali Mohamed", "Mohamed Ahmed Ali")
    assert rotated.score < compare("Mohamed Ahmed Ali", "Mohamed Ahmed Ali").score
    assert "remark-rotated" in {remark.key for remark in rotated.remarks}


def test_a_compound_is_one_part_and_one_part_never_decides() -> None:
    for one in ("Abdul Rahman", "عبد الرحمن", "Saif al-Din", "Abdullah", "Mohamed"):
        assert not compare("Abdul Rahman Saif al-Din Milad Mohamed Abdullah", one).match
    assert not compare("Abu Musab", "Musab Abu Qarin").match
    # Read as two words it may meet one short form: that is still one part.
    assert not compare("Abd Allah", "Aboud Yasin").match


def test_a_query_is_not_a_record() -> None:
    longer, shorter = "Ahmad Umar Darwish Qabbani", "Ahmad Umar Darwish"
    lacking = compare(longer, shorter, query=True).score
    beyond = compare(shorter, longer, query=True).score
    assert lacking < compare(longer, shorter).score < beyond
    assert compare(longer, shorter).score == compare(shorter, longer).score


def test_the_names_of_one_record_are_combined() -> None:
    index = NameIndex()
    for name in ("Ahmad Oumar al-Fitouri", "Al Dabbashi", "The Uncle"):
        index.add("one", name)
    index.add("other", "Ahmad Ould Amar")
    (best, *_) = index.search("Ahmad Omar Dabbashi", 2, combine=True)
    assert best.key == "one"
    alone = compare("Ahmad Omar Dabbashi", "Ahmad Oumar al-Fitouri", query=True)
    assert best.score > alone.score


def test_rare_parts_say_more_than_common_ones() -> None:
    rare = compare("Sufyan Kashlaf", "Sufyan Kashlaf Berhouma").score
    assert rare > compare("Mohamed Ali", "Mohamed Ali Berhouma").score
    # Two records of one man may well be so; who asks for a Kashlaf does not mean every Mohamed Ali.
    assert not compare("Mohamed Ali Kashlaf", "Mohamed Ali", query=True).match
    assert compare("Sufyan Kashlaf Berhouma", "Sufyan Kashlaf", query=True).match


def test_what_is_common_in_a_register_of_ones_own_counts_less() -> None:
    chance = random.Random(3)
    letters = "bdfgklmnrst"
    register = [f"Zorvan Telquist {''.join(chance.choices(letters, k=7))}" for _ in range(300)]
    own = Frequencies.of(register)
    a, b = "Zorvan Telquist Bador", "Zorvan Telquist"
    assert compare(a, b, frequencies=own).score < compare(a, b).score
    index = NameIndex(own)
    index.add("1", b)
    assert index.search(a, 1)[0].score == compare(a, b, frequencies=own).score
    assert Frequencies.of(register[:20]) is Frequencies.shipped()


@pytest.mark.parametrize("page", [{"k": 0}, {"offset": -1}])
def test_impossible_pages_are_refused(page: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        NameIndex().search("x", **page)  # type: ignore[arg-type]


@settings(deadline=None)
@given(anything)
def test_any_query_is_answered_in_all_ways(query: str) -> None:
    index = NameIndex()
    for number, name in enumerate(GIVEN):
        index.add(str(number), f"{name} {FAMILY[number % len(FAMILY)]}")
    assert index.count_not_compared(query) <= len(index)
    for hit in index.search(query, 3, combine=True):
        assert 0 < hit.score <= 1


def test_what_was_compared_before_changes_no_score() -> None:
    """Abd is the first half of a name, or one of its own: each has its own weight."""
    memory = Comparer()
    memory.compare("A. Abd", "A. Abd")
    for pair in (("ABD", "A BD"), ("Abd", "al Abd"), ("Abd Kashlaf", "al-Abd Kashlaf")):
        assert memory.compare(*pair).score == Comparer().compare(*pair).score

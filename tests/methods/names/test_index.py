"""Finding names among many: the same answers as comparing all, and nothing left behind."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.names import Comparer, NameIndex, compare
from marfa.methods.names.tokens import parse
from tests.methods.names.strategies import anything, names

PEOPLE = {
    "1": "Muhammad Abd al-Rahman al-Tikriti",
    "2": "يوسف خليل حداد",
    "3": "Владимир Умаров",
    "4": "李子豪",
    "5": "Zi Hao Wang",
    "6": "Friedrich Lindenberg",
    "7": "Kim Jong Un",
    "8": "Abdullah",
    "9": "ბარაკ ობამა",
    "10": "Vladimir Putin",
}

MORE = ["Imam", "Imam Ali", "Ali Imam", "Zhu De", "Abd", "bin", "Khan", "Sayyid Khan", "Ali Ltd"]
QUERIES = [
    ("محمد عبدالرحمن التكريتي", "1"),
    ("Yousef Haddad", "2"),
    ("Vladimir Umarov", "3"),
    ("فلاديمير أوماروف", "3"),
    ("Li Zihao", "4"),
    ("Zi-Hao Li", "4"),
    ("王子豪", "5"),
    ("LINDENBURG, Friedrich", "6"),
    ("FriedrichLindenberg", "6"),
    ("김정은", "7"),
    ("عبد الله", "8"),
    ("Barack Obama", "9"),
    ("VladimirPutin", "10"),
]


@pytest.fixture
def index() -> NameIndex:
    found = NameIndex()
    for key, name in PEOPLE.items():
        found.add(key, name)
    return found


@pytest.mark.parametrize(("query", "key"), QUERIES)
def test_finds_across_scripts(index: NameIndex, query: str, key: str) -> None:
    best = index.search(query, 1)[0]
    assert best.key == key
    assert best.comparison.match
    assert best.name == PEOPLE[key]


def test_scores_are_those_of_compare(index: NameIndex) -> None:
    comparer = Comparer()
    for query, _key in QUERIES:
        for hit in index.search(query, 5):
            assert hit.comparison == comparer.compare(query, hit.name)


def words(text: str) -> list[str]:
    return text.split()


def test_finds_what_a_full_scan_finds() -> None:
    """Every name that a full scan accepts is found, over names mixed from common parts."""
    chance = random.Random(7)
    firsts = [
        "Muhammad",
        "Ahmad",
        "Mahmoud",
        "Jamal",
        "Gamal",
        "Yusuf",
        "Maryam",
        "Fatima",
        "Omar",
        "Khalid",
        "Sergei",
        "Aïcha",
    ]
    lasts = [
        "Haddad",
        "al-Masri",
        "Khalil",
        "Ivanov",
        "Qasimi",
        "Gasmi",
        "Rahmani",
        "Benali",
        "Traoré",
        "Nguyen",
        "Schulz",
    ]
    people = [
        f"{chance.choice(firsts)} {chance.choice(firsts)} {chance.choice(lasts)}"
        for _number in range(400)
    ]
    index = NameIndex()
    for number, name in enumerate(people):
        index.add(str(number), name)
    comparer = Comparer()
    for query in people[:25]:
        accepted = {str(n) for n, name in enumerate(people) if comparer.compare(query, name).match}
        found = {hit.key for hit in index.search(query, 100) if hit.comparison.match}
        assert found == accepted


def test_several_names_under_one_key(index: NameIndex) -> None:
    index.add("6", "Fritz der Lindenberger")
    index.add("6", "Friedrich Lindenberg")
    assert len(index) == len(PEOPLE) + 1
    hits = index.search("Friedrich Lindenberg", 10)
    assert [hit.key for hit in hits].count("6") == 1


def test_k_bounds_the_answer(index: NameIndex) -> None:
    assert len(index.search("Vladimir", 1)) == 1
    with pytest.raises(ValueError, match="k is"):
        index.search("Vladimir", 0)


def test_remove_leaves_no_trace(index: NameIndex) -> None:
    index.add("secret", "Zuqrathis Vembolkar")
    index.search("Zuqrathis Vembolkar", 3)
    parts = ("zuqrathis", "vembolkar", "secret")

    def traces() -> set[str]:
        held = {key for keyed in vars(index).values() for key in strings_of(keyed)}
        return {text for text in held if any(part in text.lower() for part in parts)}

    assert traces()
    index.remove("secret")
    assert not traces()
    assert "secret" not in index
    assert all("Vembolkar" not in hit.name for hit in index.search("Zuqrathis Vembolkar", 10))
    with pytest.raises(KeyError):
        index.remove("secret")


def strings_of(root: object) -> set[str]:
    """Strings held in the data of an object of ours, through containers and our own classes."""
    seen: set[int] = set()
    found: set[str] = set()
    stack: list[object] = [root]
    while stack:
        item = stack.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, str):
            found.add(item)
        elif isinstance(item, dict):
            stack += [*item.keys(), *item.values()]
        elif isinstance(item, (list, tuple, set, frozenset)):
            stack += item
        elif type(item).__module__.startswith("marfa."):
            slots = [getattr(item, name) for name in getattr(type(item), "__slots__", ())]
            stack += [*slots, *getattr(item, "__dict__", {}).values()]
    return found


def test_a_place_is_used_again_after_removal(index: NameIndex) -> None:
    index.remove("3")
    index.add("11", "Владимир Умаров")
    assert index.search("Vladimir Umarov", 1)[0].key == "11"
    assert len(index) == len(PEOPLE)


@settings(max_examples=40, deadline=None)
@given(st.lists(names | anything, min_size=1, max_size=8), st.data())
def test_adding_and_removing_anything_ends_empty(
    given_names: list[str], data: st.DataObject
) -> None:
    index = NameIndex()
    for number, name in enumerate(given_names):
        index.add(str(number), name)
    order = data.draw(st.permutations(range(len(given_names))))
    for number in order:
        index.search(given_names[number], 3)
        index.remove(str(number))
    assert len(index) == 0
    assert list(index.names()) == []
    assert not index.search("Muhammad", 3)


def test_a_part_keeps_what_it_does_in_each_name() -> None:
    """ "al" is a name in one and an article in another, whichever is added first."""
    for order in (("VAN AL", "Muhammad al Tikriti"), ("Muhammad al Tikriti", "VAN AL")):
        index = NameIndex()
        for key in order:
            index.add(key, key)
        for key in order:
            (hit, *_) = index.search(key, 1)
            assert (hit.key, hit.score) == (key, compare(key, key).score)


@settings(max_examples=60, deadline=None)
@given(names)
def test_a_name_finds_itself(name: str) -> None:
    index = NameIndex()
    for key, other in PEOPLE.items():
        index.add(key, other)
    index.add("own", name)
    hits = index.search(name, 3)
    if hits:
        assert hits[0].score == 1.0


def test_hostile_queries_are_answered(index: NameIndex) -> None:
    for query in (
        "",
        " ",
        "x" * 10_000,
        "عبد " * 3_000,
        "\u202e\u0000",
        "王" * 10_000,
        "a b " * 2_500,
    ):
        for hit in index.search(query, 5):
            assert 0 < hit.score <= 1


def test_what_was_searched_before_does_not_matter(index: NameIndex) -> None:
    """Words of a query taken together are looked up more narrowly than words of their own."""
    fresh = [(hit.key, hit.score) for hit in index.search("Lindenbergh", 5)]
    index.forget()
    index.search("Linden Bergh", 5)
    assert [(hit.key, hit.score) for hit in index.search("Lindenbergh", 5)] == fresh


@given(st.lists(st.one_of(names, anything, st.sampled_from(MORE)), max_size=6))
def test_parts_that_are_had_again_are_those_that_would_be_made(given_names: list[str]) -> None:
    """A cold index makes each part once: a name means the same whichever names came before."""
    index = NameIndex()
    for place, name in enumerate([*MORE, *given_names, *PEOPLE.values()]):
        assert parse(name, index._vocabulary.known) == parse(name)
        index.add(str(place), name)

"""Searching among some of an index, and by the beginnings of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.methods.names import NameIndex
from marfa.methods.names.prefixes import Beginnings

FIRST = ("Fatima", "فاطمة", "Mohamed", "محمد", "Юлия", "Amina", "Yusuf", "يوسف", "Marie")
LAST = ("Haddad", "حداد", "al-Masri", "المصري", "Kovalenko", "Dupont", "الخطيب")
names = st.builds("{} {}".format, st.sampled_from(FIRST), st.sampled_from(LAST))
people = st.lists(st.tuples(names, st.integers(0, 3)), min_size=1, max_size=14)


@given(people, names, st.sets(st.integers(0, 3)))
def test_a_search_among_groups_finds_what_an_index_of_them_alone_finds(
    everybody: list[tuple[str, int]], query: str, groups: set[int]
) -> None:
    whole, part = NameIndex(), NameIndex()
    for number, (name, group) in enumerate(everybody):
        whole.add(f"{number:02}", name, group)
        if group in groups:
            part.add(f"{number:02}", name)
    found = {(hit.key, hit.score) for hit in whole.search(query, 20, groups=groups)}
    assert found == {(hit.key, hit.score) for hit in part.search(query, 20)}
    begun = {hit.key for hit in whole.beginning(query, 20, groups=groups)}
    assert begun == {hit.key for hit in part.beginning(query, 20)}


def test_keys_of_ones_own_are_found_whatever_their_group() -> None:
    index = NameIndex()
    index.add("here", "Amina Haddad", 1)
    index.add("there", "Amina Haddad", 2)
    index.add("assigned", "Amina Hadad", 2)
    found = index.search("Amina Haddad", groups=[1], also=["assigned", "unknown"])
    assert {hit.key for hit in found} == {"here", "assigned"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("fat had", "Fatima Haddad"),
        ("had fat", "Fatima Haddad"),
        ("fat had", "فاطمة حداد"),
        ("فاط", "Fatima Haddad"),
        ("A D", "Amina Dupont"),
        ("юл ко", "Юлия Коваленко"),
        ("yul kov", "Юлия Коваленко"),
        ("Fatma had", "فاطمة حداد"),
    ],
)
def test_words_may_be_cut_off(typed: str, name: str) -> None:
    index = NameIndex()
    index.add("sought", name)
    index.add("other", "Samuel Bekele")
    assert [hit.key for hit in index.beginning(typed)] == ["sought"]


def test_each_part_that_was_typed_has_to_be_met() -> None:
    index = NameIndex()
    index.add("one", "Fatima Haddad")
    assert index.beginning("fat kov") == []
    assert index.beginning("") == []


def test_it_says_which_part_was_met() -> None:
    index = NameIndex()
    index.add("one", "Fatima bint Yusuf Haddad")
    (hit,) = index.beginning("had fat")
    assert hit.parts == (("had", "haddad"), ("fat", "fatima"))
    assert 0 < hit.share < 1


def test_what_comes_and_goes_later_is_known() -> None:
    index = NameIndex()
    index.add("one", "Fatima Haddad")
    assert len(index.beginning("fat")) == 1
    index.add("two", "Fatiha Dupont")
    assert {hit.key for hit in index.beginning("fat")} == {"one", "two"}
    index.remove("one")
    assert {hit.key for hit in index.beginning("fat")} == {"two"}
    index.remove("two")
    assert index.beginning("fat") == []


@given(st.lists(st.text("abc", max_size=4), max_size=12), st.text("abc", max_size=3))
def test_beginnings_are_those_of_a_full_scan(texts: list[str], prefix: str) -> None:
    held = Beginnings((text, number) for number, text in enumerate(texts))
    expected = {number for number, text in enumerate(texts) if text.startswith(prefix)}
    assert set(held.with_prefix(prefix)) == expected
    for number in list(expected):
        held.discard(texts[number], number)
    assert set(held.with_prefix(prefix)) == set()

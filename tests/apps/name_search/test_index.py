"""The index by organisation: who is found, where, and who is kept apart."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.name_search.entries import Entry
from marfa.apps.name_search.index import Holding
from marfa.apps.name_search.protocol import NameHit, Scope
from tests.apps.name_search.source import ORGANISATION, OTHER_SITE, SITE

EVERYWHERE = Scope(ORGANISATION)


def entry(*names: str, site: UUID | None = SITE, protected: bool = False) -> Entry:
    return Entry(uuid4(), ORGANISATION, site, protected, names)


def holding(*entries: Entry) -> Holding:
    made = Holding()
    for each in entries:
        made.put(each)
    return made


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Fatima al-Khatib", "فاطمة الخطيب"),
        ("khatib fatma", "فاطمة الخطيب"),
        ("فاطمة الخطيب", "Fatma Elkhatib"),
        ("Рожин Юсуф", "Rojîn Yûsif"),
        ("Yousef", "يوسف إبراهيم"),
        ("Selam Tesf", "ሰላም ተስፋዬ"),
        ("Aïcha Benali", "عائشة بن علي"),
    ],
)
def test_names_are_found_in_any_script_and_order(typed: str, written: str) -> None:
    sought = entry(written)
    found, _protected = holding(sought, entry("Samuel Okafor")).find(typed, [EVERYWHERE], 10)
    assert found[0].subject == sought.subject
    assert found[0].name == written


def test_it_says_what_met_what() -> None:
    sought = entry("فاطمة الخطيب")
    (found,), _protected = holding(sought).find("Fatima Khatib", [EVERYWHERE], 10)
    assert {left for left, _right, _how in found.parts} == {"fatima", "khatib"}
    assert NameHit.of_json(found.as_json()) == found


def test_the_best_comes_first_and_a_beginning_before_what_is_only_near() -> None:
    whole, begun = entry("Amina Haddad"), entry("Aminata Haddadi")
    found, _protected = holding(begun, whole).find("Amina Haddad", [EVERYWHERE], 10)
    assert [each.subject for each in found] == [whole.subject, begun.subject]


def test_who_lacks_the_own_name_comes_by_how_rare_the_rest_is() -> None:
    child, near = entry("Hassan Idris Tarhuni"), entry("Edris")
    found, _protected = holding(near, child).find("Edris Tarhouni", [EVERYWHERE], 10)
    assert found[0].subject == child.subject
    assert found[0].band == "possible"


def test_one_person_with_several_names_comes_once() -> None:
    sought = entry("فاطمة الخطيب", "Fatima Khatib", "Umm Yusuf")
    for typed in ("Fatima Khatib", "um yusef"):
        found, _protected = holding(sought).find(typed, [EVERYWHERE], 10)
        assert [each.subject for each in found] == [sought.subject]


def test_a_scope_looks_at_its_sites_and_at_further_people() -> None:
    here, there, mine = (entry("Amina Haddad", site=site) for site in (SITE, OTHER_SITE, None))
    held = holding(here, there, mine)
    scope = Scope(ORGANISATION, frozenset({SITE}), frozenset({mine.subject}))
    found, _protected = held.find("Amina Haddad", [scope], 10)
    assert {each.subject for each in found} == {here.subject, mine.subject}
    assert held.find("Amina Haddad", [Scope(UUID(int=99))], 10) == ([], [])
    assert Scope.of_json(scope.as_json()) == scope


names = st.sampled_from(["Amina Haddad", "أمينة حداد", "Amina Hadad", "Yusuf Haddad"])


@given(st.lists(names, max_size=8), st.lists(names, min_size=1, max_size=30), names)
def test_what_is_protected_changes_nothing_for_the_others(
    open_names: list[str], protected_names: list[str], typed: str
) -> None:
    """Neither order, scores nor the limit tell that there is anybody else."""
    people = [entry(name) for name in open_names]
    hidden = [entry(name, protected=True) for name in protected_names]
    alone, _none = holding(*people).find(typed, [EVERYWHERE], 4)
    beside, protected = holding(*people, *hidden).find(typed, [EVERYWHERE], 4)
    assert alone == beside
    assert {each.subject for each in protected} <= {each.subject for each in hidden}


def test_who_is_marked_as_protected_changes_sides_at_once() -> None:
    sought = entry("Amina Haddad")
    held = holding(sought)
    held.put(Entry(sought.subject, ORGANISATION, SITE, True, sought.names))
    found, protected = held.find("Amina Haddad", [EVERYWHERE], 10)
    assert not found
    assert [each.subject for each in protected] == [sought.subject]


def test_who_is_dropped_leaves_nothing() -> None:
    sought = entry("Amina Haddad", "أمينة حداد")
    held = holding(sought)
    held.drop(sought.subject)
    held.drop(sought.subject)
    assert held.find("Amina Haddad", [EVERYWHERE], 10) == ([], [])
    assert len(held) == 0
    assert held.subjects() == []


def test_putting_again_is_the_same_as_putting_once() -> None:
    one = entry("Amina Haddad")
    once, twice = holding(one), holding(one, one)
    assert once.find("Amina", [EVERYWHERE], 5) == twice.find("Amina", [EVERYWHERE], 5)
    moved = Entry(one.subject, ORGANISATION, OTHER_SITE, False, ("Amina Saleh",))
    twice.put(moved)
    assert not twice.find("Haddad", [EVERYWHERE], 5)[0]
    there = Scope(ORGANISATION, frozenset({OTHER_SITE}))
    assert len(twice.find("Saleh", [there], 5)[0]) == 1


def test_who_has_no_name_is_not_held() -> None:
    nameless = entry("", "  ")
    held = holding(nameless)
    assert len(held) == 0
    held.put(Entry(nameless.subject, ORGANISATION, SITE, False, ("Amina",)))
    held.put(nameless)
    assert len(held) == 0

"""Building while things change: what is told meanwhile wins, and a rebuild heals."""

from __future__ import annotations

import threading

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from marfa.apps.name_search.builder import Builder
from marfa.apps.name_search.index import Holding
from marfa.apps.name_search.protocol import Scope
from tests.apps.name_search.source import ORGANISATION, Generated

EVERYWHERE = [Scope(ORGANISATION)]


def builder(source: Generated) -> Builder:
    return Builder(Holding(), lambda: [source])


def found(made: Builder, text: str) -> set[object]:
    return {each.subject for each in made.holding.find(text, EVERYWHERE, 20)[0]}


def test_it_is_cold_until_all_is_read_and_says_how_far() -> None:
    source = Generated()
    for number in range(10):
        source.add(f"Amina {'abcdefghij'[number] * 4}")
    made = builder(source)
    assert (made.state().warm, made.state().percent) == (False, 0)
    percents: list[int] = []

    def stopped() -> bool:
        percents.append(made.state().percent)
        return False

    assert made.build(stopped)
    assert percents == [0, 20, 40, 60, 80]
    assert (made.state().warm, made.state().percent, made.state().held) == (True, 100, 10)


def test_a_change_during_the_building_is_not_overwritten() -> None:
    source = Generated()
    people = [source.add(name) for name in ("Amina Haddad", "Yusuf Saleh", "Marie Dupont")]
    source.pause.clear()
    made = builder(source)
    thread = threading.Thread(target=made.build)
    thread.start()
    assert source.reading.wait(5)
    # The first two were read already, and are held back before they are put.
    source.change(people[0], names=("Salma Haddad",))
    erased = source.people.pop(people[1])
    made.refresh(people[:2])
    source.pause.set()
    thread.join(10)
    assert made.state().warm
    assert found(made, "Salma Haddad") == {people[0]}
    assert found(made, "Amina") == set()
    assert found(made, erased.names[0]) == set()
    assert found(made, "Dupont") == {people[2]}


def test_a_rebuild_heals_what_was_never_told() -> None:
    source = Generated()
    kept, gone = source.add("Amina Haddad"), source.add("Yusuf Saleh")
    made = builder(source)
    made.build()
    del source.people[gone]
    source.change(kept, names=("Salma Haddad",))
    new = source.add("Marie Dupont")
    assert made.build()
    assert made.state().held == 2
    assert found(made, "Salma Haddad") == {kept}
    assert found(made, "Dupont") == {new}
    assert found(made, "Saleh") == set()


def test_stopped_it_stays_cold() -> None:
    source = Generated()
    source.add("Amina Haddad")
    made = builder(source)
    assert not made.build(lambda: True)
    assert not made.state().warm


NAMES = ("Amina Haddad", "Yusuf Saleh", "Marie Dupont", "Oksana Bondar")


class AnyHistory(RuleBasedStateMachine):
    """However changes, tellings, repetitions and rebuilds follow each other: once all is told,
    the index holds what a new one would."""

    def __init__(self) -> None:
        super().__init__()
        self.source = Generated()
        self.made = builder(self.source)
        self.untold: list[object] = []

    @rule(name=st.sampled_from(NAMES), protected=st.booleans())
    def register(self, name: str, protected: bool) -> None:
        self.untold.append(self.source.add(name, protected=protected))

    @rule(data=st.data(), name=st.sampled_from(NAMES), protected=st.booleans())
    def change(self, data: st.DataObject, name: str, protected: bool) -> None:
        if self.source.people:
            subject = data.draw(st.sampled_from(list(self.source.people)))
            self.source.change(subject, names=(name,), protected=protected)
            self.untold.append(subject)

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        if self.source.people:
            subject = data.draw(st.sampled_from(list(self.source.people)))
            del self.source.people[subject]
            self.untold.append(subject)

    @rule(data=st.data(), again=st.booleans())
    def tell(self, data: st.DataObject, again: bool) -> None:
        if self.untold:
            subject = data.draw(st.sampled_from(self.untold))
            self.made.refresh([subject])  # type: ignore[list-item]
            if not again:
                self.untold = [each for each in self.untold if each != subject]

    @rule()
    def rebuild(self) -> None:
        self.made.build()
        self.untold = []

    @invariant()
    def it_holds_what_a_new_one_would(self) -> None:
        if self.untold:
            return
        new = builder(self.source)
        new.build()
        for name in NAMES:
            mine = self.made.holding.find(name, EVERYWHERE, 50)
            assert mine == new.holding.find(name, EVERYWHERE, 50)


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=40, stateful_step_count=15)

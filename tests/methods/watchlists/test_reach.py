"""Seeking subjects by what changed leaves out nobody whom screening would meet."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from marfa.methods.names import Kind, NameIndex
from marfa.methods.watchlists import Entry, Quality, Screener, Subject, Watch
from marfa.methods.watchlists.reach import WORTH, is_worth, subjects_near
from tests.methods.names.strategies import person, related, spelling
from tests.methods.watchlists.lists import entry

NUMBERS = [f"K{number}8812345" for number in range(3)]


def made(chance: random.Random) -> tuple[list[Subject], list[tuple[str, Entry]]]:
    """Subjects and entries: spellings of one another, kin, strangers; aliases of one part and of
    low quality, documents, several names."""
    people = [person(chance) for _ in range(6)]
    fresh: list[tuple[str, Entry]] = []
    for number, name in enumerate(people):
        aliases = [spelling(chance, name), related(chance, name)]
        names = [(alias, chance.choice([Quality.GOOD, Quality.LOW])) for alias in aliases]
        names.append((chance.choice(name.split()), Quality.LOW))
        numbers = [chance.choice(NUMBERS)] if chance.random() < 0.3 else []
        fresh.append(("un", entry(f"XAi.{number:03}", name, *names, documents=numbers)))
    asked = [spelling(chance, name) for name in people] + [related(chance, name) for name in people]
    asked += [person(chance) for _ in range(4)]
    asked += [" ".join(name.split()[1:]) or name for name in people]
    asked += [chance.choice(name.split()) for name in people[:3]]
    subjects = [
        Subject(
            str(number),
            (name,),
            chance.choice([Kind.PERSON, Kind.PERSON, None]),
            documents=(chance.choice(NUMBERS),) if chance.random() < 0.2 else (),
        )
        for number, name in enumerate(asked)
    ]
    return subjects, fresh


def missed(seed: int) -> Iterator[tuple[str, str, str]]:
    subjects, fresh = made(random.Random(seed))
    for threshold in (None, 0.6):
        screener = Screener(fresh, threshold=threshold)
        near = {subject.subject_id for subject in subjects_near(subjects, fresh)}
        for each in screener.screen_all(subjects):
            if each.reference and each.subject_id not in near:
                yield each.subject_name, each.reference, each.name


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_left_out(seed: int) -> None:
    assert list(missed(seed)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_nobody_is_left_out_of_many(seed: int) -> None:
    assert list(missed(seed)) == []


TOGETHER = [
    # What is a title in the record is a name of the subject.
    ("Osman Sheikh", ("Diallo Sheikh Kemmursol", "Ritrit Osman")),
    # One part is an alias, and the other is two words of the record, or an initial in it.
    ("Haddad Pierreivan", ("Pierre Ivan Germay", "Haddad")),
    ("Pierre Ivan Haddad", ("Pierreivan Germay", "Haddad")),
    ("Mohamed Dabbashi", ("M. Qasim", "al-Dabbashi")),
    ("M. Dabbashi", ("Mohamed Qasim Yusuf", "al-Dabbashi")),
]


@pytest.mark.parametrize(("name", "listed"), TOGETHER)
def test_nobody_is_left_out_whom_several_names_meet_together(
    name: str, listed: tuple[str, ...]
) -> None:
    subject = Subject("met", (name,), Kind.PERSON)
    register = [
        Subject(str(n), (each,), Kind.PERSON) for n, each in enumerate([*STRANGERS, *STRANGERS])
    ]
    register.append(subject)
    watch = Watch.begin(register, {"un": {}})
    new = {"un": {"XAi.001": entry("XAi.001", *listed)}}
    assert is_worth(register, [("un", new["un"]["XAi.001"])])
    watch.advance(new)
    assert [each.subject_id for each in watch.results] == ["met"]
    assert watch.results == Watch.begin(register, new).results


def test_strangers_are_left_out() -> None:
    """The control: seeking is worth nothing where it brings everybody."""
    subjects = [Subject(str(n), (name,), Kind.PERSON) for n, name in enumerate(STRANGERS)]
    fresh = [("un", entry("XAi.001", "Tariq Yunis Al-Zubaydi", "al-Saqr"))]
    assert subjects_near(subjects, fresh) == []
    one = Subject("met", ("Tarek Younes Zubaidi",), Kind.PERSON)
    assert subjects_near([*subjects, one], fresh) == [one]
    # For less than bounds hold for, everybody is asked.
    assert len(subjects_near(subjects, fresh, 0.5)) == len(subjects)


STRANGERS = ["Barnaby Okelo", "Ivan Petrov", "Li Zihao", "فاطمة حداد", "Hanna Lindenberg"]


def test_a_large_register_is_screened_again_as_anew() -> None:
    chance = random.Random(5)
    subjects, fresh = made(chance)
    many = [
        Subject(f"s{number}", (person(chance),), Kind.PERSON)
        for number in range(WORTH * sum(len(each.names) for _list, each in fresh))
    ]
    register = [*subjects, *many]
    assert is_worth(register, fresh)
    assert not is_worth(register[:3], fresh)
    old = {each.reference: each for _list, each in fresh[:3]}
    new = {each.reference: each for _list, each in fresh[1:]}
    watch = Watch.begin(register, {"un": old})
    watch.advance({"un": new})
    anew = Watch.begin(register, {"un": new})
    assert watch.results == anew.results
    assert [each for each in anew.results if each.reference == "XAi.004"]


def test_bounds_below_what_they_hold_for_are_refused() -> None:
    with pytest.raises(ValueError, match="bounds"):
        NameIndex().askers("Omar", 0.5)

"""A name without the own name of its bearer: found first where the rest is rare, never likely.

The people are invented; their names are written in several scripts by hand.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from marfa.methods.names import NameIndex, compare

GIVEN = [
    ("Mohamed", "محمد"), ("Ahmad", "أحمد"), ("Omar", "عمر"), ("Salim", "سالم"), ("Idris", "إدريس"),
    ("Khalid", "خالد"), ("Yusuf", "يوسف"), ("Tariq", "طارق"), ("Hamza", "حمزة"), ("Nasser", "ناصر"),
]  # fmt: skip
FAMILY = [
    ("al-Barghathi", "البرغثي"), ("Zintani", "الزنتاني"), ("al-Warfali", "الورفلي"),
    ("Tarhuni", "الترهوني"), ("Fezzani", "الفزاني"), ("al-Sabrati", "الصبراتي"),
    ("Gharyani", "الغرياني"), ("al-Qadhafi", "القذافي"),
]  # fmt: skip
TIGRINYA = [
    (("Zerai", "Tekle", "Woldemariam"), ("ዘርአይ", "ተክለ", "ወልደማርያም"), ("زرآي", "تكلي", "ولدمريم")),
    (
        ("Yonas", "Berhane", "Gebremeskel"),
        ("ዮናስ", "ብርሃነ", "ገብረመስቀል"),
        ("يوناس", "برهاني", "قبرمسقل"),
    ),
    (
        ("Samson", "Kidane", "Habtemichael"),
        ("ሳምሶን", "ኪዳነ", "ሃብተሚካኤል"),
        ("سامسون", "كيداني", "هبتميكائيل"),
    ),
]


def made_people(chance: random.Random) -> list[tuple[tuple[str, ...], ...]]:
    """Of each person the parts of the name in each script: own, father's, grandfather's, family's,
    no two of one family."""
    found: list[tuple[tuple[str, ...], ...]] = list(TIGRINYA)
    for family in FAMILY:
        # Many go without a Mohamed in front: such a record costs less and may be likely.
        own = chance.choice(GIVEN[1:])
        parts = [own, *chance.sample([each for each in GIVEN if each != own], 2), family]
        found.append((tuple(latin for latin, _ in parts), tuple(arabic for _, arabic in parts)))
    return found


def listed(people: list[tuple[tuple[str, ...], ...]], chance: random.Random) -> NameIndex:
    """All of them in Latin letters, among chains of common names and aliases of one part."""
    index = NameIndex()
    for number, written in enumerate(people):
        index.add(f"person {number}", " ".join(written[0]), kind="person")
    for number in range(200):
        parts = chance.sample(GIVEN, chance.randint(1, 3))
        index.add(f"other {number}", " ".join(latin for latin, _ in parts), kind="person")
    return index


def dropped() -> Iterator[tuple[NameIndex, str, str]]:
    """A list, who is asked for, and the name without the own name in a script."""
    for seed in range(3):
        chance = random.Random(seed)
        people = made_people(chance)
        index = listed(people, chance)
        for number, written in enumerate(people):
            for parts in written:
                yield index, f"person {number}", " ".join(parts[1:])


@pytest.mark.parametrize("how", [{}, {"as_query": True}, {"combine": True}])
def test_who_is_asked_for_without_the_own_name_comes_first(how: dict[str, bool]) -> None:
    for index, key, query in dropped():
        (first, *_) = index.search(query, 3, kind="person", **how)  # type: ignore[arg-type]
        assert first.key == key, (query, first.name)
        assert not first.comparison.match, (query, first.score)


def test_common_names_alone_lift_nobody() -> None:
    """The control: where the rest is common it is anybody's family."""
    index = NameIndex()
    index.add("child", "Hassan Mohamed Ali")
    index.add("same", "Mohamed Alli")
    assert [hit.key for hit in index.search("Mohamed Ali", 2)] == ["same", "child"]
    (rare,) = (hit for hit in _asked("Hassan Idris Tarhuni", "Idris Tarhuni"))
    (common,) = (hit for hit in _asked("Hassan Mohamed Ali", "Mohamed Ali"))
    assert rare.standing > rare.score
    assert common.standing == common.score


def _asked(name: str, query: str) -> list:  # type: ignore[type-arg]
    index = NameIndex()
    index.add("one", name)
    return index.search(query, 1, as_query=True)


@pytest.mark.parametrize("how", [{}, {"as_query": True}, {"combine": True}])
def test_a_family_leaves_nobody_out_who_is_likely(how: dict[str, bool]) -> None:
    """Each of a family may stand above who is written otherwise; together they do not hide him."""
    index = NameIndex()
    for own in ("Salim", "Khalid", "Yusuf", "Tariq", "Hamza", "Nasser", "Idris", "Karim", "Jamal"):
        index.add(own, f"{own} Omar al-Barghathi")
    index.add("met", "Umer al-Baragathy Hadi")
    pages = [index.search("Omar al-Barghathi", 4, offset=place, **how) for place in (0, 4, 8)]  # type: ignore[arg-type]
    assert "met" in [hit.key for hit in pages[0] if hit.comparison.match]
    assert len({hit.key for hit in pages[0]} - {"met"}) == 3
    keys = [hit.key for page in pages for hit in page]
    assert sorted(keys) == sorted(key for key, _name in index.names())


def test_another_own_name_lifts_nobody() -> None:
    """A brother is no record that lacks a name, and neither is a son asked for by his whole name
    beside his father's record."""
    (brother,) = _asked("Hassan Idris Tarhuni", "Salim Idris Tarhuni")
    assert brother.standing == brother.score
    (father,) = _asked("Idris Omar Tarhuni", "Hassan Idris Omar Tarhuni")
    assert father.standing == father.score
    assert not compare("Hassan Idris Omar Tarhuni", "Idris Omar Tarhuni", query=True).match


def test_names_of_one_record_stand_together() -> None:
    """The father's name stands in one name of the record, the family's in another."""
    index = NameIndex()
    index.add("one", "Zerai Tekle")
    index.add("one", "Zerai Woldemariam")
    index.add("single", "Tekle")
    index.add("other", "Tekle Haile")
    assert index.search("Tekle Woldemariam", 1)[0].key == "one"
    apart = NameIndex()
    apart.add("one", "Zerai Tekle")
    apart.add("another", "Zerai Woldemariam")
    apart.add("single", "Tekle")
    # The control: of two people neither has both.
    assert apart.search("Tekle Woldemariam", 1)[0].key == "single"

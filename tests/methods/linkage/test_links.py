"""Who is on two lists: what is found, and on what it must not depend."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from marfa.methods.linkage import Linkage, Options, Record, Sign, alike, link_lists
from tests.methods.linkage.worlds import two_lists

DAY = date(2026, 12, 1)
SIZE = 240


def linked(*lists: Sequence[Record], **options: bool) -> Linkage:
    return link_lists(lists, as_of=DAY, options=Options(**options))


def pairs(found: Linkage) -> set[tuple[str, str]]:
    return {(link.left.id, link.right.id) for link in found.matches}


def scored(found: Linkage) -> dict[tuple[str, str], tuple[float, bool]]:
    return {(x.left.id, x.right.id): (round(x.score, 9), x.match) for x in found.links}


@pytest.fixture(scope="module")
def world() -> tuple[list[Record], list[Record], set[tuple[str, str]]]:
    return two_lists(SIZE, 11)


@pytest.fixture(scope="module")
def found(world: tuple[list[Record], list[Record], set[tuple[str, str]]]) -> Linkage:
    return linked(world[0], world[1])


def test_lists_in_two_scripts_are_linked() -> None:
    right_ones, all_found, all_true = 0, 0, 0
    for seed in (11, 12, 13):
        left, right, truth = two_lists(SIZE, seed)
        got = pairs(linked(left, right))
        right_ones += len(got & truth)
        all_found += len(got)
        all_true += len(truth)
    assert right_ones / all_found >= 0.93
    assert right_ones / all_true >= 0.9


def test_what_is_alike_to_the_letter_weighs_alike(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]],
) -> None:
    """Whichever stands first in the list."""
    twins = [Record.of(key, **ALI) for key in ("one", "two", "three", "four")]
    found = linked([*twins[:2], *world[0], *twins[2:]])
    keys = {record.id for record in twins}
    scores = {x.score for x in found.links if {x.left.id, x.right.id} <= keys}
    assert len([x for x in found.links if {x.left.id, x.right.id} <= keys]) == 6
    assert len(scores) == 1


def test_who_has_nothing_to_be_found_by_is_told(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]],
) -> None:
    many = [Record.of(f"m{n}", given="Mohamed", family="Haddad") for n in range(300)]
    some = [Record.of("empty"), Record.of("few", family="Quirke"), Record.of("dated", birth="1990")]
    known = Record.of("known", given="Mohamed", family="Haddad", document="LY:X4711998")
    found = linked([*world[0], *many, *some, known], world[1])
    told = {record.id for _list, record in found.not_sought}
    assert {record.id for record in many} <= told
    assert {"empty", "dated"} <= told
    assert not told & {"few", "known"}
    assert not linked(world[0], world[1]).not_sought


def test_few_pairs_teach_little(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]], found: Linkage
) -> None:
    assert not found.taught_little
    assert linked(world[0][:12], world[1][:12]).taught_little


def test_the_order_of_rows_changes_nothing(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]], found: Linkage
) -> None:
    left, right = (random.Random(5).sample(records, len(records)) for records in world[:2])
    assert scored(linked(left, right)) == scored(found)


def test_ids_are_names_and_no_more(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]], found: Linkage
) -> None:
    left, right = ([replace(r, id=r.id[::-1] + "x") for r in records] for records in world[:2])
    renamed = {(a[::-1] + "x", b[::-1] + "x"): v for (a, b), v in scored(found).items()}
    assert scored(linked(left, right)) == renamed


def test_lists_exchanged_are_pairs_exchanged(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]], found: Linkage
) -> None:
    mirrored = {(b, a): v for (a, b), v in scored(found).items()}
    assert scored(linked(world[1], world[0])) == mirrored


def test_a_row_removed_takes_its_own_pairs(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]], found: Linkage
) -> None:
    """Nearly: how common a name is and what agrees is learnt from all rows."""
    gone = world[0][0].id
    without = pairs(linked(world[0][1:], world[1]))
    kept = {pair for pair in pairs(found) if pair[0] != gone}
    assert len(without ^ kept) <= 0.02 * len(kept)


def test_one_list_is_searched_for_who_is_twice_in_it(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]],
) -> None:
    left, right, truth = world
    got = {(min(pair), max(pair)) for pair in pairs(linked([*left, *right]))}
    assert len(got & truth) / len(got) >= 0.95
    assert len(got & truth) / len(truth) >= 0.8


def test_one_to_one_gives_nobody_two(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]],
) -> None:
    left, right, truth = world
    got = pairs(linked(left, right, one_to_one=True))
    assert len({a for a, _b in got}) == len({b for _a, b in got}) == len(got)
    assert len(got & truth) / len(truth) >= 0.8


def test_one_to_one_does_not_draw_lots(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]],
) -> None:
    """Of two that are alike to the letter nothing says which is the one."""
    left, right, _truth = world
    twice = [Record.of(key, **ALI) for key in ("one", "two")]
    found = linked([*left, *twice], [*right, Record.of("other", **ALI)], one_to_one=True)
    assert not {a for a, b in pairs(found) if b == "other"}
    shown = {(x.left.id, x.right.id) for x in found.links}
    assert {("one", "other"), ("two", "other")} <= shown


ALI = {"given": "Ali", "father": "Hasan", "family": "al-Kashlaf", "birth": "1990-05-06"}
RELATIVES = {
    "brother": {"given": "Omar", "birth": "1992-03-01"},
    "brother born the same day": {"given": "Omar"},
    "father": {"given": "Hasan", "father": "Ibrahim", "birth": "1961-04-02"},
    "cousin": {"given": "Tareq", "father": "Samir"},
    "namesake": {"birth": "1961-04-02"},
    "grandson of one name": {"birth": "2019-11-30"},
}


@pytest.mark.parametrize("relation", RELATIVES)
def test_relatives_and_namesakes_are_not_one_person(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]], relation: str
) -> None:
    left, right, _truth = world
    same = {"household": "H7", "address": "12 Harbour Street, Zuwara"}
    one = Record.of("one", **ALI, **same)
    other = Record.of("other", **(ALI | RELATIVES[relation]), **same)
    assert ("one", "other") not in pairs(linked([*left, one], [*right, other]))
    again = Record.of("other", **ALI, **same)
    assert ("one", "other") in pairs(linked([*left, one], [*right, again])), "the control"


def test_one_document_under_two_names_is_shown_as_itself(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]],
) -> None:
    left, right, _truth = world
    one = Record.of("one", given="Ali", family="Haddad", birth="1990-05-06", document="LY:X4711998")
    other = Record.of(
        "other", given="Souad", family="Zidan", birth="2001-02-03", document="x4711998"
    )
    found = linked([*left, one], [*right, other])
    shown = {(link.left.id, link.right.id): link for link in found.signs}["one", "other"]
    assert shown.signs == (Sign.OTHER_NAME,)
    assert not shown.match
    issued = Record.of("other", given="Souad", family="Zidan", document="SY:X4711998")
    assert not linked([*left, one], [*right, issued]).signs, "of two issuers it is two documents"


def test_a_rare_name_says_more_than_a_common_one(found: Linkage) -> None:
    by_family: dict[str, float] = {}
    for link in found.matches:
        for each in link.fields:
            if each.field == "family" and each.level == "same":
                by_family[link.left.of_field(each.field)[0]] = each.weight
    assert max(by_family.values()) - min(by_family.values()) > 0.5
    assert all(weight > 0 for weight in by_family.values())


def test_sexes_count_only_where_the_caller_says_so_and_never_for_children() -> None:
    left, right, _truth = two_lists(SIZE, 11)
    chance = random.Random(3)

    def sexed(records: list[Record], one: Record) -> list[Record]:
        some = [Record.of(r.id, **dict(r.texts), sex=chance.choice("MF")) for r in records]
        return [*some, one]

    def weight(born: str, **options: bool) -> float:
        name = {"given": "Nour", "family": "Darwish", "birth": born}
        found = linked(
            sexed(left, Record.of("one", **name, sex="F")),
            sexed(right, Record.of("other", **name, sex="ذكر")),
            **options,
        )
        link = next(x for x in found.links if (x.left.id, x.right.id) == ("one", "other"))
        return next(each.weight for each in link.fields if each.field == "sex")

    assert weight("1990-05-06") == 0
    assert weight("1990-05-06", count_sex=True) < 0
    assert weight("2015-05-06", count_sex=True) == 0
    assert weight("", count_sex=True) == 0, "whoever has no date may be a child"


def test_among_children_another_sex_is_no_worse_than_the_same() -> None:
    left, right, _truth = two_lists(SIZE, 11)
    child = {"given": "Nour", "father": "Omar", "family": "Darwish", "birth": "2015-05-06"}

    def score(sex: str) -> float:
        one = Record.of("one", **child, sex="F")
        found = linked([*left, one], [*right, Record.of("other", **child, sex=sex)], count_sex=True)
        return scored(found)["one", "other"][0]

    assert score("M") == score("F") == score("")


def test_letters_that_cannot_be_read_say_nothing() -> None:
    left, right, _truth = two_lists(SIZE, 11)
    one = Record.of("one", given="សុខ", family="ចាន់", birth="1990-05-06", document="N123456")
    other = Record.of("other", given="Sok", family="Chan", birth="1990-05-06", document="N123456")
    found = linked([*left, one], [*right, other])
    assert found.not_compared == 1
    link = next(x for x in found.links if x.left.id == "one")
    assert Sign.NOT_COMPARED in link.signs


def test_cores_change_nothing(
    world: tuple[list[Record], list[Record], set[tuple[str, str]]],
    found: Linkage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alike, "WORTH_SHARING", 0)
    shared = link_lists(world[:2], as_of=DAY, options=Options(cores=2))
    assert scored(shared) == scored(found)


def test_lists_without_anything_are_answered() -> None:
    assert not linked([], []).links
    assert not linked([Record.of("1", given="Ali")]).links
    assert not linked([Record.of("1", given="")], [Record.of("2", family="!!")]).links

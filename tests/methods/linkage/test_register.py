"""One record beside a register: the same answer as when both are linked as lists."""

from __future__ import annotations

from datetime import date

from marfa.methods.linkage import Record, Register, Sign, link_lists
from tests.methods.linkage.worlds import two_lists

DAY = date(2026, 12, 1)


def test_who_is_in_the_register_is_found_first() -> None:
    left, right, truth = two_lists(200, 41)
    register = Register(right, as_of=DAY)
    partner = dict(truth)
    asked = [record for record in left if record.id in partner][:60]
    first, matched = 0, 0
    for record in asked:
        found = register.candidates(record)
        first += bool(found) and found[0].right.id == partner[record.id]
        matched += any(x.match and x.right.id == partner[record.id] for x in found)
        assert all(x.left.id == record.id for x in found)
    assert first / len(asked) >= 0.9
    assert matched / len(asked) >= 0.8
    strangers = [record for record in left if record.id not in partner][:60]
    wrong = sum(any(x.match for x in register.candidates(record)) for record in strangers)
    assert wrong / len(strangers) <= 0.15


def test_what_each_field_says_is_what_lists_say() -> None:
    left, right, _truth = two_lists(200, 41)
    listed = {(x.left.id, x.right.id): x for x in link_lists([left, right], as_of=DAY).matches}
    register = Register(right, as_of=DAY)
    compared = 0
    for record in left[-60:]:
        for link in register.candidates(record):
            other = listed.get((link.left.id, link.right.id))
            if other is not None:
                compared += 1
                said = {each.field: each.level for each in link.fields}
                assert said == {each.field: each.level for each in other.fields}
    assert compared > 20


def test_signs_are_told_and_nothing_is_kept() -> None:
    _left, right, _truth = two_lists(200, 41)
    held = Record.of("held", given="Ali", family="Haddad", document="LY:X4711998")
    register = Register([*right, held], as_of=DAY)
    words = len(register._pool.vocabulary.tokens)
    asked = Record.of("new", given="Xanthippe", family="Quirke", document="x4711998")
    found = register.candidates(asked, most=0)
    assert [(x.right.id, x.signs) for x in found] == [("held", (Sign.OTHER_NAME,))]
    assert len(register._pool.vocabulary.tokens) == words
    assert not register.candidates(Record.of("nobody", given="Xanthippe"))


def test_a_register_of_nobody_answers() -> None:
    assert Register([], as_of=DAY).candidates(Record.of("1", given="Ali", family="Haddad")) == []

"""Three-way merge, against laws that hold for every base, mine and theirs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.platform.revisions.codec import from_json, key_of, to_json
from marfa.platform.revisions.merge import MergeKind, merge_fields

VALUES = st.sampled_from([None, "", "a", "b", 1, True, date(2026, 2, 28)])
MEMBERS = st.lists(st.sampled_from("abcde"), max_size=5)
KINDS = {"set": MergeKind.SET, "list": MergeKind.LIST}
ROWS = st.fixed_dictionaries(
    {"one": VALUES, "set": MEMBERS.map(lambda m: sorted(set(m))), "list": MEMBERS}
)


@given(base=ROWS, mine=ROWS)
def test_what_one_side_changed_is_taken(base: dict[str, object], mine: dict[str, object]) -> None:
    for left, right in ((mine, base), (base, mine), (mine, mine)):
        found = merge_fields(base, left, right, KINDS)
        assert found.values == mine
        assert not found.conflicts


@given(base=ROWS, mine=ROWS, theirs=ROWS)
def test_no_value_is_lost_and_a_conflict_is_a_true_one(
    base: dict[str, list[str]], mine: dict[str, list[str]], theirs: dict[str, list[str]]
) -> None:
    found = merge_fields(base, mine, theirs, KINDS)
    clashes = {each.field: each for each in found.conflicts}
    true = key_of(mine["one"]) not in {key_of(base["one"]), key_of(theirs["one"])}
    true = true and key_of(theirs["one"]) != key_of(base["one"])
    assert ("one" in clashes) == true
    assert "set" not in clashes
    for each in clashes.values():
        values = (base[each.field], mine[each.field], theirs[each.field])
        assert (each.base, each.mine, each.theirs) == values
    for field in {"set", "list"} - set(clashes):
        b, m, t = (Counter(side[field]) for side in (base, mine, theirs))
        kept_members = found.values[field]
        assert isinstance(kept_members, list)
        merged = Counter(kept_members)
        for member in {*b, *m, *t}:
            kept = merged[member]
            assert min(m[member], t[member]) <= kept <= max(m[member], t[member])
            added = max(m[member], t[member]) > b[member]
            assert not added or kept == max(m[member], t[member]), "an addition was lost"
            removed = min(m[member], t[member]) < b[member] and not added
            assert not removed or kept == min(m[member], t[member]), "a removal was lost"


@given(base=ROWS, mine=ROWS, theirs=ROWS)
def test_it_does_not_matter_who_was_first(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    one, other = merge_fields(base, mine, theirs, KINDS), merge_fields(base, theirs, mine, KINDS)
    assert one.values["set"] == other.values["set"]
    assert {c.field for c in one.conflicts} == {c.field for c in other.conflicts}


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("abc", "axbc", "abcy", "axbcy"),
        ("abc", "ac", "abcd", "acd"),
        ("abc", "cba", "abcd", "cdba"),
        ("", "ab", "cd", "cdab"),
        ("aa", "a", "aab", "ab"),
        ("abc", "cab", "acb", None),
    ],
)
def test_lists(base: str, mine: str, theirs: str, merged: str | None) -> None:
    b, m, t = ({"list": list(side)} for side in (base, mine, theirs))
    found = merge_fields(b, m, t, KINDS)
    if merged is None:
        assert [each.field for each in found.conflicts] == ["list"]
    else:
        assert found.values["list"] == list(merged)
        assert not found.conflicts


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.just(UTC))
    | st.uuids()
    | st.binary()
    | st.decimals(allow_nan=False, allow_infinity=False)
)


@given(st.recursive(PLAIN, lambda s: st.lists(s) | st.dictionaries(st.text(), s), max_leaves=8))
def test_typed_json_gives_back_the_same(value: object) -> None:
    found = from_json(to_json(value))
    assert found == value
    assert type(found) is type(value)


def test_typed_json_tells_types_apart_and_refuses_others() -> None:
    same_text = [1, True, "1", Decimal(1), 1.0, [1], {"a": 1}, UUID(int=1), b"1", None]
    assert len({key_of(value) for value in same_text}) == len(same_text)
    assert from_json(to_json({1, 2})) == {1, 2}
    with pytest.raises(TypeError):
        to_json(object())
    with pytest.raises(TypeError):
        to_json(float("nan"))
    assert key_of(datetime(2026, 1, 1, tzinfo=UTC)) != key_of(date(2026, 1, 1))

"""What else is known: evidence that is weighed, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods.names import Born, Context, Document, Facts, compare
from marfa.methods.names.context import REFUSED

A, B = "Yusuf Khalil Haddad", "Yousef Khalil Haddad"


def score(left: Mapping[str, object], right: Mapping[str, object], a: str = A, b: str = B) -> float:
    return compare(a, b, context={"left": left, "right": right}).score


@pytest.mark.parametrize("name", sorted(REFUSED))
@pytest.mark.parametrize("side", ["left", "right"])
def test_profiling_is_refused(name: str, side: str) -> None:
    with pytest.raises(InputError) as refused:
        compare(A, B, context={side: {name: "any"}})
    (problem,) = refused.value.problems
    assert problem.message.key == "context-refused"
    assert problem.place.field == f"{side}.{name}"


def test_profiling_is_refused_beside_the_sides_and_in_capitals() -> None:
    with pytest.raises(InputError):
        compare(A, B, context={"nationality": "any"})
    with pytest.raises(InputError):
        compare(A, B, context={"left": {"Religion": "any"}})


@given(st.text(max_size=12))
def test_nothing_but_the_known_fields_is_taken(name: str) -> None:
    if name in ("born", "sex", "father", "documents"):
        return
    with pytest.raises(InputError):
        compare(A, B, context={"left": {name: "any"}})


def test_the_facts_have_no_place_for_profiling() -> None:
    assert not REFUSED & set(Facts.__dataclass_fields__)


@pytest.mark.parametrize("bad", ["", "now", 7, ["x"], {"left": 3}, {"left": {"documents": "x"}}])
def test_bad_context_is_an_input_error_or_nothing(bad: object) -> None:
    with pytest.raises(InputError):
        compare(A, B, context=bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("born", ["1981-13", "the year 1981", "19811", "1981-02-30", 5, "81"])
def test_bad_dates_are_input_errors(born: object) -> None:
    with pytest.raises(InputError):
        score({"born": born}, {})


def test_dates_tell_parent_from_child() -> None:
    assert score({"born": "1984"}, {"born": "1956"}) < 0.7
    assert not compare(A, A, context={"left": {"born": "1984"}, "right": {"born": "1956"}}).match


def test_dates_in_any_digits_and_types() -> None:
    assert score({"born": "١٩٨٤-٠٣-٠٩"}, {"born": date(1984, 3, 9)}) >= score({}, {})
    assert score({"born": Born(1984, 3)}, {"born": "1984-03-09"}) >= score({}, {})


def test_the_first_of_january_stands_for_the_year() -> None:
    year = score({"born": "1984-01-01"}, {"born": "1984-07-20"})
    assert year >= score({}, {})


def test_estimated_ages_count_little() -> None:
    near = score({"born": "1984"}, {"born": "1985"})
    assert score({"born": "1984"}, {"born": "1970"}) < near < score({}, {})


def test_sex_and_father_are_weak_evidence() -> None:
    base = score({}, {})
    assert score({"sex": "female"}, {"sex": "male"}) < base
    assert score({"father": "Khalil"}, {"father": "خليل"}) >= base
    assert base - 0.2 <= score({"father": "Khalil"}, {"father": "Idris"}) < base


def test_a_shared_document_is_strong_and_needs_some_name() -> None:
    passport = {"documents": [{"number": "N 123-456", "kind": "passport", "issuer": "x"}]}
    same = {"documents": [Document("n123456")]}
    a, b = "Yusuf Khalil", "Yusuf Haddad Darwish"
    assert not compare(a, b).match
    assert score(passport, same, a, b) > compare(a, b).score + 0.2
    found = compare(a, b, context={"left": passport, "right": same})
    assert "context-document-same" in {message.key for message in found.remarks}
    assert not compare("Ahmad", "Ivan", context={"left": passport, "right": same}).match


def test_another_number_of_the_same_kind_counts_a_little_against() -> None:
    one = {"documents": [{"number": "1", "kind": "Passport", "issuer": "x"}]}
    other = {"documents": [{"number": "2", "kind": "passport", "issuer": "X"}]}
    assert score({}, {}) - 0.15 < score(one, other) < score({}, {})


def test_weak_evidence_makes_no_match_of_two_names() -> None:
    facts = {"born": "1984-03-09", "sex": "male", "father": "Khalil"}
    assert not compare("Ahmad Idris", "Ivan Petrov", context={"left": facts, "right": facts}).match


def test_exchanging_names_and_sides_changes_nothing() -> None:
    context = Context(Facts(born=Born(1984)), Facts(born=Born(1956, 2, 3), sex="male"))
    forth = compare(A, "Khalil Haddad", context=context)
    back = compare("Khalil Haddad", A, context=context.swapped())
    assert forth.score == back.score

"""A code that was misheard or mistyped never passes for another code."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.codes import CODE_LENGTH, SEPARATOR, code_of, format_code, new_code, parse_code
from marfa.domain.digits import DigitScript
from marfa.domain.message import InputError

# Drawn by hypothesis and not by new_code, which hides its chance: that would test one code alone.
issued = st.integers(10_000_000, 99_999_999).map(code_of).filter(bool).map(str)


def single_errors(code: str) -> Iterator[str]:
    for place, digit in enumerate(code):
        yield from (code[:place] + d + code[place + 1 :] for d in "0123456789" if d != digit)


def transpositions(code: str) -> Iterator[str]:
    for a in range(len(code) - 1):
        if code[a] != code[a + 1]:
            yield code[:a] + code[a + 1] + code[a] + code[a + 2 :]


def teen_ty_errors(code: str) -> Iterator[str]:
    """Twelve heard as twenty, thirteen as thirty ... nineteen as ninety, and the reverse."""
    for a in range(len(code) - 1):
        first, second = code[a], code[a + 1]
        if first == "1" and second in "23456789":
            yield code[:a] + second + "0" + code[a + 2 :]
        if second == "0" and first in "23456789":
            yield code[:a] + "1" + first + code[a + 2 :]


def refused(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse_code(text)
    return error.value.problems[0].message.key


@given(issued)
def test_no_single_wrong_digit_passes(code: str) -> None:
    assert {refused(wrong) for wrong in single_errors(code)} == {"code-check-digit"}


@given(issued)
def test_no_swap_of_neighbours_passes(code: str) -> None:
    assert {refused(wrong) for wrong in transpositions(code)} <= {"code-check-digit"}


@settings(max_examples=1_000)
@given(issued)
def test_no_teen_for_ty_passes(code: str) -> None:
    assert {refused(wrong) for wrong in teen_ty_errors(code)} <= {"code-check-digit"}


def test_units_before_tens_as_arabic_says_them() -> None:
    # "five and twenty" written as it is heard is a swap of neighbours.
    code = next(code for code in iter(new_code, None) if "25" in code)
    assert refused(code.replace("25", "52", 1)) == "code-check-digit"


def _valid(text: str) -> bool:
    # Damm's operation table, typed from the article, apart from the library that we call.
    rows = [
        "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
        "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
    ]  # fmt: skip
    state = 0
    for digit in text:
        state = int(rows[state][int(digit)])
    return state == 0


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda text: text[0] != "0"))
def test_agrees_with_the_published_table(text: str) -> None:
    if _valid(text):
        assert parse_code(text) == text
    else:
        assert refused(text) == "code-check-digit"


@given(issued, st.sampled_from(["latn", "arab", "arabext"]))
def test_shown_code_reads_back(code: str, script: DigitScript) -> None:
    shown = format_code(code, script=script)
    assert len(code) == CODE_LENGTH
    assert [len(group) for group in shown.split(SEPARATOR)] == [3, 3, 3]
    assert parse_code(shown) == code


def test_groups_keep_their_order_in_both_directions() -> None:
    # Unicode Standard Annex 9, rule W4: a common separator between two numbers joins them.
    assert unicodedata.bidirectional(SEPARATOR) == "CS"


@given(
    issued,
    st.lists(
        st.sampled_from([" ", "-", "–", "\u200f", "\u200e", "\u2067", "\u2069", "\u00a0", "\t"]),
        min_size=10,
        max_size=10,
    ),
)
def test_whatever_stands_between_the_digits(code: str, between: list[str]) -> None:
    typed = between[-1] + "".join(d + b for d, b in zip(code, between, strict=False))
    assert parse_code(typed) == code


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "code-length"),
        ("12345678", "code-length"),
        ("1234567890", "code-length"),
        ("12345678a", "code-character"),
        ("12345678²", "code-character"),
        ("012345672", "code-check-digit"),
    ],
)
def test_says_what_is_wrong(text: str, key: str) -> None:
    assert refused(text) == key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 8, 11, 100])
def test_length_is_said_with_its_number(language: str, count: int) -> None:
    with pytest.raises(InputError) as error:
        parse_code("1" * count)
    sentence = render_problem(error.value.problems[0], language)
    assert "{" not in sentence


def test_nearly_all_numbers_are_given_out() -> None:
    given_out = sum(code_of(number) is not None for number in range(10_000_000, 99_999_999, 9_001))
    assert given_out > 0.95 * 10_000


def test_codes_are_spread() -> None:
    made = {new_code() for _ in range(2_000)}
    assert len(made) > 1_990
    assert {code[0] for code in made} == set("123456789")
    assert {code[-1] for code in made} == set("0123456789")

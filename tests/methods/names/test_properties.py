"""Laws that hold for all names."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.names import Comparer, compare, normalise, skeleton, tokens
from tests.methods.names.strategies import anything, names

COMPARER = Comparer()


@given(names | anything, names | anything)
def test_symmetric(a: str, b: str) -> None:
    forth, back = COMPARER.compare(a, b), COMPARER.compare(b, a)
    assert forth.score == back.score
    assert forth.band is back.band
    assert {(p.left, p.right) for p in forth.parts} == {(p.right, p.left) for p in back.parts}


@given(names | anything)
def test_a_name_is_itself(name: str) -> None:
    found = COMPARER.compare(name, name)
    if tokens(name):
        assert found.score == 1.0
        assert found.match
    else:
        assert found.score == 0.0


@given(names | anything, names | anything)
def test_score_and_sentences_are_sane(a: str, b: str) -> None:
    found = COMPARER.compare(a, b)
    assert 0.0 <= found.score <= 1.0
    assert found.explanation()
    assert all(0.0 <= part.likeness <= 1.0 for part in found.parts)


@given(anything)
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name)


@given(names, names)
def test_case_does_not_matter(a: str, b: str) -> None:
    assert COMPARER.compare(a.upper(), b).score == COMPARER.compare(a, b).score


HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
LATIN_MARKS = "\u0300\u0301\u0302\u0308\u030c"


@given(names, names, st.data())
def test_diacritics_and_tatweel_do_not_matter(a: str, b: str, data: st.DataObject) -> None:
    marked: list[str] = []
    for letter in a:
        marked.append(letter)
        if "\u0621" <= letter <= "\u064a":
            marked.append(data.draw(st.sampled_from([*HARAKAT, "\u0640", ""])))
        elif letter.isascii() and letter.isalpha():
            marked.append(data.draw(st.sampled_from([*LATIN_MARKS, ""])))
    assert COMPARER.compare("".join(marked), b).score == COMPARER.compare(a, b).score


@given(st.integers(0, 99_999), names)
def test_digit_scripts_do_not_matter(number: int, name: str) -> None:
    western = f"{name} {number}"
    for zero in ("٠", "۰", "०"):
        other = "".join(chr(ord(zero) + int(d)) if d in "0123456789" else d for d in western)
        assert normalise(other) == normalise(western)
        assert COMPARER.compare(other, western).score == 1.0


@given(names)
def test_composed_and_decomposed_are_one(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    assert normalise(decomposed) == normalise(unicodedata.normalize("NFC", name))
    assert skeleton(decomposed) == skeleton(name)


@given(names)
def test_direction_and_control_signs_do_not_matter(name: str) -> None:
    wrapped = "\u202b" + name.replace(" ", "\u200f \x00") + "\u202c\x07"
    assert COMPARER.compare(wrapped, name).score == (1.0 if tokens(name) else 0.0)


HOSTILE = [
    "",
    " ",
    "a",
    "ع",
    "x" * 10_000,
    "ab " * 3_333,
    "عبد ال" * 1_600,
    "al-" * 3_333,
    "王" * 10_000,
    "a\u0301" * 5_000,
    "\u202e\u0000\u200b\ufeff",
    "محمد Muhammad " * 700,
    "().,-'" * 1_600,
    "1234567890" * 1_000,
    "ﷺ" * 10_000,
]


@settings(deadline=None)
@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
def test_hostile_input_is_answered(a: str, b: str) -> None:
    found = compare(a, b)
    assert 0.0 <= found.score <= 1.0
    assert len(found.parts) <= 100


def test_work_is_bounded_by_length() -> None:
    assert all(len(normalise(text)) <= 1_000 for text in HOSTILE)
    assert all(len(tokens(text)) <= 24 for text in HOSTILE)

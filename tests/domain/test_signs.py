"""Signs that nobody sees, and letters that look like others."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.domain.catalogue import LANGUAGES, render_message
from marfa.domain.message import InputError
from marfa.domain.signs import alike_note, check_visible, hidden_signs, lookalikes, shown_signs

HIDDEN = (
    *("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"),  # direction
    *("\u200b\u2060\ufeff\u180e\u00ad\u034f\u115f\u3164\uffa0\u2800"),  # no width
    *("\U000e0001\U000e0041\U000e007f"),  # tags
    *("\x00\x07\x1b\x7f\x85\u2028\u2029"),  # controls
)
NAMES = (
    "Mariam Haddad",
    "مريم حداد",
    "محمّد عبد الرحمٰن",
    "نور\u200cالدين",
    "می\u200cخواهم",
    "ራሄል ገብረመድህን",
    "क्\u200dषमा",
    "Nguyễn Thị Ánh",
    "O’Connor-Müller",
    "Елена Ёлкина",
    "Ελένη",
    "王小明",
    "김민준",
    "Iván “el Rubio”",
)


@pytest.mark.parametrize("sign", HIDDEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_hidden_sign_is_refused_by_its_place_and_shown(sign: str) -> None:
    name = f"Mar{sign}iam"
    with pytest.raises(InputError) as raised:
        check_visible(name, field="name")
    (problem,) = raised.value.problems
    code = f"U+{ord(sign):04X}"
    assert problem.message.params == {"number": 4, "code": code}
    assert problem.place.field == "name"
    for language in LANGUAGES:
        told = render_message(problem.message, language)
        assert code in told
        assert "Mar" not in told
    assert shown_signs(name) == f"Mar⟨{code}⟩iam"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_passes(name: str) -> None:
    check_visible(name)
    assert shown_signs(name) == name
    assert lookalikes(name) == ()
    assert alike_note(name) is None


@pytest.mark.parametrize("name", ["Ma\u200criam", "\u200cنور", "نور\u200d", "نور \u200cعلي"])
def test_a_joiner_that_joins_nothing_is_hidden(name: str) -> None:
    assert [code for _, code in hidden_signs(name)] in (["U+200C"], ["U+200D"])


@given(st.text(max_size=30))
def test_what_is_shown_hides_nothing(text: str) -> None:
    assert hidden_signs(shown_signs(text)) == ()
    assert all(
        unicodedata.category(sign) != "Cf" or sign in "\u200c\u200d" for sign in shown_signs(text)
    )


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("M\u0430riam", "\u0430"),  # Cyrillic а
        ("Mari\u0430m Hadd\u0430d", "\u0430"),
        ("\u041cariam", "\u041c"),
        ("\u039cariam", "\u039c"),  # Greek Μ
        ("Елe\u043dа", "e"),  # one Latin letter among Cyrillic ones
        ("\U0001d40cariam", "\U0001d40c"),  # mathematical bold
        ("\uff2dariam", "\uff2d"),  # full width
    ],
)
def test_letters_that_look_like_others_are_named(name: str, letters: str) -> None:
    assert tuple(sign for sign, _ in lookalikes(name)) == tuple(letters)
    note = alike_note(name)
    assert note is not None
    for language in LANGUAGES:
        assert f"U+{ord(letters[0]):04X}" in render_message(note, language)


def test_two_scripts_in_two_words_are_two_spellings() -> None:
    assert lookalikes("Елена Elena") == ()

"""The languages that the form offers have names of their own in Arabic."""

from __future__ import annotations

import unicodedata

import pytest

from marfa.apps.people.words import SPOKEN
from marfa.domain.languages import language_name


@pytest.mark.parametrize("code", SPOKEN)
def test_a_language_that_is_offered_has_an_arabic_name(code: str) -> None:
    letters = [each for each in language_name(code, "ar") if each.isalpha()]
    assert letters
    assert all(unicodedata.name(each).startswith("ARABIC") for each in letters)

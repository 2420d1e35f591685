"""The languages that the form offers: their names in Arabic, and which stand first."""

from __future__ import annotations

import unicodedata

import pytest
from django.conf import settings
from django.utils.translation import override

from marfa.apps.registry import labels
from marfa.apps.registry.labels import ARABIC, SPOKEN, language_options
from marfa.domain.languages import language_name


@pytest.mark.parametrize("code", SPOKEN)
def test_a_language_that_is_offered_has_an_arabic_name(code: str) -> None:
    letters = [each for each in language_name(code, "ar") if each.isalpha()]
    assert letters
    assert all(unicodedata.name(each).startswith("ARABIC") for each in letters)


@pytest.mark.parametrize(
    ("region", "first"),
    [
        ("SY", ("apc", "acm", "ayl", "arz", "apd", "arb", "kmr", "ckb", "fra")),
        ("LY", ("ayl", "apc", "acm", "arz", "apd", "arb")),
        ("EG", ("arz", "apc", "acm", "ayl", "apd", "arb", "eng")),
    ],
)
def test_what_is_spoken_in_the_region_stands_first(
    monkeypatch: pytest.MonkeyPatch, region: str, first: tuple[str, ...]
) -> None:
    here = settings.MARFA.model_copy(update={"region": region})
    monkeypatch.setattr(settings, "MARFA", here)
    for language in ("en", "ar"):
        with override(language):
            offered = [code for code, _name in language_options()]
            rest = [name for code, name in language_options()[len(first) :] if code != "eng"]
        assert tuple(offered[: len(first)]) == first
        assert sorted(offered) == sorted(SPOKEN), "each of them, and once"
        assert rest == sorted(rest)


def test_without_a_region_the_language_of_the_reader_stands_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = settings.MARFA.model_copy(update={"region": ""})
    monkeypatch.setattr(settings, "MARFA", here)
    with override("ar"):
        assert tuple(code for code, _name in language_options()[: len(ARABIC)]) == ARABIC
    with override("en"):
        assert language_options()[0][0] == "eng"


def test_every_language_of_a_family_is_offered() -> None:
    assert {code for known in labels.FAMILIES.values() for code in known} == set(SPOKEN)

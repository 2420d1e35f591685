"""ISO codes by library, names by CLDR, and what neither of them has."""

from __future__ import annotations

import pytest

from marfa.domain.codelists import UN_LANGUAGES, codelist
from marfa.domain.countries import (
    _names,
    all_countries,
    country_by_code,
    country_choices,
    country_name,
)
from marfa.domain.languages import language_by_code, language_choices, language_name
from marfa.domain.message import InputError


def test_all_of_iso_3166_1() -> None:
    # ISO 3166-1 has 249 entries (ISO Online Browsing Platform).
    official = [each for each in all_countries() if not each.user_assigned]
    assert len(official) == 249
    assert all(each.numeric for each in official)


@pytest.mark.parametrize("code", ["SY", "sy", "SYR", "760", " syr "])
def test_one_country_by_every_code(code: str) -> None:
    # 760 and SYR: United Nations, M49.
    assert country_by_code(code).alpha_2 == "SY"


def test_kosovo_by_its_user_assigned_codes() -> None:
    assert country_by_code("XK") == country_by_code("XKX")
    assert country_by_code("XK").user_assigned
    assert country_by_code("XK").numeric is None
    assert country_name("XK", "ar") == "كوسوفو"


@pytest.mark.parametrize("code", ["", "ZZ", "YU", "SU", "syria", "0"])
def test_no_country(code: str) -> None:
    with pytest.raises(InputError):
        country_by_code(code)


@pytest.mark.parametrize("in_language", [*UN_LANGUAGES, "ckb", "ar_SY", "uk"])
def test_every_country_has_a_name(in_language: str) -> None:
    names = [name for _, name in country_choices(in_language)]
    assert len(names) == len(set(names)) == 250


@pytest.mark.parametrize(
    ("code", "name"), [("ar", "Arabic"), ("ara", "Arabic"), ("CKB", "Central Kurdish")]
)
def test_languages_by_code(code: str, name: str) -> None:
    assert language_name(code) == name


def test_a_macrolanguage_is_marked() -> None:
    assert language_by_code("ar").macrolanguage
    assert not language_by_code("apc").macrolanguage
    assert language_by_code("jos").sign  # Levantine (Jordanian) Sign Language


@pytest.mark.parametrize("code", codelist("spoken_languages").codes)
def test_names_that_cldr_lacks(code: str) -> None:
    assert language_by_code(code).alpha_3 == code
    for in_language in UN_LANGUAGES:
        assert (code, language_name(code, in_language)) in language_choices(in_language)


@pytest.mark.parametrize("code", ["", "x", "zzz", "arabic"])
def test_no_language(code: str) -> None:
    with pytest.raises(InputError):
        language_by_code(code)


def test_a_language_without_any_name_keeps_its_english_one() -> None:
    assert language_name("aaf", "ar") == "Aranadan"  # ISO 639-3


def test_one_choice_a_language() -> None:
    codes = [code for code, _ in language_choices("ar")]
    assert len(codes) == len(set(codes)) > 400


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        # As they stand in the lists of the United Nations Statistics Division (M49).
        ("SY", "en", "Syrian Arab Republic"),
        ("SY", "ar", "الجمهورية العربية السورية"),
        ("SY", "ar_SY", "الجمهورية العربية السورية"),
        ("PS", "fr", "État de Palestine"),
        ("TR", "es", "Türkiye"),
        ("KP", "zh", "朝鲜民主主义人民共和国"),
        ("CD", "ru", "Демократическая Республика Конго"),
        # M49 has no Kurdish, and no entry for Kosovo: CLDR.
        ("SY", "ckb", "سووریا"),
        ("XK", "en", "Kosovo"),
    ],
)
def test_countries_are_called_as_the_united_nations_write_them(
    code: str, language: str, name: str
) -> None:
    assert country_name(code, language) == name


def test_every_country_of_m49_has_a_name_in_the_six_languages() -> None:
    other = {"TW", "XK"}
    for each in all_countries():
        names = _names().get(each.alpha_2)
        assert (names is None) == (each.alpha_2 in other), each.alpha_2
        assert names is None or set(names) == {"ar", "zh", "en", "fr", "ru", "es"}

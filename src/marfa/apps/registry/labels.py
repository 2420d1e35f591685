"""Codes of the registry in the reader's language."""

from __future__ import annotations

from typing import Any

from babel.languages import get_territory_language_info
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.domain.countries import country_choices, country_name, country_named
from marfa.domain.languages import language_name
from marfa.domain.message import InputError

LISTS = {
    "birth_basis": "birth_bases",
    "gender": "prs_gender",
    "statelessness": "statelessness",
    "displacement": "displacement_status",
    "migration_status": "migration_protection_status",
    "marital_status": "prs_marital_status",
    "education": "prs_highest_level_of_education",
}
"""Fields of a person that hold a code, with its list."""

LABELS: dict[str, Any] = {
    "sex": _("Sex"),
    "born": _("Age, year or date of birth"),
    "birth_basis": _("How is the age known?"),
    "birth_place": _("Place of birth"),
    "age_disputed": _("The age is in doubt"),
    "languages": _("Languages"),
    "interpreter": _("Interpreter preference"),
    "gender": _("Gender"),
    "citizenships": _("Citizenships"),
    "statelessness": _("Statelessness"),
    "displacement": _("Displacement"),
    "migration_status": _("Migration status, for legal help"),
    "marital_status": _("Marital status"),
    "education": _("Education"),
    "functioning": _("Functional difficulties"),
    "presence": _("Presence"),
    "photo_id": _("Photograph"),
    "text": _("Name"),
    "kind": _("Kind"),
    "number": pgettext_lazy("of a paper", "Number"),
    "held_by": _("Who holds it"),
    "safety": _("Safe to use"),
    "value": _("Number, address or person"),
    "when": _("When it is safe"),
    "words": _("What to say if someone else answers"),
    "avoid": _("What must never be done or said"),
    "state": _("State"),
    "ended_at": _("No longer valid"),
}

NO_DIFFICULTY = "no_difficulty"

SPOKEN = (
    *("apc", "acm", "ayl", "arz", "apd", "arb", "ckb", "kmr", "prs", "pes", "pus", "tir", "amh"),
    *("som", "hau", "tur", "eng", "fra", "spa", "rus", "cmn"),
)
"""Languages that are offered at once, where Marfa is used; any other can be stored."""


ARABIC = ("apc", "acm", "ayl", "arz", "apd", "arb")
FAMILIES: dict[str, tuple[str, ...]] = {
    "ar": ARABIC,
    "ku": ("kmr", "ckb"),
    "fa": ("prs", "pes"),
    "ps": ("pus",),
    "ti": ("tir",),
    "am": ("amh",),
    "so": ("som",),
    "ha": ("hau",),
    "tr": ("tur",),
    "en": ("eng",),
    "fr": ("fra",),
    "es": ("spa",),
    "ru": ("rus",),
    "zh": ("cmn",),
}
"""By the code of CLDR the languages that are offered, which are told apart more finely."""

ARABIC_OF = {
    **dict.fromkeys(("SY", "LB", "JO", "PS"), "apc"),
    "IQ": "acm",
    "LY": "ayl",
    "EG": "arz",
    "SD": "apd",
}
"""The Arabic that is spoken in a region, where it is one that is offered."""

USUAL = 5
"""Percent of the people of a region who speak a language that is usual there."""


def code_label(name: str, code: str | None) -> str:
    """The label of a code of a list, or of a field that holds one; plain text stays as it is."""
    if not code:
        return ""
    listed = LISTS.get(name, name)
    try:
        return codelist(listed).label(code, _language())
    except (InputError, FileNotFoundError, KeyError):
        return code


def language_label(code: str) -> str:
    """The name of a language in the reader's own."""
    try:
        return language_name(code, _language())
    except InputError:
        return code


def country_label(code: str) -> str:
    """The name of a country in the reader's language."""
    try:
        return country_name(code, _language())
    except InputError:
        return code


def country_options() -> list[tuple[str, str]]:
    """Countries as choices of a form, by name."""
    return country_choices(_language())


def typed_country(text: str) -> str:
    """The code of a country that was typed, by its name or code; the text itself where there is no
    such country."""
    try:
        return country_named(text, _language()).alpha_2 if text.strip() else ""
    except InputError:
        return text


def functioning_label(answers: dict[str, str]) -> str:
    """The answers of the Washington Group short set that tell of a difficulty."""
    levels, domains = codelist("wg_levels"), codelist("wg_domains")
    told = [
        f"{domains.label(domain, _language())}: {levels.label(level, _language())}"
        for domain, level in answers.items()
        if domain in domains and level in levels and level != NO_DIFFICULTY
    ]
    return " · ".join(told) or levels.label(NO_DIFFICULTY, _language())


def language_options() -> list[tuple[str, str]]:
    """Languages as choices of a form: those usual in the region of the installation first, by how
    many speak them there (Unicode CLDR), then the reader's own, then the others by name."""
    usual = _usual(settings.MARFA.region or "")
    own = [code for code in SPOKEN if code in FAMILIES.get(_language().split("-")[0], ())]
    first = list(dict.fromkeys([*usual, *own]))
    others = sorted((code for code in SPOKEN if code not in first), key=language_label)
    return [(code, language_label(code)) for code in (*first, *others)]


def _usual(region: str) -> list[str]:
    """Of the languages that are offered those that are spoken in a region, the most first. Where
    Arabic is, that of the region stands before the Arabic of others."""
    found = get_territory_language_info(region) if region else {}
    shares = {name: float(share["population_percent"] or 0) for name, share in found.items()}
    codes: list[str] = []
    for name in sorted(shares, key=lambda each: -shares[each]):
        if shares[name] < USUAL:
            continue
        spoken = name.split("_")[0]
        if spoken == "ar" and region in ARABIC_OF:
            codes.append(ARABIC_OF[region])
        codes += FAMILIES.get(spoken, (spoken,))
    return [code for code in dict.fromkeys(codes) if code in SPOKEN]


def _language() -> str:
    return get_language() or SOURCE_LANGUAGE

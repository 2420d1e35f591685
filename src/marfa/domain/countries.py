"""Countries and territories: codes of ISO 3166-1, names as the United Nations writes them (M49).

In the six languages of the United Nations the names stand in ``country_names.toml``; other
languages, and what M49 does not name, are those of Unicode CLDR. Which names and boundaries are
right is not for this software to say. Kosovo has no ISO code: ``XK`` and ``XKX`` from the range
that ISO leaves to users are accepted, as CLDR, the European Union and the International Monetary
Fund write them. A country that no longer exists (``YU``, ``SU``) is not in the list.

A country is never an input of a score, a match weight or an alert (charter, rule 4).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale

from marfa.domain.message import InputError, Message


@dataclass(frozen=True)
class Country:
    """One country or territory. numeric is None where ISO has given none."""

    alpha_2: str
    alpha_3: str
    numeric: str | None
    user_assigned: bool = False


_USER_ASSIGNED = (Country("XK", "XKX", None, user_assigned=True),)


@cache
def all_countries() -> tuple[Country, ...]:
    """All of ISO 3166-1 and the user-assigned codes above, by alpha-2 code."""
    import pycountry

    listed = (Country(c.alpha_2, c.alpha_3, c.numeric) for c in pycountry.countries)
    return tuple(sorted((*listed, *_USER_ASSIGNED), key=lambda country: country.alpha_2))


@cache
def _by_code() -> dict[str, Country]:
    found = {country.alpha_2: country for country in all_countries()}
    found |= {country.alpha_3: country for country in all_countries()}
    return found | {country.numeric: country for country in all_countries() if country.numeric}


def country_by_code(code: str) -> Country:
    """A country by its alpha-2, alpha-3 or numeric code, in any case of letters.

    Raises InputError when there is no such code.
    """
    found = _by_code().get(code.strip().upper())
    if found is None:
        raise InputError.at(Message("domain:country-unknown", {"code": code}))
    return found


@cache
def _names() -> dict[str, dict[str, str]]:
    """Alpha-2 code -> language -> the name that the United Nations uses."""
    text = files("marfa.domain").joinpath("country_names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def country_name(code: str, language: str = "en") -> str:
    """The name of a country in any language that CLDR has (``"ar"``, ``"ckb"``, ``"ar_SY"``).

    Raises InputError when there is no such code.
    """
    found = country_by_code(code)
    locale = Locale.parse(language.replace("-", "_"))
    official = _names().get(found.alpha_2, {}).get(locale.language)
    if official:
        return official
    names = locale.territories
    return str(names.get(found.alpha_2) or Locale("en").territories[found.alpha_2])


@cache
def _by_name(language: str) -> dict[str, Country]:
    """Countries by their names in a language and in those of the United Nations, without case."""
    found: dict[str, Country] = {}
    for each in all_countries():
        told = _names().get(each.alpha_2, {}).values()
        for name in (country_name(each.alpha_2, language), *told):
            found.setdefault(name.casefold(), each)
    return found


def country_named(text: str, language: str = "en") -> Country:
    """A country by its code, or by its name in a language or any that the United Nations names it
    in, in any case of letters.

    Raises InputError when nothing is called so.
    """
    wanted = " ".join(text.split()).casefold()
    return _by_name(language).get(wanted) or country_by_code(text)


def country_choices(language: str = "en") -> list[tuple[str, str]]:
    """Alpha-2 code and name of each, by name. Order by code points: a page may collate better."""
    named = [(each.alpha_2, country_name(each.alpha_2, language)) for each in all_countries()]
    return sorted(named, key=lambda choice: choice[1])

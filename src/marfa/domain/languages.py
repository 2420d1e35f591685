"""Languages: codes of ISO 639, names of Unicode CLDR.

Stored is the alpha-3 code of ISO 639-3 (Levantine Arabic ``apc``, Central Kurdish ``ckb``): what
a person speaks decides which interpreter is called. HTCDS asks for ISO 639-2 (terminological
codes), which is coarser: where 639-2 has the language, the code is the same. Names that CLDR
lacks and interpreters are asked for stand in the code list ``spoken_languages``.

A language is never an input of a score, a match weight or an alert (charter, rule 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError

from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message


@dataclass(frozen=True)
class Language:
    """One language.

    alpha_2: ISO 639-1, for the 180-odd that have one.
    macrolanguage: it stands for a group, as Arabic does: ask which one the person speaks.
    """

    alpha_3: str
    alpha_2: str | None
    name: str
    macrolanguage: bool
    sign: bool


def language_by_code(code: str) -> Language:
    """A living, historical or constructed language by its ISO 639-3 or 639-1 code.

    Raises InputError when there is no such code.
    """
    import pycountry

    wanted = code.strip().lower()
    key = "alpha_2" if len(wanted) == 2 else "alpha_3"
    found = pycountry.languages.get(**{key: wanted}) if len(wanted) in {2, 3} else None
    if found is None:
        raise InputError.at(Message("domain:language-unknown", {"code": code}))
    return _language(found)


def language_name(code: str, in_language: str = "en") -> str:
    """The name of a language in any language that CLDR has; else its English name of ISO 639-3.

    Raises InputError when there is no such code.
    """
    found = language_by_code(code)
    return _name(found, in_language) or found.name


def own_name(code: str) -> str:
    """A language in its own words, by the code of a text pack (BCP 47); else the code."""
    try:
        return Locale.parse(code, sep="-").display_name or code
    except (UnknownLocaleError, ValueError):
        return code


@cache
def language_choices(in_language: str = "en") -> tuple[tuple[str, str], ...]:
    """Alpha-3 code and name of the living languages that have a name in this language."""
    import pycountry

    living = (_language(each) for each in pycountry.languages if each.type == "L")
    named = ((each.alpha_3, _name(each, in_language)) for each in living)
    known = ((code, name) for code, name in named if name is not None)
    return tuple(sorted(known, key=lambda choice: choice[1]))


def _name(found: Language, in_language: str) -> str | None:
    beside = codelist("spoken_languages")
    if found.alpha_3 in beside:
        return beside.label(found.alpha_3, in_language)
    names = Locale.parse(in_language.replace("-", "_")).languages
    name = names.get(found.alpha_2 or found.alpha_3) or names.get(found.alpha_3)
    return None if name is None else str(name)


def _language(found: Any) -> Language:
    alpha_2 = getattr(found, "alpha_2", None)
    name = str(found.name)
    return Language(
        alpha_3=found.alpha_3,
        alpha_2=alpha_2,
        name=name,
        macrolanguage=found.scope == "M",
        sign="Sign Language" in name,
    )

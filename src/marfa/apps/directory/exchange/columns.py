"""The columns of a sheet of services: how each is written and read, and its HXL tag.

HXL: Humanitarian Exchange Language 1.1 (hxlstandard.org), as 3W tables have it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from marfa.apps.directory.models import NAME_LENGTH, NOTE_LENGTH, OLDEST, Service
from marfa.apps.site_cards.queries import LANGUAGES
from marfa.domain.codelists import codelist
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message

REFERENCE, CALLED = "reference", "called"
APART = (",", "،", "؛", "|", "/")
"""What parts several codes in a cell, beside a semicolon."""
YES = frozenset({"yes", "true", "1", "y", "نعم", "oui", "да", "sí", "si", "是"})
NO = frozenset({"no", "false", "0", "n", "لا", "non", "нет", "否"})


@dataclass(frozen=True)
class Column:
    """One column. tag: of HXL. words: further headings under which others have it."""

    name: str
    tag: str
    read: Callable[[str], Any]
    words: tuple[str, ...] = ()


def fault(key: str, **params: object) -> InputError:
    """What is wrong with a value; it does not repeat it."""
    return InputError.at(Message(f"apps.directory:{key}", params))


def read_text(most: int, text: str) -> str:
    """A text that is not too long."""
    told = text.strip()
    if len(told) > most:
        raise fault("text-long", most=most)
    return told


def read_line(most: int, text: str) -> str:
    """A text in one line."""
    return " ".join(read_text(most, text).split())


def read_code(known: Callable[[], dict[str, str]], text: str) -> str:
    """A code, or what it is called in a language."""
    code = known().get(_folded(text))
    if code is None:
        raise fault("code-of", known="; ".join(dict.fromkeys(known().values())))
    return code


def read_codes(known: Callable[[], dict[str, str]], text: str) -> list[str]:
    """Several codes in one cell."""
    for mark in APART:
        text = text.replace(mark, ";")
    parts = [part for part in text.split(";") if part.strip()]
    return list(dict.fromkeys(read_code(known, part) for part in parts))


def read_yes(text: str) -> bool:
    """Yes or no, in the six languages of the United Nations."""
    told = _folded(text)
    if told in YES or told in NO:
        return told in YES
    raise fault("yes-no")


def read_age(text: str) -> int:
    """Whole years."""
    told = latin_digits(without_marks(text)).strip().removesuffix(".0")
    if not told.isdecimal() or int(told) > OLDEST:
        raise fault("age-form", most=OLDEST)
    return int(told)


def read_degrees(text: str) -> float:
    """Degrees, with a point or a comma."""
    told = latin_digits(without_marks(text)).strip().replace("٫", ".").replace(",", ".")
    try:
        found = float(told)
    except ValueError:
        raise fault("degrees-form") from None
    if found != found or found in (float("inf"), float("-inf")):
        raise fault("degrees-form")
    return found


@cache
def _needs() -> dict[str, str]:
    listed = codelist("support_types")
    found = {_folded(code): code for code in listed.codes}
    for language in ("ar", "zh", "en", "fr", "ru", "es"):
        found |= {_folded(label): code for code, label in listed.choices(language)}
    return found


def _of(*codes: str) -> Callable[[], dict[str, str]]:
    return lambda: {each: each for each in codes}


def _folded(text: str) -> str:
    return " ".join(without_marks(text).casefold().split())


_NAME = partial(read_line, NAME_LENGTH)
_LINE = partial(read_line, 300)
_ASKED = partial(read_code, _of(*Service.Asked.values))

COLUMNS = (
    Column(REFERENCE, "#meta+id", partial(read_line, 20), ("id",)),
    Column("name", "#service+name", _NAME, ("service", "service name", "الخدمة", "اسم الخدمة")),
    Column("provider", "#org+name", _NAME, ("organisation", "organization", "who", "المنظمة")),
    Column("need", "#sector+code", partial(read_code, _needs), ("sector", "what", "القطاع")),
    Column("state", "#status+code", partial(read_code, _of(*Service.State.values)), ("status",)),
    Column("phone", "#contact+phone", partial(read_line, 40), ("telephone", "tel", "الهاتف")),
    Column("safe_contact", "#contact+safe", _LINE),
    Column("opening", "#date+opening", _LINE, ("hours", "opening hours", "الدوام")),
    Column("confidential", "#loc+confidential", read_yes),
    Column("address", "#loc+address", _LINE, ("where", "location", "العنوان")),
    Column("latitude", "#geo+lat", read_degrees, ("lat",)),
    Column("longitude", "#geo+lon", read_degrees, ("lon", "lng")),
    Column("sexes", "#beneficiary+sex", partial(read_code, _of(*Service.Sexes.values)), ("sex",)),
    Column("age_from", "#beneficiary+age+min", read_age, ("minimum age",)),
    Column("age_to", "#beneficiary+age+max", read_age, ("maximum age",)),
    Column("languages", "#service+language", partial(read_codes, _of(*LANGUAGES)), ("language",)),
    Column("access", "#access+code", partial(read_codes, _of(*Service.Access.values))),
    Column("cost", "#value+cost", partial(read_code, _of(*Service.Cost.values)), ("fees",)),
    Column("papers", "#service+papers", _ASKED),
    Column("police_report", "#service+police_report", _ASKED),
    Column("on_sheets", "#meta+on_sheets", read_yes),
    Column("note", "#description", partial(read_text, NOTE_LENGTH), ("description", "notes")),
)
BY_NAME = {each.name: each for each in COLUMNS}
"""By name of the field; what else a file has is left out and said."""


def written(value: object) -> str:
    """A value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(value)
    return repr(value) if isinstance(value, float) else str(value)

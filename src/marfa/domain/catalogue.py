"""From a message to a sentence in one of the languages.

Catalogues are gettext ``.po`` files that lie beside the code: ``<package>/locale/<language>.po``.
They are read directly, so that a library works without a build step.

Babel is loaded with the first sentence: a command that answers in JSON says none, and to load it
takes longer than many commands need for all else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING

from marfa.domain.digits import DigitScript, in_script
from marfa.domain.message import Message, Place, Problem

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

LANGUAGES = ("en", "ar")
"""Interface languages that are complete. Others join when every catalogue has them."""

SOURCE_LANGUAGE = "en"

RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "he", "ckb", "ps", "syr"})


@lru_cache(maxsize=256)
def load_catalogue(package: str, language: str) -> Catalog | None:
    """The catalogue of a package below ``marfa`` (``"methods.names"``), or None if it has none."""
    from importlib.resources import files

    from babel.messages.pofile import read_po

    folder = files("marfa")
    for part in package.split("."):
        folder = folder / part
    file = folder / "locale" / f"{language}.po"
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def render_message(
    message: Message, language: str = SOURCE_LANGUAGE, *, region: str | None = None
) -> str:
    """The message as a sentence.

    language: one of LANGUAGES; a text that a catalogue lacks falls back to English.
    region: locale for numbers and dates (``"ar_SY"``); by default the language's own.
    Raises KeyError when no catalogue knows the code: that is a defect of ours, not of the input.
    """
    text = _text(message, language) or _text(message, SOURCE_LANGUAGE)
    if text is None:
        raise KeyError(message.code)
    locale = _locale(region or language)
    values = {name: _show(value, language, locale) for name, value in message.params.items()}
    if message.count is not None:
        values["count"] = _show(message.count, language, locale)
    return Formatter().vformat(text, (), values)


def render_problem(problem: Problem, language: str = SOURCE_LANGUAGE) -> str:
    """A problem with its place in front: ``people.csv, row 4, column born: ...``."""
    sentence = render_message(problem.message, language)
    where = _where(problem.place, language)
    if not where:
        return sentence
    return render_message(
        Message("domain:at-place", {"place": where, "problem": sentence}), language
    )


def translator_for(package: str, language: str) -> Callable[[str], str]:
    """A gettext function for a package whose catalogue is keyed by the English text itself."""

    def translate(text: str) -> str:
        catalogue = None if language == SOURCE_LANGUAGE else load_catalogue(package, language)
        entry = catalogue.get(text) if catalogue else None
        return str(entry.string) if entry and entry.string else text

    return translate


def _text(message: Message, language: str) -> str | None:
    catalogue = load_catalogue(message.package, language)
    if catalogue is None:
        return None
    entry = catalogue.get(message.key, message.addressee) if message.addressee else None
    entry = entry or catalogue.get(message.key)
    if entry is None:
        return None
    if not isinstance(entry.string, (tuple, list)):
        return str(entry.string) or None
    if message.count is None:
        raise ValueError(f"{message.code} has plural forms and was given no count")
    form = _locale(language).plural_form(message.count)
    order = list(catalogue_plurals(language))
    return entry.string[order.index(form)] or None


def catalogue_plurals(language: str) -> tuple[str, ...]:
    """CLDR plural categories in the order of the msgstr[n] in our catalogues."""
    rule = _locale(language).plural_form
    order = ("zero", "one", "two", "few", "many", "other")
    return tuple(name for name in order if name in rule.tags or name == "other")


def _locale(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(code)


def _show(value: object, language: str, locale: Locale) -> object:
    if isinstance(value, Message):
        return render_message(value, language, region=str(locale))
    if isinstance(value, bool) or not isinstance(value, (int, float, date)):
        return value
    from babel.dates import format_date, format_datetime
    from babel.numbers import format_decimal

    if isinstance(value, datetime):
        return own_digits(format_datetime(value, locale=locale), locale)
    if isinstance(value, date):
        return own_digits(format_date(value, locale=locale), locale)
    number = format_decimal(value, locale=locale, numbering_system="default")
    return own_digits(number, locale)


def own_digits(text: str, locale: Locale) -> str:
    """Babel writes Latin digits everywhere; Syria and Egypt do not."""
    scripts: dict[str, DigitScript] = {"arab": "arab", "arabext": "arabext"}
    script = scripts.get(locale.default_numbering_system)
    return in_script(text, script) if script else text


def _where(place: Place, language: str) -> str:
    parts: list[str] = []
    if place.file is not None:
        parts.append(f"{place.file} [{place.sheet}]" if place.sheet else place.file)
    for name, value in (("row", place.row), ("column", place.column), ("field", place.field)):
        if value is not None:
            parts.append(
                render_message(Message(f"domain:place-{name}", {name: str(value)}), language)
            )
    return render_message(Message("domain:list-comma"), language).join(parts)

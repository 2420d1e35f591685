"""What people say about their birth, read as they say it: an age, a year, or a date."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.domain.catalogue import SOURCE_LANGUAGE, render
from marfa.domain.dates import (
    DayMonthOrder,
    PartialDate,
    born_when_aged,
    from_storage,
    parse_date,
    show_date,
    to_storage,
)
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError
from marfa.platform import clock

LONGEST_AGE = 3


def read_birth(text: str, today: date) -> PartialDate | None:
    """``34`` is an age; all else a date or a year, day before month. None where nothing was said.

    Raises InputError saying what cannot be read.
    """
    told = latin_digits(without_marks(text)).strip()
    if not told:
        return None
    if told.isascii() and told.isdigit() and len(told) <= LONGEST_AGE:
        return born_when_aged(int(told), int(told), today)
    born = parse_date(told, order=DayMonthOrder.DAY_FIRST)
    if born.earliest > today:
        # The years of a person who is not born yet are no age either.
        return born_when_aged(-1, -1, today)
    return born


class BirthField(forms.CharField):
    """A birth as it is told; its clean value is the text in which it is stored, or nothing."""

    def __init__(self, **given: object) -> None:
        super().__init__(
            **{  # type: ignore[arg-type]
                "required": False,
                "max_length": 80,
                "label": _("Age, year or date of birth"),
                "widget": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
                **given,
            }
        )

    def clean(self, value: object) -> str:
        try:
            born = read_birth(str(value or ""), clock.now().date())
        except InputError as error:
            raise ValidationError(in_words(error)) from None
        return to_storage(born) if born else ""

    def prepare_value(self, value: object) -> object:
        return show_birth(str(value)) if value else ""


def show_birth(stored: str) -> str:
    """A stored birth as it is read and can be typed again; what is no stored birth stays."""
    try:
        return show_date(from_storage(stored), get_language() or SOURCE_LANGUAGE)
    except InputError:
        return stored


def in_words(error: InputError) -> str:
    """The sentences of an error in the reader's language."""
    language = get_language() or SOURCE_LANGUAGE
    return " ".join(render(problem.message, language) for problem in error.problems)

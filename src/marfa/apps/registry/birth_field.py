"""The form field of a birth: an age, a year or a date, as people say it."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.dates import (
    DayMonthOrder,
    PartialDate,
    born_when_aged,
    from_storage,
    parse_date,
    read_age,
    show_date,
    to_storage,
)
from marfa.domain.digits import without_marks
from marfa.domain.message import InputError, Message
from marfa.platform import clock

HINT = _("Such as 34, 34 years, 8 months, 1990, 3 May 1990, or about 1990.")
SHORT_HINT = _("Such as 34, 8 months or 1990.")
SUCH_AS = Message("apps.registry:birth-such-as")


def read_birth(
    text: str, today: date, order: DayMonthOrder | None = DayMonthOrder.DAY_FIRST
) -> PartialDate | None:
    """``34`` and ``8 months`` are ages; all else a date or a year, day before month. None where
    nothing was said.

    order: None where nobody knows which comes first; what can be read both ways is refused.

    Raises InputError saying what cannot be read, and then what can.
    """
    told = without_marks(text).strip()
    if not told:
        return None
    try:
        return _read(told, today, order)
    except InputError as error:
        such_as = InputError.at(SUCH_AS).problems
        raise InputError(*error.problems, *such_as) from None


def _read(told: str, today: date, order: DayMonthOrder | None) -> PartialDate:
    age = read_age(told)
    if age is not None:
        return age.born(today)
    born = parse_date(told, order=order)
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
                "help_text": HINT,
                "widget": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
                **given,
            }
        )

    def clean(self, value: object) -> str:
        try:
            born = read_birth(str(value or ""), timezone.localtime(clock.now()).date())
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
    return " ".join(render_message(problem.message, language) for problem in error.problems)

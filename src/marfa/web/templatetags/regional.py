"""Filters for what the region writes in its own way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_time,
    format_timedelta,
    get_datetime_format,
    get_timezone_location,
)
from babel.numbers import format_percent
from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.domain.catalogue import SOURCE_LANGUAGE, own_digits, render_message
from marfa.domain.message import Message
from marfa.platform import clock, moments
from marfa.platform.regional import format_number, list_in_words, locale_here, month_in_words
from marfa.web.clocks import UTC as UTC_NAME
from marfa.web.clocks import clock_place

register = template.Library()
register.filter("listed", list_in_words)
register.filter("month", month_in_words)
register.filter("number", format_number)


@register.filter
def percent(value: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 as a percentage."""
    if value is None:
        return ""
    here = locale_here()
    form = f"#,##0{'.' + '0' * digits if digits else ''}%"
    text = format_percent(value, format=form, locale=here, numbering_system="default")
    # Babel leaves the sign as the pattern has it.
    symbols = here.number_symbols.get(here.default_numbering_system, {})
    return own_digits(text.replace("%", symbols.get("percentSign", "%")), here)


@register.filter
def day(value: date | None, style: str = "long") -> str:
    """A day. style: short, medium, long or full. A moment is put on the reader's clock first."""
    if not value:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    here = locale_here()
    return own_digits(format_date(value, format=_told(here, style), locale=here), here)


def _told(here: Locale, style: str) -> str:
    """A style in which the month is a word: in Arabic the medium one is 2026/12/02, of which
    nobody can tell the day from the month."""
    numeric = style == "medium" and "MMM" not in here.date_formats[style].pattern
    return "long" if numeric else style


@register.filter
def place_of_clock(zone: str) -> str:
    """Where the clocks of a time zone stand, in the reader's language: "Tripoli"."""
    if zone == "UTC":
        return zone
    return str(get_timezone_location(zone, locale=locale_here(), return_city=True)) or zone


@register.filter
def last_day(end: datetime | None) -> str:
    """The last day that belongs to what ends at a moment, as days are given: in UTC."""
    return day(moments.last_day(end, UTC_NAME)) if end else ""


@register.filter
def instant(value: datetime | None, style: str = "medium") -> str:
    """A day with hours and minutes on the clocks of the page. style: of the day. Where these are
    UTC, as for who works in several zones, it says so: nobody's watch shows it."""
    if not value:
        return ""
    here = locale_here()
    shown = timezone.localtime(value) if timezone.is_aware(value) else value
    parts = {
        # Hours are not parted from what says which half of the day they are of.
        "{0}": format_time(shown, format="short", locale=here).replace(" ", "\u00a0"),
        "{1}": format_date(shown, format=_told(here, style), locale=here),
    }
    text = str(get_datetime_format("medium", locale=here)).replace("'", "")
    for place, part in parts.items():
        text = text.replace(place, part)
    utc = timezone.is_aware(value) and timezone.get_current_timezone_name() == UTC_NAME
    return own_digits(text, here) + ("\u00a0UTC" if utc else "")


@register.filter
def time_or_day(value: datetime | None) -> str:
    """Hours and minutes on the clocks of the page, for a moment of today; one of another day with
    the day."""
    if not value:
        return ""
    shown = timezone.localtime(value)
    if shown.date() != timezone.localtime(clock.now()).date():
        return instant(value)
    here = locale_here()
    text = format_time(shown, format="short", locale=here).replace(" ", "\u00a0")
    return own_digits(text, here)


@register.filter
def instant_at(value: datetime | None, place: object) -> str:
    """The same on the clocks of a site, where a page shows several sites; it says whose clocks they
    are where they are not those of the page. place: a site, or the zone of its clocks; none: the
    clocks of the page."""
    zone = str(getattr(place, "time_zone", place) or "")
    if not value or not zone or zone == timezone.get_current_timezone_name():
        return instant(value)
    with timezone.override(ZoneInfo(zone)):
        return f"{instant(value)} ({clock_place()})"


@register.filter
def duration(value: timedelta) -> str:
    """About how long something is: ``3 days``."""
    here = locale_here()
    return own_digits(format_timedelta(value, locale=here), here)


@register.filter
def from_now(value: datetime | None) -> str:
    """How far a moment is from now: "8 months ago", "in 3 days"."""
    if not value:
        return ""
    here = locale_here()
    return own_digits(format_timedelta(value - clock.now(), add_direction=True, locale=here), here)


@register.filter
def lateness(due: datetime | None) -> str:
    """How far off a time limit is: "in 3 days", or "8 months late"."""
    if not due or due > clock.now():
        return from_now(due)
    return _("%(time)s late") % {"time": duration(clock.now() - due)}


@register.filter
def sentence(message: Message | str) -> str:
    """A message of a library in the reader's language; plain text stays as it is."""
    if not isinstance(message, Message):
        return str(message)
    return render_message(message, get_language() or SOURCE_LANGUAGE, region=str(locale_here()))


@register.filter
def direction(value: object) -> str:
    """The ``dir`` of a text that somebody typed: a telephone number, or anything else that has no
    letter, would turn round in a page from right to left."""
    return "auto" if any(character.isalpha() for character in str(value)) else "ltr"

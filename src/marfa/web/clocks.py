"""The clocks by which a page shows times, by name."""

from __future__ import annotations

from babel.dates import get_timezone_location
from django.utils import timezone

from marfa.platform.regional import locale_here

UTC = "UTC"


def clock_place() -> str:
    """Where the clocks of this page stand, in the reader's language: "Tripoli", or "UTC"."""
    zone = timezone.get_current_timezone_name()
    if zone == UTC:
        return UTC
    here = timezone.get_current_timezone()
    return str(get_timezone_location(here, locale=locale_here(), return_city=True)) or zone

"""What the base template needs on every page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.accounts.device_handover import handed_page
from marfa.apps.handling_marks import mark_of, protects_here
from marfa.apps.manifest import Desk, desk_of_page
from marfa.apps.organisations.queries import is_administrator
from marfa.apps.tours.queries import tours_of
from marfa.domain.handling import HandlingMark
from marfa.safeguards.words import Purpose, Role
from marfa.web.clocks import clock_place
from marfa.web.desks import TEXTS, desks_for, desks_here, desks_offered, role_name

PURPOSES: dict[str, Purpose] = {
    Desk.RECEPTION: Purpose.REGISTRATION,
    Desk.REPORTING: Purpose.STATISTICS,
    Desk.COORDINATION: Purpose.COORDINATION,
    Desk.ADMINISTRATION: Purpose.ADMINISTRATION,
}
"""What a page of a desk is for, as its mark says."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Neutral title, direction, languages, and the desks of the person who is signed in."""
    desks = desks_for(actor_in(request)) if hasattr(request, "user") else ()
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    here = desks_here()
    return {
        "workspace_title": settings.MARFA.title or _("Workspace"),
        "shortcuts": request.COOKIES.get(settings.SHORTCUTS_COOKIE_NAME) != "off",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "page_languages": settings.LANGUAGES,
        "demonstration": settings.DEMONSTRATION,
        "all_desks": [(desk, TEXTS[desk]) for desk in desks_offered()],
        "officer": role_name(Role.DATA_PROTECTION_OFFICER) if Desk.ADMINISTRATION in here else "",
        "supervisor": role_name(Role.SUPERVISOR) if Desk.PROTECTION in here else "",
        "focal_point": role_name(Role.FOCAL_POINT) if Desk.PROTECTION in here else "",
        "administers": hasattr(request, "user") and is_administrator(actor_in(request)),
        "guided": signed_in and bool(tours_of(actor_in(request))),
        "desk_here": _desk_at(request, desks),
        "clocks": clock_place() if signed_in else "",
        "handed": handed_page(request),
        "handling": _mark(request, desks) if signed_in else None,
        "menu": [(desk, TEXTS[desk].name) for desk in desks],
    }


def _mark(request: HttpRequest, desks: Collection[Desk]) -> HandlingMark | None:
    """The mark of a page that somebody may save or print; to the day, so that the same page is the
    same all day."""
    if not protects_here():
        return None
    purpose = PURPOSES.get(_desk_at(request, desks), Purpose.ASSISTANCE)
    mark = mark_of(actor_in(request).id, "record", purpose)
    return replace(mark, at=mark.at.replace(hour=0, minute=0, second=0, microsecond=0))


def _desk_at(request: HttpRequest, held: Collection[Desk]) -> str:
    """The desk below which an address stands, or to whose work its page belongs; "" for none."""
    parts = request.path.split("/")
    if parts[1:2] == ["desks"]:
        return parts[2] if len(parts) > 3 else ""
    match = request.resolver_match
    return (desk_of_page(match.view_name, held) or "") if match else ""

"""The app's part of a demonstration: services near both sites, all called by telephone today but
one, so that somebody has something to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marfa.apps.accounts.models import User
from marfa.apps.directory.actions import add_service, record_call
from marfa.apps.directory.models import Service
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SUPERVISOR
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.domain.fiction import in_both
from marfa.safeguards.actor import Actor

CALLERS = (SUPERVISOR, Desk.RECEPTION.value, Desk.PROTECTION.value)
PLACES = {"Africa/Tripoli": (32.887, 13.191), "Asia/Damascus": (33.513, 36.276)}
"""Near the towns that name the clocks of the sites."""
FAR = 0.01
"""Degrees between one service and the next."""


@dataclass(frozen=True)
class _Made:
    """arabic, english: its name. more: what else is told of it."""

    need: str
    arabic: str
    english: str
    more: dict[str, Any]
    state: str = Service.State.OPEN.value
    called: bool = True


HIDDEN = {
    "confidential": True,
    "safe_contact": in_both("اتصل من الموقع فقط", "Call from the site only"),
}
SERVICES = (
    _Made("shelter", "بيت النخلة", "Palm House", {**HIDDEN, "sexes": "female"}),
    _Made("shelter", "بيت الساقية", "Waterwheel House", HIDDEN),
    _Made(
        "medical_care",
        "عيادة المنارة",
        "Lighthouse Clinic",
        {"on_sheets": True, "access": ["step_free", "easy_words"], "languages": ["ar", "en", "fr"]},
    ),
    _Made(
        "mental_health_and_psychosocial",
        "مركز السكينة",
        "Stillwater Centre",
        {"languages": ["ar", "en", "ti"], "access": ["children_stay"]},
    ),
    _Made("safety_measures", "خط الأمان", "Safe Line", {"on_sheets": True}),
    _Made("alternative_care", "بيت الصغار", "House of the Young", {**HIDDEN, "age_to": 17}),
    _Made("legal_advice", "مكتب الميزان", "Office of the Scales", {"papers": "no"}),
    _Made("food_and_essentials", "مطبخ الحي", "Quarter Kitchen", {}, state="full"),
    _Made("interpretation", "مترجمو المرفأ", "Harbour Interpreters", {}, called=False),
)


def make_demo(desks: tuple[Desk, ...]) -> None:
    """Services of the controller, where a site and somebody to call are; those that are there
    already are called."""
    actor = find_caller()
    if actor is None:
        return
    if Service.objects.exists():
        call_all(actor)
    else:
        make_services(actor)


def find_caller() -> Actor | None:
    """Who calls services in a demonstration; None where nobody works with people."""
    found = {each.username: each for each in User.objects.filter(username__in=CALLERS)}
    named = next((found[name] for name in CALLERS if name in found), None)
    return actor_of(named) if named else None


def make_services(actor: Actor) -> None:
    """The services near each site."""
    keeper = data_controller()
    number = 0
    for site in Site.objects.filter(organisation=keeper).order_by("created_at", "pk"):
        latitude, longitude = PLACES.get(site.time_zone, (None, None))
        if latitude is None or longitude is None:
            continue
        for each in SERVICES:
            number += 1
            away = FAR * (number % len(SERVICES))
            _make(actor, keeper, each, number, (latitude + away, longitude + away))


def call_all(actor: Actor) -> None:
    """Somebody calls everywhere: nothing has changed."""
    for service in Service.objects.exclude(called_at=None).select_related("keeper"):
        record_call(actor=actor, service=service, state=service.state)


def _make(
    actor: Actor, keeper: Organisation, each: _Made, number: int, place: tuple[float, float]
) -> None:
    told: dict[str, Any] = {
        "name": in_both(each.arabic, each.english),
        "need": each.need,
        "phone": f"+218 21 000 01{number:02}",
        "police_report": "no",
        "cost": "free",
        "languages": ["ar"],
        **each.more,
    }
    if not told.get("confidential"):
        told |= {"latitude": round(place[0], 4), "longitude": round(place[1], 4)}
    made = add_service(actor=actor, keeper=keeper, told=told)
    if each.called:
        record_call(actor=actor, service=made, state=each.state)

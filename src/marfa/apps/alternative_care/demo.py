"""The app's part of a demonstration: a family that was vetted, and in which nobody lives yet."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.alternative_care.actions.places import (
    answer_vetting,
    ask_vetting,
    record_check,
    record_place,
)
from marfa.apps.alternative_care.models.places import CHECKS
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SITES, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.domain.fiction import made_up
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context

TOLD = {
    "kind": "foster_family",
    "label": "الباب الأزرق",
    "name": "أم نوّارة القنديل",
    "address": made_up("البيت الثالث بعد الفرن."),
    "capacity": 6,
    "held": 0,
    "age_from": 0,
    "age_to": 17,
    "takes": "all",
}


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One foster family, where the staff of the demonstration is there to vet it."""
    boss = User.objects.filter(username=SUPERVISOR).first()
    helper = User.objects.filter(username=Desk.PROTECTION.value).first()
    if boss is None or helper is None or Desk.PROTECTION not in desks:
        return
    actor, now = actor_of(helper), clock.now()
    with row_context(actor.organisations):
        site = Site.objects.get(name=SITES[0][0])
        place = record_place(actor=actor, site=site, told=TOLD)
        for kind in CHECKS:
            record_check(
                actor=actor,
                place=place,
                kind=kind,
                outcome="good",
                done_at=now,
                until=now + timedelta(days=365),
            )
        vetting = ask_vetting(actor=actor, place=place)
        answer_vetting(actor=actor_of(boss), vetting=vetting, agree=True)

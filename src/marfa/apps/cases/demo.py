"""The app's part of a demonstration: how a country that there is not identifies victims."""

from __future__ import annotations

from marfa.apps.accounts.models import User
from marfa.apps.cases.actions.country_profiles import assign_site, change_profile
from marfa.apps.cases.country_profiles import FICTIONAL, profile_for
from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.domain.fiction import in_both
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor

PROFILE = {
    "authority": in_both("مكتب الضحايا", "Office for Victims"),
    "authority_kind": "NonPoliceGovernmentalOrganization",
    "mechanism": in_both("آلية الإحالة الوطنية", "National Referral Mechanism"),
    "reflection_days": 90,
    "decision_days": 45,
    "appeal_days": 30,
    "review_hours": 72,
    "source": in_both(
        "قانون خيالي لبلد خيالي، لا يسري في أي مكان.",
        "A made-up law of a made-up country. It holds nowhere.",
    ),
}


def make_demo(desks: tuple[Desk, ...]) -> None:
    """A made-up country, which holds at the sites of the demonstration."""
    boss = User.objects.filter(username=SUPERVISOR).first()
    if Desk.PROTECTION not in desks or boss is None:
        return
    actor = actor_of(boss)
    with row_context(actor.organisations):
        write_country(actor)


def write_country(actor: Actor) -> None:
    """What holds in the made-up country, unless it is written down already."""
    profile = profile_for(FICTIONAL)
    if profile.authority:
        return
    change_profile(profile, Change(actor, 1, PROFILE))
    for site in Site.objects.filter(organisation=data_controller()):
        assign_site(actor=actor, site=site, profile=profile_for(FICTIONAL))

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem
from marfa.apps.organisations.demo import make
from marfa.apps.organisations.policy_facts import RECORDS
from marfa.apps.organisations.providers import find, happened
from marfa.apps.organisations.queries import ending_soon, holds_a_role

MODULE = Module(
    name="organisations",
    urls=(
        (Desk.ADMINISTRATION, "marfa.apps.organisations.urls"),
        (None, "marfa.apps.organisations.own_urls"),
    ),
    navigation=(
        NavigationItem(Desk.ADMINISTRATION, _("Organisations and sites"), "organisations:sites"),
        NavigationItem(Desk.ADMINISTRATION, _("People and roles"), "organisations:people"),
        NavigationItem(Desk.ADMINISTRATION, _("Roles that end soon"), "organisations:ending"),
        NavigationItem(Desk.ADMINISTRATION, _("Teams"), "organisations:teams"),
        NavigationItem(Desk.ADMINISTRATION, _("Who is shut out"), "organisations:exclusions"),
    ),
    my_work=(ending_soon,),
    search=(find,),
    timeline=(happened,),
    demonstration=make,
    needs_factor=holds_a_role,
    records=RECORDS,
)

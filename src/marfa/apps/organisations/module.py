"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="organisations",
    stands_on=("accounts",),
    urls=(
        (Desk.ADMINISTRATION, "marfa.apps.organisations.urls"),
        (None, "marfa.apps.organisations.own_urls"),
    ),
    navigation=(
        NavigationItem(
            Desk.ADMINISTRATION, _("Organisations and sites"), "organisations:sites", place=10
        ),
        NavigationItem(
            Desk.ADMINISTRATION, _("People and roles"), "organisations:people", place=10
        ),
        NavigationItem(
            Desk.ADMINISTRATION,
            _("Roles that end soon"),
            "organisations:ending",
            place=10,
            waiting="marfa.apps.organisations.queries:endings_waiting",
        ),
        NavigationItem(Desk.ADMINISTRATION, _("Teams"), "organisations:teams", place=10),
        NavigationItem(
            Desk.ADMINISTRATION, _("Blocked from cases"), "organisations:exclusions", place=10
        ),
    ),
    my_work=("marfa.apps.organisations.queries:ending_soon",),
    search=("marfa.apps.organisations.providers:search_results",),
    timeline=("marfa.apps.organisations.providers:timeline_of",),
    records={
        "Organisation": "marfa.apps.organisations.policy_facts:organisation_named",
        "Site": "marfa.apps.organisations.policy_facts:site_named",
        "Account": "marfa.apps.organisations.policy_facts:account_named",
        "Log": "marfa.apps.organisations.policy_facts:the_log",
        "Key": "marfa.apps.organisations.policy_facts:the_keys",
        "Register": "marfa.apps.organisations.policy_facts:the_registers",
        "Incident": "marfa.apps.organisations.policy_facts:the_incidents",
    },
    erasure=("marfa.apps.organisations.erasure:OpeningShredder",),
    organisations=("marfa.apps.organisations.queries:keys_of_organisations",),
    needs_factor="marfa.apps.organisations.queries:holds_a_role",
    demonstration="marfa.apps.organisations.demo:make_demo",
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import (
    PERSON,
    Desk,
    DraftKind,
    Module,
    NavigationItem,
    SubjectLink,
    SubjectSection,
)

MODULE = Module(
    name="referrals",
    desks=(Desk.PROTECTION,),
    stands_on=("assistance",),
    urls=(
        (None, "marfa.apps.referrals.urls"),
        (Desk.PROTECTION, "marfa.apps.referrals.caseload_urls"),
        (Desk.PROTECTION, "marfa.apps.referrals.protection_urls"),
    ),
    pages={"cases": (Desk.PROTECTION,)},
    navigation=(
        NavigationItem(Desk.PROTECTION, _("My cases"), "caseload:mine"),
        NavigationItem(Desk.PROTECTION, _("Referrals to us"), "referred:all"),
        NavigationItem(Desk.PROTECTION, _("How the cases stand"), "caseload:supervision"),
        NavigationItem(Desk.ADMINISTRATION, _("Country profiles"), "cases:countries"),
        NavigationItem(Desk.PROTECTION, _("Country profiles"), "cases:countries"),
        NavigationItem(Desk.PROTECTION, _("Cases as a file"), "caseload:file_out"),
    ),
    my_work=(
        "marfa.apps.cases.work:work_of",
        "marfa.apps.assistance.work:help_work_of",
        "marfa.apps.cases.work:contacts_of",
        "marfa.apps.cases.late_decisions:decisions_of",
        "marfa.apps.referrals.work:referrals_of",
    ),
    timeline=("marfa.apps.cases.work:timeline_of",),
    drafts=(
        DraftKind(
            "cases.country", _("Country profile"), "marfa.apps.cases.country_profiles:address_of"
        ),
        DraftKind(
            "cases.area",
            _("Individual assessment"),
            "marfa.apps.cases.views.assessment:address_of",
        ),
        DraftKind(
            "cases.episode",
            _("Episode of exploitation"),
            "marfa.apps.cases.views.episodes:address_of",
        ),
        DraftKind("cases.safety_plan", _("Safety plan"), "marfa.apps.assistance.work:plan_address"),
        DraftKind(
            "assistance.goal", _("A goal of the person"), "marfa.apps.assistance.work:goal_address"
        ),
    ),
    sections=(SubjectSection(PERSON, _("Cases"), "marfa.apps.cases.views.case_opening:section"),),
    links=(
        SubjectLink(PERSON, _("Begin to help"), "marfa.apps.cases.views.case_opening:begins_at"),
    ),
    tours=("marfa.apps.cases.tour:STEPS",),
    kept_longer=("marfa.apps.cases.retention:KEPT_LONGER",),
    facts=("marfa.apps.cases.facts:CASES",),
    deadlines=(
        "marfa.apps.cases.actions.reviews:WAITING",
        "marfa.apps.assistance.actions.assistance:SEARCH",
        "marfa.apps.referrals.queries:ANSWER",
        "marfa.apps.assistance.deadlines:DUE",
    ),
    subscribers=("marfa.apps.cases.subscribers",),
    demonstration="marfa.apps.referrals.demo:make",
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import (
    HAND_OVER,
    PERSON,
    Desk,
    DeskCharts,
    DraftKind,
    Module,
    NavigationItem,
    SubjectLink,
    SubjectSection,
    SubjectSummary,
)

MODULE = Module(
    name="cases",
    desks=(Desk.PROTECTION,),
    stands_on=("consents", "screening"),
    urls=(
        (None, "marfa.apps.cases.urls"),
        (Desk.PROTECTION, "marfa.apps.cases.protection_urls"),
    ),
    pages={"cases": (Desk.PROTECTION,)},
    navigation=(
        NavigationItem(
            Desk.PROTECTION,
            _("My cases"),
            "caseload:mine",
            waiting="marfa.apps.cases.charts:own_waiting",
        ),
        NavigationItem(Desk.PROTECTION, _("Caseload"), "caseload:supervision", 52),
        NavigationItem(Desk.ADMINISTRATION, _("Country profiles"), "cases:countries"),
        NavigationItem(Desk.PROTECTION, _("Country profiles"), "cases:countries", 53),
    ),
    charts=(DeskCharts(Desk.PROTECTION, "marfa.apps.cases.charts:charts_of"),),
    my_work=("marfa.apps.cases.work:work_items_of", "marfa.apps.cases.late_decisions:decisions_of"),
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
    ),
    sections=(
        SubjectSection(PERSON, _("Cases"), "marfa.apps.cases.views.case_opening:render_section"),
    ),
    summaries=(SubjectSummary(PERSON, "marfa.apps.cases.summary:person_facts"),),
    links=(
        SubjectLink(PERSON, _("Begin to help"), "marfa.apps.cases.views.case_opening:begins_at"),
        SubjectLink(
            HAND_OVER, _("Open the case"), "marfa.apps.cases.views.case_opening:opened_with"
        ),
    ),
    tours=("marfa.apps.cases.tour:STEPS",),
    kept_longer=("marfa.apps.cases.retention:KEPT_LONGER",),
    facts=("marfa.apps.cases.facts:CASES",),
    deadlines=("marfa.apps.cases.actions.reviews:WAITING",),
    subscribers=("marfa.apps.cases.subscribers",),
    texts=("marfa.apps.cases.text_sets:text_sets",),
    demonstration="marfa.apps.cases.demo:make_demo",
    case_parts=(
        "marfa.apps.cases.views.family:PART",
        "marfa.apps.cases.views.identification:PART",
        "marfa.apps.cases.views.assessment:PART",
        "marfa.apps.cases.views.filled_forms:PART",
        "marfa.apps.cases.views.case_management:PART",
    ),
    case_concerns=("marfa.apps.cases.concerns:CONCERNS",),
)

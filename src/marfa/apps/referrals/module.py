"""What the app brings to the shell."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.work import goal_address, help_work_of, plan_address
from marfa.apps.cases import country_profiles
from marfa.apps.cases.late_decisions import decisions_of
from marfa.apps.cases.tour import STEPS
from marfa.apps.cases.views import assessment, episodes
from marfa.apps.cases.views.case_opening import begins_at, section
from marfa.apps.cases.work import contacts_of, timeline_of, work_of
from marfa.apps.manifest import Desk, DraftKind, Module, NavigationItem, PersonLink, PersonSection
from marfa.apps.referrals.demo import make
from marfa.apps.referrals.work import referrals_of

MANAGED_AT = tuple(
    desk
    for desk in (Desk.ADMINISTRATION, Desk.PROTECTION)
    if Desk.PROTECTION in settings.FOLDER.instance.desks
)

MODULE = Module(
    name="cases",
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
        *(NavigationItem(desk, _("Country profiles"), "cases:countries") for desk in MANAGED_AT),
        NavigationItem(Desk.PROTECTION, _("Cases as a file"), "caseload:file_out"),
    ),
    my_work=(work_of, help_work_of, contacts_of, decisions_of, referrals_of),
    timeline=(timeline_of,),
    person_sections=(PersonSection(_("Cases"), section),),
    person_links=(PersonLink(_("Begin to help"), begins_at),),
    demonstration=make,
    tours=STEPS,
    drafts=(
        DraftKind("cases.country", _("Country profile"), country_profiles.address_of),
        DraftKind(assessment.FORM, _("Individual assessment"), assessment.address_of),
        DraftKind(episodes.FORM, _("Episode of exploitation"), episodes.address_of),
        DraftKind("cases.safety_plan", _("Safety plan"), plan_address),
        DraftKind("assistance.goal", _("A goal of the person"), goal_address),
    ),
)

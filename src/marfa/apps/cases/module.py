"""What the app brings to the shell."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases import profiles
from marfa.apps.cases.deciding import decisions_of
from marfa.apps.cases.demonstration import make
from marfa.apps.cases.helping_work import goal_address, help_work_of, plan_address
from marfa.apps.cases.pages import assessing, episodes
from marfa.apps.cases.pages.opening import begins_at, section
from marfa.apps.cases.referring_work import referrals_of
from marfa.apps.cases.touring import STEPS
from marfa.apps.cases.work import contacts_of, timeline_of, work_of
from marfa.apps.registry import Desk, DraftKind, Module, NavigationItem, PersonLink, PersonSection

MANAGED_AT = tuple(
    desk
    for desk in (Desk.ADMINISTRATION, Desk.PROTECTION)
    if Desk.PROTECTION in settings.FOLDER.instance.desks
)

MODULE = Module(
    name="cases",
    urls=(
        (None, "marfa.apps.cases.urls"),
        (Desk.PROTECTION, "marfa.apps.cases.protection_urls"),
        (Desk.PROTECTION, "marfa.apps.cases.referred_urls"),
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
        DraftKind("cases.country", _("Country profile"), profiles.address_of),
        DraftKind(assessing.FORM, _("Individual assessment"), assessing.address_of),
        DraftKind(episodes.FORM, _("Episode of exploitation"), episodes.address_of),
        DraftKind("cases.safety_plan", _("Safety plan"), plan_address),
        DraftKind("cases.goal", _("A goal of the person"), goal_address),
    ),
)

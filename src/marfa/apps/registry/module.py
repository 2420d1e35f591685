"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import PERSON, Desk, DraftKind, Module, NavigationItem, SubjectSummary

MODULE = Module(
    name="registry",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("form_pages", "list_files", "name_search"),
    urls=(
        (None, "marfa.apps.registry.urls"),
        (Desk.RECEPTION, "marfa.apps.registry.registration_urls"),
        (Desk.PROTECTION, "marfa.apps.registry.protection_urls"),
        (Desk.ADMINISTRATION, "marfa.apps.registry.administration_urls"),
    ),
    pages={"people": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Register a household"), "reception:household", place=10),
        NavigationItem(Desk.RECEPTION, _("Register one person"), "reception:person", place=10),
        NavigationItem(Desk.RECEPTION, _("People of my sites"), "reception:people", place=40),
        NavigationItem(Desk.PROTECTION, _("People of my sites"), "helped:people", place=42),
        NavigationItem(
            Desk.ADMINISTRATION, _("Blocks that no one confirmed"), "unconfirmed:list", place=81
        ),
    ),
    summaries=(SubjectSummary(PERSON, "marfa.apps.registry.summary:summary_facts"),),
    my_work=(
        "marfa.apps.registry.work:work_items_of",
        "marfa.apps.registry.exclusion_work:work_items_of",
    ),
    drafts=(
        DraftKind(
            "registry.household",
            _("Registration of a household"),
            "marfa.apps.registry.views.household_registration:address_of",
        ),
        DraftKind(
            "registry.person_new",
            _("Registration of a person"),
            "marfa.apps.registry.views.person_registration:address_of",
        ),
    ),
    tours=("marfa.apps.registry.tour:STEPS",),
    subject_kinds=("marfa.apps.registry.subject:PEOPLE",),
    facts=("marfa.apps.registry.histories:PEOPLE",),
    deadlines=(
        "marfa.apps.registry.actions.protection:REVIEW",
        "marfa.apps.registry.actions.exclusions:CONFIRMATION",
    ),
    demonstration="marfa.apps.registry.demo:make_demo",
)

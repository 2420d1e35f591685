"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import (
    PERSON,
    Desk,
    DeskCharts,
    DraftKind,
    Module,
    NavigationItem,
    SubjectSection,
)

MODULE = Module(
    name="screening",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("forms", "reception"),
    urls=(
        (None, "marfa.apps.screening.urls"),
        (None, "marfa.apps.screening.list_urls"),
        (Desk.RECEPTION, "marfa.apps.screening.reception_urls"),
        (Desk.PROTECTION, "marfa.apps.screening.protection_urls"),
        (Desk.PROTECTION, "marfa.apps.screening.board_urls"),
        (Desk.ADMINISTRATION, "marfa.apps.screening.administration_urls"),
    ),
    pages={
        "screening": (Desk.RECEPTION, Desk.PROTECTION),
        "lists": (Desk.ADMINISTRATION, Desk.PROTECTION),
    },
    navigation=(
        NavigationItem(
            Desk.RECEPTION,
            _("Screening"),
            "to_screen:queue",
            place=30,
            waiting="marfa.apps.screening.charts:screening_waiting",
        ),
        NavigationItem(
            Desk.PROTECTION,
            _("Waiting for protection"),
            "hand_overs:all",
            place=10,
            waiting="marfa.apps.screening.charts:protection_waiting",
        ),
        NavigationItem(Desk.PROTECTION, _("How screening works here"), "screening_board:board"),
        NavigationItem(Desk.ADMINISTRATION, _("Duties and dangers at the sites"), "site_words:all"),
        NavigationItem(Desk.ADMINISTRATION, _("Lists of questions"), "lists:all", place=67),
        NavigationItem(Desk.PROTECTION, _("Lists of questions"), "lists:all", place=77),
    ),
    site_duties=("marfa.apps.screening.queries:duties_at",),
    charts=(DeskCharts(Desk.PROTECTION, "marfa.apps.screening.charts:charts_of"),),
    drafts=(
        DraftKind(
            "screening.question",
            _("An interview"),
            "marfa.apps.screening.drafts:address_of",
        ),
    ),
    my_work=("marfa.apps.screening.work:work_items_of",),
    sections=(
        SubjectSection(
            PERSON, _("Screening interviews"), "marfa.apps.screening.section:render_section"
        ),
    ),
    tours=("marfa.apps.screening.tour:STEPS",),
    kept_longer=("marfa.apps.screening.retention:KEPT_LONGER",),
    facts=(
        "marfa.apps.screening.facts:SCREENINGS",
        "marfa.apps.screening.indicators:INDICATORS",
    ),
    jobs=("marfa.apps.screening.jobs",),
    subscribers=("marfa.apps.screening.subscribers",),
    key_holders=("marfa.apps.screening.indicators:KEY",),
    deadlines=(
        "marfa.apps.screening.actions.hand_over_urgency:WAITING",
        "marfa.apps.screening.actions.health:HEALTH_CHECK",
    ),
    form_converters=("marfa.apps.screening.instrument_forms:CONVERTER",),
    form_sources=("marfa.apps.screening.instrument_forms:SOURCE",),
    texts=("marfa.apps.screening.text_sets:text_sets",),
    demonstration="marfa.apps.screening.demo:make_demo",
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem, PersonSection
from marfa.apps.screening import section
from marfa.apps.screening.demo import make
from marfa.apps.screening.tour import STEPS
from marfa.apps.screening.work import work_of

MODULE = Module(
    name="screening",
    urls=(
        (None, "marfa.apps.screening.urls"),
        (Desk.RECEPTION, "marfa.apps.screening.reception_urls"),
        (Desk.PROTECTION, "marfa.apps.screening.protection_urls"),
        (Desk.PROTECTION, "marfa.apps.screening.board_urls"),
        (Desk.ADMINISTRATION, "marfa.apps.screening.administration_urls"),
    ),
    pages={"screening": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Screening"), "to_screen:queue", place=30),
        NavigationItem(Desk.PROTECTION, _("Waiting for protection"), "hand_overs:all", place=10),
        NavigationItem(Desk.PROTECTION, _("How screening works here"), "screening_board:board"),
        NavigationItem(Desk.ADMINISTRATION, _("Duties and dangers at the sites"), "site_words:all"),
    ),
    my_work=(work_of,),
    demonstration=make,
    tours=STEPS,
    person_sections=(PersonSection(_("Screening talks"), section.render),),
)

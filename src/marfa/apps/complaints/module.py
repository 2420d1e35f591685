"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.complaints.demo import make
from marfa.apps.complaints.queries import waiting
from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="complaints",
    urls=(
        (Desk.PROTECTION, "marfa.apps.complaints.urls"),
        (Desk.RECEPTION, "marfa.apps.complaints.reception_urls"),
    ),
    navigation=(
        NavigationItem(
            Desk.RECEPTION,
            _("Complain"),
            "complaint:make",
            place=70,
            about=_("A person writes a complaint on this device, or asks what came of one."),
        ),
        NavigationItem(Desk.PROTECTION, _("Complaints"), "complaints:all"),
    ),
    my_work=(waiting,),
    demonstration=make,
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.incidents.queries import waiting
from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="incidents",
    urls=(
        (Desk.ADMINISTRATION, "marfa.apps.incidents.urls"),
        (None, "marfa.apps.incidents.report_urls"),
    ),
    navigation=(NavigationItem(Desk.ADMINISTRATION, _("Data incidents"), "incidents:all"),),
    my_work=(waiting,),
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="incidents",
    stands_on=("organisations",),
    urls=(
        (Desk.ADMINISTRATION, "marfa.apps.incidents.urls"),
        (None, "marfa.apps.incidents.report_urls"),
    ),
    navigation=(
        NavigationItem(
            Desk.ADMINISTRATION,
            _("Data incidents"),
            "incidents:all",
            place=90,
            waiting="marfa.apps.incidents.queries:incidents_waiting",
        ),
    ),
    my_work=("marfa.apps.incidents.queries:work_items_of",),
    deadlines=("marfa.apps.incidents.actions:TELL",),
)

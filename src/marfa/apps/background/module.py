"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="background",
    stands_on=("organisations",),
    urls=((Desk.ADMINISTRATION, "marfa.apps.background.urls"),),
    navigation=(
        NavigationItem(
            Desk.ADMINISTRATION,
            _("Background work"),
            "background:work",
            place=60,
            waiting="marfa.apps.background.queries:failures_waiting",
        ),
    ),
    my_work=("marfa.apps.background.queries:failed_work",),
)

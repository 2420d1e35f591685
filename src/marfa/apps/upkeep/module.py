"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="upkeep",
    stands_on=("organisations",),
    urls=((Desk.ADMINISTRATION, "marfa.apps.upkeep.urls"),),
    navigation=(
        NavigationItem(Desk.ADMINISTRATION, _("Backups"), "upkeep:backups", place=62),
        NavigationItem(Desk.ADMINISTRATION, _("Phones on this network"), "upkeep:phones", place=64),
    ),
    my_work=("marfa.apps.upkeep.queries:late_backup",),
    jobs=("marfa.apps.upkeep.jobs",),
    key_holders=("marfa.apps.upkeep.authority:AUTHORITY",),
)

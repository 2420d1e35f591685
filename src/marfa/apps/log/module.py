"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="log",
    stands_on=("organisations",),
    urls=((Desk.ADMINISTRATION, "marfa.apps.log.urls"),),
    navigation=(NavigationItem(Desk.ADMINISTRATION, _("Log"), "log:search", place=70),),
)

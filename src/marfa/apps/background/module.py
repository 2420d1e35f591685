"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.background.queries import failed_work
from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="background",
    urls=((Desk.ADMINISTRATION, "marfa.apps.background.urls"),),
    navigation=(NavigationItem(Desk.ADMINISTRATION, _("Background work"), "background:work"),),
    my_work=(failed_work,),
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.work import ending_agreements
from marfa.apps.manifest import Desk, Module, NavigationItem, works_with_people

MODULE = Module(
    name="agreements",
    navigation=tuple(
        NavigationItem(desk, _("Recipients of data"), "consents:recipients")
        for desk in (Desk.COORDINATION, Desk.ADMINISTRATION)
        if works_with_people()
    ),
    my_work=(ending_agreements,),
)

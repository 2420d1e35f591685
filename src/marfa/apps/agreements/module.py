"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="agreements",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("organisations",),
    navigation=(
        NavigationItem(Desk.COORDINATION, _("Recipients of data"), "consents:recipients"),
        NavigationItem(Desk.ADMINISTRATION, _("Recipients of data"), "consents:recipients"),
    ),
    my_work=("marfa.apps.agreements.work:ending_agreements",),
)

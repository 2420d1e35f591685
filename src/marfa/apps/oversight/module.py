"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import AccountPage, Desk, Module, NavigationItem
from marfa.apps.oversight.queries import nobody_could_restore

MODULE = Module(
    name="oversight",
    urls=((Desk.ADMINISTRATION, "marfa.apps.oversight.urls"),),
    navigation=(
        NavigationItem(Desk.ADMINISTRATION, _("Sign-in and devices"), "oversight:people"),
        NavigationItem(Desk.ADMINISTRATION, _("Keys and recovery"), "oversight:keys"),
    ),
    my_work=(nobody_could_restore,),
    about_accounts=(AccountPage(_("Sign-in and devices"), "oversight:person"),),
)

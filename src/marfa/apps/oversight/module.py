"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import AccountPage, Desk, Module, NavigationItem

MODULE = Module(
    name="oversight",
    stands_on=("organisations",),
    urls=((Desk.ADMINISTRATION, "marfa.apps.oversight.urls"),),
    navigation=(
        NavigationItem(Desk.ADMINISTRATION, _("Sign-in and devices"), "oversight:people", place=20),
        NavigationItem(Desk.ADMINISTRATION, _("Keys and recovery"), "oversight:keys", place=20),
    ),
    my_work=("marfa.apps.oversight.queries:nobody_could_restore",),
    about_accounts=(AccountPage(_("Sign-in and devices"), "oversight:person"),),
)

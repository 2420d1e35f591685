"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.privacy.demonstration import make
from marfa.apps.privacy.queries import waiting
from marfa.apps.registry import Desk, Module, NavigationItem

MODULE = Module(
    name="privacy",
    urls=((Desk.ADMINISTRATION, "marfa.apps.privacy.urls"),),
    navigation=(NavigationItem(Desk.ADMINISTRATION, _("Requests of people"), "privacy:requests"),),
    my_work=(waiting,),
    demonstration=make,
)

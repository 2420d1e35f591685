"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem
from marfa.apps.privacy.demo import make
from marfa.apps.privacy.queries import waiting

MODULE = Module(
    name="privacy",
    urls=((Desk.ADMINISTRATION, "marfa.apps.privacy.urls"),),
    navigation=(NavigationItem(Desk.ADMINISTRATION, _("Requests of people"), "privacy:requests"),),
    my_work=(waiting,),
    demonstration=make,
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.consents import section
from marfa.apps.consents.demo import make
from marfa.apps.consents.summary import told_about
from marfa.apps.consents.work import waiting_notices
from marfa.apps.manifest import Desk, Module, NavigationItem, PersonSection

MODULE = Module(
    name="consents",
    urls=((None, "marfa.apps.consents.urls"),),
    pages={"consents": (Desk.PROTECTION, Desk.RECEPTION)},
    navigation=(
        NavigationItem(
            Desk.PROTECTION, _("Consent that was taken back"), "consents:notices", place=40
        ),
    ),
    person_sections=(PersonSection(_("Consent and sharing"), section.render),),
    my_work=(waiting_notices,),
    access=(told_about,),
    demonstration=make,
)

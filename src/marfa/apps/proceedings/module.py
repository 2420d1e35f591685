"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, PersonSection
from marfa.apps.proceedings.views import section

MODULE = Module(
    name="proceedings",
    urls=((None, "marfa.apps.proceedings.urls"),),
    pages={"proceedings": (Desk.PROTECTION, Desk.INVESTIGATIONS)},
    person_sections=(PersonSection(_("Investigations and courts"), section),),
)

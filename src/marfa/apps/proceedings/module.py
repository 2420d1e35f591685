"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import PERSON, Desk, Module, SubjectSection

MODULE = Module(
    name="proceedings",
    desks=(Desk.PROTECTION,),
    stands_on=("cases",),
    urls=((None, "marfa.apps.proceedings.urls"),),
    pages={"proceedings": (Desk.PROTECTION, Desk.INVESTIGATIONS)},
    sections=(
        SubjectSection(
            PERSON, _("Investigations and courts"), "marfa.apps.proceedings.views:render_section"
        ),
    ),
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.forms import section
from marfa.apps.forms.demo import make
from marfa.apps.forms.entry.flow import FORM
from marfa.apps.forms.entry.queries import address_of
from marfa.apps.forms.erasure import SubmissionShredder
from marfa.apps.forms.work import work_of
from marfa.apps.manifest import Desk, DraftKind, Module, NavigationItem, PersonSection

MODULE = Module(
    name="forms",
    urls=(
        (None, "marfa.apps.forms.openrosa.urls"),
        (None, "marfa.apps.forms.urls"),
        (None, "marfa.apps.forms.entry.urls"),
    ),
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Fill in a form"), "filling:choose"),
        NavigationItem(
            Desk.RECEPTION,
            _("Devices with an app"),
            "forms:devices",
            place=80,
            about=_("Let a telephone fetch forms and send them in your name."),
        ),
        NavigationItem(Desk.PROTECTION, _("Fill in a form"), "filling:choose", place=30),
        NavigationItem(Desk.PROTECTION, _("Forms that came in"), "forms:came", place=30),
        NavigationItem(Desk.PROTECTION, _("Forms"), "forms:all"),
        NavigationItem(Desk.ADMINISTRATION, _("Forms"), "forms:all"),
    ),
    my_work=(work_of,),
    drafts=(DraftKind(FORM, _("A form"), address_of),),
    demonstration=make,
    erasure=(SubmissionShredder(),),
    person_sections=(PersonSection(_("Forms that came in"), section.render),),
)

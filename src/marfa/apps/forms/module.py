"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import (
    PERSON,
    Desk,
    DraftKind,
    Module,
    NavigationItem,
    SubjectLink,
    SubjectSection,
)

MODULE = Module(
    name="forms",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("registry",),
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
        NavigationItem(
            Desk.PROTECTION,
            _("Received forms"),
            "forms:came",
            place=30,
            waiting="marfa.apps.forms.submissions:submissions_waiting",
        ),
        NavigationItem(Desk.PROTECTION, _("Forms"), "forms:all"),
        NavigationItem(Desk.ADMINISTRATION, _("Forms"), "forms:all"),
    ),
    my_work=("marfa.apps.forms.work:work_items_of",),
    drafts=(DraftKind("forms.fill", _("A form"), "marfa.apps.forms.entry.queries:address_of"),),
    sections=(
        SubjectSection(PERSON, _("Received forms"), "marfa.apps.forms.section:render_section"),
    ),
    links=(SubjectLink(PERSON, _("Fill in a form"), "marfa.apps.forms.section:fills_in_at"),),
    erasure=("marfa.apps.forms.erasure:SubmissionShredder",),
    jobs=("marfa.apps.forms.jobs",),
    key_holders=("marfa.apps.forms.upload_parts:PARTS",),
    demonstration="marfa.apps.forms.demo:make_demo",
)

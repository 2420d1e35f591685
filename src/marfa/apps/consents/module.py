"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import PERSON, Desk, Module, NavigationItem, SubjectSection

MODULE = Module(
    name="consents",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("agreements", "leaflets", "registry"),
    urls=((None, "marfa.apps.consents.urls"),),
    pages={"consents": (Desk.PROTECTION, Desk.RECEPTION)},
    navigation=(
        NavigationItem(
            Desk.PROTECTION,
            _("Consent that was withdrawn"),
            "consents:notices",
            place=40,
            waiting="marfa.apps.consents.queries:notices_waiting",
        ),
    ),
    my_work=("marfa.apps.consents.work:work_items_of",),
    sections=(
        SubjectSection(
            PERSON, _("Consent and sharing"), "marfa.apps.consents.section:render_section"
        ),
    ),
    access={PERSON: "marfa.apps.consents.summary:told_about"},
    subscribers=("marfa.apps.consents.subscribers",),
    texts=("marfa.apps.consents.text_sets:text_sets",),
    demonstration="marfa.apps.consents.demo:make_demo",
)

"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="privacy",
    stands_on=("organisations",),
    urls=((Desk.ADMINISTRATION, "marfa.apps.privacy.urls"),),
    navigation=(
        NavigationItem(
            Desk.ADMINISTRATION,
            _("Data-subject requests"),
            "privacy:requests",
            place=80,
            waiting="marfa.apps.privacy.queries:requests_waiting",
        ),
    ),
    my_work=(
        "marfa.apps.privacy.queries:work_items_of",
        "marfa.apps.privacy.answers:work_items_of",
    ),
    replayed=("marfa.apps.privacy.erasure:shred_again",),
    deadlines=("marfa.apps.privacy.actions:ANSWER",),
    jobs=("marfa.apps.privacy.jobs",),
    demonstration="marfa.apps.privacy.demo:make_demo",
)

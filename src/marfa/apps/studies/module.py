"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="studies",
    desks=(Desk.PROTECTION,),
    stands_on=("cases",),
    urls=((Desk.PROTECTION, "marfa.apps.studies.urls"),),
    navigation=(
        NavigationItem(Desk.PROTECTION, _("Studies of our questions"), "studies:all", place=80),
    ),
    my_work=("marfa.apps.studies.work:work_items_of",),
    beside_results=("marfa.apps.studies.section:render_band",),
    jobs=("marfa.apps.studies.jobs",),
    demonstration="marfa.apps.studies.demo:make_demo",
)

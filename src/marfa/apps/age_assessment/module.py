"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Desk, Module

MODULE = Module(
    name="age_assessment",
    desks=(Desk.PROTECTION,),
    stands_on=("best_interests",),
    urls=((None, "marfa.apps.age_assessment.urls"),),
    my_work=("marfa.apps.age_assessment.work:work_items_of",),
    case_parts=("marfa.apps.age_assessment.views.part:PART",),
    adulthood=("marfa.apps.age_assessment.queries:adulthood_stands",),
    demonstration="marfa.apps.age_assessment.demo:make_demo",
)

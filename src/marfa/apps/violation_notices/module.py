"""What the app brings to the shell. It listens to nothing, brings no work, no deadline, no fact and
no job: nobody is ever asked to begin a notification (``tests/apps/violation_notices``)."""

from __future__ import annotations

from marfa.apps.manifest import Desk, Module

MODULE = Module(
    name="violation_notices",
    desks=(Desk.PROTECTION,),
    stands_on=("best_interests",),
    urls=((None, "marfa.apps.violation_notices.urls"),),
    case_parts=("marfa.apps.violation_notices.views:PART",),
)

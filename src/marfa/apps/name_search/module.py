"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Desk, Module

MODULE = Module(
    name="name_search",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("organisations",),
    erasure=("marfa.apps.name_search.erasure:LeaveTheIndex",),
    key_holders=("marfa.apps.name_search.digests:DIGESTS",),
    jobs=("marfa.apps.name_search.jobs",),
    subscribers=("marfa.apps.name_search.changes",),
)

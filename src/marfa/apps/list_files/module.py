"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Desk, Module

MODULE = Module(
    name="list_files",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("organisations",),
    urls=((None, "marfa.apps.list_files.urls"),),
    pages={"list_files": (Desk.PROTECTION, Desk.RECEPTION)},
    my_work=("marfa.apps.list_files.queries:work_items_of",),
    jobs=("marfa.apps.list_files.jobs",),
)

"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Middleware, Module, Slot

MODULE = Module(
    name="tours",
    stands_on=("organisations",),
    urls=((None, "marfa.apps.tours.urls"),),
    middleware=(Middleware(Slot.PAGE, "marfa.apps.tours.middleware:Guided"),),
)

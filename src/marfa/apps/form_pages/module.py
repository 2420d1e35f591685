"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Middleware, Module, Slot

MODULE = Module(
    name="form_pages",
    stands_on=("organisations",),
    middleware=(Middleware(Slot.SENT, "marfa.apps.form_pages.middleware:LateForms"),),
    key_holders=("marfa.apps.form_pages.late_forms:LATE_FORMS",),
    jobs=("marfa.apps.form_pages.jobs",),
)

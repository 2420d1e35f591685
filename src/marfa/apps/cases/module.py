"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Desk, Module

MODULE = Module(name="cases", desks=(Desk.PROTECTION,), stands_on=("consents", "screening"))

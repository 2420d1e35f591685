"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Desk, Module

MODULE = Module(name="assistance", desks=(Desk.PROTECTION,), stands_on=("cases",))

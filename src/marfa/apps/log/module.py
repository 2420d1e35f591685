"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.registry import Module

MODULE = Module(name="log")

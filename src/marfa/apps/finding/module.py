"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.finding.erasing import LeaveTheIndex
from marfa.apps.registry import Module

MODULE = Module(name="finding", erasure=(LeaveTheIndex(),))

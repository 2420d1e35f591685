"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Module
from marfa.apps.name_search.erasure import LeaveTheIndex

MODULE = Module(name="name_search", erasure=(LeaveTheIndex(),))

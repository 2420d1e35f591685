"""Takes an erased person out of the index of names, with the commit."""

from __future__ import annotations

from typing import ClassVar

from marfa.apps.name_search.changes import tell_of_change
from marfa.platform.rowsecurity.ownership import INSTALLATION
from marfa.safeguards.fields.footprint import Footprint
from marfa.safeguards.fields.shredder import Shredder


class LeaveTheIndex(Shredder):
    """The index is memory alone, so that there is nothing to count; it is told all the same."""

    code: ClassVar[str] = "names_in_memory"

    def found(self, footprint: Footprint) -> int:
        return 0

    def shred(self, footprint: Footprint) -> int:
        if footprint.subject is not None:
            # The person's row may be gone by now, and with it whose it was.
            tell_of_change(footprint.subject, owner=INSTALLATION, at_once=True)
        return 0

"""The attack of the command on the figures of the sites, with the tables of the days before."""

from __future__ import annotations

from collections.abc import Sequence

from marfa.apps.figures.register import PEOPLE
from marfa.methods.disclosure.releases import Register, Released
from marfa.methods.disclosure.releases.compatibility import stand_beside
from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.protected_table import ProtectedTable


class RegisterJudge:
    """Says whether tables may be shown beside those in a register, and notes which are.

    version: the moment at which people were counted; at another some may have come or gone, or
    wait no longer.
    """

    def __init__(self, register: Register, version: str) -> None:
        self._register = register
        self._version = version
        self._earlier = register.releases(PEOPLE)
        self._passed: list[Released] = []

    def __call__(self, tables: Sequence[tuple[ProtectedTable, Ints]]) -> bool:
        """Whether the attacker finds everything possible that he must."""
        releases = [Released(table, self._version, true) for table, true in tables]
        stands = stand_beside(releases, self._earlier)
        if stands:
            self._passed = releases
        return stands

    def note(self) -> None:
        """Note in the register what is shown."""
        self._register.add(PEOPLE, self._passed)

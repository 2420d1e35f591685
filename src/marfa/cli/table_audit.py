"""``marfa audit``: what was to be hidden beside small counts, and all that a register knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.methods.disclosure.releases import Released
    from marfa.methods.disclosure.tables import ProtectedTable


def audit_guards(
    subject: ProtectedTable, earlier: Sequence[ProtectedTable], register: Path | None
) -> list[Message]:
    """Whole groups and zeros that are open, and with a register, which knows what its tables
    withhold, everything that they give away together, households too.

    Raises InputError for a register that does not know the table.
    """
    from marfa.methods.disclosure.releases import as_release as released
    from marfa.methods.disclosure.releases import attack_together, find_open_guards, sort_tables

    if subject.base is not None:
        return []
    linked, _apart, _problems = sort_tables(subject.about.get("query", {}), earlier)
    if register is None:
        return find_open_guards([released(table) for table in (*linked, subject)])
    known = _population(subject, register)
    return [*attack_together(known), *find_open_guards(known)]


def _population(subject: ProtectedTable, path: Path) -> list[Released]:
    """Everything that is out of the people of a table."""
    from marfa.methods.disclosure.releases import open_register

    with open_register(path) as register:
        for key in register.populations():
            found = list(register.releases(key))
            if subject.about.get("query_id") in {release.name for release in found}:
                return found
    raise InputError.at(Message("methods.disclosure.releases:not-in-register"), file=path.name)

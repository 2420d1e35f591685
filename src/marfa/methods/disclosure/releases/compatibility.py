"""Whether tables that were protected in another way stand beside what is out."""

from __future__ import annotations

from collections.abc import Sequence

from marfa.domain.message import InputError
from marfa.methods.disclosure.releases.comparison import find_exposed
from marfa.methods.disclosure.releases.release import Released
from marfa.methods.disclosure.releases.rows import read_statement


def stand_beside(new: Sequence[Released], earlier: Sequence[Released]) -> bool:
    """The attack on all of them. Where it would take too much work, the oldest are left out.

    It is for figures that are shown every day without end: their latest tables are judged together.
    """
    versions = list(dict.fromkeys(release.version for release in earlier))
    while True:
        linked = [release for release in earlier if release.version in versions]
        try:
            statement = read_statement([*linked, *new])
            return not statement.disagree and find_exposed(statement) == []
        except InputError:
            if not versions:
                return True
            versions = versions[1:]

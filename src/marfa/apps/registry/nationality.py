"""Whether a person may be without the papers of any State.

It is a reason to help and to nothing else (charter, rule 4).
"""

from __future__ import annotations

from marfa.apps.registry.models import Person

WITHOUT_A_STATE = frozenset({"stateless", "at_risk", "undetermined"})
"""Codes of ``statelessness`` of whom no State may give papers to."""


def lacks_a_state(person: Person) -> bool:
    """Whether no State may recognise somebody as its own; within ``open_vault()``."""
    return person.statelessness in WITHOUT_A_STATE

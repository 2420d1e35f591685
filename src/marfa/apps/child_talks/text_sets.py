"""The texts of this app that are reviewed before a real child hears them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from marfa.apps.child_talks.spoken import OWN, SET
from marfa.apps.leaflets.packs import read_packs
from marfa.apps.texts.sets import TextSet, folder_sets
from marfa.methods.screening.text_packs import Pack


def text_sets() -> list[TextSet]:
    """What is said to a child before a conversation."""
    return folder_sets(
        _read,
        (SET, _("What a child is told first"), _("Said to a child before a conversation.")),
    )


def _read(name: str) -> Mapping[str, Pack]:
    return read_packs(name, OWN)

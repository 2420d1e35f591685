"""The texts of this app that are reviewed before a real person hears them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.leaflets.packs import read_packs
from marfa.apps.texts.sets import TextSet, folder_sets


def text_sets() -> list[TextSet]:
    """What is read out before the first question."""
    return folder_sets(
        read_packs,
        (
            "first-contact",
            _("What people are told first"),
            _("Read out to each person before anything is asked."),
        ),
    )

"""The texts of this app that are reviewed before they are printed for real people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.leaflets.packs import read_packs
from marfa.apps.materials.wording import SET
from marfa.apps.texts.sets import TextSet, folder_sets


def text_sets() -> list[TextSet]:
    """What is printed for everyone."""
    return folder_sets(
        read_packs,
        (
            SET,
            _("Leaflets, cards and posters"),
            _("Printed for everyone, read out and sent. A stranger may read it."),
        ),
    )

"""The texts of this app that are reviewed before a real person hears them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.consents import consent_text, summary
from marfa.apps.leaflets.packs import read_packs
from marfa.apps.texts.sets import TextSet, folder_sets


def text_sets() -> list[TextSet]:
    """What is read out before a person agrees, and the page that they may take with them."""
    return folder_sets(
        read_packs,
        (
            consent_text.SET,
            _("Before a person agrees"),
            _("Read out before a person says yes or no to one use of what they told."),
        ),
        (
            summary.SET,
            _("What we keep about a person"),
            _("Given to a person: what is kept, who may read it, what they can ask for."),
        ),
    )

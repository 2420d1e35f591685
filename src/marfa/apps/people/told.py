"""The words that are put to a person before they answer, and how far somebody has reviewed them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from marfa.apps.leaflets.packs import Leaflet, leaflets
from marfa.apps.people.models import Consent
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.message import InputError, Message

SET = "consent"


@dataclass(frozen=True)
class Shown:
    """A text as it was shown: which pack, in which wording, in which state of review."""

    text: str
    version: str
    state: Consent.TextState

    @classmethod
    def of(cls, leaflet: Leaflet) -> Shown:
        state = Consent.TextState.DRAFT if leaflet.drafts else Consent.TextState.REVIEWED
        return cls(f"{leaflet.pack.set}.{leaflet.language}", leaflet.version, state)

    def check(self) -> None:
        """Raises InputError for a draft where real people are served."""
        if self.state == Consent.TextState.DRAFT and not settings.DEMONSTRATION:
            raise InputError.at(Message("apps.people:text-draft"), field="language")


def told_in(language: str) -> Leaflet:
    """The pack of a language, or the English one where there is none."""
    found = leaflets(SET)
    return found.get(language) or found[SOURCE_LANGUAGE]

"""The words that are put to a person before they answer, and how far somebody has reviewed them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from marfa.apps.consents.models import Consent
from marfa.apps.leaflets.packs import Leaflet, load_leaflets
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.message import InputError, Message

SET = "consent"
RECORD, LEAST = "whole-record", "least"
"""Lines of the pack: that a guest partner may look at the whole record, and that it may not."""


@dataclass(frozen=True)
class Shown:
    """A text as it was shown: which pack, in which wording, in which state of review.

    of_record: whether it has words for a look at the whole record.
    """

    text: str
    version: str
    state: Consent.TextState
    of_record: bool = False

    @classmethod
    def of(cls, leaflet: Leaflet) -> Shown:
        state = Consent.TextState.DRAFT if leaflet.drafts else Consent.TextState.REVIEWED
        text = f"{leaflet.pack.set}.{leaflet.language}"
        return cls(text, leaflet.version, state, RECORD in leaflet.texts)

    def check(self, *, record: bool = False) -> None:
        """Raises InputError for a draft where real people are served, and where the words do not
        say what is asked. record: a look at the whole record is."""
        if record and not self.of_record:
            raise InputError.at(Message("apps.consents:record-no-words"), field="language")
        if self.state == Consent.TextState.DRAFT and not settings.DEMONSTRATION:
            raise InputError.at(Message("apps.consents:text-draft"), field="language")


def told_in(language: str) -> Leaflet:
    """The pack of a language, or the English one where there is none."""
    found = load_leaflets(SET)
    return found.get(language) or found[SOURCE_LANGUAGE]


def lines_of(leaflet: Leaflet, addressee: Addressee, *, live: bool, record: bool) -> list[str]:
    """What is read to the person. record: a look at the whole record is asked for, too.

    Raises InputError for a draft where real people are served, and where the words lack that.
    """
    leaflet.lines(addressee, live=live)
    Shown.of(leaflet).check(record=record)
    left_out = LEAST if record else RECORD
    return [text.words(addressee) for key, text in leaflet.texts.items() if key != left_out]

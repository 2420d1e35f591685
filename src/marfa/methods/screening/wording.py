"""The words of an instrument in one language, from all its packs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from marfa.methods.screening.instrument import Instrument
from marfa.methods.screening.text_packs import Text


@dataclass(frozen=True)
class Wording:
    """All texts of an instrument in one language, from its packs; later packs win.

    own: whether any of them is of an organisation, and not built in.
    """

    instrument: Instrument
    language: str
    texts: Mapping[str, Text]
    own: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Items, and what is asked instead of them, that have no text in this language."""
        return tuple(one for one in self._wanted if one not in self.texts)

    @property
    def drafts(self) -> tuple[str, ...]:
        """Items whose text nobody has reviewed."""
        return self.drafts_on(date.max)

    def drafts_on(self, day: date) -> tuple[str, ...]:
        """Items whose text nobody has reviewed by that day: a later date is no review yet."""
        return tuple(
            one
            for one in self._wanted
            if (text := self.texts.get(one))
            and (not text.reviewed or (text.on is not None and text.on > day))
        )

    @property
    def _wanted(self) -> Iterator[str]:
        return (one for item in self.instrument.items for one in item.answered_by)

    @property
    def ready(self) -> bool:
        """Complete and reviewed: fit for live use."""
        return not self.missing and not self.drafts

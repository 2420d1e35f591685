"""Text packs: those that come with Marfa, and those that an installation adds or puts over them.

Two people say on the pages of ``texts`` which of their words are reviewed; a file does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from marfa.apps.texts.standing import reviewed_pack, reviews_of, today
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import RIGHT_TO_LEFT, SOURCE_LANGUAGE
from marfa.domain.languages import own_name
from marfa.domain.message import InputError, Message
from marfa.methods.screening.text_packs import Pack, Text, read_pack

OWN = Path(__file__).parent / "texts"
FOLDER = "texts"
"""Of the data folder: a pack there, of the same set and language, stands in for ours."""


@dataclass(frozen=True)
class Leaflet:
    """One set of texts in one language."""

    pack: Pack

    @property
    def language(self) -> str:
        return self.pack.language

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def name(self) -> str:
        """The language in its own words."""
        return own_name(self.language)

    @property
    def texts(self) -> Mapping[str, Text]:
        return self.pack.texts

    @property
    def drafts(self) -> tuple[str, ...]:
        """Keys of the texts that nobody has reviewed."""
        return tuple(key for key, text in self.texts.items() if not text.reviewed)

    @property
    def version(self) -> str:
        """Tells two wordings apart: a digest of all words of all forms."""
        told = "\0".join("\0".join((key, *text.every_form())) for key, text in self.texts.items())
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def lines(self, addressee: Addressee, *, live: bool) -> list[str]:
        """The texts as they are put to a person, in the order of the file.

        live: real people are served. Raises InputError where a text is a draft then.
        """
        if live and self.drafts:
            raise InputError.at(
                Message("apps.leaflets:draft", {"language": self.name}, count=len(self.drafts)),
                file=self.pack.file,
            )
        return [text.words(addressee) for text in self.texts.values()]


def load_leaflets(of: str, own: Path = OWN, added: Path | None = None) -> dict[str, Leaflet]:
    """The packs of a set by language, with the words that are in force and their review.

    Raises InputError for a file that is wrong, with its line.
    """
    packs, reviews, day = read_packs(of, own, added), reviews_of(of), today()
    source = packs[SOURCE_LANGUAGE].texts if SOURCE_LANGUAGE in packs else {}
    return {
        language: Leaflet(
            reviewed_pack(pack, {} if language == SOURCE_LANGUAGE else source, reviews, day)
        )
        for language, pack in packs.items()
    }


def usable_leaflets(found: Mapping[str, Leaflet]) -> list[Leaflet]:
    """Those that can be put to a person now: where real people are served none with drafts. Where
    all have drafts it gives all, and whoever uses one is told so (``Leaflet.lines``)."""
    every = list(found.values())
    return every if settings.DEMONSTRATION else [each for each in every if not each.drafts] or every


def read_packs(of: str, own: Path = OWN, added: Path | None = None) -> dict[str, Pack]:
    """The packs of a set by language, as their files are. Raises as ``load_leaflets``."""
    more = added if added is not None else settings.FOLDER.path / FOLDER
    found = {}
    for folder in (own, more):
        for file in sorted(folder.glob(f"{of}.*.toml")) if folder.is_dir() else ():
            pack = read_pack(file.read_text(encoding="utf-8"), str(file))
            found[pack.language] = replace(pack, own=folder == more)
    return found

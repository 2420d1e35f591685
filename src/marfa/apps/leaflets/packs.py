"""Text packs: those that come with Marfa, and those that an installation adds or puts over them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError
from django.conf import settings

from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import RIGHT_TO_LEFT
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
        try:
            return Locale.parse(self.language, sep="-").display_name or self.language
        except (UnknownLocaleError, ValueError):
            return self.language

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
    """The packs of a set by language. Raises InputError for a file that is wrong, with its line."""
    more = added if added is not None else settings.FOLDER.path / FOLDER
    found = {}
    for folder in (own, more):
        for file in sorted(folder.glob(f"{of}.*.toml")) if folder.is_dir() else ():
            pack = read_pack(file.read_text(encoding="utf-8"), str(file))
            found[pack.language] = Leaflet(pack)
    return found

"""The words of an instrument in one language: text packs, each text with its review.

A pack is a file, ``<set>.<language>.toml``. A language, a recording or a better wording is
added by adding a file; nothing in the code names the languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from marfa.domain.addressee import Addressee
from marfa.domain.message import Message
from marfa.methods.screening.toml_reader import Document, TomlTable

UN_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
AUDIO = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$")
_KEYS = ("schema", "set", "language", "gendered", "status", "by", "date", "texts")
_TEXT_KEYS = (
    *("text", "feminine", "masculine", "audio", "audio_feminine", "audio_masculine"),
    *("status", "by", "date"),
)


class Status(StrEnum):
    """A text is a draft until somebody named has reviewed it on a day."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Text:
    """One text: one form for everybody, or a feminine and a masculine form; recordings."""

    text: str = ""
    feminine: str = ""
    masculine: str = ""
    audio: str = ""
    audio_feminine: str = ""
    audio_masculine: str = ""
    status: Status = Status.DRAFT
    by: str = ""
    on: date | None = None

    @property
    def has_forms(self) -> bool:
        return bool(self.feminine and self.masculine)

    @property
    def reviewed(self) -> bool:
        return self.status is Status.REVIEWED

    def words(self, addressee: Addressee = Addressee.FEMININE) -> str:
        """The text as it is put to the person."""
        return (self.feminine if addressee is Addressee.FEMININE else self.masculine) or self.text

    def recording(self, addressee: Addressee = Addressee.FEMININE) -> str:
        """Path of a recording below the folder of the pack, or nothing."""
        feminine = addressee is Addressee.FEMININE
        return (self.audio_feminine if feminine else self.audio_masculine) or self.audio

    def every_form(self) -> tuple[str, ...]:
        return tuple(form for form in (self.text, self.feminine, self.masculine) if form)


@dataclass(frozen=True)
class Pack:
    """All texts of one set in one language. own: of an organisation, and not built in."""

    set: str
    language: str
    gendered: bool
    texts: Mapping[str, Text]
    file: str
    lines: Mapping[str, int | None]
    own: bool = False


def read_pack(text: str, file: str) -> Pack:
    """A text pack from the text of its file.

    Raises InputError with every problem and its line.
    """
    document = Document(text, file)
    root = document.root()
    root.only(_KEYS)
    if root.data.get("schema") != 1:
        root.wrong("schema", Message("methods.screening:wrong-schema", {"version": 1}))
    language = root.text("language")
    if language and not LANGUAGE.match(language):
        root.wrong("language", Message("methods.screening:bad-language", {"value": language}))
    entries = root.data.get("texts", {})
    if not isinstance(entries, dict) or "texts" not in root.data:
        root.wrong("texts", Message("methods.screening:no-texts"))
        entries = {}
    review = _review(root, None)
    texts = {key: _text(document, key, value, review) for key, value in entries.items()}
    pack = Pack(
        set=root.text("set"),
        language=language,
        gendered=root.flag("gendered"),
        texts=texts,
        file=file,
        lines={key: document.lines.key(key, "texts") for key in texts},
    )
    document.finish()
    return pack


def _text(document: Document, key: str, value: Any, review: _Review) -> Text:
    line = document.lines.key(key, "texts")
    if isinstance(value, str):
        value = {"text": value}
    table = TomlTable(document, value if isinstance(value, dict) else {}, line, f"texts.{key}")
    table.only(_TEXT_KEYS)
    own = _review(table, review)
    found = Text(
        text=table.text("text", ""),
        feminine=table.text("feminine", ""),
        masculine=table.text("masculine", ""),
        audio=_audio(table, "audio"),
        audio_feminine=_audio(table, "audio_feminine"),
        audio_masculine=_audio(table, "audio_masculine"),
        status=own.status,
        by=own.by,
        on=own.on,
    )
    if bool(found.feminine) != bool(found.masculine):
        table.wrong("text", Message("methods.screening:one-form-only", {"key": key}))
    elif not found.text.strip() and not found.has_forms:
        table.wrong("text", Message("methods.screening:key-empty", {"key": key}))
    return found


def _audio(table: TomlTable, key: str) -> str:
    """A relative path below the pack's folder; nothing else can be named."""
    path = table.text(key, "")
    if path and (not AUDIO.match(path) or ".." in path):
        table.wrong(key, Message("methods.screening:bad-audio", {"value": path}))
    return path


@dataclass(frozen=True, slots=True)
class _Review:
    status: Status = Status.DRAFT
    by: str = ""
    on: date | None = None


def _review(table: TomlTable, default: _Review | None) -> _Review:
    """Status, reviewer and day; a reviewed text without a name and a day is a problem."""
    if default is not None and not table.data.keys() & {"status", "by", "date"}:
        return default
    status = table.choice("status", Status, Status.DRAFT)
    on = table.data.get("date")
    if on is not None and not (isinstance(on, date) and type(on) is date):
        table.wrong("date", Message("methods.screening:not-a-date", {"key": "date"}))
        on = None
    by = table.text("by", "")
    if status is Status.REVIEWED and not (by.strip() and on):
        table.wrong("status", Message("methods.screening:review-without-name"))
    return _Review(status, by, on)

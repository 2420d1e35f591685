"""Checking one file on its own: an instrument, a text pack or an authorisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.screening.checks import problems_of_keys, problems_of_pack, problems_of_words
from marfa.methods.screening.library import Library, read_folder, text_of
from marfa.methods.screening.schema import read_instrument
from marfa.methods.screening.text_packs import Pack, read_pack
from marfa.methods.screening.use import read_authorisation

_PACK = re.compile(r"^\s*set\s*=", re.MULTILINE)
_PAPER = re.compile(r"^\s*signed_by\s*=", re.MULTILINE)


def check_file(file: Path, library: Library) -> list[Problem]:
    """Every problem of a file, with its line; an empty list if there is none.

    A text pack is held against the instruments of the library and of the folder above it,
    an instrument against the texts beside it.
    """
    try:
        text = text_of(file)
        if _PACK.search(text):
            return _check_pack(text, file, library)
        if _PAPER.search(text):
            return _check_paper(text, file, library)
        return _check_instrument(text, file, library)
    except InputError as error:
        return list(error.problems)


def _check_instrument(text: str, file: Path, library: Library) -> list[Problem]:
    instrument = read_instrument(text, file.name)
    beside = [pack for pack in read_folder(file.parent) if pack.set in instrument.texts]
    packs = [*library.packs(instrument), *beside]
    problems = list(problems_of_words(instrument, packs))
    if file.stem != instrument.name:
        message = Message("methods.screening:name-not-file", {"name": instrument.name})
        problems += InputError.at(message, file=file.name).problems
    return problems


def _check_pack(text: str, file: Path, library: Library) -> list[Problem]:
    pack = read_pack(text, file.name)
    instruments = [library.instrument(name) for name in library.names()]
    known = {instrument.name for instrument in instruments}
    for other in sorted(file.parent.parent.glob("*.toml")):
        if other.stem not in known and not _PAPER.search(text_of(other)):
            instruments.append(read_instrument(text_of(other), other.name))
    users = [instrument for instrument in instruments if pack.set in instrument.texts]
    found = list(problems_of_keys(pack, instruments))
    for instrument in users:
        others = library.packs(instrument, pack.language)
        found += problems_of_pack(pack, instrument, any(other.gendered for other in others))
    return list(dict.fromkeys([*found, *_missing_recordings(pack, file.parent)]))


def _missing_recordings(pack: Pack, folder: Path) -> Iterator[Problem]:
    for key, text in pack.texts.items():
        for path in (text.audio, text.audio_feminine, text.audio_masculine):
            if path and not (folder / path).is_file():
                message = Message("methods.screening:recording-missing", {"file": path})
                yield Problem(message, Place(pack.file, row=pack.lines.get(key)))


def _check_paper(text: str, file: Path, library: Library) -> list[Problem]:
    paper = read_authorisation(text, file.name)
    instrument = library.instrument(paper.instrument)
    if (paper.version, paper.digest) == (instrument.version, instrument.digest):
        return []
    message = Message("methods.screening:other-content", {"name": instrument.name})
    return list(InputError.at(message, file=file.name).problems)

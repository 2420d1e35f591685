"""Checking one file on its own: an instrument, a text pack or an authorisation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.domain.prohibited_grounds.named_groups import language_of
from marfa.methods.screening.checks import problems_of_keys, problems_of_pack, problems_of_words
from marfa.methods.screening.library import Library, text_of
from marfa.methods.screening.schema import examine_instrument
from marfa.methods.screening.text_packs import Pack, read_pack
from marfa.methods.screening.use import read_authorisation

_PACK = re.compile(r"^\s*set\s*=", re.MULTILINE)
_PAPER = re.compile(r"^\s*signed_by\s*=", re.MULTILINE)


@dataclass(frozen=True)
class Checked:
    """What a check found. languages: those whose words were checked, and those whose words nobody
    could check: of them nothing is said, least of all that they are right."""

    problems: tuple[Problem, ...] = ()
    languages: frozenset[str] = frozenset()
    not_checked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, problems: Iterable[Problem], packs: Iterable[Pack]) -> Checked:
        codes = frozenset(pack.language for pack in packs)
        known = frozenset(code for code in codes if language_of(code))
        return cls(tuple(dict.fromkeys(problems)), known, codes - known)


def check_file(file: Path, library: Library) -> list[Problem]:
    """Every problem of a file, with its line; an empty list if there is none. See ``examine``."""
    return list(examine(file, library).problems)


def examine(file: Path, library: Library) -> Checked:
    """Every problem of a file, all at once, and the languages whose words were checked.

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
        return Checked(error.problems)


def _check_instrument(text: str, file: Path, library: Library) -> Checked:
    instrument, document = examine_instrument(text, file.name, own=True)
    problems = list(document.problems)
    beside: list[Pack] = []
    for pack_file in sorted((file.parent / "texts").glob("*.toml")):
        try:
            beside.append(replace(read_pack(text_of(pack_file), pack_file.name), own=True))
        except InputError as error:
            problems += error.problems
    packs = [*library.packs(instrument), *(p for p in beside if p.set in instrument.texts)]
    problems += problems_of_words(instrument, packs)
    if instrument.name and file.stem != instrument.name:
        message = Message("methods.screening:name-not-file", {"name": instrument.name})
        problems += InputError.at(message, file=file.name).problems
    return Checked.of(problems, packs)


def _check_pack(text: str, file: Path, library: Library) -> Checked:
    pack = replace(read_pack(text, file.name), own=True)
    instruments = [library.instrument(name) for name in library.names()]
    known = {instrument.name for instrument in instruments}
    for other in sorted(file.parent.parent.glob("*.toml")):
        if other.stem not in known and not _PAPER.search(text_of(other)):
            # What is wrong with the list itself is said of its own file.
            instruments.append(examine_instrument(text_of(other), other.name, own=True)[0])
    users = [instrument for instrument in instruments if pack.set in instrument.texts]
    found = list(problems_of_keys(pack, instruments))
    for instrument in users:
        others = library.packs(instrument, pack.language)
        found += problems_of_pack(pack, instrument, any(other.gendered for other in others))
    return Checked.of([*found, *_missing_recordings(pack, file.parent)], [pack])


def _missing_recordings(pack: Pack, folder: Path) -> Iterator[Problem]:
    for key, text in pack.texts.items():
        for path in (text.audio, text.audio_feminine, text.audio_masculine):
            if path and not (folder / path).is_file():
                message = Message("methods.screening:recording-missing", {"file": path})
                yield Problem(message, Place(pack.file, row=pack.lines.get(key)))


def _check_paper(text: str, file: Path, library: Library) -> Checked:
    paper = read_authorisation(text, file.name)
    instrument = library.instrument(paper.instrument)
    if (paper.version, paper.digest) == (instrument.version, instrument.digest):
        return Checked()
    message = Message("methods.screening:other-content", {"name": instrument.name})
    return Checked(InputError.at(message, file=file.name).problems)

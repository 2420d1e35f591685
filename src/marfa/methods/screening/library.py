"""Finding instruments and their words: those that are shipped, and those of further folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from marfa.domain.message import InputError, Message, Problem
from marfa.domain.prohibited_grounds.named_groups import language_of
from marfa.methods.screening.checks import not_checked, problems_of_pack, problems_of_words
from marfa.methods.screening.instrument import Instrument
from marfa.methods.screening.schema import read_instrument
from marfa.methods.screening.text_packs import Pack, Text, read_pack
from marfa.methods.screening.use import Authorisation, read_authorisation
from marfa.methods.screening.wording import Wording

SHIPPED = "instruments"
PAPER = ".authorisation.toml"


class Library:
    """Instruments and text packs of the package and of further folders.

    folders: each may hold ``<name>.toml`` and ``texts/<set>.<language>.toml``. A pack there
    takes precedence over a shipped one, text by text; an instrument there may not take the
    name of a shipped one. Raises InputError for a wrong file.
    lenient: a wrong file of the further folders is left out, so that the shipped ones go on;
    ``wrong`` tells which, where and why.
    papers: authorisations beside those that lie in the folders; today: the day on which they have
    to hold, where somebody is asked or scored. papers_beside: those in the folders count.
    restate: gives the packs with words that were changed elsewhere, and with their reviews.

    A list of the further folders has two signatures or is not used; words of theirs in a language
    that nobody can check are not there.
    """

    def __init__(
        self,
        folders: Sequence[Path] = (),
        *,
        lenient: bool = False,
        papers: Iterable[Authorisation] = (),
        today: date | None = None,
        papers_beside: bool = True,
        restate: Callable[[Sequence[Pack]], Sequence[Pack]] | None = None,
    ) -> None:
        self._shipped: Traversable = files("marfa.methods.screening") / SHIPPED
        self._folders: list[Traversable] = [self._shipped, *folders]
        self._lenient = lenient
        self._left_out: list[Problem] = []
        self._papers = tuple(papers)
        self._today = today
        self._count_papers = papers_beside
        self._restate = restate

    @cached_property
    def wrong(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the further folders of a lenient library, and each list
        there that waits for signatures."""
        own = [name for name in self.names() if name not in self._own(self._shipped)]
        found: list[Problem] = []
        for name in own:
            try:
                self.must_be_usable(self.instrument(name))
            except InputError as error:
                found += error.problems
        return (*self._left_out, *found) if self._packs else ()

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def instrument(self, name: str) -> Instrument:
        """Raises InputError for a name that is not there, or a file that is wrong."""
        if name in self._read:
            return self._read[name]
        file = self._files.get(name)
        if file is None:
            params = {"name": name, "known": ", ".join(self.names())}
            raise InputError.at(Message("methods.screening:instrument-unknown", params))
        own = name not in self._own(self._shipped)
        instrument = read_instrument(text_of(file), str(file.name), own=own)
        if instrument.name != name:
            params = {"name": instrument.name}
            raise InputError.at(
                Message("methods.screening:name-not-file", params), file=str(file.name)
            )
        self._check_words(instrument)
        instrument = replace(instrument, words=self._digest_of_words(instrument))
        instrument = replace(instrument, signed=own and self._is_signed(instrument))
        self._read[name] = instrument
        return instrument

    def must_be_usable(self, instrument: Instrument) -> None:
        """Raise InputError for a list of one's own that two people have not signed for."""
        if not instrument.may_be_used:
            params = {"instrument": instrument.name}
            said = Message("methods.screening:not-signed-by-two", params)
            raise InputError.at(said, file=f"{instrument.name}.toml")

    def _is_signed(self, instrument: Instrument) -> bool:
        day = self._today
        return any(
            paper.by_two and paper.covers(instrument, day or paper.signed_on)
            for paper in (*self._papers, *self._papers_beside)
        )

    @cached_property
    def _papers_beside(self) -> tuple[Authorisation, ...]:
        """What lies in the further folders. A paper that is wrong signs nothing."""
        found = []
        for folder in self._folders[1:] if self._count_papers else ():
            for file in _toml_files(folder, papers=True):
                try:
                    found.append(read_authorisation(text_of(file), str(file.name)))
                except InputError:
                    continue
        return tuple(found)

    def _digest_of_words(self, instrument: Instrument) -> str:
        rows = [
            [pack.language, key, text.text, text.feminine, text.masculine]
            for pack in self.packs(instrument)
            for key, text in pack.texts.items()
        ]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    def wording(self, instrument: Instrument, language: str) -> Wording:
        """The texts of an instrument in a language; empty where there is no pack."""
        texts: dict[str, Text] = {}
        packs = self.packs(instrument, language)
        for pack in packs:
            texts.update(pack.texts)
        own = any(pack.own and pack.texts.keys() & instrument.item_ids for pack in packs)
        return Wording(instrument, language, texts, own)

    def languages(self, instrument: Instrument) -> tuple[str, ...]:
        """Languages that have a text for every item."""
        found = sorted({pack.language for pack in self.packs(instrument)})
        return tuple(
            language for language in found if not self.wording(instrument, language).missing
        )

    @cached_property
    def _read(self) -> dict[str, Instrument]:
        return {}

    @cached_property
    def _files(self) -> dict[str, Traversable]:
        found: dict[str, Traversable] = {}
        for folder in self._folders:
            for file in _toml_files(folder):
                name = file.name.removesuffix(".toml")
                if name in found:
                    self._refuse(
                        Message("methods.screening:instrument-twice", {"name": name}), file
                    )
                    continue
                found[name] = file
        return found

    def _refuse(self, message: Message, file: Traversable) -> None:
        error = InputError.at(message, file=str(file))
        if not self._lenient:
            raise error
        self._left_out += error.problems

    @staticmethod
    def _own(folder: Traversable) -> frozenset[str]:
        return frozenset(file.name.removesuffix(".toml") for file in _toml_files(folder))

    @cached_property
    def _packs(self) -> tuple[Pack, ...]:
        of_files = self.packs_of_files
        return of_files if self._restate is None else tuple(self._restate(of_files))

    @cached_property
    def packs_of_files(self) -> tuple[Pack, ...]:
        """All packs as their files are, later ones over earlier ones."""
        shipped, *others = self._folders
        if not self._lenient:
            own = [pack for folder in others for pack in read_folder(folder, own=True)]
            return (*read_folder(shipped), *(pack for pack in own if language_of(pack.language)))
        found = read_folder(shipped)
        right = (pack for folder in others for pack in self._right_packs(folder, found))
        return (*found, *right)

    def _right_packs(self, folder: Traversable, shipped: Sequence[Pack]) -> Iterator[Pack]:
        """The packs of a further folder with which nothing is wrong, by themselves and as the words
        of the shipped instruments."""
        for file in _toml_files(folder / "texts"):
            try:
                pack = replace(read_pack(text_of(file), str(file.name)), own=True)
                problems = [
                    *self._problems_as_words(pack, shipped),
                    *(() if language_of(pack.language) else (not_checked(pack),)),
                ]
            except InputError as error:
                problems = list(error.problems)
            if problems:
                self._left_out += problems
            else:
                yield pack

    def _problems_as_words(self, pack: Pack, shipped: Sequence[Pack]) -> Iterator[Problem]:
        gendered = pack.language in {one.language for one in shipped if one.gendered}
        for file in _toml_files(self._shipped):
            instrument = read_instrument(text_of(file), str(file.name))
            if pack.set in instrument.texts:
                yield from problems_of_pack(pack, instrument, gendered)

    def packs(self, instrument: Instrument, language: str | None = None) -> tuple[Pack, ...]:
        """The text packs of an instrument, in one language or in all."""
        return tuple(
            pack
            for pack in self._packs
            if pack.set in instrument.texts and language in (None, pack.language)
        )

    def _check_words(self, instrument: Instrument) -> None:
        problems = list(problems_of_words(instrument, self.packs(instrument)))
        if problems:
            raise InputError(*problems)


def read_folder(folder: Traversable, *, own: bool = False) -> tuple[Pack, ...]:
    """The text packs of a folder of instruments. Raises InputError for a wrong file."""
    files_there = _toml_files(folder / "texts")
    return tuple(replace(read_pack(text_of(file), str(file.name)), own=own) for file in files_there)


def _toml_files(folder: Traversable, *, papers: bool = False) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted(
        (
            file
            for file in folder.iterdir()
            if file.name.endswith(".toml") and file.name.endswith(PAPER) is papers
        ),
        key=lambda file: file.name,
    )


def text_of(file: Traversable) -> str:
    """The text of a file. Raises InputError where it is not UTF-8 or cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError.at(Message("methods.screening:not-utf8"), file=str(file.name)) from None
    except OSError as error:
        params = {"reason": error.strerror or ""}
        raise InputError.at(
            Message("methods.screening:unreadable", params), file=str(file.name)
        ) from None

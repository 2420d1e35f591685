"""Which questions may be put here: for a trial in a demonstration, for real people in live use."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings

from marfa.apps.screening.signatures import signatures_changed, signed_papers
from marfa.apps.texts.standing import all_reviews, reviewed_pack, reviews_changed
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.screening import (
    Age,
    Library,
    LiveUse,
    Panel,
    PilotUse,
    Use,
    Wording,
)
from marfa.methods.screening.instrument import Instrument, Population, Setting
from marfa.methods.screening.library import PAPER
from marfa.methods.screening.study.protocol import digest_of_words
from marfa.methods.screening.text_packs import Pack, Text
from marfa.platform import clock
from marfa.platform.once import find_once
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

FOLDER = "instruments"
"""Of the data folder: instruments and texts of the organisation's own."""
ASSESSING = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})
"""Who works in protection, and asks with every list."""


def own_folder() -> Path:
    return settings.FOLDER.path / FOLDER


@lru_cache(maxsize=4)
def _library_of_files(folder: Path, _changed: float) -> Library:
    return Library([folder] if folder.is_dir() else [], lenient=True, papers_beside=False)


def library_of_files() -> Library:
    """The instruments that are shipped and those of the installation, with the words of the files,
    whoever reviewed them; read anew after a change."""
    return _library_of_files(own_folder(), _changed_at(own_folder()))


def _changed_at(folder: Path) -> float:
    files = [folder, folder / "texts", *folder.rglob("*.toml")] if folder.is_dir() else []
    return max((each.stat().st_mtime for each in files if each.exists()), default=0)


def instrument_library() -> Library:
    """The instruments that are shipped and those of the installation, with the words that are in
    force, their reviews, and what two people signed; made anew after a change. A wrong file of the
    installation is left out: see ``wrong_files``. What a file says of signatures or of reviews does
    not count: anybody can write it there."""
    return find_once("screening.library", _current_library)


def _current_library() -> Library:
    folder, day = own_folder(), clock.now().date()
    state = (reviews_changed(), signatures_changed())
    return _library(folder, _changed_at(folder), day, state)


@lru_cache(maxsize=4)
def _library(folder: Path, _changed: float, day: date, _state: Hashable) -> Library:
    return Library(
        [folder] if folder.is_dir() else [],
        lenient=True,
        today=day,
        papers=signed_papers(),
        papers_beside=False,
        restate=partial(_with_reviews, day=day),
    )


def _with_reviews(packs: Sequence[Pack], day: date) -> list[Pack]:
    """The packs with the words that are in force. The source of each is the English of its set,
    with the words of the installation over those of Marfa."""
    sources: dict[str, dict[str, Text]] = {}
    for pack in packs:
        if pack.language == SOURCE_LANGUAGE:
            sources.setdefault(pack.set, {}).update(pack.texts)
    reviews = all_reviews()
    return [
        reviewed_pack(
            pack,
            {} if pack.language == SOURCE_LANGUAGE else sources.get(pack.set, {}),
            reviews.get(pack.set, {}),
            day,
        )
        for pack in packs
    ]


@lru_cache(maxsize=1)
def shipped_lists() -> tuple[Instrument, ...]:
    """The built-in lists, a pair by its adult's list; those of the first contact stand first."""
    library = Library()
    found = [library.instrument(name) for name in library.names()]
    firsts = [one for one in found if one.population is not Population.CHILD or not one.counterpart]
    return tuple(sorted(firsts, key=lambda one: (one.setting is not Setting.RECEPTION, one.name)))


@lru_cache(maxsize=1)
def reception_lists() -> tuple[str, ...]:
    """Names of the lists for the first contact. Nothing in them asks about sex, offences or a role
    in an armed group, whatever the list says of its setting: each item of a pair is looked at."""
    return tuple(
        one.name
        for one in shipped_lists()
        if one.setting is Setting.RECEPTION
        and not any(item.sensitive for half in _pair(one) for item in half.items)
    )


def _pair(instrument: Instrument) -> tuple[Instrument, ...]:
    return Panel.of(instrument.name, Library()).instruments


def lists_for(actor: Actor) -> tuple[str, ...]:
    """Names of the lists that somebody asks with, by where they work: reception with those of the
    first contact, protection with all."""
    if ASSESSING & actor.role_names:
        return tuple(one.name for one in shipped_lists())
    return reception_lists()


def may_ask_with(actor: Actor, name: str) -> bool:
    """Whether no built-in list, or one that somebody asks with, has this name."""
    return name in lists_for(actor) or all(one.name != name for one in shipped_lists())


def instrument_panel(name: str) -> Panel:
    """An instrument with its counterpart. Raises InputError for one that there is none of."""
    return Panel.of(name, instrument_library())


def kept_panel(name: str) -> Panel:
    """The same to read what was answered before, also where a signature has ended since."""
    return Panel.of(name, instrument_library(), kept=True)


def offered_instruments(age: Age, actor: Actor) -> list[str]:
    """Names of the instruments that somebody asks a person of this age with: no child's list for
    an adult, no adult's for a child. Of whoever is or may be a child, the child's come first."""
    names = lists_for(actor)
    chosen = [one for one in shipped_lists() if one.name in names and _fits(one, age)]
    if age.may_be_child:
        chosen.sort(key=lambda one: (one.name not in reception_lists(), not _of_children(one)))
    return [one.name for one in chosen]


def _fits(instrument: Instrument, age: Age) -> bool:
    if instrument.counterpart or instrument.population is Population.ANY:
        return True
    if instrument.population is Population.CHILD:
        return age.may_be_child
    return age is not Age.CHILD


def _of_children(instrument: Instrument) -> bool:
    return instrument.population is Population.CHILD


def instrument_wording(instrument: Instrument, language: str) -> Wording:
    """The words in a language; in English where there are none, which live use refuses."""
    found = instrument_library().wording(instrument, language)
    return found if not found.missing else instrument_library().wording(instrument, "en")


def digests_of_words(instrument: Instrument) -> dict[str, str]:
    """Language -> digest of the words of a list, of each that has all of them."""
    library = instrument_library()
    found = {
        code: digest_of_words(library, instrument, code) for code in library.languages(instrument)
    }
    return {code: digest for code, digest in found.items() if digest}


def panel_languages(name: str) -> tuple[str, ...]:
    """Languages in which all questions of a panel can be put: in live use none with drafts, where
    there is one without. Where all have drafts, beginning says so."""
    library = instrument_library()
    each = [set(library.languages(one)) for one in instrument_panel(name).instruments]
    found = sorted(set.intersection(*each))
    if settings.DEMONSTRATION:
        return tuple(found)
    day = clock.now().date()
    lists = instrument_panel(name).instruments
    reviewed = tuple(
        language
        for language in found
        if not any(library.wording(one, language).drafts_on(day) for one in lists)
    )
    return reviewed or tuple(found)


def instrument_languages(names: Iterable[str]) -> list[str]:
    """Languages in which at least one of these instruments can be put."""
    return sorted({language for name in names for language in panel_languages(name)})


def panel_use(of: Panel, language: str) -> Use:
    """How this panel may be used here, today. A demonstration is a trial and says so.

    Raises InputError, in live use, for drafts and for what the organisation has not signed.
    """
    if settings.DEMONSTRATION:
        return PilotUse()
    words = {one.name: instrument_library().wording(one, language) for one in of.instruments}
    return LiveUse(of.instruments, words, clock.now().date(), signed_papers())


def wrong_files() -> tuple[Problem, ...]:
    """What is wrong with the files of the installation's own, each with file and line. A signature
    in a file is none here."""
    papers = sorted(own_folder().glob(f"*{PAPER}"))
    said = Message("apps.screening:paper-in-file")
    problems = [Problem(said, Place(file.name)) for file in papers]
    return (*library_of_files().wrong, *problems)


def panel_refusal(of: Panel, language: str) -> InputError | None:
    """Why a panel may not be used here, or nothing."""
    try:
        panel_use(of, language)
    except InputError as error:
        return error
    return None

"""Which questions may be put here: for a trial in a demonstration, for real people in live use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from marfa.domain.message import InputError, Problem
from marfa.methods.screening import (
    Age,
    Authorisation,
    Library,
    LiveUse,
    Panel,
    PilotUse,
    Use,
    Wording,
    read_authorisation,
)
from marfa.methods.screening.instrument import Instrument, Population, Setting
from marfa.methods.screening.library import text_of
from marfa.methods.screening.study.protocol import digest_of_words
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

FOLDER = "instruments"
"""Of the data folder: instruments and texts of the organisation's own, and its authorisations."""
ASSESSING = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})
"""Who works in protection, and asks with every list."""


def own_folder() -> Path:
    return settings.FOLDER.path / FOLDER


@lru_cache(maxsize=4)
def _library(folder: Path, _changed: float, today: date) -> Library:
    return Library([folder] if folder.is_dir() else [], lenient=True, today=today)


def instrument_library() -> Library:
    """The instruments that are shipped and those of the installation; read anew after a change. A
    wrong file of the installation is left out: see ``wrong_files``."""
    folder = own_folder()
    files = [folder, folder / "texts", *folder.rglob("*.toml")] if folder.is_dir() else []
    return _library(
        folder,
        max((each.stat().st_mtime for each in files if each.exists()), default=0),
        clock.now().date(),
    )


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
    """Languages in which all questions of a panel can be put."""
    each = [set(instrument_library().languages(one)) for one in instrument_panel(name).instruments]
    return tuple(sorted(set.intersection(*each)))


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
    return LiveUse(of.instruments, words, clock.now().date(), read_authorisations())


def read_authorisations() -> tuple[Authorisation, ...]:
    """What the organisation has signed. A file that is wrong signs nothing: see ``wrong_files``."""
    return tuple(one for one in _authorisations() if isinstance(one, Authorisation))


def wrong_files() -> tuple[Problem, ...]:
    """What is wrong with the files of the installation's own, each with file and line."""
    papers = (one for one in _authorisations() if isinstance(one, InputError))
    problems = [problem for error in papers for problem in error.problems]
    return (*instrument_library().wrong, *problems)


def _authorisations() -> Iterator[Authorisation | InputError]:
    for file in sorted(own_folder().glob("*.authorisation.toml")):
        try:
            yield read_authorisation(text_of(file), file.name)
        except InputError as error:
            yield error


def panel_refusal(of: Panel, language: str) -> InputError | None:
    """Why a panel may not be used here, or nothing."""
    try:
        panel_use(of, language)
    except InputError as error:
        return error
    return None

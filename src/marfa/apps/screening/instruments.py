"""Which questions may be put here: for a trial in a demonstration, for real people in live use."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from marfa.domain.message import InputError
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
from marfa.methods.screening.instrument import Instrument
from marfa.platform import clock

FOLDER = "instruments"
"""Of the data folder: instruments and texts of the organisation's own, and its authorisations."""
OFFERED = ("registration-risk", "unaccompanied-child", "ilo-delphi-labour-adult")
"""What the desk asks with: two short lists for the first contact, and the lists that give an
outcome, for whoever was trained in them."""


def own_folder() -> Path:
    return settings.FOLDER.path / FOLDER


@lru_cache(maxsize=4)
def _library(folder: Path, _changed: float) -> Library:
    return Library([folder] if folder.is_dir() else [])


def instrument_library() -> Library:
    """The instruments that are shipped and those of the installation; read anew after a change."""
    folder = own_folder()
    files = [folder, folder / "texts", *folder.rglob("*.toml")] if folder.is_dir() else []
    return _library(
        folder, max((each.stat().st_mtime for each in files if each.exists()), default=0)
    )


def instrument_panel(name: str) -> Panel:
    """Raises InputError for an instrument that the desk does not ask with."""
    return Panel.of(name, instrument_library())


def offered_instruments(age: Age) -> list[str]:
    """Names of the instruments for somebody of this age: of a child, and in doubt, the child's
    list comes first."""
    if age is Age.ADULT:
        return [name for name in OFFERED if name != "unaccompanied-child"]
    return sorted(OFFERED, key=lambda name: name != "unaccompanied-child")


def instrument_wording(instrument: Instrument, language: str) -> Wording:
    """The words in a language; in English where there are none, which live use refuses."""
    found = instrument_library().wording(instrument, language)
    return found if not found.missing else instrument_library().wording(instrument, "en")


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
    """What the organisation has signed. Raises InputError for a file that is wrong."""
    files = sorted(own_folder().glob("*.authorisation.toml"))
    return tuple(read_authorisation(file.read_text(encoding="utf-8"), file.name) for file in files)


def panel_refusal(of: Panel, language: str) -> InputError | None:
    """Why a panel may not be used here, or nothing."""
    try:
        panel_use(of, language)
    except InputError as error:
        return error
    return None

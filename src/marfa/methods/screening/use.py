"""Pilot or live: the two ways in which an instrument may be used, each stated outright.

A pilot says so on every result and decides nothing about a person. Live use refuses every
draft text, and refuses what was not validated unless the organisation has signed for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.domain.prohibited_grounds import plain_words
from marfa.methods.screening.instrument import Instrument
from marfa.methods.screening.toml_reader import Document
from marfa.methods.screening.wording import Wording

_WORDS = ("organisation", "instrument", "version", "digest", "signed_by", "role")
_DAYS = ("signed_on", "valid_until")
_SECOND = ("second_signed_by", "second_role", "second_accepts")
ACCEPTS = "not validated, pilot only; used for structured professional judgement at our own risk"
"""What the signatory accepts, word for word, so that nobody signs without having read it."""
SECOND_ACCEPTS = (
    "read every question in every language; no checker of words can see every question that asks "
    "who somebody is, so two people have looked"
)
"""What the second signatory of a list or of words of one's own accepts, word for word."""


@dataclass(frozen=True)
class Authorisation:
    """An organisation's signature under one version of one instrument.

    digest: ``Instrument.digest``; a changed instrument needs a new signature.
    """

    organisation: str
    instrument: str
    version: str
    digest: str
    signed_by: str
    role: str
    signed_on: date
    valid_until: date
    second_signed_by: str = ""
    second_role: str = ""
    two_accounts: bool = False

    @property
    def by_two(self) -> bool:
        """Whether two people signed: with accounts of their own, or told apart by how their names
        are written, marks and case aside."""
        if self.two_accounts:
            return True
        names = [plain_words(name) for name in (self.signed_by, self.second_signed_by)]
        return all(names) and names[0] != names[1] and bool(self.second_role.strip())

    def covers(self, instrument: Instrument, today: date) -> bool:
        """Whether it is for exactly this content, and in force today."""
        same = (self.instrument, self.version, self.digest) == (
            instrument.name,
            instrument.version,
            instrument.digest,
        )
        signed = bool(self.signed_by.strip() and self.role.strip() and self.organisation.strip())
        return same and signed and self.signed_on <= today <= self.valid_until


def read_authorisation(text: str, file: str) -> Authorisation:
    """An authorisation from the text of its file. Raises InputError with line and reason."""
    document = Document(text, file)
    root = document.root()
    root.only(("schema", "accepts", *_WORDS, *_DAYS, *_SECOND))
    if root.data.get("accepts") != ACCEPTS:
        root.wrong("accepts", Message("methods.screening:not-accepted", {"text": ACCEPTS}))
    for key in _DAYS:
        if type(root.data.get(key)) is not date:
            root.wrong(key, Message("methods.screening:not-a-date", {"key": key}))
    words = {key: root.text(key) for key in _WORDS}
    second = {key: root.text(key) for key in _SECOND} if root.data.keys() & set(_SECOND) else {}
    if second and second["second_accepts"] != SECOND_ACCEPTS:
        said = Message("methods.screening:not-accepted", {"text": SECOND_ACCEPTS})
        root.wrong("second_accepts", said)
    document.finish()
    days: list[date] = [root.data[key] for key in _DAYS]
    return Authorisation(
        words["organisation"],
        words["instrument"],
        words["version"],
        words["digest"],
        words["signed_by"],
        words["role"],
        signed_on=days[0],
        valid_until=days[1],
        second_signed_by=second.get("second_signed_by", ""),
        second_role=second.get("second_role", ""),
    )


@dataclass(frozen=True)
class PilotUse:
    """For training and trial. Every result is marked. A list of one's own waits for two signatures
    here too."""

    pilot: bool = field(default=True, init=False)

    def permits(self, instrument: Instrument) -> bool:
        return instrument.may_be_used


@dataclass(frozen=True)
class LiveUse:
    """For real people. Raises InputError where it is not permitted, so that none exists.

    wordings: the words in which the questions were put, by name of instrument.
    today: the day of use, from the caller's clock.
    """

    instruments: tuple[Instrument, ...]
    wordings: Mapping[str, Wording]
    today: date
    authorisations: tuple[Authorisation, ...] = ()
    pilot: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        problems = [
            problem for instrument in self.instruments for problem in self._refusals(instrument)
        ]
        if problems:
            raise InputError(*problems)

    def permits(self, instrument: Instrument) -> bool:
        return any(instrument.digest == known.digest for known in self.instruments)

    def _refusals(self, instrument: Instrument) -> Iterator[Problem]:
        params: dict[str, object] = {"instrument": instrument.name}
        place = Place(field=instrument.name)
        papers = [paper for paper in self.authorisations if paper.covers(instrument, self.today)]
        wording = self.wordings.get(instrument.name)
        if instrument.pilot_only and not papers:
            yield Problem(Message("methods.screening:not-signed", params), place)
        own = instrument.own or (wording is not None and wording.own)
        if own and not any(paper.by_two for paper in papers):
            yield Problem(Message("methods.screening:not-signed-by-two", params), place)
        if wording is None or wording.instrument.digest != instrument.digest or wording.missing:
            yield Problem(Message("methods.screening:live-without-words", params), place)
        elif drafts := wording.drafts_on(self.today):
            params["language"] = wording.language
            message = Message("methods.screening:live-with-drafts", params, count=len(drafts))
            yield Problem(message, place)


Use = PilotUse | LiveUse

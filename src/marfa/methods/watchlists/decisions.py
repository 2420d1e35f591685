"""What people decided about a subject beside an entry, and whether it still holds.

A decision is about what both said then: it carries the hash of the subject, the hash of the entry
and the version of the method. When one of the three is another, the decision is open again by
itself; nothing has to be told that it is. Nothing is overwritten: a later decision stands beside
the earlier one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.watchlists.jsonlines import line_of, read_lines

Pair = tuple[str, str, str]
"""Subject, list, reference."""


class Verdict(StrEnum):
    """What a person found."""

    MATCH = "match"
    NO_MATCH = "no-match"
    UNSURE = "unsure"


class Standing(StrEnum):
    """How it stands with a pair."""

    OPEN = "open"
    """Nobody has decided."""
    WAITING = "waiting"
    """Decided, and a second person has not looked, or it was left unsure."""
    DECIDED = "decided"
    REOPENED = "reopened"
    """Decided about something that is no longer so."""


@dataclass(frozen=True)
class Decision:
    """One decision. by, second: who decided, and who looked a second time."""

    subject_id: str
    list_name: str
    reference: str
    verdict: Verdict
    reason: str
    by: str
    at: str
    subject_digest: str
    entry_digest: str
    method: str
    second: str = ""

    @property
    def pair(self) -> Pair:
        return self.subject_id, self.list_name, self.reference

    @property
    def basis(self) -> tuple[str, str, str]:
        """What it is about: both contents and the method."""
        return self.subject_digest, self.entry_digest, self.method

    def as_json(self) -> dict[str, Any]:
        data = asdict(self)
        data["list"] = data.pop("list_name")
        data["verdict"] = self.verdict.value
        return data

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Decision:
        """From what :meth:`as_json` gave."""
        said = dict(data)
        said["list_name"] = said.pop("list")
        said["verdict"] = Verdict(said["verdict"])
        return cls(**said)


@dataclass(frozen=True)
class Stand:
    """How it stands with a pair, by what was decided last, and why it is open again."""

    standing: Standing
    decision: Decision | None = None
    changed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        said = None if self.decision is None else self.decision.as_json()
        return {"standing": self.standing.value, "changed": list(self.changed), "decision": said}


@dataclass
class Decisions:
    """Decisions in the order in which they were made."""

    made: list[Decision] = field(default_factory=list)

    def by_pair(self) -> dict[Pair, list[Decision]]:
        """The decisions about each pair, in their order."""
        found: dict[Pair, list[Decision]] = {}
        for decision in self.made:
            found.setdefault(decision.pair, []).append(decision)
        return found

    def of(self, pair: Pair) -> list[Decision]:
        """Those about one pair."""
        return [decision for decision in self.made if decision.pair == pair]


def stand_of(
    made: Sequence[Decision], subject_digest: str, entry_digest: str, method: str
) -> Stand:
    """How decisions about one pair stand, as both are now; an entry that is listed no longer has
    an empty digest."""
    if not made:
        return Stand(Standing.OPEN)
    last = made[-1]
    entry = "entry" if entry_digest else "entry-removed"
    compared = (
        ("subject", last.subject_digest, subject_digest),
        (entry, last.entry_digest, entry_digest),
        ("method", last.method, method),
    )
    changed = tuple(code for code, was, now in compared if was != now)
    if changed:
        return Stand(Standing.REOPENED, last, changed)
    if last.verdict is Verdict.UNSURE or not _seen_twice(made):
        return Stand(Standing.WAITING, last)
    return Stand(Standing.DECIDED, last)


def _seen_twice(made: Sequence[Decision]) -> bool:
    """Whether two people stand behind the last decision: named in it, or in an equal one before
    about the same."""
    last = made[-1]
    people: set[str] = set()
    for decision in reversed(made):
        if decision.verdict is not last.verdict or decision.basis != last.basis:
            break
        people |= {decision.by, decision.second} - {""}
    return len({name.casefold() for name in people}) > 1


def check_decision(decision: Decision) -> None:
    """Raises InputError for a decision without a reason or a name, or whose second person is the
    first."""
    for name in ("reason", "by"):
        if not getattr(decision, name).strip():
            message = Message("methods.watchlists:decision-without", {"what": name})
            raise InputError.at(message, field=f"--{name}")
    if decision.second and decision.second.casefold() == decision.by.casefold():
        raise InputError.at(Message("methods.watchlists:second-is-first"), field="--second")


def read_decisions(file: Path) -> Decisions:
    """The decisions of a file; none where there is no file. Raises InputError."""
    if not file.exists():
        return Decisions()
    found: list[Decision] = []
    for row, data in enumerate(read_lines(file), 1):
        try:
            found.append(Decision.of(data))
        except (KeyError, TypeError, ValueError):
            message = Message("methods.watchlists:line-broken")
            raise InputError.at(message, file=file.name, row=row) from None
    return Decisions(found)


def append_decision(file: Path, decision: Decision) -> None:
    """Add a decision to a file: whole on the disk when this returns, one writer at a time."""
    check_decision(decision)
    line = line_of(decision.as_json()).encode()
    try:
        handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            size = stream.seek(0, os.SEEK_END)
            if size:
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    raise InputError.at(Message("methods.watchlists:line-broken"), file=file.name)
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        message = Message("methods.watchlists:unwritable", reason)
        raise InputError.at(message, file=file.name) from None

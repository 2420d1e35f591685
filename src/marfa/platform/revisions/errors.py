"""What stops a change: somebody else was faster, and only a person can decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marfa.domain.message import InputError, Message, Problem
from marfa.platform.revisions.merge import Conflict

GivenUp = tuple[tuple[str, object], ...]
"""Fields with the values that somebody typed and then did not choose."""


class ConflictError(InputError):
    """Others changed the same fields differently; nothing was written, and nothing is lost.

    A page that shows again what was typed, with what is wrong, says so by that alone; where no page
    does, the middleware answers (``marfa.web.middleware``). A form of the editor puts both values
    side by side.

    version: of the row as stored now; the answer to the conflicts is based on it.
    values: what would be stored, with theirs where there is a conflict.
    given_up: what a person gave up in answers to earlier conflicts of the same save.
    """

    def __init__(
        self,
        conflicts: tuple[Conflict, ...],
        *,
        version: int,
        values: Mapping[str, object],
        given_up: GivenUp = (),
    ) -> None:
        super().__init__(Problem(Message("platform.revisions:faster")))
        self.conflicts = conflicts
        self.version = version
        self.values = values
        self.given_up = given_up

    def message(self) -> Message:
        """The sentence above the conflicts."""
        return Message("platform.revisions:conflict", count=len(self.conflicts))

    def resolve(self, choices: Mapping[str, object]) -> Resolution:
        """What to save once a person has chosen.

        choices: a value for each field in conflict; mine, theirs, or a third one.
        Raises InputError for each conflict without an answer.
        """
        missing = [each.field for each in self.conflicts if each.field not in choices]
        if missing:
            raise InputError.at(Message("platform.revisions:unanswered"), field=missing[0])
        mine = tuple((each.field, each.mine) for each in self.conflicts)
        return Resolution(self.version, {**self.values, **choices}, (*self.given_up, *mine))


@dataclass(frozen=True)
class Resolution:
    """The arguments for the next ``save_changes``. A value of mine that was not chosen is kept
    in the history as set aside."""

    base_version: int
    changes: Mapping[str, object]
    mine: GivenUp


class BusyRowError(Exception):
    """The row changed again and again while we tried; nothing was written."""


class GoneError(InputError):
    """The row is no longer there."""

    def __init__(self) -> None:
        super().__init__(Problem(Message("platform.revisions:gone")))


class DraftMovedError(Exception):
    """The draft was saved from another page in the meantime; both are kept: theirs is stored,
    mine is still on the page."""

    def __init__(self, version: int, content: Mapping[str, object]) -> None:
        super().__init__("the draft was saved elsewhere")
        self.version = version
        self.content = content

    def message(self) -> Message:
        """The sentence that offers both."""
        return Message("platform.revisions:draft-moved")

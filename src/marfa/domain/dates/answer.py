"""Yes, no, or cannot say."""

from __future__ import annotations

from enum import Enum
from typing import NoReturn


class Answer(Enum):
    """What incomplete knowledge allows to be said.

    An answer has no truth value, so that ``if date.is_before(other)`` cannot pass "cannot say"
    off as one of the others: compare with a member.
    """

    YES = "yes"
    NO = "no"
    CANNOT_SAY = "cannot_say"

    def __bool__(self) -> NoReturn:
        raise TypeError("an Answer is compared with Answer.YES, NO or CANNOT_SAY")

    def negated(self) -> Answer:
        """NO for YES and the reverse; what cannot be said stays so."""
        return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(self, self)

    @classmethod
    def of(cls, *, always: bool, never: bool) -> Answer:
        """YES where it always holds, NO where it never does."""
        if always:
            return cls.YES
        return cls.NO if never else cls.CANNOT_SAY

"""Answers to the items of an instrument. Only "no" is a no: silence never counts as one."""

from __future__ import annotations

from enum import IntEnum


class Answer(IntEnum):
    """What is known about one item for one person."""

    NOT_ASKED = 0
    YES = 1
    NO = 2
    UNKNOWN = 3
    REFUSED = 4

    @property
    def is_open(self) -> bool:
        """True where a later answer could still be yes."""
        return self not in (Answer.YES, Answer.NO)

    @property
    def code(self) -> str:
        return self.name.lower()


WORDS: dict[str, Answer] = {answer.code: answer for answer in Answer} | {"": Answer.NOT_ASKED}


class Age(IntEnum):
    """What is known about the person's age.

    An age that is disputed or not known is a child's until decided: both profiles are run
    and the child rule protects.
    """

    UNKNOWN = 0
    ADULT = 1
    CHILD = 2
    DISPUTED = 3

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def may_be_child(self) -> bool:
        return self is not Age.ADULT


AGES: dict[str, Age] = {age.code: age for age in Age} | {"": Age.UNKNOWN}

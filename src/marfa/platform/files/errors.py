"""Refusals that an interface tells apart; each is a sentence as well."""

from __future__ import annotations

from marfa.domain.message import InputError, Message, Problem


class OffsetMismatchError(InputError):
    """An upload stands elsewhere than the sender thinks; ``expected`` says where."""

    def __init__(self, expected: int) -> None:
        super().__init__(Problem(Message("platform.files:offset", {"expected": expected})))
        self.expected = expected


class BusyError(InputError):
    """Somebody else writes to, checks or deletes this file at the moment."""

    def __init__(self) -> None:
        super().__init__(Problem(Message("platform.files:busy")))


class LostError(InputError):
    """The content is no longer on the disk."""

    def __init__(self) -> None:
        super().__init__(Problem(Message("platform.files:blob-lost")))


class TooLargeError(InputError):
    """The file is larger than may be, or there is no room for it."""


class TypeRefusedError(InputError):
    """Files of this type are not taken."""


def build_refusal(kind: type[InputError], key: str, **params: object) -> InputError:
    """One refusal with its sentence."""
    return kind(Problem(Message(f"platform.files:{key}", params)))

"""Why a package is refused: a code that a program reads, and a sentence for a person."""

from __future__ import annotations

from enum import StrEnum

from marfa.domain.message import InputError, Message, Place, Problem


class Refusal(StrEnum):
    """The codes. A package that is refused leaves nothing behind."""

    NOT_FOR_US = "not-for-us"
    UNKNOWN_SENDER = "unknown-sender"
    SIGNATURE = "signature"
    CHANGED = "changed"
    CUT = "cut"
    EXPIRED = "expired"
    REPLAY = "replay"
    VERSION = "version"
    KIND = "kind"
    PATH = "path"
    BOMB = "bomb"
    SCHEMA = "schema"
    FINGERPRINT = "fingerprint"
    UNKNOWN_BODY = "unknown-body"
    UNKNOWN_PACKAGE = "unknown-package"
    PASSPHRASE = "passphrase"  # noqa: S105 - a code, and no secret
    KEYS = "keys"
    THERE = "there"


class RefusedError(InputError):
    """A package, or what should become one, is refused. ``code`` is one of ``Refusal``."""

    def __init__(self, code: Refusal, reason: str = "", **params: object) -> None:
        """reason: the key of the sentence, ``code`` itself where there is one alone. params: values
        in it; never a name of what a package holds, since what is said may be kept."""
        self.code = code
        key = f"{code}-{reason}" if reason else str(code)
        super().__init__(Problem(Message(f"methods.packages:{key}", params), Place()))

    @classmethod
    def saying(cls, code: Refusal, message: Message) -> RefusedError:
        """Refused with a sentence that stands elsewhere."""
        made = cls(code)
        made.problems = (Problem(message),)
        return made

    @property
    def message(self) -> Message:
        return self.problems[0].message

    def as_json(self) -> dict[str, object]:
        """``code``, and the message as data."""
        return {"code": str(self.code), "message": self.message.as_json()}

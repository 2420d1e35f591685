"""Mail, the first destination.

A mail leaves the protected house, so it says that something waits and never what: no name, no
place, no number of a case. Whom it goes to and in which words is decided when it is sent, by
the function of the app that posted it.

    @letter("accounts.link-waits")             # in a module that its app names
    def link_waits(*, user: UUID) -> Letter | None: ...

    MAIL.post("accounts.link-waits", lane=user.pk, owner=INSTALLATION, user=user.pk)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol

from marfa.platform.outbox.destinations import register_destination
from marfa.platform.outbox.models import Parcel


@dataclass(frozen=True)
class Letter:
    """A mail to one address: subject and text in the language of who reads it."""

    to: str
    subject: str
    text: str


Writer = Callable[..., Letter | None]


class Transport(Protocol):
    """Hands a mail over to a mail server."""

    def send(self, message: EmailMessage) -> None:
        """Send; returns once the server has taken the mail over, else raises."""
        ...


class MailCarrier:
    """Writes a mail and hands it to the transport; without one, mails wait."""

    def __init__(self) -> None:
        self.transport: Transport | None = None
        self.sender = ""
        self.writers: dict[str, Writer] = {}

    def ready(self) -> bool:
        return self.transport is not None

    def deliver(self, parcel: Parcel, arguments: Mapping[str, Any]) -> bool:
        """Send one mail; False where its writer says that it is no longer needed."""
        if self.transport is None:
            raise RuntimeError("no mail server is set")
        letter = self.writers[parcel.kind](**arguments)
        if letter is None:
            return False
        self.transport.send(self.compose(parcel, letter))
        return True

    def compose(self, parcel: Parcel, letter: Letter) -> EmailMessage:
        """The mail of a parcel. Its Message-ID stays the same when it has to be sent again, so
        that the receiving server can tell; keys stay inside, so it is made of a hash."""
        name = hashlib.sha256(parcel.id.bytes).hexdigest()[:32]
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(parcel.created_at)
        message["Message-ID"] = f"<{name}@{self.sender.rpartition('@')[2]}>"
        message.set_content(letter.text)
        return message


CARRIER = MailCarrier()
MAIL = register_destination("mail", CARRIER)


def register_letter(kind: str) -> Callable[[Writer], Writer]:
    """Register the function that writes mails of a kind; its arguments are identifiers.

    It gives None where the mail is no longer needed: the person has seen it, or has left.
    Raises ValueError for a kind that another function writes.
    """

    def register(writer: Writer) -> Writer:
        known = CARRIER.writers.get(kind)
        if known is not None and known.__qualname__ != writer.__qualname__:
            raise ValueError(f"there is already a letter called {kind}")
        MAIL.accept(kind, writer)
        CARRIER.writers[kind] = writer
        return writer

    return register

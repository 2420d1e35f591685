"""Handing mails to a mail server, never in clear over a network."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 30
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class SmtpTransport:
    """A mail server. With ``smtp`` the connection must turn to TLS before anything is said,
    unless the server is this machine itself."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, message: EmailMessage) -> None:
        """Send one mail; raises smtplib.SMTPException or OSError where the server has not
        taken it over."""
        server = self._connect()
        try:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)
            # The mail has been taken over: a farewell that fails must not send it again.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        if _is_here(self.host):
            return server
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server


def smtp_transport(address: str) -> SmtpTransport:
    """A mail server from ``smtps://user:password@host:port`` or ``smtp://...``.

    Raises ValueError for an address that is not of that form.
    """
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError("mail_server")
    return SmtpTransport(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

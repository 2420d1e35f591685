"""Where a server listens: on this machine alone, or on the network of its site."""

from __future__ import annotations

import errno
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marfa.cli.base import print_message, print_warning
from marfa.cli.server.installation import place_of
from marfa.crypto.local_authority import Address
from marfa.domain.message import InputError, Message
from marfa.platform.datafolder import DataFolder
from marfa.platform.settings import PREFIX, Settings, read_settings

BACKLOG = 64
LAN_NAME = f"{PREFIX}LAN_NAME"


def choose_lan(data: Path | None) -> None:
    """Have this process serve the site's network, under the name of the settings or the usual."""
    from marfa.platform.lan import DEFAULT_NAME

    if LAN_NAME in os.environ:
        return
    # An address that needs a secure origin has none before there is a name.
    if not read_settings(place_of(data), listen="127.0.0.1").lan_name:
        os.environ[LAN_NAME] = DEFAULT_NAME


def listen_at(address: str, port: int) -> socket.socket:
    """A socket that listens; raises InputError where the port or the address is not to be had."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        key = {errno.EADDRINUSE: "port-in-use", errno.EACCES: "port-forbidden"}.get(
            error.errno or 0, "port-no-address"
        )
        values = {"port": str(port), "address": address}
        raise InputError.at(Message(f"cli.server:{key}", values)) from None
    listening.set_inheritable(True)
    return listening


@dataclass(frozen=True)
class LanServer:
    """A server on the network of its site.

    enrolment: what phones are told of its authority. addresses: where it listens.
    """

    folder: DataFolder
    settings: Settings
    enrolment: Any
    addresses: tuple[Address, ...]

    @classmethod
    def of(cls, folder: DataFolder, given: Settings) -> LanServer | None:
        """The one of an installation; None where its settings name no such network.

        Raises InputError where it is not known where to listen, or its authority is not its own.
        """
        from django.conf import settings

        from marfa.platform.lan import authority_for, in_address, listening_addresses

        if not given.lan_name:
            return None
        addresses = listening_addresses(given)
        enrolment = authority_for(folder, given.lan_name, addresses)
        for address in addresses:
            if address not in enrolment.named.addresses:
                values = {"address": str(address), "name": given.lan_name}
                print_warning(Message("cli.server:lan-address-new", values))
        settings.ALLOWED_HOSTS += [in_address(each) for each in addresses]
        return cls(folder, given, enrolment, addresses)

    def listen(self) -> list[socket.socket]:
        """One socket for the pages, and one for the page for phones where there is one."""
        told = self.settings.listen
        address = told if told in ("0.0.0.0", "::") else str(self.addresses[0])  # noqa: S104
        made = [listen_at(address, self.settings.port)]
        if self.settings.enrolment_port:
            made.append(listen_at(address, self.settings.enrolment_port))
        return made

    def around(self, application: Any) -> Any:
        """The pages by TLS alone."""
        from marfa.web.enrolment import by_tls

        return by_tls(application, self.enrolment, self.settings.public_origin)

    def secure(self, process: Any) -> None:
        """Give a process that answers requests a certificate that renews itself."""
        from marfa.platform.lan import ServerCertificate
        from marfa.web.connections import Secure

        process.secure = Secure(ServerCertificate(self.folder, self.addresses).renewed)

    def told(self) -> dict[str, object]:
        """What a phone needs, for whoever asked for JSON."""
        from marfa.platform.lan import enrolment_url

        return {
            "addresses": [str(each) for each in self.addresses],
            "enrol": enrolment_url(self.settings, self.addresses),
            "fingerprint": self.enrolment.fingerprint,
        }

    def print_enrolment(self) -> None:
        """The same for whoever stands before the terminal, with a code for the phone's camera."""
        from marfa.platform.lan import enrolment_url

        print_enrolment(enrolment_url(self.settings, self.addresses), self.enrolment.fingerprint)


def print_enrolment(url: str | None, fingerprint: str) -> None:
    """Fingerprint, address and code to scan."""
    import segno

    from marfa.platform.lan import enrolment_code

    print_message(Message("cli.server:lan-fingerprint", {"fingerprint": fingerprint}))
    if url is None:
        return
    print_message(Message("cli.server:lan-enrol", {"url": url}))
    if sys.stdout.isatty():
        code = segno.make_qr(enrolment_code(url, fingerprint), error="m")
        code.terminal(out=sys.stdout, compact=True)

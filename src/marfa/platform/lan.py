"""A site's own network: which addresses the server has there, and the authority that phones trust.

The authority lies in the data folder: ``lan/authority.pem`` is what phones install,
``lan/authority.key`` its key, sealed under the instance key. What the server shows is made in
memory for a week, and anew by itself.
"""

from __future__ import annotations

import fcntl
import logging
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from django.conf import settings

from marfa.crypto.aead import key_version_of, open_sealed, seal_bytes
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.local_authority import (
    Address,
    Certified,
    Named,
    certify_server,
    fingerprint_of,
    in_der,
    make_authority,
    read_authority,
)
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.datafolder import DataFolder, read_private
from marfa.platform.keyproviders import write_key_file
from marfa.platform.keys.instance import current_version, instance_key
from marfa.platform.settings import Settings

log = logging.getLogger("marfa.lan")

DEFAULT_NAME = "workspace.local"
FOLDER = "lan"
CERTIFICATE = "authority.pem"
KEY = "authority.key"
PURPOSE = "lan/authority"
IN_LINE = 8
AGAIN = timedelta(hours=1)
SIOCGIFADDR = 0x8915
ADDRESS_IN_ANSWER = slice(20, 24)
V6 = Path("/proc/net/if_inet6")


@dataclass(frozen=True)
class Enrolment:
    """What a phone is told of the authority of this installation."""

    certificate: bytes
    named: Named
    fingerprint: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The fingerprint in lines that are compared one by one, and fit on a phone."""
        pairs = self.fingerprint.split(":")
        return tuple(":".join(pairs[at : at + IN_LINE]) for at in range(0, len(pairs), IN_LINE))

    @property
    def der(self) -> bytes:
        """The certificate as a phone installs it."""
        return in_der(self.certificate)


def enrolment_of(folder: Path) -> Enrolment | None:
    """The authority of an installation, without its key; None where it has none.

    Raises InputError where it is damaged.
    """
    file = folder / FOLDER / CERTIFICATE
    if not file.exists() and not file.is_symlink():
        return None
    certificate = read_private(file).encode()
    try:
        return _enrolment(certificate)
    except ValueError:
        raise _damaged(file) from None


def renew_authority(folder: DataFolder, name: str, addresses: tuple[Address, ...]) -> Enrolment:
    """Give the installation a new authority, in the place of one that is there. Phones that trust
    the former one trust this server no more until they are given the new one."""
    made = make_authority(name, addresses, clock.now())
    place = folder.path / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    # The key last: a certificate without its own key is found when it is opened.
    write_key_file(place / CERTIFICATE, made.certificate.decode())
    _write_key(folder, made.key)
    return Enrolment(
        made.certificate, read_authority(made.certificate), fingerprint_of(made.certificate)
    )


def authority_for(folder: DataFolder, name: str, addresses: tuple[Address, ...]) -> Enrolment:
    """The authority, made where there is none yet; raises InputError for one of another name."""
    found = enrolment_of(folder.path)
    if found is None:
        return renew_authority(folder, name, addresses)
    if found.named.name != name or found.named.ends <= clock.now():
        values = {"name": found.named.name, "until": f"{found.named.ends:%Y-%m-%d}"}
        raise InputError.at(Message("platform:lan-authority-other", values))
    _open_key(folder)
    return found


def server_certificate(folder: DataFolder, addresses: tuple[Address, ...]) -> Certified:
    """A new certificate of the server, for those of its addresses that phones believe it for."""
    found = enrolment_of(folder.path)
    if found is None:
        raise _damaged(folder.path / FOLDER / CERTIFICATE)
    named = found.named
    own = tuple(each for each in addresses if each in named.addresses)
    authority = Certified(found.certificate, _open_key(folder))
    return certify_server(authority, named.name, own, clock.now())


class ServerCertificate:
    """What the server shows: made anew when half of its life is over."""

    def __init__(self, folder: DataFolder, addresses: tuple[Address, ...]) -> None:
        self._folder, self._addresses = folder, addresses
        self._renew_at: datetime | None = None

    def renewed(self) -> Certified | None:
        """A new one where its time has come, and at first; otherwise None."""
        now, first = clock.now(), self._renew_at is None
        if self._renew_at is not None and now < self._renew_at:
            return None
        try:
            made = server_certificate(self._folder, self._addresses)
        except (InputError, OSError):
            if first:
                raise
            # The one that is shown is good for as long again.
            log.error("the certificate of the server could not be renewed")
            self._renew_at = now + AGAIN
            return None
        self._renew_at = now + made.life / 2
        return made


class AuthorityHolder:
    """The key of the authority as something that the instance key seals: rotated with all else."""

    name = "lan.authority"

    def count_by_version(self) -> Mapping[int, int]:
        folder: DataFolder = settings.FOLDER
        if enrolment_of(folder.path) is None:
            return {}
        return {key_version_of(_sealed(folder)): 1}

    def bring_to(self, version: int, step: Callable[[int], None]) -> None:
        folder: DataFolder = settings.FOLDER
        if any(found < version for found in self.count_by_version()):
            _write_key(folder, _open_key(folder), version)
            step(1)


def listening_addresses(given: Settings) -> tuple[Address, ...]:
    """Where the server listens on the site's network: where it was told, else on the one private
    address of this machine. Raises InputError where there is none, or several to choose from."""
    told = ip_address(given.listen)
    if told.is_unspecified:
        return private_addresses()
    if not told.is_loopback:
        return (told,)
    every = private_addresses()
    # Most networks have both kinds, and every phone the older one.
    found = tuple(each for each in every if each.version == 4) or every
    if len(found) != 1:
        values = {"addresses": ", ".join(map(str, found)) or "-"}
        key = "lan-addresses-several" if found else "lan-address-none"
        raise InputError.at(Message(f"platform:{key}", values))
    return found


def private_addresses() -> tuple[Address, ...]:
    """The addresses of this machine that only a network of its own reaches, lowest first."""
    found: set[Address] = set(_version_four())
    found.update(_version_six())
    private = [a for a in found if a.is_private and not (a.is_loopback or a.is_link_local)]
    return tuple(sorted(private, key=lambda each: (each.version, int(each))))


def enrolment_url(given: Settings, addresses: tuple[Address, ...]) -> str | None:
    """Where a phone begins, by an address: its name may not be known there yet. None where there
    is no such page."""
    if not (given.enrolment_port and addresses):
        return None
    return f"http://{in_address(addresses[0])}:{given.enrolment_port}/"


def enrolment_code(url: str, fingerprint: str) -> str:
    """What stands in the code: the fingerprint is seen in the phone's bar and sent to nobody."""
    return f"{url}#{fingerprint.replace(':', '')}"


def in_address(address: Address) -> str:
    """An address as it stands in a URL."""
    return f"[{address}]" if address.version == 6 else str(address)


def _version_four() -> Iterator[IPv4Address]:
    """One of each interface: ``SIOCGIFADDR`` of netdevice(7)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _number, name in socket.if_nameindex():
            # An interface without an address refuses the question.
            with suppress(OSError):
                question = struct.pack("256s", name.encode()[:15])
                answer = fcntl.ioctl(asking.fileno(), SIOCGIFADDR, question)
                yield IPv4Address(answer[ADDRESS_IN_ANSWER])


def _version_six() -> Iterator[IPv6Address]:
    with suppress(OSError):
        for line in V6.read_text(encoding="ascii").splitlines():
            yield IPv6Address(bytes.fromhex(line.split()[0]))


def _enrolment(certificate: bytes) -> Enrolment:
    return Enrolment(certificate, read_authority(certificate), fingerprint_of(certificate))


def _write_key(folder: DataFolder, key: bytes, version: int | None = None) -> None:
    version = version or current_version()
    context = Context("lan", "authority", folder.instance.identifier, version)
    sealed = seal_bytes(instance_key(version, PURPOSE), key, context)
    write_key_file(folder.path / FOLDER / KEY, sealed.hex() + "\n")


def _sealed(folder: DataFolder) -> bytes:
    file = folder.path / FOLDER / KEY
    try:
        return bytes.fromhex(read_private(file))
    except ValueError:
        raise _damaged(file) from None


def _open_key(folder: DataFolder) -> bytes:
    sealed = _sealed(folder)
    try:
        version = key_version_of(sealed)
        context = Context("lan", "authority", folder.instance.identifier, version)
        return open_sealed(instance_key(version, PURPOSE), sealed, context)
    except (NotAuthenticError, UnknownVersionError, ValueError):
        raise _damaged(folder.path / FOLDER / KEY) from None


def _damaged(file: Path) -> InputError:
    return InputError.at(Message("platform:lan-authority-damaged", {"path": str(file)}))

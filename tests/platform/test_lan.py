"""The authority of a site's own network: renewed, kept through a rotation, and refused when it is
not its own."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from marfa.domain.message import InputError
from marfa.platform import clock, lan
from marfa.platform.datafolder import DataFolder
from marfa.web.connections import Secure

NAME, ADDRESSES = "workspace.local", (ip_address("192.168.4.1"),)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> DataFolder:
    made: DataFolder = replace(settings.FOLDER, path=tmp_path)
    settings.FOLDER = made
    return made


def shown(secure: Secure, authority: bytes) -> str:
    """The serial number of the certificate that a visitor sees who trusts the authority."""
    ours, theirs = socket.socketpair()
    context = ssl.create_default_context(cadata=authority.decode())
    with secure.wrap(theirs) as serving:
        answering = threading.Thread(target=serving.do_handshake)
        answering.start()
        with context.wrap_socket(ours, server_hostname=NAME) as visitor:
            answering.join()
            found = visitor.getpeercert() or {}
    return str(found["serialNumber"])


def test_the_certificate_is_renewed_by_itself(folder: DataFolder) -> None:
    """While it is served, long before it runs out; what fails then leaves the old one."""
    # Visitors have the clock of this machine: what is made later is not good yet for them.
    today = clock.now()
    with clock.set_to(today - timedelta(days=4)):
        authority = lan.renew_authority(folder, NAME, ADDRESSES)
        secure = Secure(lan.ServerCertificate(folder, ADDRESSES).renewed)
    first = shown(secure, authority.certificate)
    with clock.set_to(today - timedelta(days=1)):
        secure.refresh()
    assert shown(secure, authority.certificate) == first
    secure.refresh()
    second = shown(secure, authority.certificate)
    assert second != first
    (folder.path / "lan" / "authority.key").unlink()
    with clock.set_to(today + timedelta(days=4)):
        secure.refresh()
    assert shown(secure, authority.certificate) == second


def test_an_authority_of_another_name_or_another_installation_is_refused(
    folder: DataFolder,
) -> None:
    made = lan.authority_for(folder, NAME, ADDRESSES)
    assert lan.authority_for(folder, NAME, ADDRESSES) == made
    with pytest.raises(InputError, match="lan-authority-other"):
        lan.authority_for(folder, "other.local", ADDRESSES)
    with clock.set_to(made.named.ends), pytest.raises(InputError, match="lan-authority-other"):
        lan.authority_for(folder, NAME, ADDRESSES)
    other = replace(folder, instance=replace(folder.instance, identifier="0" * 16))
    with pytest.raises(InputError, match="lan-authority-damaged"):
        lan.server_certificate(other, ADDRESSES)
    shutil.rmtree(folder.path / "lan")
    assert lan.enrolment_of(folder.path) is None

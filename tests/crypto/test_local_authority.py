"""An authority for one host, as OpenSSL judges what it signs."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from marfa.crypto.local_authority import Certified, certify_server, make_authority
from marfa.platform import clock

NAME = "workspace.local"
ADDRESS = ip_address("192.168.4.1")


def judged(authority: Certified, server: Certified, folder: Path, *more: str) -> str:
    """Empty where OpenSSL believes it; otherwise why not."""
    for name, each in (("authority", authority), ("server", server)):
        (folder / name).write_bytes(each.certificate)
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", *more]
    found = subprocess.run(
        [*command, "-CAfile", str(folder / "authority"), str(folder / "server")],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stderr if found.returncode else ""


@pytest.mark.parametrize("addresses", [(ADDRESS,), (), (ADDRESS, ip_address("fd00::7"))])
def test_it_signs_for_its_host_alone(tmp_path: Path, addresses: tuple[object, ...]) -> None:
    now = clock.now()
    authority = make_authority(NAME, addresses, now)  # type: ignore[arg-type]
    own = certify_server(authority, NAME, addresses, now)  # type: ignore[arg-type]
    assert judged(authority, own, tmp_path, "-verify_hostname", NAME) == ""
    for each in addresses:
        assert judged(authority, own, tmp_path, "-verify_ip", str(each)) == ""
    for name, more in (
        ("other.local", ()),
        ("local", ()),
        ("example.org", ()),
        (NAME, (ip_address("192.168.4.2"),)),
        (NAME, (ip_address("fd00::8"),)),
    ):
        stolen = certify_server(authority, name, more, now)
        assert "permitted subtree violation" in judged(
            authority, stolen, tmp_path
        ) or "excluded subtree violation" in judged(authority, stolen, tmp_path)


def test_what_it_signs_is_good_for_days_and_it_signs_no_authority(tmp_path: Path) -> None:
    now = clock.now()
    authority = make_authority(NAME, (), now)
    own = certify_server(authority, NAME, (), now)
    for at, believed in ((timedelta(0), True), (timedelta(days=6), True), (timedelta(8), False)):
        moment = str(int((now + at).timestamp()))
        assert (judged(authority, own, tmp_path, "-attime", moment) == "") == believed
    below = certify_server(
        Certified(own.certificate, own.key), NAME, (), now
    )  # a server's certificate that plays authority
    assert judged(own, below, tmp_path, "-partial_chain") != ""

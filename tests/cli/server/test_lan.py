"""A server on the network of its site, met by a phone in a network namespace of its own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest

from marfa.crypto.local_authority import Certified, certify_server, make_authority
from marfa.platform import clock
from tests.support.installation import free_port, marfa, sentence, serving
from tests.support.shared_copies import Once

ROOT = Path(__file__).parents[3]
NAME = "workspace.local"
TELLING = ("marfa", "traffick", "victim", "test organisation", "test site", "مرفأ", "اتجار")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass(frozen=True)
class Site:
    """Two ends of a cable: the server's address, and the namespace in which a phone is."""

    address: str
    phone: str

    def run(self, told: dict[str, object]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["ip", "netns", "exec", self.phone, sys.executable, "-m", "tests.support.phone"],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A network with one phone on it, where the server's name is known."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("a network namespace takes the rights of root and the program ip")
    mark = secrets.token_hex(3)
    phone, cable = f"phone-{mark}", f"v{mark}"
    net = f"10.213.{secrets.randbelow(250) + 1}"
    address, other = f"{net}.1", f"{net}.2"
    names = Path("/etc/netns") / phone
    try:
        ip("netns", "add", phone)
    except subprocess.CalledProcessError:
        pytest.skip("this machine makes no network namespaces")
    try:
        ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", phone)
        ip("addr", "add", f"{address}/24", "dev", cable)
        ip("link", "set", cable, "up")
        ip("-n", phone, "addr", "add", f"{other}/24", "dev", "eth0")
        ip("-n", phone, "link", "set", "eth0", "up")
        ip("-n", phone, "link", "set", "lo", "up")
        names.mkdir(parents=True)
        (names / "hosts").write_text(f"{address} {NAME} other.local\n")
        yield Site(address, phone)
    finally:
        subprocess.run(["ip", "netns", "del", phone], check=False)
        subprocess.run(["ip", "link", "del", cable], check=False, capture_output=True)
        shutil.rmtree(names, ignore_errors=True)


@pytest.fixture
def place(once: Once, tmp_path: Path) -> Path:
    return once.installation(tmp_path / "data", "--desks", "reception,reporting")


@contextlib.contextmanager
def other_server(address: str, pem: bytes, folder: Path) -> Iterator[int]:
    """A server of somebody else, with a certificate."""
    file, port = folder / "other.pem", free_port()
    file.write_bytes(pem)
    command = ["openssl", "s_server", "-accept", f"{address}:{port}", "-cert", str(file), "-www"]
    process = subprocess.Popen(
        [*command, "-key", str(file)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        while "ACCEPT" not in (line := process.stdout.readline()):
            assert line, "openssl did not listen"
        yield port
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def authority_key_of(place: Path) -> bytes:
    """The key of the authority, as somebody has it who stole folder and keys."""
    script = (
        "import sys; from pathlib import Path;"
        "from marfa.cli.server.installation import open_installation;"
        "folder = open_installation(Path(sys.argv[1]));"
        "from marfa.platform import lan; sys.stdout.buffer.write(lan._open_key(folder))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script, str(place)], capture_output=True, check=True
    )
    return found.stdout


def test_a_phone_enrols_fills_in_a_form_and_sends_it(
    site: Site, place: Path, tmp_path: Path
) -> None:
    port, plain = free_port(), free_port()
    given = {"MARFA_LISTEN": site.address, "MARFA_ENROLMENT_PORT": str(plain)}
    data = ("--data", str(place))
    assert marfa("users", "add", "samir", "--role", "reception_officer", *data).returncode == 0
    now = clock.now()
    foreign = make_authority(NAME, [ip_address(site.address)], now)
    with serving("serve", place, "--lan", "--no-finder", port=port, **given) as served:
        assert served.origin == f"https://{NAME}:{port}"
        lan = {**given, "MARFA_LAN_NAME": NAME, "MARFA_PORT": str(port)}
        shown = json.loads(marfa("lan", "show", "--json", *data, **lan).stdout)
        assert shown["enrol"] == f"http://{site.address}:{plain}/"
        link = json.loads(marfa("users", "link", "samir", "--json", *data, **lan).stdout)["url"]
        assert link.startswith(served.origin)
        authority = Certified(
            (place / "lan" / "authority.pem").read_bytes(), authority_key_of(place)
        )
        stolen = certify_server(authority, "other.local", [], now)
        with other_server(site.address, stolen.pem, tmp_path) as impostor:
            found = site.run(
                {
                    "enrol": shown["enrol"],
                    "fingerprint": shown["fingerprint"],
                    "by_name": served.origin,
                    "by_address": f"https://{site.address}:{port}",
                    "impostor": f"https://other.local:{impostor}",
                    "link": link.removeprefix(served.origin),
                    "foreign": foreign.certificate.decode(),
                }
            )
    assert found.returncode == 0, found.stderr
    saw = json.loads(found.stdout)
    assert all(url.endswith("/registered/") for url in saw["registered"])
    with sqlite3.connect(place / "database.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM registry_person").fetchone() == (2,)
    assert saw["elsewhere"][0] == 302
    assert saw["elsewhere"][1]["location"] == "/"
    assert shown["fingerprint"] in saw["page"].replace("<br>", "")
    assert "certificate verify failed" in saw["foreign"]
    assert "permitted subtree violation" in saw["impostor"]
    assert all(name.startswith("__Host-") for name in saw["cookies"])
    said = saw["page"].lower()
    assert not [word for word in TELLING if word in said]


def test_certificates_and_names_tell_nothing(site: Site, place: Path) -> None:
    """What anybody on the network sees: every name in both certificates."""
    given = {"MARFA_LISTEN": site.address, "MARFA_LAN_NAME": NAME, "MARFA_ENROLMENT_PORT": "0"}
    with serving("serve", place, "--no-finder", port=(port := free_port()), **given):
        shown = subprocess.run(
            ["openssl", "s_client", "-connect", f"{site.address}:{port}", "-showcerts"],
            input="",
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    assert "CN=workspace.local" in shown.replace(" ", "")
    authority = (place / "lan" / "authority.pem").read_text()
    told = subprocess.run(
        ["openssl", "x509", "-noout", "-text"],
        input=authority,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "CN=Localnetwork" in told.replace(" ", "")
    for text in (shown, told, (place / "lan" / "authority.key").read_text()):
        assert not [word for word in TELLING if word in text.lower()]
    assert oct((place / "lan" / "authority.key").stat().st_mode)[-3:] == "600"


def test_an_authority_is_renewed_and_sealed_anew_by_a_rotation(place: Path) -> None:
    data = ("--data", str(place))
    given = {"MARFA_LISTEN": "10.213.0.1", "MARFA_LAN_NAME": NAME}
    assert "serves no network" in sentence(marfa("lan", "show", *data))
    made = [json.loads(marfa("lan", "renew", "--json", *data, **given).stdout) for _ in range(2)]
    assert made[0]["fingerprint"] != made[1]["fingerprint"]
    key = authority_key_of(place)
    sealed = (place / "lan" / "authority.key").read_text()
    assert key.hex() not in sealed
    turned = marfa("vault", "rotate", *data)
    assert turned.returncode == 0, turned.stderr
    assert authority_key_of(place) == key
    assert (place / "lan" / "authority.key").read_text() != sealed
    shown = json.loads(marfa("lan", "show", "--json", *data, **given).stdout)
    assert shown["fingerprint"] == made[1]["fingerprint"]
    assert shown["addresses"] == ["10.213.0.1"]
    told = json.loads(marfa("log", "show", "--action", "lan.renew", "--json", *data).stdout)
    assert len(told) == 2

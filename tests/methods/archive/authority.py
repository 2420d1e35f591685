"""A local authority for time stamps: ``openssl ts``, with a root and a certificate of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SETTINGS = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/{name}.pem
signer_key = {folder}/{name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""
"""Without ``certs``: openssl puts several certificates in an order that DER forbids."""

USES = {"stamps": "critical,timeStamping", "site": "serverAuth"}


class Authority:
    """Stamps with a certificate that is valid for some days; it may have ended, or be for
    something else."""

    def __init__(self, folder: Path, *, use: str = "stamps", days: int = 30) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed")
        self.folder = folder
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        self._run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key "
            "-out ca.pem -subj /CN=Root -days 3650"
        )
        self.issue("tsa", use, days)
        (folder / "tsa.cnf").write_text(SETTINGS.format(folder=folder, name="tsa"))

    @property
    def roots(self) -> bytes:
        return (self.folder / "ca.pem").read_bytes()

    def issue(self, name: str, use: str, days: int) -> None:
        (self.folder / "ext").write_text(
            f"keyUsage=critical,digitalSignature\nextendedKeyUsage={USES[use]}\n"
        )
        self._run(
            f"req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
        )
        when = f"-days {days}"
        if days < 0:
            when = "-not_before 20200101000000Z -not_after 20200201000000Z"
        self._run(
            f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem "
            f"{when} -extfile ext"
        )

    def stamp(self, request: bytes) -> bytes:
        (self.folder / "ask.tsq").write_bytes(request)
        self._run("ts -reply -config tsa.cnf -queryfile ask.tsq -out answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()

    def certificate(self, name: str) -> bytes:
        """In DER."""
        self._run(f"x509 -in {name}.pem -outform DER -out {name}.der")
        return (self.folder / f"{name}.der").read_bytes()

    def _run(self, arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments.split()], cwd=self.folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()


def inject(response: bytes, certificate: bytes) -> bytes:
    """The response with one certificate more beside the token, in the order that DER asks for."""
    return _with_certificate(response, certificate)


def _with_certificate(response: bytes, certificate: bytes) -> bytes:
    """TimeStampResp { status, ContentInfo { oid, [0] { SignedData { .., [0] certificates } } } }"""
    status, token = _parts(_body(response))
    oid, wrapped = _parts(_body(token))
    (signed,) = _parts(_body(wrapped))
    parts = _parts(_body(signed))
    at = next(n for n, part in enumerate(parts) if part[0] == 0xA0)
    certificates = sorted([*_parts(_body(parts[at])), certificate])
    parts[at] = _value(0xA0, b"".join(certificates))
    content = _value(0x30, oid + _value(0xA0, _value(0x30, b"".join(parts))))
    return _value(0x30, status + content)


def _head(data: bytes) -> tuple[int, int]:
    """Length of the head and of the content."""
    if data[1] < 0x80:
        return 2, data[1]
    count = data[1] & 0x7F
    return 2 + count, int.from_bytes(data[2 : 2 + count], "big")


def _body(data: bytes) -> bytes:
    head, length = _head(data)
    return data[head : head + length]


def _parts(data: bytes) -> list[bytes]:
    found = []
    while data:
        head, length = _head(data)
        found.append(data[: head + length])
        data = data[head + length :]
    return found


def _value(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content

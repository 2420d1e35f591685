"""The format as it is written down: read by other programs, and the same for the same things."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from marfa.crypto.keys import Key
from marfa.crypto.merkle import leaf_hash, node_hash
from marfa.crypto.signatures import public_key, sign_message
from marfa.methods.packages.container import container_size, header_size, local_header
from marfa.methods.packages.creation import pack, write_container
from marfa.methods.packages.keys import PublicKeys
from marfa.methods.packages.kinds import KINDS
from marfa.methods.packages.manifest import Manifest, read_manifest
from marfa.methods.packages.padme import SMALLEST, padded_size
from marfa.methods.packages.sources import Source
from tests.methods.packages.bodies import MARK, decrypted, two
from tests.support.age import unpadded

VECTORS = Path(__file__).parent / "vectors"
PAGE = Path(__file__).parents[3] / "docs" / "platform" / "packages.md"
FILES = {
    "referral.json": b'{"format":"marfa.referral","version":1,"reference":"r7","kind":"referral",'
    b'"purpose":"assistance"}',
    "counts.csv": b"month,people\n2026-09,12\n2026-10,31\n",
    "مذكرة.txt": "ما تحتاجه العيادة\n".encode(),
}


@given(st.integers(SMALLEST + 1, 1 << 50))
def test_sizes_are_those_of_the_publication(size: int) -> None:
    """Algorithm 1 of the paper, with logarithms."""
    exponent = int(math.log2(size) + 1e-12) if size < 1 << 40 else size.bit_length() - 1
    last = exponent - (int(math.log2(exponent)) + 1)
    expected = math.ceil(size / (1 << last)) * (1 << last) if last > 0 else size
    assert padded_size(size) == expected
    assert padded_size(expected) == expected
    assert expected <= size * 1.12


@pytest.mark.parametrize("size", [0, 1, SMALLEST])
def test_what_is_small_looks_alike(size: int) -> None:
    assert padded_size(size) == SMALLEST


def written() -> tuple[bytes, Manifest, bytes]:
    """The container of the vectors, from nothing but what stands here."""
    key = Key(hashlib.sha256(b"a key for tests alone").digest())
    packed = pack(KINDS["referral"], [Source(name, data=data) for name, data in FILES.items()])
    manifest = Manifest(
        id="0123456789abcdefghjk",
        kind="referral",
        sender="zyxwvtsrqpnmkjhgfedc",
        sender_key=public_key(key).hex(),
        recipient_key=recipient(),
        agreement="MOU-7",
        purpose="assistance",
        ground="consent",
        made_at=datetime(2026, 11, 29, 8, 30, tzinfo=UTC),
        valid_until=datetime(2026, 12, 29, 8, 30, tzinfo=UTC),
        sequence=3,
        previous="00000000000000000002",
        onward=False,
        compared=True,
        handling=MARK,
        contents=packed.contents,
    )
    signature = sign_message(key, manifest.encode())
    return b"".join(write_container(packed, manifest, signature)), manifest, signature


def recipient() -> str:
    return json.loads((VECTORS / "vectors.json").read_text())["recipient_key"]  # type: ignore[no-any-return]


def test_the_same_things_give_the_same_bytes() -> None:
    made, manifest, signature = written()
    assert made == (VECTORS / "package.zip").read_bytes()
    assert manifest.encode() == (VECTORS / "package.json").read_bytes()
    assert signature == (VECTORS / "package.sig").read_bytes()
    assert read_manifest(manifest.encode()) == manifest


def test_the_file_of_the_vectors_holds_them() -> None:
    made = (VECTORS / "package.age").read_bytes()
    assert opened_by_the_format(made, identity()) == (VECTORS / "package.zip").read_bytes()


def test_what_is_made_is_read_by_the_written_format(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    made = first.makes(tmp_path, to=second, files=FILES)
    with second.held() as folder:
        secret = folder.own.pairs[0].age
    data = opened_by_the_format(made.file.read_bytes(), bech32_bytes(secret))
    assert data == decrypted(made.file, second)
    assert len(data) == padded_size(len(data)) == SMALLEST
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:2] == ["package.json", "package.sig"]
        assert names[-1] == "padding"
        head = archive.read("package.json")
        values = json.loads(head)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(values["sender_key"])).verify(
            archive.read("package.sig"), head
        )
        said = json.loads(archive.read("names.json"))
        for content in values["contents"]:
            there = archive.read(content["path"])
            assert hashlib.sha256(there).hexdigest() == content["sha256"]
            name = said.get(content["path"], content["path"])
            assert name == "names.json" or there == FILES[name]
    rows = next(each for each in values["contents"] if each["media_type"] == "text/csv")
    leaves = [leaf_hash(line) for line in FILES["counts.csv"].splitlines()]
    assert rows["root"] == node_hash(node_hash(*leaves[:2]), leaves[2]).hex()


@pytest.mark.skipif(
    not all(map(shutil.which, ("age", "unzip", "openssl", "basenc"))),
    reason="age, unzip: apt install age unzip",
)
def test_the_page_opens_it_with_age_unzip_and_openssl_alone(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    block = next(
        each for each in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "unzip" in each
    )
    for name in ("package.age", "identity.txt"):
        shutil.copy(VECTORS / name, tmp_path)
    done = subprocess.run(
        ["bash", "-euc", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Signature Verified Successfully" in done.stdout
    contents = json.loads((VECTORS / "package.json").read_text())["contents"]
    sums = {each["path"]: each["sha256"] for each in contents if each["path"] != "referral.json"}
    found = (line.split("  ") for line in done.stdout.splitlines()[1:])
    assert {path: digest for digest, path in found} == sums
    # Who changes a letter of what is signed is seen there too.
    head = tmp_path / "package" / "package.json"
    head.write_bytes(head.read_bytes().replace(b"MOU-7", b"MOU-8"))
    last = next(line for line in block.splitlines() if line.startswith("openssl"))
    done = subprocess.run(
        ["bash", "-euc", last],
        cwd=tmp_path / "package",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0


def test_digits_are_those_of_the_written_statement() -> None:
    values = json.loads((VECTORS / "vectors.json").read_text())
    keys = PublicKeys(**values["key"])
    lines = ["marfa.key/1", keys.body, keys.kind, keys.signing, keys.age, keys.name]
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    digits = str(int(digest, 16) % 10**30).zfill(30)
    assert keys.fingerprint.replace(" ", "") == digits == values["digits"].replace(" ", "")


@given(st.integers(0, 1 << 40), st.integers(0, 1 << 40))
def test_sizes_of_large_files_are_counted_as_they_are_written(one: int, other: int) -> None:
    """Beyond 4 GiB, where headers have longer fields."""
    listed = [("a", one), ("b", other), ("c", 7)]
    heads = sum(len(local_header(name, size, 0)) for name, size in listed)
    assert heads == sum(header_size(name, size) for name, size in listed)
    assert container_size(listed) > one + other + 7 + heads


def test_a_sparse_file_beyond_four_gibibytes_is_read_by_another_program(tmp_path: Path) -> None:
    """Only the frame is made; what lies between is a hole."""
    from marfa.methods.packages.container import directory, placed_entries

    listed = [("package.json", 2, 0), ("contents/00001.bin", 5 << 30, 0), ("padding", 9, 0)]
    placed = placed_entries(listed)
    target = tmp_path / "large.zip"
    with target.open("wb") as stream:
        for entry in placed:
            stream.seek(entry.offset)
            stream.write(local_header(entry.name, entry.size, entry.crc))
            stream.seek(entry.size, io.SEEK_CUR)
        stream.write(directory(placed))
        assert stream.tell() == container_size([(name, size) for name, size, _crc in listed])
    with zipfile.ZipFile(target) as archive:
        found = [(each.filename, each.file_size, each.header_offset) for each in archive.infolist()]
    assert found == [(each.name, each.size, each.offset) for each in placed]


# -- the age format, by its text ------------------------------------------------------------------


def opened_by_the_format(made: bytes, secret: bytes) -> bytes:
    """Source: age-encryption.org/v1 (C2SP, ``age.md``), of a file with an X25519 stanza."""
    header, _, rest = made.partition(b"\n---")
    mac, _, payload = rest.lstrip(b" ").partition(b"\n")
    lines = header.decode().split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("-> X25519 "))
    share = unpadded(lines[at].split(" ")[2])
    private = X25519PrivateKey.from_private_bytes(secret)
    shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    ours = private.public_key().public_bytes_raw()
    wrap = _derived(shared, share + ours, b"age-encryption.org/v1/X25519")
    file_key = ChaCha20Poly1305(wrap).decrypt(bytes(12), unpadded(lines[at + 1]), None)
    import hmac

    expected = hmac.digest(_derived(file_key, b"", b"header"), header + b"\n---", "sha256")
    assert unpadded(mac.decode()) == expected
    nonce, sealed = payload[:16], payload[16:]
    stream = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    step = 64 * 1024 + 16
    pieces = [sealed[at : at + step] for at in range(0, len(sealed), step)]
    return b"".join(
        stream.decrypt(number.to_bytes(11, "big") + bytes([number == len(pieces) - 1]), piece, None)
        for number, piece in enumerate(pieces)
    )


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def identity() -> bytes:
    return bech32_bytes((VECTORS / "identity.txt").read_text().split("\n")[-2])


def bech32_bytes(text: str) -> bytes:
    """BIP 173, without its check sum: five bits a letter."""
    letters = text.strip().lower().rpartition("1")[2][:-6]
    bits = "".join(f"{'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.index(letter):05b}" for letter in letters)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))

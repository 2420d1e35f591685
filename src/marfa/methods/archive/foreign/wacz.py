"""Web archives as WACZ has them (Webrecorder, WACZ 1.1.1), and who signed them.

Every file that the package names is held against its digest. A signature is checked here and
without a network (WACZ Signing and Verification 0.1.0): its form, the certificate's name and time,
its chain to a root that is trusted, and the time stamp over it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from marfa.crypto.certificates import (
    is_signed_with_certificate,
    is_signed_with_key,
    is_trusted,
    names_of,
    system_roots,
)
from marfa.crypto.timestamps import StampError, check_detached_stamp
from marfa.methods.archive.foreign.package import Package
from marfa.methods.archive.foreign.trees import Tree, digests_in, leads_outside, read_small

PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
NEAR = timedelta(minutes=10)
"""How far the time of signing may be from that of its stamp."""

UNLISTED = (PACKAGE, DIGEST)


def check_wacz(tree: Tree, found: Package, roots: bytes | None = None) -> None:
    """Add to ``found`` all that does not hold. roots: in PEM; without, those of the system."""
    data = read_small(tree, PACKAGE)
    resources = _resources(data)
    if data is None or resources is None:
        found.add("datapackage", PACKAGE)
        return
    listed = set()
    for resource in resources:
        listed.add(_check_resource(tree, resource, found))
    for name in sorted(set(tree.files) - listed - set(UNLISTED)):
        found.add("extra", name)
    if not any(name and name.startswith("archive/") for name in listed):
        found.add("datapackage", PACKAGE)
    if DIGEST in tree.files:
        _check_digest(tree, data, found, roots)


def _resources(data: bytes | None) -> list[dict[str, Any]] | None:
    value = _json(data)
    resources = value.get("resources") if value else None
    if not isinstance(resources, list) or not all(isinstance(each, dict) for each in resources):
        return None
    return resources


def _json(data: bytes | None) -> dict[str, Any] | None:
    try:
        value = json.loads(data or b"")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _check_resource(tree: Tree, resource: dict[str, Any], found: Package) -> str | None:
    path, digest, size = _named(resource)
    if not isinstance(path, str) or leads_outside(path):
        found.add("path-outside" if isinstance(path, str) else "datapackage", str(path)[:200])
        return None
    algorithm, _colon, wanted = str(digest).partition(":")
    if algorithm not in ("sha256", "sha512", "md5", "sha224", "sha384") or not wanted:
        found.add("datapackage", path)
    elif path not in tree.files:
        found.add("missing", path)
    elif tree.files[path] != size or digests_in(tree, path, [algorithm]) != {algorithm: wanted}:
        found.add("changed", path)
    return path


def _named(resource: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Path, digest with its algorithm before a colon, and size; of version 1.0.0 too."""
    stats = resource.get("stats")
    if isinstance(stats, dict):
        digest = f"{resource.get('hashing', '')}:{stats.get('hash', '')}"
        return resource.get("path"), digest, stats.get("bytes")
    return resource.get("path"), resource.get("hash"), resource.get("bytes")


def _check_digest(tree: Tree, package: bytes, found: Package, roots: bytes | None) -> None:
    value = _json(read_small(tree, DIGEST))
    own = f"sha256:{hashlib.sha256(package).hexdigest()}"
    if value is None or value.get("path") != PACKAGE or value.get("hash") != own:
        found.add("changed", PACKAGE)
        return
    signed = value.get("signedData")
    if signed is None:
        return
    try:
        code = _signature_problem(signed, own, roots)
    except ModuleNotFoundError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError):
        code = "signature"
    if code is not None:
        found.add(code, DIGEST)


def _signature_problem(signed: dict[str, Any], own: str, roots: bytes | None) -> str | None:
    """A code, or None where the signature holds. Raises ValueError and the like for odd ones."""
    if signed["hash"] != own:
        return "signature"
    signature, message = base64.b64decode(signed["signature"], validate=True), own.encode()
    created = datetime.fromisoformat(signed["created"])
    created = created if created.tzinfo else created.replace(tzinfo=UTC)
    if "publicKey" in signed:
        public = base64.b64decode(signed["publicKey"], validate=True)
        return None if is_signed_with_key(public, message, signature) else "signature"
    chain = signed["domainCert"].encode("ascii")
    if not is_signed_with_certificate(chain, message, signature):
        return "signature"
    if signed["domain"] not in names_of(chain):
        return "signature-name"
    if not is_trusted(chain, system_roots() if roots is None else roots, created):
        return "untrusted"
    return _stamp_problem(signed, created)


def _stamp_problem(signed: dict[str, Any], created: datetime) -> str | None:
    response = base64.b64decode(signed["timeSignature"], validate=True)
    chain = signed["timestampCert"].encode("ascii")
    try:
        at = check_detached_stamp(response, signed["signature"].encode("ascii"), chain)
    except StampError:
        return "stamp"
    return "stamp" if abs(at - created) > NEAR else None

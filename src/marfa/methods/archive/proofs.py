"""Proofs of Merkle trees by themselves, as JSON of transparency-dev/merkle has them."""

from __future__ import annotations

import base64
import json
from typing import Any

from marfa.crypto.merkle import verify_consistency, verify_inclusion

_INCLUSION = ("leafIdx", "treeSize")
_CONSISTENCY = ("size1", "size2")


def does_proof_hold(data: bytes) -> bool:
    """Whether a proof of inclusion or consistency holds (RFC 9162, 2.1.3 and 2.1.4).

    Hashes are in base 64; an absent or empty one is no hash. Raises ValueError for what is no
    proof.
    """
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("a proof is an object")
    proof = [_bytes(step) for step in _list(value.get("proof"))]
    if all(name in value for name in _INCLUSION):
        index, size = (_number(value[name]) for name in _INCLUSION)
        leaf, root = _bytes(value.get("leafHash")), _bytes(value.get("root"))
        return verify_inclusion(leaf, index, size, proof, root)
    if all(name in value for name in _CONSISTENCY):
        before, after = (_number(value[name]) for name in _CONSISTENCY)
        first, second = _bytes(value.get("root1")), _bytes(value.get("root2"))
        return verify_consistency(before, after, first, second, proof)
    raise ValueError("this is no proof of a Merkle tree")


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("a size is a number")
    return value


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError("a proof is a list of hashes")
    return value


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    if not isinstance(value, str):
        raise ValueError("a hash is a text")
    return base64.b64decode(value, validate=True)

"""Merkle trees against the vectors of the reference implementation of Certificate Transparency."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.crypto import merkle
from marfa.crypto.merkle import (
    Rows,
    audit_path,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    merkle_root,
    subtree_root,
    verify_consistency,
    verify_inclusion,
)

# Inputs and roots: github.com/google/certificate-transparency, merkletree/merkle_tree_test.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# (index, size, path): the same source.
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert merkle.merkle_root(INPUTS[:size]).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.merkle_root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_paths_are_those_of_the_reference(index: int, size: int, path: list[str]) -> None:
    assert [step.hex() for step in merkle.audit_path(INPUTS[:size], index)] == path


leaves = st.lists(st.binary(max_size=20), min_size=1, max_size=40)


@given(leaves, st.data())
def test_a_leaf_is_proved_where_it_stands_and_nothing_else_is(
    rows: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(st.integers(0, len(rows) - 1))
    expected, path = merkle.merkle_root(rows), merkle.audit_path(rows, index)
    assert merkle.verify_path(rows[index], index, len(rows), path, expected)
    if rows[other] != rows[index]:
        assert not merkle.verify_path(rows[other], index, len(rows), path, expected)
        assert not merkle.verify_path(rows[other], other, len(rows), path, expected)
    if path:
        assert not merkle.verify_path(rows[index], index, len(rows), path[:-1], expected)
    assert not merkle.verify_path(rows[index], index, len(rows), [*path, expected], expected)


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_a_node_is_not_taken_for_a_leaf(one: bytes, two: bytes) -> None:
    """Without the marks of RFC 6962 two leaves could be shown as one (a second preimage)."""
    joined = merkle.leaf_hash(one) + merkle.leaf_hash(two)
    assert merkle.merkle_root([joined]) != merkle.merkle_root([one, two])


def test_there_is_no_proof_of_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        merkle.audit_path(INPUTS, 8)
    assert not merkle.verify_path(b"", 8, 8, [], merkle.merkle_root(INPUTS))


@pytest.mark.parametrize("size", range(1, 34))
def test_proofs_hold_for_every_place_and_every_earlier_tree(size: int) -> None:
    """Against the tree computed whole, and against no other place, size or root."""
    leaves = [bytes([number]) for number in range(size)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    rows, root = Rows(hashes), merkle_root(leaves)
    assert rows.root(0, size) == root == subtree_root(0, size, hashes)
    for index in range(size):
        path = inclusion_proof(index, size, rows.root)
        assert path == audit_path(leaves, index)
        assert verify_inclusion(hashes[index], index, size, path, root)
        assert not verify_inclusion(hashes[index], index + 1, size, path, root) or size == 1
        before = index + 1
        proof = consistency_proof(before, size, rows.root)
        early = merkle_root(leaves[:before])
        assert verify_consistency(before, size, early, root, proof)
        assert not verify_consistency(before, size, leaf_hash(early), root, proof)
        assert not verify_consistency(before, size, early, root, [*proof, root])
        if proof:
            assert not verify_consistency(before, size, early, root, proof[:-1])


def test_of_nothing_there_is_no_proof() -> None:
    root = merkle_root([b"a"])
    assert not verify_consistency(0, 1, merkle_root([]), root, [])
    assert not verify_inclusion(b"", 0, 1, [], b"")
    assert not verify_inclusion(root, 0, 0, [], root)
    with pytest.raises(IndexError):
        consistency_proof(0, 1, Rows([root]).root)
    with pytest.raises(IndexError):
        inclusion_proof(1, 1, Rows([root]).root)

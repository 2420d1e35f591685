"""Public cases, where ``MARFA_REFERENCE_DATA/evidence`` has them.

``bagit-conformance-suite`` (Library of Congress, public domain), ``ocfl-fixtures`` (OCFL, CC0),
``merkle`` (transparency-dev, Apache-2.0) and ``wacz`` (fixtures of py-wacz, MIT) are the names of
their folders; none of them is in the source.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from marfa.methods.archive import check_package, does_proof_hold
from marfa.methods.archive.foreign import Finding
from tests.methods.archive.support import reference

NOT_COMPLETE = {
    "duplicate-file-with-different-case": "data/HELLO.txt",
    "special-system-files": "data/.DS_Store",
}
"""Doubtful by the suite's own word; and a file that the manifest names is not in it: by RFC 8493,
section 3, such a bag is not complete. bagit.py judges so too."""


def test_bags() -> None:
    """As the suite's harness counts: what it calls doubtful is refused, or held with a warning."""
    suite = reference("bagit-conformance-suite")
    wrong, judged = [], 0
    for bag in sorted(suite.glob("v*/*/*/")):
        kind = bag.parent.name
        if not bag.is_dir() or kind.endswith("-only"):
            continue
        found = check_package(bag)
        judged += 1
        absent = NOT_COMPLETE.get(bag.name)
        if absent is not None:
            right = Finding("missing", absent) in found.problems
        elif kind == "warning":
            right = found.valid and found.warnings != []
        else:
            right = found.valid == (kind == "valid")
        if not right:
            wrong.append((bag.name, found.problems))
    assert (judged, wrong) == (48, [])


def test_bags_that_lead_outside() -> None:
    suite = reference("bagit-conformance-suite")
    bags = [bag for bag in suite.glob("v*/*-only/*/") if bag.is_dir()]
    assert len(bags) == 12
    for bag in bags:
        codes = {problem.code for problem in check_package(bag).problems}
        assert "path-outside" in codes, bag.name


def test_objects() -> None:
    fixtures = reference("ocfl-fixtures")
    wrong, judged, told = [], 0, 0
    for place in sorted(fixtures.glob("1.*/*-objects/*/")):
        found = check_package(place)
        bad = place.parent.name == "bad-objects"
        judged += 1
        if found.valid == bad:
            wrong.append((place.name, found.problems))
        codes = {problem.code for problem in found.problems}
        told += bad and bool(codes & set(re.findall(r"E\d{3}", place.name)))
    assert (judged, wrong) == (156, [])
    assert told >= 100


def test_proofs() -> None:
    cases = reference("merkle") / "testdata"
    judged, held, wrong = 0, 0, []
    for kind in ("inclusion", "consistency"):
        for file in sorted((cases / kind).rglob("*.json")):
            data = file.read_bytes()
            judged += 1
            holds = does_proof_hold(data)
            held += holds
            if holds == json.loads(data)["wantErr"]:
                wrong.append(str(file))
    assert (judged, wrong) == (196, [])
    assert held >= 10


def test_web_archives(tmp_path: Path) -> None:
    fixtures = reference("wacz")
    verdicts = {file.name: check_package(file) for file in sorted(fixtures.glob("*.wacz"))}
    assert {name: found.valid for name, found in verdicts.items() if "signed" not in name} == {
        "invalid_example_1.wacz": False,
        "valid_example_1.wacz": True,
        "valid_example_2.wacz": True,
    }
    invalid = verdicts["invalid_signed_example_1.wacz"].problems
    assert [problem.code for problem in invalid] == ["untrusted"]

"""A referral for somebody outside is a package like any other: checked by whoever has the program,
and opened by whoever has one for age alone."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from django.conf import settings

from marfa.apps.agreements.actions import set_age_key
from marfa.apps.organisations.administration import by_command
from marfa.apps.package_keys import FOLDER
from marfa.apps.referrals.actions.referrals import pack_referral, pack_referral_file
from marfa.apps.referrals.models import Referral
from marfa.crypto.agefiles import new_phrase
from marfa.crypto.signatures import is_signed
from marfa.methods.packages import accept_keys, key_file_of, open_package, read_key_file
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.referrals.referrers import NOTE, Desk
from tests.conftest import Operation
from tests.methods.packages.bodies import Body, code_for
from tests.support.age import open_with_phrase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(operation: Operation) -> Iterator[Desk]:
    with every_organisation():
        yield Desk(operation)


def packed(desk: Desk, row: Referral, place: Path) -> Path:
    made = pack_referral_file(actor=desk.worker, referral=row, language="ar")
    file = place / made.name
    file.write_bytes(made.data)
    return file


def test_a_recipient_with_the_program_checks_and_opens_it(desk: Desk, tmp_path: Path) -> None:
    clinic = Body(tmp_path / "clinic", "Clinic")
    set_age_key(actor=by_command(), recipient=desk.clinic, key=clinic.keys.age)
    row = desk.sent(desk.clinic)
    file = packed(desk, row, tmp_path)
    key = key_file_of(settings.FOLDER.path / FOLDER)
    assert key is not None
    with clinic.held() as folder:
        now = clock.now()
        assert code_for(folder, file, tmp_path / "x", now=now) == "unknown-sender"
        ours = read_key_file(key, now)
        accept_keys(folder, ours, fingerprint=ours.fingerprint, now=now)
        opened = open_package(folder, file, out=tmp_path / "came", now=now)
        assert code_for(folder, file, tmp_path / "x", now=now) == "replay"
        again = packed(desk, row, tmp_path)
        second = open_package(folder, again, out=tmp_path / "again", now=now)
    first = opened.manifest
    assert (first.kind, first.purpose, first.ground) == ("referral", row.purpose, "consent")
    assert row.sharing is not None
    assert first.agreement == row.sharing.agreement.reference
    assert second.manifest.sequence == first.sequence + 1
    assert second.manifest.previous == first.id
    assert file.name == f"{first.id}.age"
    assert json.loads((tmp_path / "came" / "referral.json").read_bytes())["note"] == NOTE
    assert 'dir="rtl"' in (tmp_path / "came" / "referral.html").read_text(encoding="utf-8")


def test_who_has_a_program_for_age_alone_opens_it_and_sees_who_signed(
    desk: Desk, tmp_path: Path
) -> None:
    row, phrase = desk.sent(desk.clinic), new_phrase()
    made = pack_referral(actor=desk.worker, referral=row, language="en", phrase=phrase)
    theirs = pyrage.x25519.Identity.generate()
    set_age_key(actor=by_command(), recipient=desk.clinic, key=str(theirs.to_public()))
    row.refresh_from_db()
    locked = pack_referral(actor=desk.worker, referral=again(row), language="en")
    for data in (open_with_phrase(made, phrase), pyrage.decrypt(locked, [theirs])):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            head, signature = archive.read("package.json"), archive.read("package.sig")
            values = json.loads(head)
            assert is_signed(bytes.fromhex(values["sender_key"]), head, signature)
            sums = {each["path"]: each["sha256"] for each in values["contents"]}
            assert set(sums) == {"referral.html", "referral.json"}
            for name, digest in sums.items():
                assert hashlib.sha256(archive.read(name)).hexdigest() == digest
            # What is signed names nobody and nothing of the case.
            assert desk.case.person.code.encode() not in head
            assert NOTE.encode() not in head


def again(row: Referral) -> Referral:
    return Referral.objects.get(pk=row.pk)

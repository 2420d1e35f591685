"""What leaves for somebody outside: the package, and the page that opens once."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from marfa.apps.agreements.actions import set_age_key
from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.actions import withdraw_consent
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.package_keys import FOLDER
from marfa.apps.referrals.actions.one_time_page import Made
from marfa.apps.referrals.actions.referrals import pack_referral, renew_page
from marfa.apps.referrals.models import Referral, ReferralPage, ReferralWord
from marfa.crypto.agefiles import age_key_fingerprint, new_phrase
from marfa.domain.message import InputError
from marfa.methods.packages import accept_keys, open_package, read_key_file
from marfa.platform import clock
from marfa.platform.limits.models import Counter
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.words import Purpose
from tests.apps.consents.examples import NAME
from tests.apps.referrals.referrers import NOTE, Desk
from tests.conftest import Operation, signed_in
from tests.methods.packages.bodies import Body
from tests.support.age import open_with_phrase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(operation: Operation) -> Iterator[Desk]:
    with every_organisation():
        yield Desk(operation)


def page(desk: Desk) -> tuple[Referral, Made, str]:
    sent = desk.send(desk.clinic, way="page")
    assert sent.page is not None
    return sent.referral, sent.page, reverse("cases:once", args=[sent.page.secret])


def again(row: Referral) -> Referral:
    return Referral.objects.get(pk=row.pk)


def wrong_code(good: str) -> str:
    from marfa.domain.codes import new_code

    return next(each for each in iter(new_code, "") if each != good)


def post(address: str, **told: str) -> Any:
    Counter.objects.all().delete()
    return Client(enforce_csrf_checks=True).post(address, told)


# -- the package --------------------------------------------------------------------------------


def test_the_package_opens_with_the_recipients_key_and_tells_no_more_than_was_told(
    desk: Desk,
) -> None:
    theirs = pyrage.x25519.Identity.generate()
    set_age_key(actor=by_command(), recipient=desk.clinic, key=str(theirs.to_public()))
    row = desk.sent(desk.clinic)
    made = pack_referral(actor=desk.worker, referral=row, language="ar")
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(made, [theirs]))) as archive:
        data = json.loads(archive.read("referral.json"))
        shown = archive.read("referral.html").decode()
    assert data["told"] == {"Person.code": desk.case.person.code}
    assert data["note"] == NOTE
    assert 'dir="rtl"' in shown
    assert NOTE in shown
    for text in (shown, json.dumps(data)):
        assert NAME not in text
        assert desk.case.person.reference not in text
        assert str(desk.case.person_id) not in text
    assert again(row).package is None, "it is kept nowhere"


def test_without_a_key_the_words_of_the_software_open_it(desk: Desk) -> None:
    row, phrase = desk.sent(desk.clinic), new_phrase()
    made = pack_referral(actor=desk.worker, referral=row, language="en", phrase=phrase)
    assert zipfile.is_zipfile(io.BytesIO(open_with_phrase(made, phrase)))
    with pytest.raises(InputError):
        pack_referral(actor=desk.worker, referral=row, language="en", phrase="harbour")


def test_no_package_after_consent_was_taken_back(desk: Desk) -> None:
    row = desk.sent(desk.clinic)
    consent = desk.consents[desk.clinic.pk]
    withdraw_consent(actor=desk.supervisor, purpose=Purpose.ASSISTANCE, consent=consent)
    with pytest.raises(InputError):
        pack_referral(actor=desk.worker, referral=row, language="en", phrase=new_phrase())


def test_the_pages_of_the_package(desk: Desk) -> None:
    row = desk.sent(desk.clinic)
    client = signed_in(desk.operation.supervisor)
    address = reverse("cases:referral", args=[row.reference])
    shown = client.post(address, {"do": "pack"}).content.decode()
    found = re.search(r'name="phrase" value="([a-z ]+)"', shown)
    assert found is not None
    answer = client.post(address, {"do": "file", "phrase": found[1], "language": "en"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert desk.case.person.code not in answer.headers["Content-Disposition"]
    assert zipfile.is_zipfile(io.BytesIO(open_with_phrase(answer.content, found[1])))
    key = str(pyrage.x25519.Identity.generate().to_public())
    set_age_key(actor=by_command(), recipient=desk.clinic, key=key)
    assert age_key_fingerprint(key) in client.post(address, {"do": "pack"}).content.decode()


def test_the_page_gives_the_key_with_which_the_package_is_checked(
    desk: Desk, tmp_path: Path
) -> None:
    row, clinic = desk.sent(desk.clinic), Body(tmp_path / "clinic", "Clinic")
    set_age_key(actor=by_command(), recipient=desk.clinic, key=clinic.keys.age)
    client = signed_in(desk.operation.supervisor)
    address = reverse("cases:referral", args=[row.reference])
    shown = client.post(address, {"do": "pack"}).content.decode()
    key, package = tmp_path / "their.key", tmp_path / "package.age"
    key.write_bytes(client.post(address, {"do": "key"}).content)
    package.write_bytes(client.post(address, {"do": "file", "language": "en"}).content)
    now = clock.now()
    ours = read_key_file(key, now)
    assert ours.fingerprint in shown
    with clinic.held() as folder:
        accept_keys(folder, ours, fingerprint=ours.fingerprint, now=now)
        opened = open_package(folder, package, out=tmp_path / "came", now=now)
    assert opened.manifest.kind == "referral"
    assert not opened.warnings


def test_where_our_keys_do_not_open_the_page_says_so_when_the_file_is_asked_for(
    desk: Desk,
) -> None:
    row = desk.sent(desk.clinic)
    client = signed_in(desk.operation.supervisor)
    address = reverse("cases:referral", args=[row.reference])
    keys, asked = settings.FOLDER.path / FOLDER / "keys.json", {"language": "en"}
    whole = client.post(address, {"do": "pack"}).content.decode()
    kept = keys.read_bytes()
    try:
        keys.write_text("{}", encoding="utf-8")
        shown = client.post(address, {"do": "pack"}).content.decode()
        told = [
            client.post(address, {"do": do, "phrase": new_phrase(), **asked}).content.decode()
            for do in ("file", "key")
        ]
    finally:
        keys.write_bytes(kept)
    assert 'value="key"' in whole
    assert 'value="key"' not in shown
    assert all("There is a problem" in each for each in told)


def on_other_clocks(desk: Desk) -> Client:
    """A sender whose pages are hours away from UTC."""
    Site.objects.update(time_zone="Asia/Damascus")
    return signed_in(desk.operation.supervisor)


def in_utc(row: Referral) -> str:
    """As a page says it in English."""
    return f"{row.due_at:%I:%M} {'am' if row.due_at.hour < 12 else 'pm'} UTC".lstrip("0")


def test_its_page_is_in_the_zone_that_it_names(desk: Desk) -> None:
    row, phrase = desk.sent(desk.clinic), new_phrase()
    client = on_other_clocks(desk)
    address = reverse("cases:referral", args=[row.reference])
    answer = client.post(address, {"do": "file", "phrase": phrase, "language": "en"})
    with zipfile.ZipFile(io.BytesIO(open_with_phrase(answer.content, phrase))) as archive:
        shown = archive.read("referral.html").decode()
    assert in_utc(row) in " ".join(shown.split())


def test_the_key_of_a_recipient_is_checked(desk: Desk) -> None:
    with pytest.raises(InputError):
        set_age_key(actor=by_command(), recipient=desk.clinic, key="age1nothing")
    with pytest.raises(InputError):
        set_age_key(actor=by_command(), recipient=desk.guest, key="")
    assert Recipient.objects.get(pk=desk.clinic.pk).age_key == ""


# -- the page that opens once -------------------------------------------------------------------


def test_looking_at_the_link_uses_nothing_up_and_tells_nothing(desk: Desk) -> None:
    row, _made, address = page(desk)
    for _ in range(20):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert not answer.cookies
        text = answer.content.decode()
        for told in (NOTE, NAME, desk.case.person.code, "Referral", "transfer"):
            assert told not in text
    kept = ReferralPage.objects.get(referral=row)
    assert (kept.opened_at, kept.tries, kept.shut_at) == (None, 0, None)


def test_the_code_shows_it_once_and_the_answer_is_taken_in_the_same_sitting(desk: Desk) -> None:
    row, made, address = page(desk)
    shown = post(address, do="open", code=made.code)
    assert shown.status_code == 200
    assert NOTE in shown.content.decode()
    assert not shown.cookies
    second = post(address, do="open", code=made.code)
    assert second.status_code == 410
    assert NOTE not in second.content.decode()
    assert post(address, do="decline", code=made.code).status_code == 422
    done = post(address, do="accept", code=made.code, text="Tomorrow at nine")
    assert done.status_code == 200
    kept = again(row)
    assert (kept.state, kept.answered_by) == ("accepted", None)
    assert ReferralWord.objects.get().theirs
    assert post(address, do="open", code=made.code).status_code == 410
    assert Client().get(address).status_code == 410
    told = Entry.objects.filter(action="referrals.answer").order_by("pk")
    steps = [json.loads(entry.detail)["step"] for entry in told]
    assert steps == ["page_opened", "page_accept"]


def test_its_times_are_in_the_zone_that_it_names(desk: Desk) -> None:
    row, made, address = page(desk)
    client = on_other_clocks(desk)
    shown = client.post(address, {"do": "open", "code": made.code}).content.decode()
    assert in_utc(row) in " ".join(shown.split())


def test_five_wrong_codes_shut_it_and_a_mistyped_one_does_not_count(desk: Desk) -> None:
    row, made, address = page(desk)
    mistyped = made.code[:-1] + str((int(made.code[-1]) + 1) % 10)
    assert post(address, do="open", code=mistyped).status_code == 422
    assert ReferralPage.objects.get(referral=row).tries == 0
    for _ in range(5):
        answer = post(address, do="open", code=wrong_code(made.code))
        assert NOTE not in answer.content.decode()
    assert post(address, do="open", code=made.code).status_code == 410
    assert again(row).state == "sent", "the sender hears that nobody answered"


def test_without_the_code_nothing_is_answered(desk: Desk) -> None:
    row, made, address = page(desk)
    assert post(address, do="accept", code=made.code).status_code == 422, "not opened yet"
    post(address, do="open", code=made.code)
    assert post(address, do="accept", code=wrong_code(made.code)).status_code == 422
    with clock.set_to(lambda: row.sent_at + timedelta(hours=2)):
        assert post(address, do="accept", code=made.code).status_code == 422
    assert again(row).state == "sent"


def test_too_many_codes_at_once_are_not_looked_at(desk: Desk) -> None:
    _row, made, address = page(desk)
    client = Client()
    mistyped = made.code[:-1] + str((int(made.code[-1]) + 1) % 10)
    for _ in range(5):
        client.post(address, {"do": "open", "code": mistyped})
    answer = client.post(address, {"do": "open", "code": made.code})
    assert answer.status_code == 429
    assert NOTE not in answer.content.decode()


@pytest.mark.parametrize("how", ["withdrawn", "late", "renewed"])
def test_it_is_over_with_its_referral(desk: Desk, how: str) -> None:
    row, made, address = page(desk)
    at = clock.now()
    if how == "withdrawn":
        consent = desk.consents[desk.clinic.pk]
        withdraw_consent(actor=desk.supervisor, purpose=Purpose.ASSISTANCE, consent=consent)
    if how == "renewed":
        other = renew_page(actor=desk.worker, referral=row)
        assert (
            NOTE
            in post(
                reverse("cases:once", args=[other.secret]), do="open", code=other.code
            ).content.decode()
        )
    if how == "late":
        at = row.due_at
    with clock.set_to(lambda: at):
        assert Client().get(address).status_code == 410
        answer = post(address, do="open", code=made.code)
    assert answer.status_code == 410
    assert NOTE not in answer.content.decode()


def test_a_question_of_theirs_is_answered_on_a_new_page(desk: Desk) -> None:
    row, made, address = page(desk)
    post(address, do="open", code=made.code)
    post(address, do="ask", code=made.code, text="Which language?")
    assert again(row).state == "question"
    other = renew_page(actor=desk.worker, referral=again(row))
    shown = post(reverse("cases:once", args=[other.secret]), do="open", code=other.code)
    assert "Which language?" in shown.content.decode()


def test_neither_secret_nor_code_is_stored(desk: Desk) -> None:
    _row, made, _address = page(desk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, word_digest FROM referrals_referralpage")
        stored = " ".join(map(str, cursor.fetchone()))
    assert made.secret not in stored
    assert made.code not in stored

"""The pages of consent: asked by steps, refused, taken back, told, and who may see them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.consents.actions import withdraw_consent
from marfa.apps.consents.actions.disclosures import disclose_fields
from marfa.apps.consents.forms import ToldForm
from marfa.apps.consents.models import Consent, LegalBasisRecord, RecallNotice, Sharing, Withdrawal
from marfa.apps.manifest import Desk, my_work
from marfa.apps.privacy.access import answer_access
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from tests.apps.consents.examples import (
    ASSISTANCE,
    NAME,
    agree,
    agreed,
    clinic,
    fresh,
    lantern,
    registered,
)
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {
    "about": "assistance",
    "circumstance": "free",
    "language": "ar",
    "form": "feminine",
}
SAID = {"understood": "yes", "given_by": "self", "how": "spoken", "spoken": "apc"}


@pytest.fixture(autouse=True)
def everywhere(operation: Operation) -> Iterator[None]:
    with every_organisation():
        yield


@pytest.fixture
def person(operation: Operation) -> Person:
    return registered(operation)


@pytest.fixture
def supervisor(operation: Operation) -> Client:
    return signed_in(operation.supervisor)


def address(name: str, *references: str, **query: str) -> str:
    found = reverse(f"consents:{name}", args=references)
    return found + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def test_asked_by_steps_and_written_down(supervisor: Client, person: Person) -> None:
    to = clinic()
    first = supervisor.get(address("ask", person.reference, **ASKED, recipient=to.reference))
    assert first.status_code == 302
    second = first.headers["Location"]
    page = supervisor.get(second).content.decode()
    assert "إن قلتِ لا" in page
    assert 'dir="rtl"' in page
    # Nothing is chosen beforehand (GDPR art. 7: consent is an act, not a default).
    assert page.count(" checked") == 0
    assert supervisor.post(second, {"do": "yes"}).status_code == 422
    assert not Consent.objects.exists()
    done = supervisor.post(second, {**SAID, "do": "yes"})
    assert done.headers["Location"] == address("of", person.reference)
    row = Consent.objects.get()
    assert (row.decision, row.text, row.text_state) == ("given", "consent.ar", "draft")
    assert row.language == "apc"


def test_a_look_at_the_whole_record_is_asked_in_its_own_words(
    supervisor: Client, person: Person, operation: Operation
) -> None:
    guest = lantern(operation)
    ask = {**ASKED, "recipient": guest.reference}
    narrow = supervisor.get(address("answer", person.reference, **ask)).content.decode()
    assert "على كل ما كُتب عنكِ" not in narrow
    assert "ولا شيء غيره" in narrow
    wrong = address("ask", person.reference, **ASKED, recipient=clinic().reference, record="on")
    assert supervisor.get(wrong).status_code == 422
    wide = address("answer", person.reference, **ask, record="on")
    page = supervisor.get(wide).content.decode()
    assert "على كل ما كُتب عنكِ" in page
    assert "ولا شيء غيره" not in page
    supervisor.post(wide, {**SAID, "do": "yes"})
    assert Consent.objects.get().opens_record
    agreed(guest)
    told: dict[str, Any] = {"purpose": ASSISTANCE, "person": person, "recipient": guest}
    actor, soon = fresh(operation.supervisor), clock.now() + timedelta(days=30)
    disclose_fields(actor=actor, **told, opens_until=soon)
    there = address("summary", person.reference, language="en")
    open_now = "may look at everything that is written about you, until"
    assert open_now in supervisor.get(there).content.decode()
    withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=Consent.objects.get())
    summary = supervisor.get(there).content.decode()
    assert open_now not in summary
    assert "could look at everything that was written about you, until" in summary


def test_a_no_is_taken_as_it_comes_and_leads_to_help(supervisor: Client, person: Person) -> None:
    to = clinic()
    asked = {**ASKED, "circumstance": "held", "recipient": to.reference}
    second = address("answer", person.reference, **asked)
    page = supervisor.get(second).content.decode()
    assert 'value="yes"' not in page.partition('<div class="button-row">')[2]
    done = supervisor.post(second, {"do": "no"})
    assert done.headers["Location"] == address("refused", person.reference)
    assert Consent.objects.get().decision == "refused"
    after = supervisor.get(done.headers["Location"])
    assert after.status_code == 200
    assert address("summary", person.reference) in after.content.decode()
    back = f'href="{reverse("people:person", args=[person.reference])}"'
    assert back in after.content.decode(), "to what she needs"
    assert back in supervisor.get(address("of", person.reference)).content.decode()


def test_words_that_nobody_reviewed_are_not_used_with_real_people(
    supervisor: Client, person: Person, settings: Any
) -> None:
    second = address("answer", person.reference, **ASKED, recipient="us")
    settings.DEMONSTRATION = False
    page = supervisor.get(second).content.decode()
    assert "إن قلتِ لا" not in page
    assert supervisor.post(second, {**SAID, "do": "yes"}).status_code == 422
    assert "إن" not in supervisor.get(address("summary", person.reference)).content.decode()


def test_taken_back_and_told(supervisor: Client, person: Person, operation: Operation) -> None:
    to = clinic()
    agreed(to)
    consent = agree(operation, person, to)
    share = address("share", person.reference)
    given = supervisor.post(share, {"recipient": to.reference, "about": "assistance"})
    assert NAME in given.content.decode()
    there = address("withdraw", person.reference, consent.reference)
    done = supervisor.post(there, {"given_by": "self", "how": "spoken"})
    told = supervisor.get(done.headers["Location"]).content.decode()
    assert to.name in told
    again = supervisor.post(share, {"recipient": to.reference, "about": "assistance"})
    assert again.status_code == 422
    assert NAME not in again.content.decode()
    assert Sharing.objects.count() == 1
    notice = RecallNotice.objects.get()
    work = [item.url for item in my_work(operation.supervisor)]
    assert address("notice", notice.reference) in work
    page = address("notice", notice.reference)
    assert supervisor.post(page, {"how": "spoken"}).status_code == 302
    assert supervisor.post(page, {"answer": "deleted"}).status_code == 302
    assert RecallNotice.objects.get().answer == "deleted"
    assert address("notice", notice.reference) not in [
        item.url for item in my_work(operation.supervisor)
    ]


def test_a_guest_reads_its_notice_and_nothing_of_whom(operation: Operation, person: Person) -> None:
    to = lantern(operation)
    agreed(to)
    consent = agree(operation, person, to)
    actor = fresh(operation.supervisor)
    disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to)
    withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    notice = RecallNotice.objects.get()
    partner = signed_in(operation.partner)
    with row_context([operation.guest.pk]):
        work = [item.url for item in my_work(operation.partner)]
    assert address("notice", notice.reference) in work
    page = partner.get(address("notice", notice.reference))
    assert page.status_code == 200
    text = page.content.decode()
    for hidden in (NAME, person.code, person.reference, str(person.pk)):
        assert hidden not in text
    assert partner.post(address("notice", notice.reference), {"how": "spoken"}).status_code == 403
    assert partner.get(address("of", person.reference)).status_code == 404


def test_another_ground_is_written_down_and_ended(supervisor: Client, person: Person) -> None:
    to = clinic()
    there = address("ground", person.reference)
    told = {
        "about": "assistance",
        "recipient": to.reference,
        "ground": "vital_interest",
        "reason": "She does not wake up.",
        "review": "30",
    }
    assert supervisor.post(there, {**told, "reason": ""}).status_code == 422
    assert supervisor.post(there, told).status_code == 302
    row = LegalBasisRecord.objects.get()
    page = supervisor.get(address("of", person.reference)).content.decode()
    end = address("end_ground", person.reference, row.reference)
    assert end in page
    assert supervisor.post(end).status_code == 302
    assert LegalBasisRecord.objects.get().ended_at is not None


PAGES = ("of", "ask", "ground", "share", "summary", "carry", "refused")


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_see_a_person_is_told_there_is_none(
    operation: Operation, person: Person, name: str
) -> None:
    there, nowhere = address(name, person.reference), address(name, "0" * 20)
    for user in (operation.partner, operation.outsider, operation.officer, operation.colleague):
        client = signed_in(user)
        assert client.get(there).status_code == 404
        assert client.get(nowhere).status_code == 404
    for user in (operation.supervisor, operation.desks[Desk.RECEPTION]):
        expected = 404 if name == "ground" and user != operation.supervisor else 200
        assert signed_in(user).get(there).status_code in (200, expected)


def test_opening_the_page_stands_in_the_log(supervisor: Client, person: Person) -> None:
    supervisor.get(address("of", person.reference))
    assert Entry.objects.filter(action="records.read", subject_id=person.pk).count() == 1


def test_a_person_reads_what_is_kept_and_no_paper_without_the_question(
    supervisor: Client, person: Person, operation: Operation
) -> None:
    page = supervisor.get(
        address("summary", person.reference, language="ar", form="masculine")
    ).content.decode()
    assert "أسماؤكَ" in page
    assert NAME not in page
    paper = address("paper", person.reference)
    assert supervisor.get(paper).headers["Location"] == address("carry", person.reference)
    carry = address("carry", person.reference)
    assert "no" in supervisor.get(carry).content.decode()
    refused = supervisor.post(carry, {"carry": "no"})
    assert refused.headers["Location"] == address("summary", person.reference)
    assert supervisor.get(paper).status_code == 302
    assert supervisor.post(carry, {"carry": "yes"}).headers["Location"] == paper
    printed = supervisor.get(paper).content.decode()
    for telling in ("traffick", "الاتجار", "Marfa", "مرفأ", "<img", NAME):
        assert telling not in printed
    assert "<title>For you to read</title>" in printed
    # Once: the next print asks again.
    assert supervisor.get(paper).status_code == 302
    entries = Entry.objects.filter(action="records.write", subject_id=person.pk).order_by("place")
    told = [json.loads(entry.detail) for entry in entries]
    assert [each["safe"] for each in told if each["what"] == "safe_to_carry"] == [False, True]


def test_the_summary_says_nothing_of_investigations(
    supervisor: Client, person: Person, operation: Operation
) -> None:
    helped, court = clinic(), clinic(kind="justice", name="Court of the Hill")
    for to in (helped, court):
        agreed(to)
        agree(operation, person, to)
        disclose_fields(
            actor=fresh(operation.supervisor), purpose=ASSISTANCE, person=person, recipient=to
        )
    page = supervisor.get(address("summary", person.reference, language="en")).content.decode()
    assert helped.name in page
    assert court.name not in page
    with open_vault():
        told = answer_access(actor=fresh(operation.officer), subject=person.pk, language="en")
    assert helped.name in str(told.further)
    assert court.name not in str(told.further)


def test_recipients_and_agreements(operation: Operation) -> None:
    admin = operation.at(Desk.ADMINISTRATION)
    add = address("add_recipient")
    firewalled = {"name": "Border police", "kind": "immigration_enforcement"}
    assert admin.post(add, firewalled).status_code == 422
    assert not Recipient.objects.exists()
    made = admin.post(add, {"name": "Clinic", "kind": "health"})
    row = Recipient.objects.get()
    there = address("recipient", row.reference)
    assert made.headers["Location"] == there
    until = {"until-day": "1", "until-month": "12", "until-year": "2027"}
    refused = admin.post(there, {**until, "onward": "on"})
    assert refused.status_code == 422
    page = refused.content.decode()
    # The sentence stands at its field, and what was ticked and typed is still there.
    assert re.search(r'id="f-purposes-error">.*?</p>', page)
    assert re.search(r'name="onward" checked', page)
    assert 'value="2027"' in page
    assert admin.post(there, {**until, "purposes": ["assistance"]}).status_code == 302
    agreement = DataAgreement.objects.get()
    assert agreement.purposes == ["assistance"]
    coordinator = operation.at(Desk.COORDINATION)
    assert coordinator.get(there).status_code == 200
    assert coordinator.post(there, {**until, "purposes": ["tracing"]}).status_code == 403
    assert admin.post(address("end_agreement", agreement.reference)).status_code == 302
    assert admin.post(address("end_recipient", row.reference)).status_code == 302
    assert DataAgreement.objects.get().ended_at is not None


def test_an_agreement_that_ends_soon_shows_before(operation: Operation) -> None:
    to = clinic()
    agreed(to, days=29)
    for desk in (Desk.ADMINISTRATION, Desk.COORDINATION):
        urls = [item.url for item in my_work(operation.desks[desk])]
        assert address("recipients") in urls
    assert address("recipients") not in [item.url for item in my_work(operation.supervisor)]
    DataAgreement.objects.all().delete()
    agreed(to, days=31)
    assert address("recipients") not in [
        item.url for item in my_work(operation.desks[Desk.COORDINATION])
    ]


def test_withdrawing_twice_says_so(
    supervisor: Client, person: Person, operation: Operation
) -> None:
    consent = agree(operation, person, clinic())
    there = address("withdraw", person.reference, consent.reference)
    said = {"given_by": "self", "how": "spoken"}
    assert supervisor.post(there, said).status_code == 302
    assert supervisor.post(there, said).status_code == 422
    assert Withdrawal.objects.count() == 1


def test_the_page_of_the_person_tells_of_it_to_whom_may_know(
    operation: Operation, person: Person
) -> None:
    to = lantern(operation)
    agreed(to)
    agree(operation, person, to, opens_record=True)
    soon = clock.now() + timedelta(days=3)
    disclose_fields(
        actor=fresh(operation.supervisor),
        purpose=ASSISTANCE,
        person=person,
        recipient=to,
        opens_until=soon,
    )
    there = reverse("people:person", args=[person.reference])
    link = address("of", person.reference)
    assert link in signed_in(operation.supervisor).get(there).content.decode()
    guest = signed_in(operation.partner).get(there)
    assert guest.status_code == 200
    assert link not in guest.content.decode()


@pytest.mark.parametrize("name", ["of", "summary", "recipients", "notices"])
def test_a_page_asks_as_often_for_many_rows(
    operation: Operation, person: Person, name: str
) -> None:
    client = (
        operation.at(Desk.ADMINISTRATION)
        if name == "recipients"
        else signed_in(operation.supervisor)
    )
    url = address(name) if name in ("recipients", "notices") else address(name, person.reference)

    def one_more(number: int) -> None:
        to = clinic(name=f"Clinic {number}")
        agreed(to)
        consent = agree(operation, person, to)
        actor = fresh(operation.supervisor)
        disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to)
        if number % 2:
            withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    one_more(1)
    one_more(2)
    asked()
    few = asked()
    for number in range(3, 11):
        one_more(number)
    assert asked() == few


def test_a_recipient_is_told_by_voice_or_in_writing() -> None:
    """How a person answers, by a thumb print or a recording, is no way to tell a clinic."""
    assert [code for code, _ in ToldForm().fields["how"].choices] == ["spoken", "written"]  # type: ignore[attr-defined]

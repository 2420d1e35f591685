"""The pages of referrals: nothing typed is lost, nobody is reached who may not be."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.actions import withdraw_consent
from marfa.apps.consents.models import Sharing
from marfa.apps.manifest import Desk as At
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.views import recipients
from marfa.domain.message import Message
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.words import Purpose, Role
from tests.apps.consents.examples import NAME
from tests.apps.referrals.referrers import NOTE, Desk
from tests.conftest import Operation, signed_in
from tests.support.charter import staff, thing
from tests.support.rows import as_owner

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = {"support": "shelter", "urgency": "now", "note": NOTE, "fields": ["Person.code"]}
KINDS = (
    "immigration_enforcement",
    "security_vetting",
    "detention",
    "status_determination",
    "sanctions",
)


@pytest.fixture
def desk(operation: Operation) -> Iterator[Desk]:
    with every_organisation():
        yield Desk(operation)


def address(desk: Desk, to: str, purpose: str = "assistance", kind: str = "referral") -> str:
    asked = urlencode({"kind": kind, "purpose": purpose, "to": to})
    return reverse("cases:refer", args=[desk.case.reference]) + "?" + asked


@pytest.fixture
def supervisor(desk: Desk) -> Client:
    return signed_in(desk.operation.supervisor)


def test_who_may_not_send_it_is_told_so_before_anything_is_typed(
    desk: Desk, supervisor: Client
) -> None:
    ask, prove = "What leaves the organisation is sent by a supervisor", "Prove your identity first"
    worker = signed_in(desk.operation.desks[At.PROTECTION])
    for to, told in ((f"to-{desk.guest.reference}", True), (f"site-{desk.site.reference}", False)):
        page = worker.get(address(desk, to)).content.decode()
        assert (ask in page) == told
        assert prove not in page, "a proof would not help them"
        assert ask not in supervisor.get(address(desk, to)).content.decode()


def test_whom_the_page_calls_able_to_send_is_who_the_charter_lets_disclose() -> None:
    """Only who could send if there were an agreement is told that there is none."""
    package = thing("Disclosure", {"recipient": "justice", "tier": "coded"})

    def may_at_all(role: Role) -> bool:
        asked = [{"on_record": True, "purpose": each.value} for each in Purpose]
        actor = staff(role, stepped_up_ago=1)
        answers = [decide(actor, "disclosures.send", package, context) for context in asked]
        said = [each.message.params.get("sentence") for each in answers]
        return Message("safeguards.charter:denied-agreement") in said

    assert {role for role in Role if may_at_all(role)} == recipients.DISCLOSING


def test_sent_answered_and_finished_on_the_pages(desk: Desk, supervisor: Client) -> None:
    first = supervisor.get(reverse("cases:refer", args=[desk.case.reference])).content.decode()
    assert f"site-{desk.site.reference}" in first
    assert f"to-{desk.guest.reference}" in first
    there = address(desk, f"to-{desk.guest.reference}")
    form = supervisor.get(there).content.decode()
    assert form.count(" checked") == 2, "the urgency, and the smallest field"
    sent = supervisor.post(there, TYPED)
    row = Referral.objects.get()
    assert sent.headers["Location"] == reverse("cases:referral", args=[row.reference])
    partner = signed_in(desk.operation.partner)
    listed = partner.get(reverse("referred:all")).content.decode()
    assert NOTE not in listed
    one = reverse("referred:one", args=[row.reference])
    assert one in listed
    shown = partner.get(one).content.decode()
    assert NOTE in shown
    assert NAME not in shown
    assert partner.post(one, {"do": "ask", "text": ""}).status_code == 422
    partner.post(one, {"do": "ask", "text": "Is she alone?"})
    own = supervisor.get(sent.headers["Location"]).content.decode()
    assert "Is she alone?" in own
    supervisor.post(sent.headers["Location"], {"do": "answer", "text": "With one child"})
    assert "With one child" in partner.get(one).content.decode()
    partner.post(one, {"do": "accept"})
    assert partner.post(one, {"do": "finish", "text": "A bed"}).status_code == 302
    assert partner.get(one).status_code == 404
    assert Referral.objects.get().state == "finished"
    case = supervisor.get(reverse("cases:case", args=[desk.case.reference])).content.decode()
    assert "A bed" in case


def test_a_refusal_is_a_sentence_and_keeps_what_was_typed(desk: Desk) -> None:
    there = address(desk, f"to-{desk.clinic.reference}")
    typed = {**TYPED, "way": "package"}
    unproved = signed_in(desk.operation.supervisor, factor=False)
    refused = unproved.post(there, typed)
    assert refused.status_code == 422
    assert NOTE in refused.content.decode()
    consent = desk.consents[desk.clinic.pk]
    withdraw_consent(actor=desk.supervisor, purpose=Purpose.ASSISTANCE, consent=consent)
    supervisor = signed_in(desk.operation.supervisor)
    assert "withdrew their agreement" in supervisor.get(there).content.decode()
    after = supervisor.post(there, typed)
    assert after.status_code == 422
    assert NOTE in after.content.decode()
    assert not Sharing.objects.exists()


def test_the_link_is_shown_once(desk: Desk, supervisor: Client) -> None:
    there = address(desk, f"to-{desk.clinic.reference}")
    made = supervisor.post(there, {**TYPED, "way": "page"}).content.decode()
    assert "/o/" in made
    row = Referral.objects.get()
    later = supervisor.get(reverse("cases:referral", args=[row.reference])).content.decode()
    assert "/o/" not in later
    assert (
        "/o/"
        in supervisor.post(
            reverse("cases:referral", args=[row.reference]), {"do": "link"}
        ).content.decode()
    )


def test_who_may_not_read_the_case_sends_and_reads_nothing(desk: Desk) -> None:
    row = desk.sent(desk.clinic)
    there = address(desk, f"to-{desk.clinic.reference}")
    for user in (desk.operation.partner, desk.operation.outsider):
        client = signed_in(user)
        for url in (there, reverse("cases:referral", args=[row.reference])):
            assert client.get(url).status_code in (403, 404)
            assert client.post(url, TYPED).status_code in (403, 404)
    assert signed_in(desk.operation.desks[At.RECEPTION]).get(there).status_code == 403
    assert Referral.objects.count() == 1


@pytest.fixture
def no_checks() -> Iterator[None]:
    """The table of recipients takes kinds that it refuses."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    [check] = [
        made for made in Recipient._meta.constraints if made.name == "agreements_recipient_kind"
    ]
    with as_owner(), connection.schema_editor() as editor:
        editor.remove_constraint(Recipient, check)
    yield
    with as_owner(), every_organisation():
        Recipient.objects.filter(kind__in=KINDS).update(kind="health")
        with connection.schema_editor() as editor:
            editor.add_constraint(Recipient, check)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_behind_the_firewall_is_offered_or_reached(
    desk: Desk, supervisor: Client, no_checks: None, kind: str
) -> None:
    """Not even where somebody put such a row past the checks of the database."""
    Recipient.objects.filter(pk=desk.clinic.pk).update(kind=kind)
    chosen = f"to-{desk.clinic.reference}"
    page = supervisor.get(reverse("cases:refer", args=[desk.case.reference])).content.decode()
    assert chosen not in page
    answer = supervisor.post(address(desk, chosen), {**TYPED, "way": "package"})
    assert chosen not in answer.content.decode()
    assert not Referral.objects.exists()
    assert not Sharing.objects.exists()


def test_lists_ask_the_database_as_often_for_many_as_for_one(desk: Desk) -> None:
    partner = signed_in(desk.operation.partner)

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert partner.get(reverse("referred:all")).status_code == 200
        return len(found)

    desk.sent(desk.guest)
    count()
    one = count()
    for support in ("legal_advice", "medical_care", "education", "childcare_and_parenting"):
        desk.sent(desk.guest, support=support)
    assert count() == one
    case = reverse("cases:case", args=[desk.case.reference])
    supervisor = signed_in(desk.operation.supervisor)
    supervisor.get(case)
    with CaptureQueriesContext(connection) as few:
        supervisor.get(case)
    for support in ("interpretation", "livelihood", "other"):
        desk.sent(desk.guest, support=support)
    with CaptureQueriesContext(connection) as many:
        supervisor.get(case)
    assert len(many) == len(few)


def test_names_stand_in_no_title_and_no_address(desk: Desk, supervisor: Client) -> None:
    row = desk.sent(fields=["Person.code", "PersonName.text"])
    page = supervisor.get(reverse("cases:referral", args=[row.reference])).content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert NAME not in title
    assert desk.case.person.code not in title

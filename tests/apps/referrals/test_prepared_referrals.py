"""A worker prepares a referral and a supervisor sends it: what is asked of both, and what is told
and not sent when something changed in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.agreements.actions import end_agreement, end_recipient
from marfa.apps.agreements.models import DataAgreement
from marfa.apps.cases.actions import answer_review, ask_to_close
from marfa.apps.consents.actions import withdraw_consent
from marfa.apps.consents.models import Sharing
from marfa.apps.manifest import Desk as At
from marfa.apps.organisations.actions import assign_user, exclude_from_object
from marfa.apps.referrals.actions.prepared_referrals import (
    drop_prepared_referral,
    prepare_referral,
    send_prepared_referral,
)
from marfa.apps.referrals.actions.referrals import ReferralRequest
from marfa.apps.referrals.models import PreparedReferral, Referral
from marfa.apps.referrals.work import work_items_of
from marfa.apps.registry.actions.protection import protect_person
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.consents.examples import agreed, clinic
from tests.apps.referrals.referrers import NOTE, Desk
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

TYPED = {
    "support": "shelter",
    "urgency": "days",
    "note": NOTE,
    "fields": ["Person.code"],
    "way": "package",
}
WAITS = "A referral is prepared, and waits for you to send it"
BACK = "A referral that was prepared was given back, not sent"
WHY = "Ask for fewer things (canary-why)."


@pytest.fixture
def desk(operation: Operation) -> Iterator[Desk]:
    with every_organisation():
        yield Desk(operation)


@pytest.fixture
def worker(desk: Desk) -> Client:
    return signed_in(desk.operation.desks[At.PROTECTION])


@pytest.fixture
def boss(desk: Desk) -> Client:
    return signed_in(desk.operation.supervisor)


def refer(desk: Desk, **more: str) -> str:
    asked = {"kind": "referral", "purpose": "assistance", "to": f"to-{desk.clinic.reference}"}
    return f"{reverse('cases:refer', args=[desk.case.reference])}?{urlencode(asked | more)}"


def prepared_in(desk: Desk, client: Client) -> PreparedReferral:
    assert client.post(refer(desk), TYPED).status_code == 302
    return PreparedReferral.objects.get(state="waiting")


def page_of(row: PreparedReferral) -> str:
    return reverse("cases:prepared", args=[row.reference])


def text_of(page: object) -> str:
    return unescape(page.content.decode())  # type: ignore[attr-defined]


def nothing_left() -> bool:
    return not Referral.objects.exists() and not Sharing.objects.exists()


def test_a_worker_prepares_and_the_supervisor_sends(
    desk: Desk, worker: Client, boss: Client
) -> None:
    row = prepared_in(desk, worker)
    assert nothing_left()
    assert WAITS in text_of(boss.get("/"))
    assert WAITS not in text_of(worker.get("/"))
    shown = text_of(boss.get(page_of(row)))
    assert NOTE in shown
    assert "cannot be sent as it is" not in shown
    assert "no supervisor has sent it yet" in text_of(
        worker.get(reverse("cases:case", args=[desk.case.reference]))
    )
    assert worker.post(page_of(row), {"do": "send"}).status_code in (403, 422)
    assert nothing_left(), "who may not disclose sends nothing"
    sent = boss.post(page_of(row), {"do": "send"})
    made = Referral.objects.get()
    assert sent.headers["Location"] == reverse("cases:referral", args=[made.reference])
    assert (made.sent_by, made.sharing_id is None) == (desk.supervisor.id, False)
    row.refresh_from_db()
    assert (row.state, row.referral, row.decided_by) == ("sent", made, desk.supervisor.id)
    assert WAITS not in text_of(boss.get("/"))
    assert boss.post(page_of(row), {"do": "send"}).status_code == 422
    assert Referral.objects.count() == 1
    asked = [entry.action for entry in Entry.objects.filter(outcome="done").order_by("place")]
    assert asked.index("disclosures.prepare") < asked.index("referrals.decide")
    assert asked.index("disclosures.prepare") < asked.index("disclosures.send")


def test_given_back_with_words_and_prepared_again(desk: Desk, worker: Client, boss: Client) -> None:
    row = prepared_in(desk, worker)
    assert boss.post(page_of(row), {"do": "give_back", "text": " "}).status_code == 422
    assert boss.post(page_of(row), {"do": "give_back", "text": WHY}).status_code == 302
    assert nothing_left()
    assert BACK in text_of(worker.get("/"))
    shown = worker.get(page_of(row))
    assert WHY in text_of(shown)
    again = refer(desk, again=row.reference)
    assert NOTE in text_of(worker.get(again)), "what was prepared is not typed anew"
    cleared = worker.post(again, {**TYPED, "note": ""})
    assert cleared.status_code == 422
    assert NOTE not in text_of(cleared), "what was taken out does not come back by itself"
    assert worker.post(again, {**TYPED, "note": "A bed."}).status_code == 302
    row.refresh_from_db()
    assert row.state == "replaced"
    assert BACK not in text_of(worker.get("/"))
    second = PreparedReferral.objects.get(state="waiting")
    assert boss.post(page_of(second), {"do": "send"}).status_code == 302
    assert WHY in text_of(boss.get(reverse("cases:case", args=[desk.case.reference])))


def close_case(desk: Desk) -> None:
    asked = ask_to_close(actor=desk.worker, case=desk.case, reason="goals_met", text="She is well")
    answer_review(actor=desk.supervisor, review=asked, agree=True)


def withdraw(desk: Desk) -> None:
    consent = desk.consents[desk.clinic.pk]
    withdraw_consent(actor=desk.worker, purpose=Purpose.ASSISTANCE, consent=consent)


def protect(desk: Desk) -> None:
    user = desk.operation.supervisor
    assign_user(user=user, object_kind="Person", object_id=desk.case.person_id)
    protect_person(
        actor=desk.supervisor,
        person=desk.case.person,
        reason="Somebody looks for her",
        review_on=clock.now().date() + timedelta(days=9),
    )


def end_service(desk: Desk) -> None:
    admin = desk.proved(desk.operation.desks[At.ADMINISTRATION])
    end_recipient(actor=admin, recipient=desk.clinic)


def end_what_was_agreed(desk: Desk) -> None:
    admin = desk.proved(desk.operation.desks[At.ADMINISTRATION])
    end_agreement(actor=admin, agreement=DataAgreement.objects.get(recipient=desk.clinic))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (withdraw, "The person withdrew their agreement."),
        (close_case, "This case is closed."),
        (protect, "The person has been protected since it was prepared."),
        (end_service, "The recipient is no longer in use."),
        (end_what_was_agreed, "There is no agreement with them for this purpose."),
    ],
)
def test_what_changed_in_between_is_told_and_nothing_is_sent(
    desk: Desk, worker: Client, boss: Client, change: Callable[[Desk], None], said: str
) -> None:
    row = prepared_in(desk, worker)
    assert said not in text_of(boss.get(page_of(row)))
    change(desk)
    assert WAITS in text_of(boss.get("/")), "it stays in the work list until it is decided"
    assert said in text_of(boss.get(page_of(row)))
    assert boss.post(page_of(row), {"do": "send"}).status_code == 422
    assert nothing_left()
    row.refresh_from_db()
    assert row.state == "waiting"
    assert boss.post(page_of(row), {"do": "give_back", "text": WHY}).status_code == 302
    assert WHY in text_of(worker.get(page_of(row)))


def test_what_could_not_be_sent_is_not_prepared(desk: Desk, worker: Client) -> None:
    withdraw(desk)
    refused = worker.post(refer(desk), TYPED)
    assert refused.status_code == 422
    assert NOTE in text_of(refused)
    desk.clinic = clinic(name="Another")
    assert worker.post(refer(desk), TYPED).status_code == 422, "no agreement"
    agreed(desk.clinic)
    assert worker.post(refer(desk), TYPED).status_code == 422, "nobody was asked"
    desk.agree(desk.clinic)
    assert not PreparedReferral.objects.exists()
    assert worker.post(refer(desk), TYPED).status_code == 302
    twice = worker.post(refer(desk), TYPED)
    assert "already prepared for them" in text_of(twice)


def request_to(desk: Desk) -> ReferralRequest:
    told = {name: value for name, value in TYPED.items() if name != "fields"}
    return ReferralRequest(
        kind="referral",
        purpose="assistance",
        recipient=desk.clinic,
        fields=["Person.code"],
        **told,  # type: ignore[arg-type]
    )


def test_who_prepares_does_not_send_and_who_sends_does_not_prepare(desk: Desk) -> None:
    for actor in (desk.supervisor, desk.elsewhere, desk.office.officer, desk.partner):
        with pytest.raises(DeniedError):
            prepare_referral(actor=actor, case=desk.case, wanted=request_to(desk))
    row = prepare_referral(actor=desk.worker, case=desk.case, wanted=request_to(desk))
    PreparedReferral.objects.filter(pk=row.pk).update(prepared_by=desk.supervisor.id)
    row.refresh_from_db()
    with pytest.raises(DeniedError) as denied:
        send_prepared_referral(actor=desk.supervisor, prepared=row)
    assert "OP9.sharing.sent-by-another" in denied.value.decision.policies
    assert nothing_left()
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedReferral.objects.filter(pk=row.pk).update(decided_by=desk.supervisor.id)


def test_of_who_is_hidden_from_a_supervisor_nothing_is_told(
    desk: Desk, worker: Client, boss: Client
) -> None:
    """Protected since, or shut out: neither in their work nor at its address."""
    row = prepared_in(desk, worker)
    exclude_from_object(
        object_kind="Person", object_id=desk.case.person_id, user=desk.operation.supervisor
    )
    assert WAITS not in text_of(boss.get("/"))
    for answer in (boss.get(page_of(row)), boss.post(page_of(row), {"do": "send"})):
        assert answer.status_code == 404
    with pytest.raises(DeniedError):
        send_prepared_referral(actor=desk.supervisor, prepared=row)
    assert nothing_left()
    assert [
        item for item in work_items_of(desk.operation.supervisor) if row.reference in item.url
    ] == []


def test_withdrawn_it_is_gone_from_the_work(desk: Desk, worker: Client, boss: Client) -> None:
    row = prepared_in(desk, worker)
    drop_prepared_referral(actor=desk.worker, prepared=row)
    assert WAITS not in text_of(boss.get("/"))
    with pytest.raises(InputError):
        send_prepared_referral(actor=desk.supervisor, prepared=row)
    assert nothing_left()

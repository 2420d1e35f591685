"""Whose yes is a consent, what a no leads to, and what follows when a yes is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import marfa
from marfa.apps.accounts.models import User
from marfa.apps.agreements.actions import end_agreement
from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.actions import (
    note_answer,
    record_consent,
    tell_recipient,
    withdraw_consent,
)
from marfa.apps.consents.actions.disclosures import disclose_fields
from marfa.apps.consents.consent_text import Shown
from marfa.apps.consents.grounds import ground_of
from marfa.apps.consents.models import Consent, LegalBasisRecord, RecallNotice, Sharing, Withdrawal
from marfa.apps.organisations.models import AccessGrant
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import doubt_age
from marfa.apps.registry.actions.relationships import settle_relationship
from marfa.apps.registry.models import Relationship
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.outbox.models import Parcel
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Purpose
from tests.apps.consents.examples import (
    ASSISTANCE,
    NAME,
    agree,
    agreed,
    answer,
    clinic,
    fresh,
    guardian_of,
    lantern,
    on_other_ground,
    refuse,
    registered,
)
from tests.conftest import Operation
from tests.support.by_two import erase_by_two

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def everywhere(operation: Operation) -> Iterator[None]:
    with every_organisation():
        yield


def code_of(error: InputError) -> str:
    return error.problems[0].message.code.partition(":")[2]


def denied_by(error: DeniedError) -> tuple[str, ...]:
    return error.decision.policies


def test_what_was_agreed_is_sent_and_no_more(operation: Operation) -> None:
    person, to = registered(operation), clinic()
    agreed(to)
    consent = agree(operation, person, to)
    sent = disclose_fields(
        actor=fresh(operation.supervisor), purpose=ASSISTANCE, person=person, recipient=to
    )
    assert sent.values["PersonName.text"] == [NAME]
    assert sent.values["Person.code"] == person.code
    for kept in ("religion", "ethnicity", "citizenships", "migration_status", "born"):
        assert f"Person.{kept}" not in sent.values
    row = Sharing.objects.get()
    assert (row.consent, row.basis, row.recipient) == (consent, None, to)
    entry = Entry.objects.get(action="disclosures.send", outcome="done")
    assert entry.subject_id == person.pk


@pytest.mark.parametrize(
    ("missing", "policy"),
    [
        ("consent", "OP9.sharing.ground"),
        ("agreement", "OP9.sharing.agreement"),
        ("purpose", "OP9.sharing.purpose"),
        ("withdrawn", "OP9.sharing.withdrawn"),
        ("refused", "OP9.sharing.withdrawn"),
        ("proof", "record.second-factor-fresh"),
        ("no_indication", "OP15.firewall.no-indication-stays"),
    ],
)
def test_nothing_is_sent_where_one_thing_is_missing(
    operation: Operation, missing: str, policy: str
) -> None:
    person, to = registered(operation), clinic()
    if missing != "agreement":
        agreed(to, "tracing" if missing == "purpose" else "assistance")
    consent = agree(operation, person, to) if missing != "consent" else None
    actor = fresh(operation.supervisor)
    if missing == "withdrawn":
        assert consent is not None
        withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    if missing == "refused":
        refuse(operation, person, to)
    if missing == "proof":
        actor = actor_of(operation.supervisor)
    with pytest.raises(DeniedError) as refused:
        disclose_fields(
            actor=actor,
            purpose=ASSISTANCE,
            person=person,
            recipient=to,
            says_no_indication=missing == "no_indication",
        )
    assert policy in denied_by(refused.value)
    assert not Sharing.objects.exists()
    assert Entry.objects.filter(action="disclosures.send", outcome="denied").count() == 1


def test_only_supervisors_send(operation: Operation) -> None:
    person, to = registered(operation), clinic()
    agreed(to)
    agree(operation, person, to)
    for user in (*operation.desks.values(), operation.colleague, operation.partner):
        with pytest.raises(DeniedError):
            disclose_fields(actor=fresh(user), purpose=ASSISTANCE, person=person, recipient=to)
    assert not Sharing.objects.exists()


@pytest.mark.parametrize("circumstance", ["held", "authority", "depends"])
def test_what_is_not_free_is_no_consent(operation: Operation, circumstance: str) -> None:
    person, to = registered(operation), clinic()
    with pytest.raises(InputError) as wrong:
        agree(operation, person, to, circumstance=circumstance)
    assert code_of(wrong.value) == "consent-not-free"
    assert refuse(operation, person, to, circumstance=circumstance).decision == "refused"
    on_other_ground(operation, person, to, "detention")
    assert ground_of(person, ASSISTANCE, to).basis is not None


def test_the_database_takes_no_unfree_or_misunderstood_consent(operation: Operation) -> None:
    made = agree(operation, registered(operation), clinic())
    for changes in ({"circumstance": "held"}, {"understood": False}, {"purpose": "sanctions"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=made.pk).update(**changes)


@pytest.mark.parametrize(
    "kind",
    [
        "immigration_enforcement",
        "security_vetting",
        "detention",
        "status_determination",
        "sanctions",
    ],
)
def test_nobody_behind_the_firewall_is_a_recipient(operation: Operation, kind: str) -> None:
    with pytest.raises(InputError) as wrong:
        clinic(kind=kind)
    assert code_of(wrong.value) == "recipient-behind-firewall"
    to = clinic()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.filter(pk=to.pk).update(kind=kind)
    person = registered(operation)
    agreed(to)
    agree(operation, person, to)
    disclose_fields(
        actor=fresh(operation.supervisor), purpose=ASSISTANCE, person=person, recipient=to
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Sharing.objects.update(recipient_kind=kind)


def test_a_disclosure_has_just_one_ground(operation: Operation) -> None:
    person, to = registered(operation), clinic()
    agreed(to)
    agree(operation, person, to)
    disclose_fields(
        actor=fresh(operation.supervisor), purpose=ASSISTANCE, person=person, recipient=to
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Sharing.objects.update(consent=None)


def test_a_draft_is_not_shown_to_real_people(operation: Operation, settings: Any) -> None:
    person, to = registered(operation), clinic()
    settings.DEMONSTRATION = False
    with pytest.raises(InputError) as wrong:
        agree(operation, person, to)
    assert code_of(wrong.value) == "text-draft"
    assert refuse(operation, person, to).text_state == "draft"


def test_withdrawing_ends_openings_and_tells_recipients(operation: Operation) -> None:
    person, to = registered(operation), lantern(operation)
    agreed(to)
    consent = agree(operation, person, to, opens_record=True)
    actor = fresh(operation.supervisor)
    partner = actor_of(operation.partner)

    def seen() -> bool:
        return (
            type(person)
            .objects.filter(visibility_condition(PERSON, partner), pk=person.pk)
            .exists()
        )

    assert not seen()
    disclose_fields(
        actor=actor,
        purpose=ASSISTANCE,
        person=person,
        recipient=to,
        opens_until=clock.now() + timedelta(days=30),
    )
    assert seen()
    withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    assert not seen()
    notice = RecallNotice.objects.get()
    assert (notice.recipient, notice.person_id, notice.told_at) == (to, person.pk, None)
    with pytest.raises(InputError) as wrong:
        note_answer(actor=actor, purpose=ASSISTANCE, notice=notice, answer="deleted")
    assert code_of(wrong.value) == "not-told-yet"
    tell_recipient(actor=actor, purpose=ASSISTANCE, notice=notice, how="spoken")
    note_answer(actor=actor, purpose=ASSISTANCE, notice=notice, answer="deleted")
    assert RecallNotice.objects.get().answer == "deleted"


def test_the_mail_to_a_recipient_carries_no_identity(operation: Operation) -> None:
    from marfa.apps.consents.subscribers import consent_withdrawn

    person, to = registered(operation), clinic(mail="office@clinic.example")
    agreed(to)
    consent = agree(operation, person, to)
    actor = fresh(operation.supervisor)
    disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to)
    withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    notice = RecallNotice.objects.get()
    parcel = Parcel.objects.get(kind="consents.consent_withdrawn")
    assert parcel.arguments == {"notice": str(notice.pk)}
    letter = consent_withdrawn(notice=notice.pk)
    assert letter is not None
    assert letter.to == "office@clinic.example"
    for told in (NAME, person.code, person.reference, str(person.pk), notice.reference):
        assert told not in letter.subject + letter.text


def test_a_withdrawal_that_cannot_be_told_changes_nothing(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Openings, notices and the withdrawal itself are one transaction."""
    person, to = registered(operation), lantern(operation)
    agreed(to)
    consent = agree(operation, person, to, opens_record=True)
    actor = fresh(operation.supervisor)
    until = clock.now() + timedelta(days=30)
    disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to, opens_until=until)

    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(RecallNotice.objects, "create", fail)
    with pytest.raises(RuntimeError):
        withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    assert not Withdrawal.objects.exists()
    assert AccessGrant.objects.get().until > clock.now()


def test_an_agreement_that_ends_ends_what_was_opened_under_it(operation: Operation) -> None:
    from marfa.apps.organisations.administration import by_command

    person, to = registered(operation), lantern(operation)
    agreement = agreed(to, days=10)
    agree(operation, person, to, opens_record=True)
    disclose_fields(
        actor=fresh(operation.supervisor),
        purpose=ASSISTANCE,
        person=person,
        recipient=to,
        opens_until=clock.now() + timedelta(days=100),
    )
    assert AccessGrant.objects.get().until == agreement.until
    end_agreement(actor=by_command(), agreement=agreement)
    assert AccessGrant.objects.filter(until__gt=clock.now()).count() == 0


def test_who_is_shut_out_is_sent_nothing(operation: Operation) -> None:
    from marfa.apps.organisations.actions import exclude_from_object

    person, to = registered(operation), lantern(operation)
    agreed(to)
    agree(operation, person, to)
    exclude_from_object(object_kind="Person", object_id=person.pk, organisation=operation.guest)
    with pytest.raises(InputError) as wrong:
        disclose_fields(
            actor=fresh(operation.supervisor), purpose=ASSISTANCE, person=person, recipient=to
        )
    assert code_of(wrong.value) == "recipient-shut-out"
    assert not Sharing.objects.exists()


CHILD = PartialDate.gregorian(2015)


def test_a_child_is_answered_for_by_a_verified_guardian_and_heard(operation: Operation) -> None:
    child, adult, to = registered(operation, CHILD), registered(operation), clinic()

    def wrong(**changes: object) -> str:
        with pytest.raises(InputError) as found:
            agree(operation, child, to, **changes)
        return code_of(found.value)

    view = "I want to go to the doctor with her."
    claimed = guardian_of(child, adult, verified=False)
    assert wrong() == "child-needs-guardian"
    by_guardian: dict[str, object] = {"given_by": "guardian", "child_view": view}
    assert wrong(**by_guardian) == "guardian-not-verified"
    assert wrong(**by_guardian, guardian=claimed) == "guardian-not-verified"
    claimed.delete()
    verified = guardian_of(child, adult, verified=True)
    assert wrong(given_by="guardian", guardian=verified) == "child-view-needed"
    agree(operation, child, to, **by_guardian, guardian=verified)
    assert ground_of(child, ASSISTANCE, to).consent is not None
    # Somebody finds that the guardian is none: neither their yes nor taking it back counts.
    type(verified).objects.filter(pk=verified.pk).update(state="refuted")
    found = ground_of(child, ASSISTANCE, to)
    assert (found.consent, found.withdrawn, found.basis) == (None, False, None)
    on_other_ground(operation, child, to, "best_interests", child_view=view)
    assert ground_of(child, ASSISTANCE, to).basis is not None


def test_at_eighteen_a_guardians_yes_counts_no_more(operation: Operation) -> None:
    child, adult, to = registered(operation, CHILD), registered(operation), clinic()
    guardian = guardian_of(child, adult, verified=True)
    agree(operation, child, to, given_by="guardian", guardian=guardian, child_view="I know it.")
    assert child.child_until is not None
    before = clock.now().replace(
        year=child.child_until.year, month=child.child_until.month, day=child.child_until.day
    )
    assert ground_of(child, ASSISTANCE, to, before - timedelta(days=1)).consent is not None
    assert ground_of(child, ASSISTANCE, to, before).consent is None


def test_where_the_age_is_not_known_somebody_has_to_be_sure(operation: Operation) -> None:
    person, to = registered(operation, None), clinic()
    with pytest.raises(InputError) as wrong:
        agree(operation, person, to)
    assert code_of(wrong.value) == "age-not-known"
    agree(operation, person, to, no_doubt_of_age=True)
    assert ground_of(person, ASSISTANCE, to).consent is not None
    disputed = registered(operation, PartialDate.gregorian(1990), age_disputed=True)
    with pytest.raises(InputError) as wrong:
        agree(operation, disputed, to, no_doubt_of_age=True)
    assert code_of(wrong.value) == "child-needs-guardian"


def test_another_ground_counts_until_somebody_must_look_again(operation: Operation) -> None:
    person, to = registered(operation), clinic()
    agreed(to)
    today = clock.now().date()
    on_other_ground(operation, person, to, review_on=today + timedelta(days=5))
    assert ground_of(person, ASSISTANCE, to).basis is not None
    later = clock.now() + timedelta(days=5)
    assert ground_of(person, ASSISTANCE, to, later).basis is None
    for ground, day, code in (
        ("vital_interest", today, "basis-review"),
        ("vital_interest", today + timedelta(days=400), "basis-review"),
        ("best_interests", today + timedelta(days=5), "best-interests-of-adult"),
    ):
        with pytest.raises(InputError) as wrong:
            on_other_ground(operation, person, to, ground, day)
        assert code_of(wrong.value) == code


def test_no_other_ground_stands_in_for_what_was_taken_back(operation: Operation) -> None:
    person, to = registered(operation), clinic()
    agreed(to)
    consent = agree(operation, person, to)
    actor = fresh(operation.supervisor)
    withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    on_other_ground(operation, person, to, "legal_obligation")
    with pytest.raises(DeniedError) as refused:
        disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to)
    assert "OP9.sharing.withdrawn" in denied_by(refused.value)


@pytest.mark.parametrize("then", ["no", "asked_again", "doubt"])
def test_nothing_but_a_new_yes_lifts_what_was_taken_back(operation: Operation, then: str) -> None:
    person, to = registered(operation), clinic()
    agreed(to)
    consent = agree(operation, person, to)
    actor = fresh(operation.supervisor)
    if then != "no":
        withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    if then != "doubt":
        refuse(operation, person, to)
    else:
        doubt_age(actor=actor, purpose=ASSISTANCE, person=person)
    on_other_ground(operation, person, to, "vital_interest")
    with pytest.raises(DeniedError) as refused:
        disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to)
    assert "OP9.sharing.withdrawn" in denied_by(refused.value)
    assert not ground_of(person, Purpose.TRACING, to).withdrawn
    if then != "doubt":
        agree(operation, person, to)
        disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to)


def test_a_no_without_a_yes_before_leaves_another_ground(operation: Operation) -> None:
    person, to = registered(operation), clinic()
    agreed(to)
    refuse(operation, person, to)
    on_other_ground(operation, person, to, "vital_interest")
    disclose_fields(
        actor=fresh(operation.supervisor), purpose=ASSISTANCE, person=person, recipient=to
    )


def test_who_is_no_guardian_takes_nothing_back(operation: Operation) -> None:
    child, adult, to = registered(operation, CHILD), registered(operation), clinic()
    guardian = guardian_of(child, adult, verified=True)
    told = {"given_by": "guardian", "guardian": guardian, "child_view": "I want to go."}
    agree(operation, child, to, **told)
    refuse(operation, child, to, **told)
    assert ground_of(child, ASSISTANCE, to).withdrawn
    Relationship.objects.filter(pk=guardian.pk).update(state="refuted")
    assert not ground_of(child, ASSISTANCE, to).withdrawn


def test_a_consent_to_some_fields_opens_no_record(operation: Operation) -> None:
    person, to = registered(operation), lantern(operation)
    agreed(to)
    actor, soon = fresh(operation.supervisor), clock.now() + timedelta(days=30)
    told: dict[str, Any] = {"actor": actor, "purpose": ASSISTANCE, "person": person}
    told["recipient"] = to
    agree(operation, person, to)
    disclose_fields(**told)
    with pytest.raises(InputError) as wrong:
        disclose_fields(**told, opens_until=soon)
    assert code_of(wrong.value) == "record-not-agreed"
    assert not AccessGrant.objects.exists()
    # Another ground carries it, and is named.
    on_other_ground(operation, person, to, "vital_interest")
    assert disclose_fields(**told, opens_until=soon).sharing.consent is None
    agree(operation, person, to, opens_record=True)
    assert disclose_fields(**told, opens_until=soon).sharing.consent is not None
    assert AccessGrant.objects.filter(until__gt=clock.now()).count() == 2
    # Asked for less: what was opened on the wider yes ends, and no other.
    agree(operation, person, to)
    assert AccessGrant.objects.filter(until__gt=clock.now()).count() == 1


def test_a_yes_to_less_lifts_no_no_to_the_whole_record(operation: Operation) -> None:
    person, to = registered(operation), lantern(operation)
    agreed(to)
    on_other_ground(operation, person, to, "vital_interest")
    agree(operation, person, to)
    refuse(operation, person, to, opens_record=True)
    agree(operation, person, to)
    told: dict[str, Any] = {"actor": fresh(operation.supervisor), "purpose": ASSISTANCE}
    told |= {"person": person, "recipient": to}
    assert disclose_fields(**told).sharing.consent is not None
    with pytest.raises(InputError) as wrong:
        disclose_fields(**told, opens_until=clock.now() + timedelta(days=30))
    assert code_of(wrong.value) == "record-not-agreed"
    assert not AccessGrant.objects.exists()


def test_a_look_at_the_record_is_asked_of_guests_and_in_words(operation: Operation) -> None:
    person, guest = registered(operation), lantern(operation)
    with pytest.raises(InputError) as wrong:
        agree(operation, person, clinic(), opens_record=True)
    assert code_of(wrong.value) == "only-guests-see"
    wordless = Shown("consent.xx", "1", Consent.TextState.REVIEWED)
    with pytest.raises(InputError) as wrong:
        agree(operation, person, guest, opens_record=True, shown=wordless)
    assert code_of(wrong.value) == "record-no-words"
    assert agree(operation, person, guest, shown=wordless).opens_record is False


def test_who_may_write_down_an_answer(operation: Operation) -> None:
    from marfa.apps.manifest import Desk

    person, to = registered(operation), clinic()

    def write(user: User) -> None:
        record_consent(
            actor=fresh(user), purpose=Purpose.REGISTRATION, person=person, answer=answer(to)
        )

    write(operation.desks[Desk.RECEPTION])
    others = [user for desk, user in operation.desks.items() if desk is not Desk.RECEPTION]
    for user in (*others, operation.partner, operation.outsider, operation.officer):
        with pytest.raises(DeniedError):
            write(user)


def test_one_function_alone_lets_anything_out() -> None:
    """Nothing else in the source opens a record to a guest, or asks to send."""
    source = Path(marfa.__file__).parent
    opens = {"open_to_organisation(", "AccessGrant.objects.create(", '"disclosures.send"'}
    found: dict[str, set[str]] = {}
    for file in source.glob("**/*.py"):
        said = {each for each in opens if each in file.read_text(encoding="utf-8")}
        if said:
            found[str(file.relative_to(source))] = said
    # Names of actions alone: the charter's own table, and the log's words for them.
    found.pop("safeguards/charter/matrix.py", None)
    found.pop("apps/log/action_words.py", None)
    assert found == {
        "apps/consents/actions/disclosures.py": {"open_to_organisation(", '"disclosures.send"'},
        # What it calls, which knows nothing of people.
        "apps/organisations/actions/access.py": opens - {'"disclosures.send"'},
    }


def test_what_was_opened_on_a_false_guardians_yes_ends_at_once(operation: Operation) -> None:
    child, adult, to = registered(operation, CHILD), registered(operation), lantern(operation)
    agreed(to)
    guardian = guardian_of(child, adult, verified=True)
    told = {"given_by": "guardian", "guardian": guardian, "child_view": "I want to go."}
    agree(operation, child, to, **told, opens_record=True)
    actor = fresh(operation.supervisor)
    soon = clock.now() + timedelta(days=30)
    disclose_fields(actor=actor, purpose=ASSISTANCE, person=child, recipient=to, opens_until=soon)
    assert AccessGrant.objects.get().until == soon
    settle_relationship(
        actor=actor,
        purpose=ASSISTANCE,
        row=guardian,
        state=Relationship.State.REFUTED,
        basis="The child says that she never saw her before.",
    )
    assert not AccessGrant.objects.filter(until__gt=clock.now()).exists()


def test_erasing_leaves_nothing_of_answers_and_disclosures(operation: Operation) -> None:
    person, to = registered(operation), lantern(operation)
    agreed(to)
    consent = agree(operation, person, to, opens_record=True)
    actor = fresh(operation.supervisor)
    soon = clock.now() + timedelta(days=30)
    on_other_ground(operation, person, to)
    disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to, opens_until=soon)
    withdraw_consent(actor=actor, purpose=ASSISTANCE, consent=consent)
    agree(operation, person, to, opens_record=True)
    disclose_fields(actor=actor, purpose=ASSISTANCE, person=person, recipient=to, opens_until=soon)
    erase_by_two(actor=fresh(operation.officer), subject=person.pk)
    for model in (Consent, Withdrawal, LegalBasisRecord, Sharing, RecallNotice, AccessGrant):
        assert not model._default_manager.exists(), model.__name__
    assert Recipient.objects.filter(pk=to.pk).exists()
    partner = actor_of(operation.partner)
    assert not type(person).objects.filter(visibility_condition(PERSON, partner)).exists()


def test_a_relationship_counts_from_either_side(operation: Operation) -> None:
    child, adult, to = registered(operation, CHILD), registered(operation), clinic()
    row = guardian_of(adult, child, verified=True)
    type(row).objects.filter(pk=row.pk).update(kind="child")
    agree(operation, child, to, given_by="parent", guardian=row, child_view="Yes.")
    assert ground_of(child, ASSISTANCE, to).consent is not None

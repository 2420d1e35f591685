"""What a person may ask: erasing takes everything, access tells all of theirs and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.db import transaction

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation
from marfa.apps.privacy.access import answer_access
from marfa.apps.privacy.access_text import as_html, as_text
from marfa.apps.privacy.actions import lift_hold, place_hold, receive_request, settle_request
from marfa.apps.privacy.erasure import preview_erasure
from marfa.apps.privacy.models import DataRequest, Hold
from marfa.apps.privacy.queries import open_requests, subject_named
from marfa.apps.privacy.retention import RetentionError, apply_retention, find_due_rows, period_of
from marfa.apps.privacy.shredders.history import HistoryShredder
from marfa.demo.build import build_demo
from marfa.domain.catalogue import LANGUAGES
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.files.actions import append_to_upload, start_upload
from marfa.platform.files.blobs import path_of
from marfa.platform.files.models import StoredFile
from marfa.platform.jobs.models import Job
from marfa.platform.outbox.models import Parcel
from marfa.platform.revisions.actions import create_row, save_changes
from marfa.platform.revisions.drafts import open_draft, save_draft
from marfa.platform.revisions.models import Draft, Revision
from marfa.platform.rowsecurity.context import current_scope
from marfa.platform.rowsecurity.ownership import INSTALLATION
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.fields.footprint import Footprint, footprint_of
from marfa.safeguards.vault.erasedlist import ErasedList
from marfa.safeguards.vault.key_store import make_subject_key
from marfa.safeguards.vault.models import Erasure, SubjectKey
from tests.support.by_two import erase_by_two
from tests.support.quay.models import Bond, Guest, Mention, Stay, Suspicion
from tests.support.sample.models import VaultedPerson, VaultedVisit

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COMMAND = Actor(id=new_id(), kind=ActorKind.COMMAND)


@pytest.fixture(autouse=True)
def controller(db: None) -> Iterator[None]:
    with clock.set_to(NOON):
        Organisation.objects.create(
            name="Controller", kind=Organisation.Kind.CONTROLLER, created_at=NOON
        )
        yield


def arrive(code: str, **values: object) -> Guest:
    """A person with a row, a revision, a stay, a draft, a job and a delivery."""
    worker, _ = User.objects.get_or_create(
        username_key="worker",
        defaults={"username": "worker", "display_name": "W", "created_at": NOON},
    )
    guest, stay = Guest(code=code, **values), Stay(bed=f"bed of {code}", story=f"told by {code}")
    with transaction.atomic():
        create_row(guest, actor=None, purpose="test", action="arrive")
        stay.guest = guest
        create_row(stay, actor=worker.pk, purpose="test", action="arrive")
    save_draft(
        user=worker.pk, form="stay", subject=stay.pk, content={"note": code}, owner=INSTALLATION
    )
    for subject in (guest.pk, stay.pk):
        Job.objects.create(
            name="test.look", arguments={"row": str(subject)}, run_at=NOON, created_at=NOON
        )
    Parcel.objects.create(
        destination="mail",
        lane=new_id(),
        kind="test.tell",
        arguments={"about": [str(guest.pk)]},
        created_at=NOON,
        run_at=NOON,
    )
    return guest


def give_file(stay: Stay) -> StoredFile:
    file = start_upload(
        uploader_id=User.objects.get(username="worker").pk,
        size=4,
        name="paper.txt",
        media_type="text/plain",
        owner=INSTALLATION,
    )
    append_to_upload(file=file, offset=0, source=BytesIO(b"abcd"))
    stay.paper = file
    Stay.objects.filter(pk=stay.pk).update(paper=file)
    return file


def leftovers(guest: UUID, stay: UUID) -> dict[str, int]:
    """Everything anywhere that still has one of the keys."""
    keys = [guest, stay]
    texts = [str(key) for key in keys]
    tables = {
        "guests": Guest.objects.filter(pk=guest).count(),
        "stays": Stay.objects.filter(pk=stay).count(),
        "revisions": Revision.objects.filter(object_id__in=keys).count(),
        "drafts": Draft.objects.filter(subject__in=texts).count(),
        "mentions": Mention.objects.filter(person=guest).count(),
        "suspicions": Suspicion.objects.filter(person=guest).count(),
        "jobs": sum(any(t in json.dumps(j.arguments) for t in texts) for j in Job.objects.all()),
        "parcels": sum(
            any(t in json.dumps(p.arguments) for t in texts)
            # The word to the index of names that somebody is gone carries their key until it is
            # delivered.
            for p in Parcel.objects.exclude(destination="names")
        ),
    }
    return {name: count for name, count in tables.items() if count}


def test_erasing_leaves_nothing_and_touches_nobody_else() -> None:
    guest, other = arrive("one"), arrive("two")
    stay = Stay.objects.get(guest=guest)
    file = give_file(stay)
    save_changes(
        guest, base_version=1, changes={"code": "1"}, actor=None, purpose="test", action="rename"
    )
    Mention.objects.create(person=guest.pk, said_by=other.pk, text="m", said_on=NOON.date())
    Suspicion.objects.create(person=guest.pk, text="s", touched_at=NOON)
    about_other = Mention.objects.create(
        person=other.pk, said_by=guest.pk, stay=stay, text="m", said_on=NOON.date()
    )
    before = leftovers(other.pk, Stay.objects.get(guest=other).pk)
    seen = preview_erasure(guest.pk)
    counts = erase_by_two(actor=COMMAND, subject=guest.pk)
    assert counts == seen.counts
    assert counts == {
        "rows": 4,
        "history": 6,
        "jobs": 2,
        "deliveries": 1,
        "files": 1,
        "accounts": 0,
        "submissions": 0,
        "names_in_memory": 0,
        "openings": 0,
    }
    assert leftovers(guest.pk, stay.pk) == {}
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    assert not path_of(file.blob).exists()
    # The other person keeps everything, and what was said of them no longer says by whom.
    assert leftovers(other.pk, Stay.objects.get(guest=other).pk) == before
    about_other.refresh_from_db()
    assert (about_other.said_by, about_other.stay_id) == (None, None)
    entry = Entry.objects.get(action="privacy.erase")
    assert (entry.subject_id, entry.outcome) == (guest.pk, "done")


def test_what_is_about_two_people_stays_for_the_other() -> None:
    guest, other = arrive("one"), arrive("two")
    bond = Bond.objects.create(one=guest.pk, other=other.pk, kind="sisters")
    erase_by_two(actor=COMMAND, subject=guest.pk)
    bond.refresh_from_db()
    assert (bond.one, bond.other) == (None, other.pk)
    erase_by_two(actor=COMMAND, subject=other.pk)
    assert not Bond.objects.exists()


def test_a_file_that_somebody_else_has_too_stays() -> None:
    guest, other = arrive("one"), arrive("two")
    stays = [Stay.objects.get(guest=each) for each in (guest, other)]
    file = give_file(stays[0])
    Stay.objects.filter(pk=stays[1].pk).update(paper=file)
    assert erase_by_two(actor=COMMAND, subject=guest.pk)["files"] == 0
    assert path_of(file.blob).exists()
    assert erase_by_two(actor=COMMAND, subject=other.pk)["files"] == 1


def test_a_hold_keeps_everything_until_its_last_day() -> None:
    guest = arrive("one")
    hold = place_hold(
        actor=COMMAND, subject=guest.pk, reason="court_order", until=NOON.date() + timedelta(5)
    )
    assert preview_erasure(guest.pk).holds == (hold,)
    before = leftovers(guest.pk, guest.pk)
    for day in (0, 5):
        with clock.set_to(NOON + timedelta(day)), pytest.raises(InputError) as error:
            erase_by_two(actor=COMMAND, subject=guest.pk)
        assert error.value.problems[0].message.key == "held"
        assert leftovers(guest.pk, guest.pk) == before
    with clock.set_to(NOON + timedelta(6)):
        assert erase_by_two(actor=COMMAND, subject=guest.pk)["rows"] == 2
    assert Entry.objects.filter(action="privacy.erase", outcome="failed").count() == 2
    # A hold is accountable for: it has keys alone and stays.
    assert Hold.objects.get() == hold


def test_a_hold_that_was_lifted_keeps_nothing() -> None:
    guest = arrive("one")
    hold = place_hold(actor=COMMAND, subject=guest.pk, reason="safety", until=NOON.date())
    lift_hold(actor=COMMAND, hold=hold)
    assert erase_by_two(actor=COMMAND, subject=guest.pk)["rows"] == 2


@pytest.mark.parametrize("days", [-1, 3654])
def test_a_hold_has_an_end_in_sight(days: int) -> None:
    with pytest.raises(InputError):
        place_hold(
            actor=COMMAND, subject=new_id(), reason="safety", until=NOON.date() + timedelta(days)
        )
    assert not Hold.objects.exists()


def test_nobody_but_who_may() -> None:
    guest = arrive("one")
    visitor = Actor(id=new_id(), kind=ActorKind.VISITOR)
    with pytest.raises(DeniedError):
        erase_by_two(actor=visitor, subject=guest.pk)
    with pytest.raises(DeniedError):
        answer_access(actor=visitor, subject=guest.pk, language="en")
    Mention.objects.create(person=new_id(), text="m", said_on=date(2020, 1, 1))
    with pytest.raises(DeniedError):
        apply_retention(actor=visitor)
    assert Mention.objects.exists()
    assert Guest.objects.filter(pk=guest.pk).exists()
    assert Entry.objects.filter(outcome="denied").count() == 3


def test_a_member_of_staff_is_emptied_and_stays_for_what_they_wrote() -> None:
    guest = arrive("one")
    worker = User.objects.get(username="worker")
    save_draft(
        user=worker.pk, form="other", subject=None, content={"note": "x"}, owner=INSTALLATION
    )
    assert subject_named("Worker") == worker.pk
    assert erase_by_two(actor=COMMAND, subject=worker.pk)["accounts"] == 1
    worker.refresh_from_db()
    assert (worker.display_name, worker.is_active) == ("", False)
    assert worker.username == f"erased-{worker.reference}"
    assert open_draft(user=worker.pk, form="other", subject=None) is None
    assert Revision.objects.filter(actor=worker).exists()
    assert Guest.objects.filter(pk=guest.pk).exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_access_tells_all_of_theirs_and_nothing_of_others(language: str) -> None:
    guest, other = arrive("quince"), arrive("medlar")
    Mention.objects.create(
        person=other.pk, said_by=guest.pk, text="medlar stole", said_on=NOON.date()
    )
    Mention.objects.create(
        person=guest.pk, said_by=other.pk, text="quince sang", said_on=NOON.date()
    )
    Bond.objects.create(one=guest.pk, other=other.pk, kind="sisters")
    Suspicion.objects.create(person=guest.pk, text="quince is watched", touched_at=NOON)
    answer = answer_access(actor=COMMAND, subject=guest.pk, language=language)
    told = json.dumps(answer.as_json(), ensure_ascii=False)
    for text in (told, as_text(answer), as_html(answer)):
        assert "bed of quince" in text
        assert "quince sang" in text
        assert "sisters" in text
        for secret in ("medlar", str(other.pk), "watched", "suspicion", "told by"):
            assert secret not in text, secret
    assert answer.left_out["others"] == 1
    entry = Entry.objects.get(action="privacy.access")
    assert (entry.subject_id, "quince" in entry.detail) == (guest.pk, False)


def test_access_of_somebody_unknown_says_that_nothing_is_stored() -> None:
    answer = answer_access(actor=COMMAND, subject=new_id(), language="ar")
    assert answer.sections == []
    assert 'dir="rtl"' in as_html(answer)
    assert "لا يوجد" in as_text(answer)


def test_a_page_for_a_person_is_made_safe() -> None:
    guest = arrive("<script>alert(1)</script>")
    page = as_html(answer_access(actor=COMMAND, subject=guest.pk, language="en"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_request_has_a_month_and_is_settled_once() -> None:
    made = receive_request(
        actor=COMMAND, subject=new_id(), kind="access", received_on=date(2026, 2, 20)
    )
    assert made.due_on == date(2026, 3, 22)
    assert list(open_requests()) == [made]
    deadline = Deadline.objects.get(subject=made.pk)
    assert deadline.due_at == datetime(2026, 3, 23, tzinfo=UTC)
    settle_request(actor=COMMAND, request=made, outcome="granted")
    assert not open_requests().exists()
    assert Deadline.objects.get(subject=made.pk).state == "met"
    with pytest.raises(InputError):
        settle_request(actor=COMMAND, request=made, outcome="refused")
    assert DataRequest.objects.get().outcome == "granted"


def test_a_request_cannot_come_from_the_future() -> None:
    with pytest.raises(InputError):
        receive_request(
            actor=COMMAND, subject=new_id(), kind="access", received_on=date(2026, 3, 2)
        )


@pytest.mark.parametrize(("days", "gone"), [(1826, False), (1827, False), (1828, True)])
def test_a_day_is_kept_to_its_end(days: int, gone: bool) -> None:
    """The list says 1827 days: five years with two leap days, the whole of the last included."""
    assert period_of("case") == timedelta(days=1827)
    left = date(2026, 3, 1)
    guest = arrive("one", left_on=left)
    stay = Stay.objects.get(guest=guest)
    later = datetime.combine(left + timedelta(days), datetime.max.time(), tzinfo=UTC)
    with clock.set_to(later):
        apply_retention(actor=COMMAND)
    assert Guest.objects.filter(pk=guest.pk).exists() != gone
    if gone:
        assert leftovers(guest.pk, stay.pk) == {}


@pytest.mark.parametrize(("seconds", "gone"), [(-1, False), (0, True)])
def test_a_moment_is_kept_to_the_second(seconds: int, gone: bool) -> None:
    made = Suspicion.objects.create(person=new_id(), text="s", touched_at=NOON)
    period = period_of("evidence")
    assert period is not None
    with clock.set_to(NOON + period + timedelta(seconds=seconds)):
        apply_retention(actor=COMMAND)
    assert Suspicion.objects.filter(pk=made.pk).exists() != gone


def test_retention_respects_a_hold_and_goes_on_after_it() -> None:
    guest, free = arrive("one", left_on=date(2026, 3, 1)), arrive("two", left_on=date(2026, 3, 1))
    end = NOON + timedelta(days=1900)
    with clock.set_to(end):
        place_hold(actor=COMMAND, subject=guest.pk, reason="proceedings", until=end.date())
        [found] = [each for each in find_due_rows() if each.model is Guest]
        assert (found.keys, found.held) == ((free.pk,), 1)
        apply_retention(actor=COMMAND)
        assert list(Guest.objects.values_list("pk", flat=True)) == [guest.pk]
        assert Stay.objects.filter(guest=guest).exists()
    with clock.set_to(end + timedelta(days=1)):
        apply_retention(actor=COMMAND)
    assert not Guest.objects.exists()


def test_a_hold_on_whom_it_hangs_on_keeps_the_record() -> None:
    guest = arrive("one", left_on=date(2026, 3, 1))
    stay = Stay.objects.get(guest=guest)
    end = NOON + timedelta(days=1900)
    held = new_id()
    Deadline.objects.create(
        kind="test.visit", subject=stay.pk, due_at=NOON, created_at=NOON, ladder=[]
    )
    Bond.objects.create(one=stay.pk, other=held, kind="watched over")
    with clock.set_to(end):
        place_hold(actor=COMMAND, subject=held, reason="safety", until=end.date())
        apply_retention(actor=COMMAND)
    # What is also about somebody held stays for them; the record itself goes.
    assert Bond.objects.filter(other=held).exists()
    assert not Guest.objects.exists()
    assert not Deadline.objects.exists()


def test_who_left_stays_as_long_as_something_kept_longer_is_about_them(
    erased: ErasedList,
) -> None:
    """What goes on would otherwise be destroyed with the person, in one night."""
    guest = arrive("one", left_on=date(2026, 3, 1))
    make_subject_key(guest.pk)
    going_on = Suspicion.objects.create(person=guest.pk, text="s", touched_at=NOON)
    twenty = period_of("evidence")
    assert twenty is not None
    for later in (timedelta(days=1900), twenty - timedelta(seconds=1)):
        with clock.set_to(NOON + later):
            assert not [each for each in find_due_rows() if each.model is Guest]
            apply_retention(actor=COMMAND)
        assert (Guest.objects.count(), Stay.objects.count(), erased.read()) == (1, 1, ())
        assert SubjectKey.objects.filter(subject=guest.pk).exists()
    with clock.set_to(NOON + twenty):
        apply_retention(actor=COMMAND)
    assert not Suspicion.objects.filter(pk=going_on.pk).exists()
    assert not Guest.objects.exists()
    assert not SubjectKey.objects.filter(subject=guest.pk).exists()


def test_dead_work_waits_for_somebody_to_look() -> None:
    old = NOON - timedelta(days=31)
    for state in ("done", "dead"):
        Job.objects.create(
            name="test.look", state=state, run_at=old, created_at=old, finished_at=old
        )
    apply_retention(actor=COMMAND)
    assert [job.state for job in Job.objects.all()] == ["dead"]


def test_nothing_is_due_where_nothing_began() -> None:
    arrive("one", left_on=None)
    with clock.set_to(NOON + timedelta(days=20_000)):
        assert not [each for each in find_due_rows() if each.model is Guest and each.keys]


def test_whom_a_word_names() -> None:
    user = create_user(username="samir", display_name="Samir")
    assert subject_named("SAMIR") == subject_named(user.reference) == user.pk
    key = arrive("one").pk
    assert subject_named(str(key)) == key
    with pytest.raises(InputError) as error:
        subject_named("Layla Haddad")
    assert "Layla" not in str(error.value.problems)


def test_the_rows_of_every_organisation_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    Organisation.objects.create(name="Guest", kind=Organisation.Kind.GUEST, created_at=NOON)
    scopes = []
    shred = HistoryShredder.shred

    def looking(self: HistoryShredder, footprint: Footprint) -> int:
        scopes.append(current_scope())
        return shred(self, footprint)

    monkeypatch.setattr(HistoryShredder, "shred", looking)
    erase_by_two(actor=COMMAND, subject=arrive("one").pk)
    Mention.objects.create(person=new_id(), text="m", said_on=date(2020, 1, 1))
    apply_retention(actor=COMMAND)
    every = frozenset(Organisation.objects.values_list("pk", flat=True))
    assert scopes
    assert set(scopes) == {every}


def test_what_cannot_go_holds_up_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that fails used to end the whole run there, every night anew: what came after it in
    the order of the tables was kept for ever."""
    _good, bad = arrive("one", left_on=date(2020, 1, 1)), arrive("two", left_on=date(2020, 1, 1))
    Mention.objects.create(person=new_id(), text="m", said_on=date(2020, 1, 1))
    Suspicion.objects.create(person=new_id(), text="s", touched_at=datetime(2001, 1, 1, tzinfo=UTC))
    shred = HistoryShredder.shred

    def failing(self: HistoryShredder, footprint: Footprint) -> int:
        if bad.pk in footprint.keys:
            raise InputError.at(Message("apps.privacy:file-busy"))
        return shred(self, footprint)

    monkeypatch.setattr(HistoryShredder, "shred", failing)
    with pytest.raises(RetentionError) as raised:
        apply_retention(actor=COMMAND)
    assert raised.value.left == {"quay.Guest": 1}
    assert set(Guest.objects.values_list("pk", flat=True)) == {bad.pk}
    assert not Mention.objects.exists()
    assert not Suspicion.objects.exists()
    monkeypatch.setattr(HistoryShredder, "shred", shred)
    apply_retention(actor=COMMAND)
    assert not Guest.objects.exists()


def test_who_may_not_ends_nothing() -> None:
    arrive("one", left_on=date(2020, 1, 1))
    with pytest.raises(DeniedError):
        apply_retention(actor=Actor(new_id(), ActorKind.VISITOR))
    assert Guest.objects.count() == 1


def test_the_key_of_a_person_is_destroyed_and_listed(erased: ErasedList) -> None:
    person = VaultedPerson(code="A", name="Zahra")
    person.save()
    VaultedVisit.objects.create(person=person, note="n")
    erase_by_two(actor=COMMAND, subject=person.pk)
    assert not SubjectKey.objects.exists()
    assert not VaultedPerson.objects.exists()
    assert not VaultedVisit.objects.exists()
    assert Erasure.objects.get().subject == person.pk
    assert [each.subject for each in erased.read()] == [person.pk]


def test_with_the_last_record_the_key_goes(erased: ErasedList) -> None:
    guest = arrive("one", left_on=date(2020, 1, 1))
    make_subject_key(guest.pk)
    apply_retention(actor=COMMAND)
    assert not SubjectKey.objects.exists()
    assert Erasure.objects.get().reason == "retention"


def test_every_member_of_staff_can_be_erased() -> None:
    """With all that the demonstration has of them: roles, loans, assignments, devices."""
    Organisation.objects.all().delete()
    build_demo()
    everyone = list(User.objects.all())
    for user in everyone:
        erase_by_two(actor=COMMAND, subject=user.pk)
        left = footprint_of(user.pk).rows
        assert set(left) <= {User}
    named = User.objects.exclude(display_name="").filter(pk__in=[user.pk for user in everyone])
    assert not named.exists()

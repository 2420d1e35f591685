"""Looking for people: who is found by whom, and that nobody learns of the protected."""

from __future__ import annotations

from threading import Event, Thread, current_thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.name_search import digests
from marfa.apps.name_search.digests import set_digests, subjects_with
from marfa.apps.name_search.models import LookupDigest, LookupKey, Notice, Search
from marfa.apps.name_search.search_watch import review_searches, settle_notice
from marfa.apps.organisations.models import AccessGrant, Assignment, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry import lookups
from marfa.apps.registry.actions import NewName, NewPerson, add_to_person, register_person
from marfa.apps.registry.lookups import TooManySearchesError
from marfa.apps.registry.models import (
    ContactPoint,
    Household,
    HouseholdMember,
    IdentityDocument,
    Person,
)
from marfa.apps.search import person_search, subscribers
from marfa.apps.search.jobs import renew_digests
from marfa.apps.search.person_search import SearchResult, find_people
from marfa.domain.codes import format_code, new_code
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.jobs.worker import Worker
from marfa.platform.limits.limiter import Limit
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.safeguards.actions import together
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.search.name_index import Here, here, sites, somebody
from tests.conftest import Operation
from tests.support.rows import on_postgresql

__all__ = ["here"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.find", 10_000, lookups.LIMIT.interval))
    return sites(operation)[0]


def ask(user: User, text: str) -> SearchResult:
    actor = actor_of(user)
    with row_context(actor.organisations):
        return find_people(actor=actor, text=text)


def codes(answer: SearchResult) -> set[str]:
    return {hit.code for hit in answer.hits}


@pytest.mark.parametrize(
    "typed", ["Fatima al-Khatib", "khatib fatma", "فاطمة الخطيب", "Фатима Хатиб", "fat khat"]
)
def test_a_grandmother_is_found_however_her_name_is_written(
    operation: Operation, site: Site, here: Here, typed: str
) -> None:
    sought = somebody(site, "فاطمة بنت أحمد الخطيب", "Fatima Al-Khatib")
    somebody(site, "Samuel Okafor")
    here.build()
    answer = ask(operation.desks[Desk.RECEPTION], typed)
    assert codes(answer) == {sought.code}
    assert answer.hits[0].name == "فاطمة بنت أحمد الخطيب"
    assert answer.hits[0].why
    assert (answer.building, answer.names_down, answer.more) == (None, False, False)


def test_exact_things_are_found_while_there_is_no_index(
    operation: Operation, site: Site, here: Here
) -> None:
    person = somebody(site, "Amina Haddad")
    with every_organisation():
        household = Household.objects.create(
            code=new_code(),
            organisation_id=site.organisation_id,
            site=site,
            formed_at=clock.now(),
        )
        HouseholdMember.objects.create(
            organisation_id=site.organisation_id,
            household=household,
            person=person,
            since=clock.now(),
        )
        set_digests(
            subject=person.pk,
            organisation=site.organisation_id,
            values={"document": ["N 123-456/٧"], "phone": ["+963 944 123 456"]},
        )
    user = operation.desks[Desk.RECEPTION]
    written = [
        format_code(person.code),
        format_code(person.code, script="arab"),
        person.code,
        format_code(household.code),
        "n1234567",
        "0944 123456",
        "٠٩٤٤١٢٣٤٥٦",
    ]
    for text in written:
        assert codes(ask(user, text)) == {person.code}, text
    assert ask(user, "Amina Haddad").building == 0
    here.down = True
    assert codes(ask(user, person.code)) == {person.code}
    assert ask(user, "Amina Haddad").names_down


@pytest.mark.parametrize(
    ("whole", "at_home"),
    [
        ("+961 70 123 456", "70 123 456"),
        ("+961 3 123 456", "03 123 456"),
        ("+223 66 12 34 56", "66123456"),
        ("+963 944 123 456", "0944 123456"),
        ("00 380 44 123 45 67", "(044) 123-45-67"),
    ],
)
def test_a_telephone_is_found_with_and_without_the_code_of_the_country(
    operation: Operation, site: Site, whole: str, at_home: str
) -> None:
    owner = site.organisation_id
    with every_organisation():
        for stored, typed in ((whole, at_home), (at_home, whole)):
            person = somebody(site)
            set_digests(subject=person.pk, organisation=owner, values={"phone": [stored]})
            assert subjects_with(typed, [owner]) == {person.pk}
            set_digests(subject=person.pk, organisation=owner, values={"phone": []})


@pytest.mark.django_db(transaction=True)
def test_what_an_earlier_rule_made_is_found_and_made_anew(
    operation: Operation, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = actor_of(operation.desks[Desk.RECEPTION])
    person, gone = somebody(site), new_id()
    monkeypatch.setattr(digests, "RULES", {"document": 1, "phone": 1})
    with every_organisation():
        for model, values in (
            (ContactPoint, {"kind": "phone", "value": "+961 70 123 456"}),
            (IdentityDocument, {"kind": "passport", "number": "P7654321"}),
        ):
            add_to_person(
                actor=actor,
                purpose=Purpose.REGISTRATION,
                person=person,
                model=model,
                values=values,
            )
        phone = {"phone": ["0944 123 456"]}
        set_digests(subject=gone, organisation=site.organisation_id, values=phone)
        monkeypatch.undo()
        assert subjects_with("+96170123456", [site.organisation_id]) == {person.pk}
        assert subjects_with("70123456", [site.organisation_id]) == set()
        paper = LookupDigest.objects.get(kind="document")
        renew_digests.enqueue()
        Worker().work(until_empty=True)
        for typed in ("+96170123456", "70123456", "P7654321"):
            assert subjects_with(typed, [site.organisation_id]) == {person.pk}
        assert set(LookupDigest.objects.values_list("kind", "rule")) == {
            ("document", 1),
            ("phone", 2),
        }
        assert LookupDigest.objects.get(kind="document").pk == paper.pk
        assert not LookupDigest.objects.filter(subject=gone).exists()


def test_each_sees_whom_the_charter_lets_them_see(
    operation: Operation, site: Site, here: Here
) -> None:
    other = sites(operation)[1]
    here_is, there = somebody(site, "Amina Haddad"), somebody(other, "Amina Hadad")
    here.build()
    reception, colleague = operation.desks[Desk.RECEPTION], operation.colleague
    expected: dict[Any, set[str]] = {
        user: {person.code for person in (here_is, there) if _sees(user, person)}
        for user in (reception, colleague, operation.supervisor, operation.partner)
    }
    assert len({frozenset(each) for each in expected.values()}) > 1
    for user, found in expected.items():
        assert codes(ask(user, "Amina Haddad")) == found
        assert codes(ask(user, there.code)) == found & {there.code}
    for user in (operation.outsider, operation.officer, operation.desks[Desk.ADMINISTRATION]):
        with pytest.raises(DeniedError):
            ask(user, "Amina Haddad")


def _sees(user: User, person: Person) -> bool:
    from marfa.apps.registry.policy_facts import PERSON
    from marfa.safeguards.charter.visibility import visibility_condition

    actor = actor_of(user)
    with row_context(actor.organisations):
        return Person.objects.filter(visibility_condition(PERSON, actor), pk=person.pk).exists()


def test_a_guest_finds_what_was_opened_to_it(operation: Operation, site: Site, here: Here) -> None:
    person = somebody(site, "Amina Haddad")
    here.build()
    assert not codes(ask(operation.partner, "Amina Haddad"))
    with every_organisation():
        AccessGrant.objects.create(
            object_kind="Person",
            object_id=person.pk,
            organisation=operation.guest,
            owner=operation.controller,
            starts_at=clock.now(),
            until=clock.advance(clock.now(), days=1),
        )
    answer = ask(operation.partner, "Amina Haddad")
    assert codes(answer) == {person.code}
    assert answer.hits[0].name == "", "a guest is shown the code, not the name"


def test_nothing_is_learnt_of_a_protected_woman(
    operation: Operation, site: Site, here: Here
) -> None:
    """By name, code, document and household: the same answer, by the same statements."""
    hidden = somebody(site, "Amina Haddad", protected=True)
    with every_organisation():
        set_digests(
            subject=hidden.pk,
            organisation=site.organisation_id,
            values={"document": ["P7654321"]},
        )
    here.build()
    user = operation.desks[Desk.RECEPTION]
    nobody = [("Zahra Qasim", "Amina Haddad"), (new_code(), hidden.code), ("P7654322", "P7654321")]
    ask(user, "Zahra Qasim")  # what is made once, is made
    for unknown, known in nobody:
        with CaptureQueriesContext(
            connection,
        ) as first:
            empty = ask(user, unknown)
        with CaptureQueriesContext(connection) as second:
            met = ask(user, known)
        assert empty == met == SearchResult()
        assert [shape(each["sql"]) for each in first] == [shape(each["sql"]) for each in second]


def shape(sql: str) -> str:
    """A statement without its values."""
    return sql.partition(" ")[0] + sql.partition("FROM")[2].partition("WHERE")[0][:60]


def test_who_is_assigned_finds_a_protected_woman(
    operation: Operation, site: Site, here: Here
) -> None:
    hidden = somebody(site, "Amina Haddad", protected=True)
    here.build()
    worker = operation.desks[Desk.PROTECTION]
    assert not codes(ask(worker, "Amina Haddad"))
    with every_organisation():
        Assignment.objects.create(
            object_kind="Person",
            object_id=hidden.pk,
            user=worker,
            starts_at=clock.now(),
        )
    assert codes(ask(worker, "Amina Haddad")) == {hidden.code}
    assert ask(worker, hidden.code).hits[0].name == "Amina Haddad"


def test_protected_people_take_no_place_on_the_page(
    operation: Operation, site: Site, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_search, "SHOWN", 3)
    seen = [somebody(site, "Amina Haddad") for _ in range(3)]
    for _ in range(5):
        somebody(site, "Amina Haddad", protected=True)
    here.build()
    answer = ask(operation.desks[Desk.RECEPTION], "Amina Haddad")
    assert codes(answer) == {person.code for person in seen}
    assert not answer.more


def test_whoever_protects_her_is_told_once_a_day_and_the_searcher_never(
    operation: Operation, site: Site, here: Here
) -> None:
    hidden = somebody(site, "Amina Haddad", protected=True)
    here.build()
    user = operation.desks[Desk.RECEPTION]
    for text in ("Amina Haddad", hidden.code, "أمينة حداد"):
        ask(user, text)
    with every_organisation():
        pair = [site.organisation_id.hex, hidden.pk.hex]
        assert [row.met for row in Search.objects.order_by("id")] == [[pair]] * 3
        review_searches()
        review_searches()
        (notice,) = Notice.objects.filter(kind="protected")
        assert (notice.searcher, notice.subject) == (user.pk, hidden.pk)
        assert (notice.organisation_id, notice.way) == (site.organisation_id, "search")
        assert notice.count == 3
        assert all(row.met == [] for row in Search.objects.all())
        told = Entry.objects.filter(action="people.sought", subject_id=hidden.pk)
        assert {(row.actor_id, row.organisation_id) for row in told} == {
            (user.pk, site.organisation_id)
        }


def test_a_search_after_somebody_looked_into_it_is_told_again(
    operation: Operation, site: Site, here: Here
) -> None:
    hidden = somebody(site, "Amina Haddad", protected=True)
    here.build()
    user = operation.desks[Desk.RECEPTION]

    def searched() -> Notice:
        ask(user, hidden.code)
        with every_organisation():
            review_searches()
            return Notice.objects.get(kind="protected")

    first = searched()
    with every_organisation():
        settle_notice(notice=first, by=operation.supervisor.pk)
    again = searched()
    assert (again.pk, again.count, again.settled_at, again.settled_by) == (first.pk, 2, None, None)
    assert again.at > first.at


def test_a_guests_search_is_told_to_whoever_protects_her_and_not_to_the_guest(
    operation: Operation, site: Site, here: Here
) -> None:
    """By name where she was opened to them, by code and number wherever; by name else nobody."""
    opened = somebody(site, "Amina Haddad", protected=True)
    other = somebody(site, "Zahra Qasim", protected=True)
    third = somebody(site, "Salma Nader", protected=True)
    with every_organisation():
        AccessGrant.objects.create(
            object_kind="Person",
            object_id=opened.pk,
            organisation=operation.guest,
            owner=operation.controller,
            starts_at=clock.now(),
            until=clock.advance(clock.now(), days=1),
        )
        document = {"document": ["P7654321"]}
        set_digests(subject=third.pk, organisation=site.organisation_id, values=document)
    here.build()
    for text in ("Amina Haddad", "Zahra Qasim", other.code, "P7654321"):
        assert ask(operation.partner, text) == SearchResult()
    ours = operation.controller.pk
    with every_organisation():
        rows = list(Search.objects.order_by("id"))
        met = [[ours.hex, person.pk.hex] for person in (opened, other, third)]
        assert [row.met for row in rows] == [[met[0]], [], [met[1]], [met[2]]]
        assert {row.organisation_id for row in rows} == {operation.guest.pk}
        review_searches()
        told = Notice.objects.values_list("organisation", "kind", "subject")
        assert set(told) == {
            *((ours, "protected", person.pk) for person in (opened, other, third)),
            (ours, "again", None),
        }


def test_a_search_is_in_the_log_with_its_number_and_without_its_text(
    operation: Operation, site: Site, here: Here
) -> None:
    person = somebody(site, "Amina Haddad")
    here.build()
    user = operation.desks[Desk.RECEPTION]
    ask(user, "Amina Haddad")
    searched = Entry.objects.get(action="people.find", object_kind="Organisation")
    assert (searched.actor_id, searched.rows) == (user.pk, 1)
    seen = Entry.objects.get(action="people.find", object_kind="Person")
    assert seen.subject_id == person.pk
    assert "Amina" not in str([*Entry.objects.values(), *Search.objects.values()])


def test_nobody_searches_faster_than_they_can_read(
    operation: Operation, site: Site, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.slow", 3, lookups.LIMIT.interval))
    user = operation.desks[Desk.RECEPTION]
    for _ in range(3):
        ask(user, "Amina")
    with pytest.raises(TooManySearchesError):
        ask(user, "Amina")


def test_a_registration_is_found_and_its_digests_are_keyed(
    operation: Operation, site: Site, here: Here
) -> None:
    actor = actor_of(operation.desks[Desk.RECEPTION])
    with row_context(actor.organisations):
        made = register_person(
            actor=actor,
            purpose=Purpose.REGISTRATION,
            site=site,
            told=NewPerson(names=(NewName("Amina Haddad"),)),
        )
    here.build()
    assert codes(ask(operation.desks[Desk.RECEPTION], "Amina")) == {made.code}


def test_digests_tell_nothing_without_the_key_and_nothing_between_organisations(
    operation: Operation, site: Site
) -> None:
    person = somebody(site, "Amina Haddad")
    with every_organisation():
        phone = {"phone": ["0944123456"]}
        set_digests(subject=person.pk, organisation=site.organisation_id, values=phone)
        held = LookupDigest.objects.get(subject=person.pk)
        assert b"944123456" not in bytes(held.digest)
        assert subjects_with("+963944123456", [operation.controller.pk]) == {person.pk}
        assert subjects_with("+963944123456", [operation.guest.pk]) == set()
        set_digests(subject=person.pk, organisation=site.organisation_id, values={"phone": []})
        assert not LookupDigest.objects.exists()
        # Another key gives other digests.
        set_digests(subject=person.pk, organisation=site.organisation_id, values=phone)
        LookupKey.objects.all().delete()
        assert subjects_with("0944123456", [operation.controller.pk]) == set()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_write_numbers_at_once_lose_none(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One adds a paper, another a telephone before the paper is committed."""
    person = somebody(sites(operation)[0], "Amina Haddad")
    actor = actor_of(operation.desks[Desk.RECEPTION])
    written, read, committed = Event(), Event(), Event()

    def set_late(**told: Any) -> None:
        if current_thread() is second:
            read.set()
            committed.wait(10)
        set_digests(**told)

    def add(model: type[IdentityDocument | ContactPoint], **values: object) -> None:
        purpose = Purpose.REGISTRATION
        add_to_person(actor=actor, purpose=purpose, person=person, model=model, values=values)

    def write_paper() -> None:
        with row_context(actor.organisations):
            with together():
                add(IdentityDocument, kind="passport", number="P7654321")
                written.set()
                # Whoever reads now does not see the paper; whoever waits for it, does.
                read.wait(2)
            committed.set()
        connection.close()

    def write_telephone() -> None:
        written.wait(10)
        with row_context(actor.organisations):
            add(ContactPoint, kind="phone", value="0944123456")
        connection.close()

    first, second = Thread(target=write_paper), Thread(target=write_telephone)
    monkeypatch.setattr(subscribers, "set_digests", set_late)
    for thread in (first, second):
        thread.start()
    for thread in (first, second):
        thread.join()
    with every_organisation():
        kinds = LookupDigest.objects.filter(subject=person.pk).values_list("kind", flat=True)
        assert sorted(kinds) == ["document", "phone"]

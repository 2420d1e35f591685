"""The page of a person: who may see what of it, and that each look is on the record."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user, grant_role
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import (
    NewMember,
    NewName,
    NewPerson,
    add_to_person,
    change_person,
    claim_relationship,
    merge_households,
    register_household,
    register_person,
)
from marfa.apps.registry.actions.households import member_of, members_now
from marfa.apps.registry.labels import language_label
from marfa.apps.registry.models import (
    ContactPoint,
    IdentityDocument,
    Person,
    PersonName,
    Relationship,
)
from marfa.apps.registry.policy_facts import KIND
from marfa.apps.registry.views import continuous_registration, households, protection
from marfa.domain.codes import format_code
from marfa.domain.dates import PartialDate, born_when_aged
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.revisions.errors import ConflictError
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Role
from tests.conftest import Operation, signed_in

NAME, CHILD = "Zumurrud of the Quay · زمرد", "Little Quayside"


@pytest.fixture(autouse=True)
def rows_of_the_controller(operation: Operation) -> Iterator[None]:
    with row_context([operation.controller.pk]):
        yield


@pytest.fixture
def people(operation: Operation) -> list[Person]:
    site = Site.objects.filter(organisation=operation.controller).order_by("created_at").first()
    assert site is not None
    actor = actor_of(operation.desks[Desk.RECEPTION])
    members = (
        NewMember(NewPerson((NewName(NAME),), "female", PartialDate.gregorian(1990), "stated")),
        NewMember(NewPerson((NewName(CHILD),), "male", PartialDate.gregorian(2019)), "child"),
    )
    made = register_household(
        actor=actor, purpose=Purpose.REGISTRATION, site=site, members=members, batch=new_id()
    )
    return members_now(made)


def page(client: Client, person: Person, name: str = "people:person") -> str:
    answer = client.get(reverse(name, args=[person.reference]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_reception_sees_who_it_is_and_the_log_says_so(
    operation: Operation, people: list[Person]
) -> None:
    before = Entry.objects.filter(action="people.open_identity").count()
    shown = page(operation.at(Desk.RECEPTION), people[0])
    assert NAME in shown
    assert CHILD in shown
    assert "1990" in shown
    rows = Entry.objects.filter(action="people.open_identity").order_by("place")[before:]
    told = {(row.subject_id, row.outcome) for row in rows}
    assert told == {(person.pk, "done") for person in people}
    title = shown.partition("<title>")[2].partition("</title>")[0]
    assert title == "Workspace"
    assert NAME not in reverse("people:person", args=[people[0].reference])


def test_others_see_a_code_or_nobody(operation: Operation, people: list[Person]) -> None:
    """A case worker of the whole organisation who is not assigned knows of the code; the one at the
    other site, the guest, officers and administrators know of nobody."""
    seen = operation.at(Desk.PROTECTION).get(reverse("people:person", args=[people[0].reference]))
    text = seen.content.decode()
    assert seen.status_code == 200
    assert NAME not in text
    assert "1990" not in text
    assert people[0].code[:3] in text
    strangers = (
        operation.colleague,
        operation.partner,
        operation.outsider,
        operation.officer,
        operation.desks[Desk.ADMINISTRATION],
        operation.desks[Desk.REPORTING],
    )
    for user in strangers:
        for name in ("person", "change", "more", "age", "event", "birth", "relate", "join"):
            url = reverse(f"people:{name}", args=[people[0].reference])
            assert signed_in(user).get(url).status_code == 404, (user.username, name)


def test_who_is_protected_is_nowhere(operation: Operation, people: list[Person]) -> None:
    """Neither on their own page nor on that of their child, nor in the household."""
    mother, child = people
    client = operation.at(Desk.RECEPTION)
    household = page(client, child)
    assert mother.code[:3] in household
    Person.objects.filter(pk=mother.pk).update(protected=True, protected_at=mother.registered_at)
    assert client.get(reverse("people:person", args=[mother.reference])).status_code == 404
    shown = page(client, child)
    assert NAME not in shown
    assert f"{mother.code[:3]}\N{NO-BREAK SPACE}{mother.code[3:6]}" not in shown
    assert "says to be a parent" not in shown
    reference = child.households.get().household.reference
    home = client.get(reverse("people:household", args=[reference])).content.decode()
    assert NAME not in home
    assert f"{mother.code[:3]}\N{NO-BREAK SPACE}{mother.code[3:6]}" not in home


def test_what_is_sensitive_is_for_those_who_help(
    operation: Operation, people: list[Person]
) -> None:
    supervisor = actor_of(operation.supervisor)
    told = {"displacement": "internally_displaced"}
    change_person(
        actor=supervisor,
        purpose=Purpose.ASSISTANCE,
        person=people[0],
        base_version=1,
        changes=told,
    )
    helper = page(signed_in(operation.supervisor), people[0])
    reception = page(operation.at(Desk.RECEPTION), people[0])
    assert "Internally displaced" in helper
    assert "Internally displaced" not in reception
    more = reverse("people:more", args=[people[0].reference])
    assert operation.at(Desk.RECEPTION).get(more).status_code == 403


def test_a_number_stands_behind_its_rule(operation: Operation, people: list[Person]) -> None:
    supervisor = actor_of(operation.supervisor)
    by = {"actor": supervisor, "purpose": Purpose.ASSISTANCE, "person": people[0]}
    values = {"kind": "phone", "value": "+218 91 555 0101", "safety": "not_safe"}
    add_to_person(**by, model=ContactPoint, values=values)  # type: ignore[arg-type]
    shown = page(operation.at(Desk.RECEPTION), people[0])
    rule, number = shown.index("Do not use: it is not safe"), shown.index("555 0101")
    assert rule < shown.index("<details>") < number
    ContactPoint.objects.all().delete()
    values = {**values, "safety": "safe", "avoid": "never the cousin"}
    add_to_person(**by, model=ContactPoint, values=values)  # type: ignore[arg-type]
    shown = page(operation.at(Desk.RECEPTION), people[0])
    assert "555 0101" not in shown, "who may not read the rule does not get the number"
    assert "never the cousin" not in shown
    helper = page(signed_in(operation.supervisor), people[0])
    assert helper.index("never the cousin") < helper.index("555 0101")


def test_claims_are_shown_as_claims_and_verified_by_another(
    operation: Operation, people: list[Person]
) -> None:
    row = Relationship.objects.get(person=people[1])
    client = operation.at(Desk.RECEPTION)
    assert "Someone here says to be a parent or caregiver" in page(client, people[1])
    url = reverse("people:relationship", args=[row.reference])
    own = client.get(url).content.decode()
    assert "You recorded this yourself. Someone else verifies it, such as:" in own
    assert operation.supervisor.display_name in own
    assert 'name="state"' not in own
    sent = {"do": "save", "state": "verified", "basis": "book"}
    assert client.post(url, sent).status_code == 422
    assert "Someone here says to be" in page(client, people[1])
    helper = signed_in(operation.supervisor)
    assert "You recorded this yourself" not in helper.get(url).content.decode()
    assert helper.post(url, {"do": "save", "state": "verified", "basis": ""}).status_code == 422
    assert helper.post(url, sent).status_code == 302
    assert "Is with a parent or caregiver" in page(client, people[1])


def test_a_relationship_is_named_with_both_on_the_record(
    operation: Operation, people: list[Person]
) -> None:
    row = Relationship.objects.get()
    url = reverse("people:relationship", args=[row.reference])
    before = Entry.objects.count()
    shown = signed_in(operation.supervisor).get(url).content.decode()
    said = " ".join(re.sub("<[^>]+>", " ", shown).split())
    mother, child = (" ".join(format_code(person.code).split()) for person in people)
    assert f"Person {child} {CHILD} Child Relationship Child claimed" in said
    assert f"To whom {mother} {NAME}" in said
    told = Entry.objects.order_by("pk")[before:]
    assert {person.pk for person in people} <= {entry.subject_id for entry in told}


def test_an_age_is_said_as_it_was_told(operation: Operation) -> None:
    """Not as its band, which says something else than the dates beside it."""
    actor = actor_of(operation.desks[Desk.RECEPTION])
    site = Site.objects.filter(organisation=operation.controller).order_by("created_at").first()
    assert site is not None
    by = {"actor": actor, "purpose": Purpose.REGISTRATION, "site": site}
    day = clock.today(site.time_zone)
    told = {
        "4 years (born": born_when_aged(4, 4, day),
        "33 to 34 years (born": born_when_aged(33, 34, day),
        "less than a year (born": born_when_aged(0, 0, day),
    }
    for said, born in told.items():
        made = register_person(**by, told=NewPerson((), born=born))  # type: ignore[arg-type]
        shown = page(operation.at(Desk.RECEPTION), made)
        assert said in " ".join(shown.split())
        assert "0 to 4 years" not in shown


@pytest.mark.parametrize(
    "name",
    ["age", "birth", "change", "event", "functioning", "join", "more", "photo", "relate"],
)
def test_what_is_done_to_a_person_says_to_whom(
    operation: Operation, people: list[Person], name: str
) -> None:
    shown = page(signed_in(operation.supervisor), people[1], f"people:{name}")
    heading = shown[shown.index("<h1>") : shown.index("</h1>")]
    assert format_code(people[1].code) in heading


def test_two_at_once_choose_and_lose_nothing(operation: Operation, people: list[Person]) -> None:
    url = reverse("people:change", args=[people[0].reference])
    one, other = operation.at(Desk.RECEPTION), signed_in(operation.supervisor)
    reception, boss = operation.desks[Desk.RECEPTION].reference, operation.supervisor.reference
    sent = {"do": "save", "base_version": "1", "sex": "female", "born": "1990"}
    first = one.post(url, {**sent, "person": reception, "birth_place": "Quay", "birth_basis": ""})
    assert first.status_code == 302
    clash = other.post(url, {**sent, "person": boss, "birth_place": "Hill", "birth_basis": ""})
    assert clash.status_code == 409
    text = clash.content.decode()
    assert "Quay" in text
    assert "Hill" in text
    chosen = {**sent, "person": boss, "do": "merge", "asked": "birth_place", "base_version": "2"}
    done = other.post(url, {**chosen, "birth_place": "Hill", "keep-birth_place": "theirs"})
    assert done.status_code == 302
    with open_vault():
        assert Person.objects.get(pk=people[0].pk).birth_place == "Quay"


def test_forms_of_the_page(operation: Operation, people: list[Person]) -> None:
    """Each form opens and does what it says."""
    client, person = operation.at(Desk.RECEPTION), people[0]
    ref = person.reference
    for name in ("change", "age", "event", "birth", "relate", "join"):
        assert client.get(reverse(f"people:{name}", args=[ref])).status_code == 200, name
    for kind in ("names", "papers", "contacts"):
        assert client.get(reverse("people:add_row", args=[ref, kind])).status_code == 200
    contact = client.get(reverse("people:add_row", args=[ref, "contacts"])).content.decode()
    assert '<option value="not_asked" selected>' in contact, "nobody has said that it is safe"
    add = client.post(
        reverse("people:add_row", args=[ref, "names"]), {"kind": "called", "text": "Umm Z"}
    )
    assert add.status_code == 302
    row = person.personnames.get(place=1)
    edit = reverse("people:row", args=["names", row.reference])
    assert "Umm Z" in client.get(edit).content.decode()
    assert client.post(reverse("people:end_row", args=["names", row.reference])).status_code == 302
    assert "Umm Z" not in page(client, person)
    paper = client.post(reverse("people:add_row", args=[ref, "papers"]), {"kind": "passport"})
    assert paper.status_code == 302
    assert IdentityDocument.objects.get(person=person).kind == "passport"
    born = client.post(reverse("people:birth", args=[ref]), {"sex": "female", "born": "0"})
    assert born.status_code == 302
    client.post(reverse("people:age", args=[ref]), {"do": "other"})
    assert Person.objects.get(pk=person.pk).age_disputed
    decided = {"do": "save", "born": "1990", "basis": "stated"}
    assert client.post(reverse("people:age", args=[ref]), decided).status_code == 403
    boss = signed_in(operation.supervisor)
    assert boss.post(reverse("people:age", args=[ref]), decided).status_code == 403
    young = {**decided, "born": str(clock.today("UTC").year - 9)}
    assert boss.post(reverse("people:age", args=[ref]), young).status_code == 302
    gone = client.post(reverse("people:event", args=[ref]), {"event": "departure"})
    assert gone.status_code == 302
    assert Person.objects.get(pk=person.pk).presence == "departed"


def test_a_household_is_split_and_joined_on_its_page(
    operation: Operation, people: list[Person]
) -> None:
    client, (mother, child) = operation.at(Desk.RECEPTION), people
    home = mother.households.get(until=None).household
    url = reverse("people:household", args=[home.reference])
    assert CHILD in client.get(url).content.decode()
    assert client.post(url, {"do": "split"}).status_code == 422
    split = client.post(url, {"do": "split", "person": child.reference})
    assert split.status_code == 302
    assert split.headers["Location"] != url
    other = child.households.get(until=None).household
    assert client.post(url, {"do": "merge", "code": other.code}).status_code == 302
    assert child.households.get(until=None).household == home
    assert client.post(url, {"do": "merge", "code": "000"}).status_code == 422


def test_the_page_asks_as_often_for_a_large_family(
    operation: Operation, people: list[Person]
) -> None:
    client, mother = operation.at(Desk.RECEPTION), people[0]

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, mother)
        return len(asked)

    queries()
    few = queries()
    actor = actor_of(operation.desks[Desk.RECEPTION])
    assert mother.site is not None
    members = [NewMember(NewPerson((NewName(f"Cousin {n}"),)), "cousin") for n in range(12)]
    big = register_household(
        actor=actor,
        purpose=Purpose.REGISTRATION,
        site=mother.site,
        members=members,
        batch=new_id(),
    )
    home = mother.households.get(until=None).household
    by = {"actor": actor, "purpose": Purpose.REGISTRATION}
    for other in members_now(big):
        claim_relationship(**by, person=other, to=mother, kind="cousin")  # type: ignore[arg-type]
    merge_households(**by, into=home, other=big)  # type: ignore[arg-type]
    assert queries() == few
    assert few < 45


def batch_on(client: Client, address: str) -> str:
    found = re.search(r'name="batch" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def test_a_birth_and_a_departure_sent_twice_happen_once(
    operation: Operation, people: list[Person]
) -> None:
    client, mother = operation.at(Desk.RECEPTION), people[0]
    for name, told in (
        ("people:birth", {"name": "Amberjack", "sex": "female", "born": "0"}),
        ("people:event", {"event": "departure"}),
    ):
        address = reverse(name, args=[mother.reference])
        sent = {**told, "batch": batch_on(client, address)}
        assert [client.post(address, sent).status_code for _time in range(2)] == [302, 302]
    assert Person.objects.count() == len(people) + 1
    assert mother.registrations.count() == 2
    # Another departure of who is gone, on another page that stood open.
    late = client.post(reverse("people:event", args=[mother.reference]), {"event": "departure"})
    assert late.status_code == 422
    assert 'value="departure"' not in late.content.decode()


@pytest.mark.parametrize("act", ["doubt_age", "decide_age", "record_event", "protect_person"])
def test_a_colleague_who_was_faster_is_told_of(
    operation: Operation, people: list[Person], monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    def faster(**_told: object) -> None:
        raise ConflictError((), version=2, values={})

    where, sent = {
        "doubt_age": ("age", {"do": "other"}),
        "decide_age": ("age", {"born": "1990", "basis": "stated"}),
        "record_event": ("event", {"event": "departure"}),
        "protect_person": ("protection", {"reason": "She is looked for.", "review_on": "30"}),
    }[act]
    page = protection if where == "protection" else continuous_registration
    monkeypatch.setattr(page, act, faster)
    client = signed_in(operation.supervisor)
    address = reverse(f"people:{where}", args=[people[0].reference])
    told = client.post(address, sent)
    assert told.status_code == 409
    said = told.content.decode()
    assert "Someone else changed this at the same moment." in said
    for typed in ("1990", "She is looked for."):
        assert typed not in sent.values() or typed in said


def test_a_relationship_that_a_colleague_settled_is_told_of(
    operation: Operation, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def faster(**_told: object) -> None:
        raise ConflictError((), version=2, values={})

    monkeypatch.setattr(households, "settle_relationship", faster)
    row = Relationship.objects.get()
    address = reverse("people:relationship", args=[row.reference])
    told = signed_in(operation.supervisor).post(address, {"state": "verified", "basis": "A book."})
    assert told.status_code == 409
    assert "A book." in told.content.decode()


@pytest.fixture
def both(operation: Operation, people: list[Person]) -> User:
    """The receptionist of a small office, who is case worker there as well."""
    user, site = operation.desks[Desk.RECEPTION], people[0].site
    grant_role(user=user, role=Role.CASE_WORKER, organisation=operation.controller, site=site)
    return user


def test_a_further_role_takes_nothing_away(
    operation: Operation, people: list[Person], both: User
) -> None:
    mother, child = people
    client = signed_in(both)
    shown = page(client, mother)
    assert NAME in shown
    assert reverse("people:relate", args=[mother.reference]) in shown
    assert "Consent and sharing" in shown
    page(client, mother, "consents:of")
    sent: list[tuple[str, list[str], dict[str, str]]] = [
        ("people:add_row", [mother.reference, "names"], {"text": "Zumurrud Harbour"}),
        ("people:relate", [mother.reference], {"code": child.code, "kind": "cousin"}),
        ("people:join", [child.reference], {"do": "other"}),
    ]
    for name, args, told in sent:
        url = reverse(name, args=args)
        assert client.get(url).status_code == 200, name
        assert client.post(url, told).status_code == 302, name
    with open_vault():
        names = {row.text for row in PersonName.objects.filter(person=mother)}
    assert "Zumurrud Harbour" in names
    assert not Entry.objects.filter(outcome="denied").exists(), "nobody meant what was only asked"
    purposes = Entry.objects.filter(action="people.change", actor_id=both.pk).values_list("purpose")
    assert {purpose for (purpose,) in purposes} == {"registration"}


def test_whom_they_are_assigned_to_they_help(
    operation: Operation, people: list[Person], both: User
) -> None:
    """What reception may not read is there, and with others of the family they register."""
    mother, child = people
    assign_user(user=both, object_kind=KIND, object_id=mother.pk)
    client = signed_in(both)
    assert "More about the person" in page(client, mother)
    assert "More about the person" not in page(client, child)
    opened = Entry.objects.filter(action="people.open_identity", actor_id=both.pk)
    told = opened.order_by("place").values_list("subject_id", "purpose").distinct()
    assert {(mother.pk, "assistance"), (child.pk, "registration")} <= set(told)
    url = reverse("people:relate", args=[mother.reference])
    assert client.post(url, {"code": child.code, "kind": "cousin"}).status_code == 302
    household = members_household(mother)
    assert CHILD in client.get(household).content.decode()


def members_household(person: Person) -> str:
    household = member_of(person)
    assert household is not None
    return reverse("people:household", args=[household.reference])


def test_what_both_roles_do_not_allow_stays_refused(
    operation: Operation, people: list[Person], both: User
) -> None:
    elsewhere = Site.objects.filter(organisation=operation.controller).order_by("created_at").last()
    assert elsewhere != people[0].site
    Person.objects.filter(pk=people[0].pk).update(site=elsewhere)
    url = reverse("people:change", args=[people[0].reference])
    assert signed_in(both).get(url).status_code == 404


def summary_in(shown: str) -> list[str]:
    """The facts at the head of a record's page, without their labels."""
    part = shown.partition('class="summary-facts"')[2].partition("</ul>")[0]
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<bdi[^>]*>.*?</bdi>", part)]


def test_the_summary_says_who_it_is_about_to_who_may_read_it(
    operation: Operation, people: list[Person]
) -> None:
    """A boy alone, as far as is verified; who sees a code alone is told nothing of it."""
    boy = people[1]
    change_person(
        actor=actor_of(operation.supervisor),
        purpose=Purpose.ASSISTANCE,
        person=boy,
        base_version=boy.version,
        changes={"languages": ["apc", "eng"], "interpreter": "not from her town"},
    )
    age = clock.now().year - 2019
    shown = page(signed_in(operation.supervisor), boy)
    facts = summary_in(shown)
    assert facts[0] == "Child"
    assert re.fullmatch(rf"({age - 1} to )?{age} years?", facts[1])
    assert facts[2:4] == ["Male", language_label("apc")]
    assert facts[4] == "Unaccompanied"
    assert "not from her town" in shown
    reception = page(operation.at(Desk.RECEPTION), boy)
    assert summary_in(reception) == facts
    assert "not from her town" not in reception, "it is sensitive"
    seen = operation.at(Desk.PROTECTION).get(reverse("people:person", args=[boy.reference]))
    assert summary_in(seen.content.decode()) == []


def test_the_summary_counts_nobody_whom_the_reader_may_not_know(
    operation: Operation, people: list[Person]
) -> None:
    mother, boy = people
    url = reverse("people:relationship", args=[Relationship.objects.get(person=boy).reference])
    sent = {"do": "save", "state": "verified", "basis": "book"}
    assert signed_in(operation.supervisor).post(url, sent).status_code == 302
    assert summary_in(page(operation.at(Desk.RECEPTION), boy))[-1] == "With a parent or caregiver"
    Person.objects.filter(pk=mother.pk).update(protected=True, protected_at=mother.registered_at)
    assert summary_in(page(operation.at(Desk.RECEPTION), boy))[-1] == "Unaccompanied"

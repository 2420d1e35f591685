"""A guest organisation sees the children that were opened to it, and of every other child as much
as of one who does not exist: on each page of the apps for children, by reading and by sending.

The addresses come from those of the installation. All tests look at the same two children: one whom
the guest was given, and one who is hidden from it, who lives in the same house and is the first
one's sister.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user, open_to_organisation
from marfa.apps.registry.models import Person
from marfa.domain.codes import format_code
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import Office
from tests.apps.children.whole import APPS, Whole, a_house
from tests.conftest import Operation
from tests.web.every_state import (
    Answer,
    Record,
    Visitor,
    alike,
    match_of,
    of_nobody,
    parts_of,
    records,
    routes,
)

pytestmark = pytest.mark.django_db
SECRET = "Qamarzaman"
"""Stands in every text about the child whom the guest was not given."""

KINDS = {
    "age_assessment.AgeAssessment": "cases:age cases:age_answer cases:age_result",
    "age_assessment.AgeLook": "cases:age_look",
    "age_assessment.AgeResult": "cases:age_strike",
    "alternative_care.CarePlace": "care:place care:change_place",
    "alternative_care.Placement": "cases:placement cases:move_child",
    "best_interests.AdultDoubt": "cases:adult_doubt",
    "best_interests.AgencyDecision": "cases:agency_decision",
    "best_interests.Determination": """cases:determination cases:determination_change
        cases:determination_new_option cases:panel_member""",
    "best_interests.DeterminationOption": "cases:determination_option",
    "best_interests.PanelMember": "cases:panel_member_one",
    "best_interests.Representative": "cases:representative",
    "cases.Case": """cases:notice_new cases:place_child cases:add_relative cases:look_for
        cases:never_through cases:ask_parting cases:recovery_new cases:age_ask
        cases:representative_new cases:adult_doubt_new cases:capacity cases:child_answer
        cases:agency_decision_new cases:best_interests cases:determination_new""",
    "child_talks.ChildTalk": "child_talks:talk",
    "detention.Detention": "detention:show detention:review detention:move detention:end",
    "registry.Person": """child_talks:begin child_talks:no_list detention:record children:child
        children:end children:plan children:say""",
    "reintegration.PlanStep": "cases:recovery_step cases:recovery_step_change",
    "reintegration.RecoveryPlan": "cases:recovery cases:recovery_review cases:recovery_step_new",
    "tracing.ClaimedRelative": "cases:relative cases:family_risks cases:reunify",
    "tracing.Enquiry": "enquiries:one",
    "tracing.FamilyVisit": "cases:family_visit",
    "tracing.Parting": "cases:parting",
    "tracing.Reunification": "cases:reunification",
    "tracing.TieDecision": "cases:relative_decision",
    "tracing.TracingRequest": "cases:tracing cases:share_tracing",
    "violation_notices.ViolationNotice": "cases:notice",
}
"""What each page is about."""
ABOUT = {name: kind for kind, names in KINDS.items() for name in names.split()}

DRAWN_ANEW = ("/language/", "/sign-out/", "/my/security/")
"""Pages that are not the same twice, or end the visit."""

OF_NO_CHILD = {"alternative_care.CarePlace", "tracing.Enquiry"}
"""Records that are about no child, and the organisation's own."""

AT_THE_PLACE = {"children:end", "cases:move_child"}
"""Pages for those who work at the place of the child, whom a guest is not among."""


@dataclass
class World:
    """given, hidden: the two children. house: what is about neither, and the controller's own."""

    given: set[object]
    hidden: set[object]
    told: re.Pattern[str]
    known: dict[str, Record]
    guest: Visitor
    worker: Visitor
    boss: Visitor
    child: Person
    own: Person
    before: dict[str, Answer]
    at: Callable[[], datetime]

    def records_of(self, name: str, people: set[object]) -> list[str]:
        """The references of all that a page is about, of some people."""
        kind = ABOUT[name]
        return [
            reference
            for reference, record in self.known.items()
            if record.kind == kind and (record.about in people or kind in OF_NO_CHILD)
        ]

    def case_of(self, placement: str) -> str:
        """The reference of the case of a placement."""
        key = self.known[placement].row.case_id
        return next(
            reference
            for reference, each in self.known.items()
            if each.kind == "cases.Case" and each.row.pk == key
        )


def views() -> dict[str, str]:
    """Every address of the apps for children, by the name of its view."""
    return {name: route for name, route in routes().items() if app_of(route) in APPS}


def app_of(route: str) -> str:
    match = match_of(address(route, "0" * 20))
    return match.func.__module__.split(".")[2] if match else ""


def address(route: str, reference: str) -> str:
    told = {"reference": reference, "language": "ar"}
    return "/" + "".join(
        told.get(part, "1") if placed else part for placed, part in parts_of(route)
    )


def plain_pages() -> list[str]:
    """All addresses of the installation that name nothing: lists, boards, the work, searches."""
    found = (f"/{route}" for route in routes().values() if "<" not in route and "(" not in route)
    return sorted(url for url in found if not url.startswith(DRAWN_ANEW))


@pytest.fixture(scope="module")
def world(operation_of_module: Operation) -> World:
    operation = operation_of_module
    with every_organisation():
        office = Office(operation)
        house = a_house(office)
        given = Whole(office)
        given.everything(house)
        give(operation, given)
        at = clock.advance(clock.now(), minutes=20)
        users = (operation.partner, operation.desks[Desk.PROTECTION], operation.supervisor)
        guest, worker, boss = (Visitor(user.username, user) for user in users)
        with clock.set_to(lambda: at):
            before = {url: guest.open(url) for url in plain_pages()}
        hidden, asked = Whole(office, SECRET), Whole(office, SECRET)
        hidden.everything(house, given.person)
        given.apart(hidden.person)
        asked.relatives()
        asked.doubted()
        known = records()
    people: set[object] = {hidden.person.pk, asked.person.pk}
    telling = {SECRET, *(ref for ref, record in known.items() if record.about in people)}
    for whole in (hidden, asked):
        telling |= {whole.person.code, format_code(whole.person.code)}
    told = re.compile("|".join(map(re.escape, sorted(telling))))
    about: set[object] = {given.person.pk}
    visitors = (guest, worker, boss)
    children = (hidden.person, given.person)
    return World(about, people, told, known, *visitors, *children, before, lambda: at)


def give(operation: Operation, child: Whole) -> None:
    """The record is opened to the guest, whose worker is assigned to it."""
    open_to_organisation(
        organisation=operation.guest,
        owner=operation.controller.pk,
        object_kind="Person",
        object_id=child.person.pk,
        until=clock.now() + timedelta(days=3),
    )
    assign_user(user=operation.partner, object_kind="Person", object_id=child.person.pk)


def test_of_every_page_it_is_said_what_it_is_about() -> None:
    about = {name for name, route in views().items() if "<" in route}
    assert about == ABOUT.keys(), "say in KINDS what the page is about"
    assert len(about) > 50


def test_the_children_have_something_on_every_page(world: World) -> None:
    """The control: each page opens of the child whom the guest was not given, for the controller's
    own worker or for the supervisor."""
    closed = set()
    for name, route in views().items():
        if "<" not in route:
            continue
        urls = [address(route, each) for each in world.records_of(name, world.hidden)]
        visitors = (world.worker, world.boss)
        if not any(who.open(url).status in (200, 302) for url in urls for who in visitors):
            closed.add(name)
    assert closed == set()


def test_of_a_child_whom_it_was_not_given_a_guest_sees_what_there_is_of_nobody(
    world: World,
) -> None:
    compared, differ = 0, []
    for name, route in views().items():
        if "<" not in route:
            continue
        nobody = of_nobody(address(route, next(iter(world.known))), world.known)
        for ask in (world.guest.open, world.guest.send):
            none = alike(ask(nobody), nobody)
            for reference in world.records_of(name, world.hidden):
                url = address(route, reference)
                there = alike(ask(url), url)
                compared += 1
                if there != none or there.status not in (403, 404):
                    differ.append(f"{ask.__name__} {url}: {there.status}, {none.status}")
    assert differ == []
    assert compared > 120


def test_of_a_child_whom_it_was_given_a_guest_sees_what_an_assigned_worker_sees(
    world: World,
) -> None:
    opened, differ, told = 0, set(), []
    for name, route in views().items():
        if "<" not in route or ABOUT[name] in OF_NO_CHILD:
            continue
        for reference in world.records_of(name, world.given):
            url = address(route, reference)
            found = world.guest.open(url)
            opened += found.status in (200, 302)
            if found.status != world.worker.open(url).status:
                differ.add(name)
            if shown := world.told.search(found.text):
                told.append(f"{url}: {shown[0]}")
    for page in ("cases:case", "people:person"):
        kind = "cases.Case" if page == "cases:case" else "registry.Person"
        for reference, record in world.known.items():
            if record.kind == kind and record.about in world.given:
                found = world.guest.open(reverse(page, args=[reference]))
                assert found.status == 200
                told += [page] if world.told.search(found.text) else []
    assert differ == AT_THE_PLACE
    assert told == [], "a page of one child tells of another"
    assert opened > 60


def test_a_guest_learns_nothing_of_the_caregiver_and_decides_nothing_there(world: World) -> None:
    compared = 0
    for reference in world.records_of("cases:placement", world.given):
        url = reverse("cases:placement", args=[reference])
        case = reverse("cases:case", args=[world.case_of(reference)])
        for page in (url, case):
            assert "Blue door" in world.worker.open(page).text, "the control: the worker reads it"
            shown = world.guest.open(page)
            assert shown.status == 200
            assert "Blue door" not in shown.text
            assert "A caregiver of another organisation" in shown.text
        assert world.guest.send(url).status == 403
        compared += 1
    assert compared


def test_no_list_board_count_or_search_of_a_guest_changes_by_a_child_who_is_not_theirs(
    world: World,
) -> None:
    """Pages that name nothing are the same to the byte before and after the child was there."""
    with clock.set_to(world.at):
        after = {url: world.guest.open(url) for url in world.before}
        differ = [url for url in after if after[url] != world.before[url]]
        board = next(url for url in after if url.endswith("/children/"))
        assert world.told.search(world.boss.open(board).text), "the control: it is on the board"
        assert after[board].status == 200
    assert differ == []
    assert [url for url, page in after.items() if world.told.search(page.text)] == []


def test_the_search_finds_no_child_whom_a_guest_was_not_given(world: World) -> None:
    with clock.set_to(world.at):
        for child, found in ((world.child, False), (world.own, True)):
            there = reverse("people:person", args=[child.reference])
            page = world.guest.client.post("/find/", {"text": child.code}, follow=True)
            assert (there in page.content.decode() or there in str(page.redirect_chain)) == found
        page = world.guest.client.get("/children/", {"q": world.child.code})
        assert reverse("children:child", args=[world.child.reference]) not in page.content.decode()

"""The pages, from the door: who opens them, what is typed and kept, and who decides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.best_interests.models import (
    AdultDoubt,
    AgencyDecision,
    BestInterestsAssessment,
    ChildAnswer,
    Determination,
    DeterminationOption,
    PanelMember,
    Representative,
)
from marfa.apps.manifest import Desk
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.best_interests.states import Child, make_all_states
from tests.apps.cases.office import CHILD, Office
from tests.apps.consents.examples import agreed, clinic
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
CANARIES = ("canary-guardian", "canary-safety")
OF_CASE = (
    *("representative_new", "adult_doubt_new", "capacity", "child_answer"),
    *("agency_decision_new", "best_interests", "determination_new"),
)
OF_ROW = {
    "representative": Representative,
    "adult_doubt": AdultDoubt,
    "agency_decision": AgencyDecision,
    "determination": Determination,
    "determination_change": Determination,
    "determination_new_option": Determination,
    "determination_option": DeterminationOption,
    "panel_member": Determination,
    "panel_member_one": PanelMember,
}


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def child(office: Office) -> Child:
    to = clinic()
    agreed(to)
    return Child(office.case(office.register(CHILD)), office.worker, office.supervisor, to)


@pytest.fixture
def browser(office: Office) -> Client:
    return office.operation.at(Desk.PROTECTION)


def addresses(child: Child) -> list[str]:
    found = [reverse(f"cases:{name}", args=[child.case.reference]) for name in OF_CASE]
    for name, model in OF_ROW.items():
        rows = model._default_manager.filter(person=child.case.person)
        found += [reverse(f"cases:{name}", args=[row.reference]) for row in rows]
    return found


def test_pages_open_for_those_who_read_the_case(
    office: Office, child: Child, browser: Client
) -> None:
    make_all_states(child)
    boss = signed_in(office.operation.supervisor)
    strangers = [
        signed_in(user)
        for user in (office.operation.colleague, office.operation.partner, office.operation.officer)
    ]
    page = reverse("cases:case", args=[child.case.reference])
    text = browser.get(page).content.decode()
    assert all(each in text for each in (*CANARIES[1:], 'id="best-interests"'))
    for url in addresses(child):
        assert [browser.get(url).status_code, boss.get(url).status_code] == [200, 200], url
        for stranger in strangers:
            assert stranger.get(url).status_code in (403, 404), url
    nobody = reverse("cases:representative", args=["nobody"])
    there = reverse("cases:representative", args=[Representative.objects.all()[0].reference])
    partner = strangers[1]
    assert partner.get(nobody).status_code == partner.get(there).status_code == 404


def test_page_of_an_adult_says_nothing_of_it(office: Office, browser: Client) -> None:
    case = office.case()
    page = browser.get(reverse("cases:case", args=[case.reference])).content.decode()
    assert "best-interests" not in page
    sent = browser.post(
        reverse("cases:capacity", args=[case.reference]),
        {"about": "School", "explained": "You may say no", "level": "alone"},
    )
    assert sent.status_code == 422
    assert "for children" in sent.content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(child: Child, browser: Client) -> None:
    url = reverse("cases:representative_new", args=[child.case.reference])
    told = {
        "kind": "guardian",
        "basis": "asked",
        "name": "Nour Typed",
        "reach": "+000 1",
        "since": "1/1/2020",
        "review_on": "1/1/2021",
    }
    sent = browser.post(url, told)
    text = sent.content.decode()
    assert sent.status_code == 422
    assert "Nour Typed" in text
    assert "verified tie to the child" in text
    assert not Representative.objects.exists()


def test_answer_is_offered_to_who_may_give_it(child: Child, browser: Client) -> None:
    url = reverse("cases:child_answer", args=[child.case.reference])
    guardian, note = child.appoint(), child.capacity()
    day = child.today.strftime("%d/%m/%Y")
    told = {"about": "School", "agreed_answer": "given", "agreed_on": day}
    assert "canary-guardian" in browser.get(url).content.decode()
    refused = browser.post(url, {**told, "agreed_who": f"guardian:{note.pk}"})
    assert refused.status_code == 422
    browser.post(url, {**told, "agreed_who": f"guardian:{guardian.pk}"})
    browser.post(url, {**told, "agreed_who": f"child:{note.pk}"})
    no = browser.post(url, {**told, "agreed_who": "child:", "agreed_answer": "given"})
    assert no.status_code == 422  # the child's yes rests on what was explained
    browser.post(url, {**told, "agreed_who": "child:", "agreed_answer": "refused"})
    rows = ChildAnswer.objects.order_by("at").values_list("agreed_by", "agreed_answer")
    assert list(rows) == [("guardian", "given"), ("child", "given"), ("child", "refused")]


def test_second_person_decides_on_the_page(office: Office, child: Child, browser: Client) -> None:
    url = reverse("cases:determination_new", args=[child.case.reference])
    made = browser.post(
        url,
        {
            "matter": "authority_unsafe",
            "question": "May the post be told?",
            "named": "The post",
            "meanwhile": "",
        },
    )
    assert made.status_code == 422  # who protects the child meanwhile?
    told = {"matter": "authority_unsafe", "question": "May it be told?", "named": "The post"}
    made = browser.post(url, {**told, "meanwhile": "The shelter"})
    row = Determination.objects.get()
    page = reverse("cases:determination", args=[row.reference])
    assert made.headers["Location"] == page
    browser.post(page, {"do": "panel"})
    boss = signed_in(office.operation.supervisor)
    decision = {
        "do": "decide",
        "outcome": "yes",
        "decision": "It is not told",
        "reasons": "It sold her",
        "review_on": "",
    }
    assert 'value="decide"' not in browser.get(page).content.decode()
    assert boss.post(page, decision).status_code == 422  # without a day of review
    day = child.today.replace(year=child.today.year + 1).strftime("%d/%m/%Y")
    assert browser.post(page, {**decision, "review_on": day}).status_code == 403
    boss.post(page, {**decision, "review_on": day})
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("decided", office.supervisor.id)


def test_a_button_that_is_none_decides_nothing(
    office: Office, child: Child, browser: Client
) -> None:
    make_all_states(child)
    waiting = AgencyDecision.objects.get(state="waiting")
    there = reverse("cases:agency_decision", args=[waiting.reference])
    boss = signed_in(office.operation.supervisor)
    assert boss.post(there, {"text": "So it is"}).status_code == 400
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    member = PanelMember.objects.filter(determination__state="panel", stood_back=False)[0]
    there = reverse("cases:panel_member_one", args=[member.reference])
    assert browser.post(there, {"text": "Another"}).status_code == 400
    member.refresh_from_db()
    assert (member.dissents, member.stood_back) == (False, False)
    assert browser.post(there, {"do": "dissent", "text": "Another"}).status_code == 302
    member.refresh_from_db()
    assert member.dissents


def test_the_second_of_two_wrote_none_of_what_they_decide(
    office: Office, child: Child, browser: Client
) -> None:
    """Nor is it changed by anybody once it was given to them."""
    row = child.prepare("authority_unsafe")
    change = reverse("cases:determination_change", args=[row.reference])
    page = reverse("cases:determination", args=[row.reference])
    told = {"question": "Mine?", "named": "The post", "meanwhile": "I do", "view_how": "not_yet"}
    sent = {**told, "view": "", "weighed": "", "base_version": "1", "do": "save"}
    chief = office.operation.supervisor
    boss = signed_in(chief)
    assert boss.post(change, {**sent, "person": chief.reference}).status_code == 302
    assert browser.post(page, {"do": "panel"}).status_code == 302
    day = child.today.replace(year=child.today.year + 1).strftime("%d/%m/%Y")
    decision = {"do": "decide", "outcome": "yes", "decision": "No", "reasons": "It sold her"}
    assert 'value="decide"' not in boss.get(page).content.decode()
    assert boss.post(page, {**decision, "review_on": day}).status_code == 403
    # The control: who wrote none of it decides, and the words stand as they were given.
    other = child.before_panel(child.prepare("authority_unsafe"))
    change = reverse("cases:determination_change", args=[other.reference])
    page = reverse("cases:determination", args=[other.reference])
    late = {**sent, "base_version": str(other.version), "person": chief.reference}
    assert boss.post(change, late).status_code == 422
    assert boss.post(page, {**decision, "review_on": day}).status_code == 302
    other.refresh_from_db()
    assert other.state == "decided"


def test_two_who_change_the_same_choose(child: Child, browser: Client, office: Office) -> None:
    row = child.prepare()
    url = reverse("cases:determination_change", args=[row.reference])
    me, boss = office.operation.desks[Desk.PROTECTION], office.operation.supervisor
    told = {"named": "The clinic", "meanwhile": "", "view_how": "told", "view": "", "weighed": ""}
    first = {**told, "question": "Mine?", "base_version": "1", "do": "save"}
    assert browser.post(url, {**first, "person": me.reference}).status_code == 302
    second = {**first, "question": "Theirs?", "person": boss.reference}
    answer = signed_in(boss).post(url, second)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine?" in text
    assert "Theirs?" in text


def test_assessments_stand_beside_each_other(child: Child, browser: Client) -> None:
    child.assess()
    url = reverse("cases:best_interests", args=[child.case.reference])
    told = {
        "concern": "danger",
        "safety": "He came again",
        "view_how": "told",
        "view": "I am afraid",
        "follows": "She moves tonight",
    }
    late = browser.post(url, {**told, "review_on": "1/1/2099"})
    assert late.status_code == 422
    day = (child.today.replace(year=child.today.year + 1)).strftime("%d/%m/%Y")
    browser.post(url, {**told, "review_on": day})
    assert BestInterestsAssessment.objects.count() == 2
    assert "canary-safety" in browser.get(url).content.decode()


def test_colleague_comes_to_the_panel_and_stands_back(
    office: Office, child: Child, browser: Client
) -> None:
    row = child.prepare()
    url = reverse("cases:panel_member", args=[row.reference])
    told = {"role": "health", "name": "", "conflict": "", "agency": ""}
    nobody = browser.post(url, {**told, "who": "other"})
    assert nobody.status_code == 422  # of which agency?
    chosen = office.operation.desks[Desk.PROTECTION].reference
    assert browser.post(url, {**told, "who": chosen}).status_code == 302
    member = PanelMember.objects.get()
    page = reverse("cases:panel_member_one", args=[member.reference])
    assert browser.post(page, {"do": "stand_back", "text": " "}).status_code == 422
    assert browser.post(page, {"do": "stand_back", "text": "His cousin"}).status_code == 302
    member.refresh_from_db()
    assert (member.has_conflict, member.stood_back) == (True, True)

"""The help: begun without a condition, looked for every day, ended for a reason of the charter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import marfa.apps.assistance
from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.assistance import (
    HelpRequest,
    ask_help,
    begin_help,
    decline_help,
    end_help,
    find_no_place,
    hurry_help,
    record_search,
)
from marfa.apps.assistance.models import RETURNS, Help, HelpTry
from marfa.apps.assistance.queries import late_begins, late_searches, safe_contacts, without_help
from marfa.apps.assistance.views.help_part import next_steps
from marfa.apps.assistance.work import help_work_of
from marfa.apps.cases.actions.case_management import raise_urgency
from marfa.apps.cases.actions.case_opening import presume_victim
from marfa.apps.cases.concerns import all_concerns
from marfa.apps.cases.facts import case_histories
from marfa.apps.cases.models import Case, CaseFact
from marfa.apps.cases.supervision import cases_of_concern, supervision_board
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import revoke_role
from marfa.apps.organisations.models import RoleGrant
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import add_to_person
from marfa.apps.registry.models import ContactPoint, Person
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.facts.timeline import rows_of
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Role
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
BEGAN = datetime(2031, 3, 1, 8, tzinfo=UTC)


class Ticking:
    """A clock that goes on by a moment each time it is read, and by hours when told to."""

    def __init__(self) -> None:
        self.at = BEGAN

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def wait(self, **parts: float) -> None:
        self.at += timedelta(**parts)


@pytest.fixture
def ticking() -> Iterator[Ticking]:
    made = Ticking()
    with clock.set_to(made):
        yield made


@pytest.fixture
def office(operation: Operation, ticking: Ticking) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def asked(office: Office, case: Case, kind: str = "shelter", **more: object) -> Help:
    return ask_help(actor=office.worker, case=case, wanted=HelpRequest(kind, **more))  # type: ignore[arg-type]


def no_place(office: Office, case: Case, **more: object) -> Help:
    row = asked(office, case, **more)  # type: ignore[arg-type]
    find_no_place(actor=office.worker, row=row, interim="She sleeps at the clinic", text="Two")
    return row


def texts(office: Office, case: Case) -> list[str]:
    with open_vault():
        return [str(each.text) for each in next_steps(case)]


def test_help_begins_at_once(office: Office) -> None:
    case = office.case()
    assert list(without_help(office.worker)) == [case]
    assert "Ask what the person needs first, and begin it." in texts(office, case)
    wanted = HelpRequest("shelter", by_whom="The house by the sea")
    row = ask_help(actor=office.worker, case=case, wanted=wanted, begin=True)
    assert row.state == "running"
    assert row.started_at is not None
    assert CaseFact.objects.get(subject=case.person_id, replaced_at=None).given == ("shelter",)
    assert not without_help(office.worker).exists()
    assert Entry.objects.filter(action="assistance.grant", outcome="done").exists()
    with open_vault():
        assert Help.objects.get().by_whom == "The house by the sea"


def test_no_place_needs_a_plan_for_tonight(office: Office) -> None:
    row = asked(office, office.case())
    with pytest.raises(InputError):
        find_no_place(actor=office.worker, row=row, interim="  ")
    row.refresh_from_db()
    assert (
        row.state,
        HelpTry.objects.count(),
        Deadline.objects.filter(kind="assistance.no_place").count(),
    ) == ("wanted", 0, 0)


@pytest.mark.parametrize(("urgent", "hours"), [(False, 24), (True, 12)])
def test_somebody_looks_again_by_elapsed_time(office: Office, urgent: bool, hours: int) -> None:
    row = no_place(office, office.case(), urgent=urgent)
    tried = HelpTry.objects.get()
    assert row.next_try_at is not None
    assert row.next_try_at - tried.at == timedelta(hours=hours)
    due = Deadline.objects.get(kind="assistance.no_place", state="open")
    assert (due.due_at, due.responsible) == (row.next_try_at, office.worker.id)


def test_each_search_is_written_down_and_the_next_is_due(office: Office, ticking: Ticking) -> None:
    case = office.case()
    row = no_place(office, case)
    with pytest.raises(InputError):
        record_search(actor=office.worker, row=row, found=False)
    ticking.wait(hours=20)
    record_search(actor=office.worker, row=row, found=False, text="The house is full")
    row.refresh_from_db()
    assert row.next_try_at is not None
    assert row.next_try_at - clock.now() > timedelta(hours=23, minutes=59)
    record_search(actor=office.worker, row=row, found=True, text="A bed at the house", begin=True)
    assert Help.objects.filter(pk=row.pk, state="running", next_try_at=None).exists()
    assert list(HelpTry.objects.order_by("at").values_list("found", flat=True)) == [
        False,
        False,
        True,
    ]
    assert not Deadline.objects.filter(kind="assistance.no_place", state="open").exists()
    with pytest.raises(InputError):
        record_search(actor=office.worker, row=row, found=False, text="Again")


def test_a_place_for_later_is_asked_for_and_said(office: Office) -> None:
    case = office.case()
    row = no_place(office, case)
    record_search(actor=office.worker, row=row, found=True)
    row.refresh_from_db()
    assert row.state == "wanted"
    assert any(text.startswith("Requested and not begun") for text in texts(office, case))


def test_a_late_search_climbs_without_a_worker_process(
    office: Office, ticking: Ticking, operation: Operation
) -> None:
    case = office.case()
    row = no_place(office, case)
    for who in (office.worker, office.supervisor):
        assert not late_searches(who).exists()
    ticking.wait(hours=24, minutes=1)
    assert list(late_searches(office.worker)) == [row]
    assert not late_searches(office.supervisor).exists(), "one step later"
    assert not late_searches(office.colleague).exists()
    assert any(text.startswith("Search again for a place") for text in texts(office, case))
    ticking.wait(hours=12)
    assert list(late_searches(office.supervisor)) == [row]
    assert [item.text for item in help_work_of(operation.supervisor)] == [
        "There is no place yet: search again"
    ]
    assert not list(help_work_of(operation.partner)) + list(help_work_of(operation.colleague))
    climb_ladders()
    steps = StepReached.objects.filter(deadline__kind="assistance.no_place")
    assert sorted(steps.values_list("step", flat=True)) == ["due", "supervisor"]


def test_what_is_nobodys_is_the_supervisors_at_once(office: Office, ticking: Ticking) -> None:
    row = no_place(office, office.case())
    Case.objects.filter(pk=row.case_id).update(worker=None)
    ticking.wait(hours=25)
    assert list(late_searches(office.supervisor)) == [row]


def test_whose_worker_may_not_read_it_is_the_supervisors_at_once(
    office: Office, ticking: Ticking, operation: Operation
) -> None:
    case = office.case()
    searched = no_place(office, case)
    begins = asked(office, case, kind="medical_care")
    revoke_role(grant=RoleGrant.objects.get(user=operation.desks[Desk.PROTECTION]))
    ticking.wait(hours=25)
    assert list(late_searches(office.supervisor)) == [searched]
    assert list(late_begins(office.supervisor)) == [begins]
    assert not late_searches(office.colleague).exists()


def test_a_protected_person_is_no_hint_to_others(office: Office, ticking: Ticking) -> None:
    row = no_place(office, office.case())
    ticking.wait(hours=48)
    Person.objects.filter(pk=row.person_id).update(protected=True, protected_at=clock.now())
    assert not late_searches(office.supervisor).exists()
    assert list(late_searches(office.worker)) == [row], "who is assigned goes on"


def test_who_says_that_it_cannot_wait_is_heard(office: Office) -> None:
    row = no_place(office, office.case())
    hurry_help(actor=office.worker, row=row)
    row.refresh_from_db()
    assert row.urgent
    assert row.next_try_at is not None
    assert row.next_try_at - clock.now() < timedelta(hours=12)
    assert Deadline.objects.get(kind="assistance.no_place", state="open").due_at == row.next_try_at


def test_a_no_ends_nothing_else_and_stays_open(office: Office) -> None:
    case = office.case()
    food = ask_help(
        actor=office.worker, case=case, wanted=HelpRequest("food_and_essentials"), begin=True
    )
    row = no_place(office, case)
    decline_help(actor=office.worker, row=row, text="Not in that house")
    row.refresh_from_db()
    assert (row.state, row.next_try_at, row.end_reason) == ("declined", None, "")
    assert not Deadline.objects.filter(kind="assistance.no_place", state="open").exists()
    food.refresh_from_db()
    assert food.state == "running"
    again = ask_help(actor=office.worker, case=case, wanted=HelpRequest("shelter"), begin=True)
    assert again.state == "running"


@pytest.mark.parametrize("reason", ["needs_met", "declined", "moved", "unsafe", "handed_over"])
def test_it_ends_for_a_reason_with_what_came_of_it(office: Office, reason: str) -> None:
    case = office.case()
    row = ask_help(actor=office.worker, case=case, wanted=HelpRequest("shelter"), begin=True)
    with pytest.raises(InputError):
        end_help(actor=office.worker, row=row, reason=reason)
    end_help(actor=office.worker, row=row, reason=reason, text="She lives with her sister")
    row.refresh_from_db()
    assert (row.state, row.end_reason) == ("ended", reason)
    with pytest.raises(InputError):
        end_help(actor=office.worker, row=row, reason=reason, text="Twice")


@pytest.mark.parametrize("reason", ["no_cooperation", "no_testimony", "no_complaint"])
def test_it_never_ends_for_a_condition(office: Office, reason: str) -> None:
    row = ask_help(
        actor=office.worker, case=office.case(), wanted=HelpRequest("shelter"), begin=True
    )
    for who in (office.worker, office.supervisor):
        with pytest.raises(DeniedError) as denied:
            end_help(actor=who, row=row, reason=reason, text="She will not speak")
        assert denied.value.decision.policies == ("OP13.unconditional-help.no-condition",)
    ended = {"state": "ended", "end_reason": reason, "ended_at": clock.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Help.objects.filter(pk=row.pk).update(**ended)
    row.refresh_from_db()
    assert row.state == "running"
    with pytest.raises(InputError):
        end_help(actor=office.worker, row=row, reason="because", text="No reason")


def test_who_is_not_assigned_gives_and_ends_nothing(office: Office) -> None:
    case = office.case()
    row = asked(office, case)
    for stranger in (office.colleague, office.partner, office.officer):
        with pytest.raises(DeniedError):
            ask_help(actor=stranger, case=case, wanted=HelpRequest("shelter"))
        with pytest.raises(DeniedError):
            begin_help(actor=stranger, row=row)
        with pytest.raises(DeniedError):
            end_help(actor=stranger, row=row, reason="needs_met", text="No")
    assert Help.objects.get().state == "wanted"


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.EVIDENCE_CUSTODIAN])
def test_who_investigates_there_as_well_gives_and_ends_nothing(
    office: Office, operation: Operation, role: Role
) -> None:
    """Roles that one person is not given together, in a database in which they stand so."""
    case = office.case()
    row, worker = asked(office, case), operation.desks[Desk.PROTECTION]
    begin_help(actor=actor_of(worker), row=row)
    RoleGrant.objects.create(
        user=worker, role=role, organisation=operation.controller, starts_at=clock.now()
    )
    both = actor_of(worker)
    with pytest.raises(DeniedError):
        ask_help(actor=both, case=case, wanted=HelpRequest("food_and_essentials"))
    with pytest.raises(DeniedError):
        end_help(actor=both, row=row, reason="needs_met", text="No")
    assert Help.objects.get().state == "running"


def supervised(office: Office) -> int:
    concern = next(each for each in all_concerns() if each.name == "not-begun")
    return cases_of_concern(office.supervisor, concern).count()


def test_who_was_promised_a_place_is_not_forgotten(
    office: Office, ticking: Ticking, operation: Operation
) -> None:
    """Found for later, the help went back to a state in which nobody looked at it any more."""
    case = office.case()
    row = no_place(office, case)
    ticking.wait(hours=23)
    record_search(actor=office.worker, row=row, found=True)
    there = reverse("cases:help", args=[row.reference])
    worker = operation.desks[Desk.PROTECTION]

    def work(user: User) -> list[str]:
        return [item.url for item in help_work_of(user) if item.url == there]

    ticking.wait(hours=23)
    assert (work(worker), supervised(office)) == ([], 0)
    page = signed_in(worker).get(reverse("cases:case", args=[case.reference])).content.decode()
    assert "Begin by" in page
    ticking.wait(hours=2)
    assert (work(worker), supervised(office)) == ([there], 1)
    assert work(operation.supervisor) == []
    assert {each.name: n for each, n in supervision_board(office.supervisor).concerns}[
        "not-begun"
    ] == 1
    ticking.wait(hours=12)
    assert work(operation.supervisor) == [there]
    assert "Begin by" in signed_in(worker).get(there).content.decode()
    begin_help(actor=office.worker, row=row)
    assert (work(worker), work(operation.supervisor), supervised(office)) == ([], [], 0)


@pytest.mark.parametrize(("urgent", "hours"), [(True, 12), (False, 24)])
def test_what_was_asked_for_and_never_begun_is_work(
    office: Office, ticking: Ticking, urgent: bool, hours: int
) -> None:
    row = asked(office, office.case(), urgent=urgent)
    ticking.wait(hours=hours, minutes=-1)
    assert not late_begins(office.worker).exists()
    ticking.wait(minutes=2)
    assert list(late_begins(office.worker)) == [row]
    decline_help(actor=office.worker, row=row)
    assert not late_begins(office.worker).exists()


@pytest.mark.parametrize("kind", RETURNS)
def test_a_return_is_never_late_to_begin(
    office: Office, ticking: Ticking, operation: Operation, kind: str
) -> None:
    case = office.case()
    row = asked(office, case, kind=kind)
    ticking.wait(hours=48)
    assert not late_begins(office.worker).exists()
    assert {each.name: n for each, n in supervision_board(office.supervisor).concerns}[
        "not-begun"
    ] == 0
    with open_vault():
        [step] = [each for each in next_steps(case) if "not begun" in str(each.text)]
    assert step.due is None
    client = signed_in(operation.desks[Desk.PROTECTION])
    for name, key in (("case", case.reference), ("help", row.reference)):
        page = client.get(reverse(f"cases:{name}", args=[key])).content.decode()
        assert "Begin by" not in page
        assert "overdue" not in page


def test_the_facts_of_help_are_had_again(office: Office, ticking: Ticking) -> None:
    case = office.case()
    row = no_place(office, case)
    raise_urgency(actor=office.worker, case=case, urgency="now", text="He was seen")
    ticking.wait(hours=30)
    record_search(actor=office.worker, row=row, found=True, begin=True)
    end_help(actor=office.worker, row=row, reason="needs_met", text="She rents a room")
    again = rows_of(dict(case_histories())[office.person.pk])
    found = [(r.recorded_at, r.replaced_at, r.values["given"], r.values["lacking"]) for r in again]
    columns = ("recorded_at", "replaced_at", "given", "lacking")
    kept = CaseFact.objects.filter(subject=office.person.pk).values_list(*columns)
    assert sorted(map(str, kept)) == sorted(map(str, found))
    assert ("shelter",) in [row[3] for row in found], "it is known for how long there was no place"


def test_only_safe_ways_to_reach_somebody_are_shown(office: Office, operation: Operation) -> None:
    case = office.case()
    numbers = {"safe": "+249 111", "not_safe": "+249 222", "not_asked": "+249 333"}
    for safety, value in numbers.items():
        add_to_person(
            actor=office.worker,
            purpose=Purpose.ASSISTANCE,
            person=case.person,
            model=ContactPoint,
            values={"kind": "phone", "safety": safety, "value": value},
        )
    assert [each.safety for each in safe_contacts(case)] == ["safe"]
    html = operation.at(Desk.PROTECTION).get(f"/cases/{case.reference}/").content.decode()
    shown = html.split('id="help"')[1]
    assert numbers["safe"] in shown
    assert numbers["not_safe"] not in shown
    assert numbers["not_asked"] not in shown


def test_the_first_help_is_one_page_away(office: Office, operation: Operation) -> None:
    made = presume_victim(actor=office.worker, person=office.person, ground="told")
    client = operation.at(Desk.PROTECTION)
    there = f"/cases/{made.case.reference}/help/"
    assert f'href="{there}"' in client.get(f"/people/{office.person.reference}/").content.decode()
    answer = client.post(there, {"kind": "shelter", "do": "begin"})
    assert answer.status_code == 302
    assert Help.objects.get().state == "running"


def test_a_page_loses_nothing_that_was_typed(office: Office, operation: Operation) -> None:
    case = office.case()
    client = operation.at(Desk.PROTECTION)
    told = {"kind": "shelter", "by_whom": "Sea house", "text": "Two houses", "do": "no_place"}
    answer = client.post(f"/cases/{case.reference}/help/", told)
    assert answer.status_code == 422
    assert not Help.objects.exists(), "nothing is half written"
    html = answer.content.decode()
    assert "Sea house" in html
    assert "Two houses" in html
    client.post(f"/cases/{case.reference}/help/", {**told, "interim": "She sleeps at the clinic"})
    row = Help.objects.get()
    assert row.state == "no_place"
    there = f"/cases/help/{row.reference}/"
    assert "She sleeps at the clinic" in client.get(there).content.decode()
    assert "She sleeps at the clinic" in client.get(f"/cases/{case.reference}/").content.decode()
    for do in ("not_found", "hurry", "found"):
        assert client.post(there, {"do": do, "text": "The house"}).status_code == 302
    assert client.post(there, {"do": "begin"}).status_code == 302
    wrong = client.post(there, {"do": "end", "text": "She left", "reason": ""})
    assert wrong.status_code == 422
    assert "She left" in wrong.content.decode()
    for reason, status in (("no_cooperation", 403), ("needs_met", 302)):
        answer = client.post(there, {"do": "end", "text": "She left", "reason": reason})
        assert answer.status_code == status
    assert client.post(there, {"do": "dance"}).status_code == 400
    assert "Request it again" in client.get(there).content.decode()


def test_others_find_no_page_of_it(office: Office, operation: Operation) -> None:

    case = office.case()
    row = asked(office, case)
    pages = [f"/cases/help/{row.reference}/", f"/cases/{case.reference}/help/"]
    for page in pages:
        assert signed_in(operation.partner).get(page).status_code == 404
        assert signed_in(operation.colleague).get(page).status_code in (403, 404)
        assert operation.at(Desk.RECEPTION).get(page).status_code == 403


def test_the_page_of_a_case_asks_as_often_for_many(office: Office, operation: Operation) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    case = office.case()
    client = operation.at(Desk.PROTECTION)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            assert client.get(f"/cases/{case.reference}/").status_code == 200
        return len(asked_for)

    no_place(office, case)
    ask_help(actor=office.worker, case=case, wanted=HelpRequest("legal_advice"), begin=True)
    client.get(f"/cases/{case.reference}/")
    few = count()
    for kind in ("education", "livelihood", "interpretation"):
        no_place(office, case, kind=kind)
    assert count() == few


KEPT_AWAY = {
    *("Presumption", "FormalIdentification", "Review", "Assessment", "AssessmentArea"),
    *("ExploitationEpisode", "Consent"),
}
MINE = (
    *("actions/assistance.py", "actions/plans.py", "queries.py", "work.py", "facts.py"),
    *("models/assistance.py", "views/assistance.py", "views/help_part.py", "views/plans.py"),
    *("closure.py", "concerns.py"),
)


def names_in(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.alias):
            found |= set(node.name.split("."))
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def read_by_help(source: str) -> set[str]:
    """What help would wait for if it looked at it."""
    ways = {"presumptions", "formal", "reviews", "assessments", "episodes", "proceedings"}
    ways |= {"needs_of"}
    return names_in(source) & (KEPT_AWAY | ways)


@pytest.mark.parametrize("file", MINE)
def test_help_looks_at_nothing_that_it_could_wait_for(file: str) -> None:
    source = (Path(marfa.apps.assistance.__file__).parent / file).read_text(encoding="utf-8")
    assert read_by_help(source) == set()
    for planted in (
        "from marfa.apps.cases.models import FormalIdentification",
        "if case.reviews.exists(): raise ValueError",
        "import marfa.apps.proceedings.models",
    ):
        assert read_by_help(f"{source}\n{planted}\n"), planted

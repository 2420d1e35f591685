"""Goals, the safety plan that two edit at once, time to decide, and returns that are safe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help, begin_help
from marfa.apps.assistance.actions.plans import (
    assess_return,
    end_goal,
    give_reflection,
    plan_of,
    set_goal,
)
from marfa.apps.assistance.models import Goal, Help, ReflectionPeriod, ReturnAssessment, SafetyPlan
from marfa.apps.assistance.queries import plans_due, reflection_of
from marfa.apps.assistance.views.help_part import next_steps
from marfa.apps.assistance.work import goal_address, help_work_of, plan_address
from marfa.apps.cases.models import Case, CountryProfile, SiteCountry
from marfa.apps.manifest import Desk
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.best_interests.states import Child as Decisions
from tests.apps.cases.office import CHILD, Office
from tests.apps.consents.examples import clinic
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
BEGAN = datetime(2031, 3, 1, 8, tzinfo=UTC)
DAY = date(2031, 3, 1)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation(), clock.set_to(BEGAN):
        # The demonstration has a profile; each test says itself what the law gives.
        SiteCountry.objects.all().delete()
        yield Office(operation)


def law(office: Office, days: int | None) -> None:
    """What the profile of the country says of the reflection period; None: nothing."""
    row = CountryProfile(
        organisation=office.operation.controller,
        country="ZW",
        reflection_days=days,
        recorded_at=clock.now(),
        recorded_by=office.supervisor.id,
    )
    row.save(force_insert=True)
    SiteCountry.objects.create(site=office.site, profile=row)


def test_a_goal_is_in_their_words_and_ends_as_they_say(office: Office) -> None:
    case = office.case()
    with pytest.raises(InputError):
        set_goal(actor=office.worker, case=case, area="wishes", text=" ")
    with pytest.raises(InputError):
        set_goal(actor=office.worker, case=case, area="wish", text="A room of my own")
    row = set_goal(actor=office.worker, case=case, area="shelter", text="A room of my own")
    with pytest.raises(DeniedError):
        end_goal(actor=office.colleague, row=row, state="reached")
    with pytest.raises(InputError):
        end_goal(actor=office.worker, row=row, state="open")
    end_goal(actor=office.worker, row=row, state="reached")
    with pytest.raises(InputError):
        end_goal(actor=office.worker, row=row, state="dropped")
    with open_vault():
        assert (Goal.objects.get().words, Goal.objects.get().state) == (
            "A room of my own",
            "reached",
        )


def test_help_serves_goals_of_the_same_case_alone(office: Office) -> None:
    case, other = office.case(), office.case(office.register())
    goal = set_goal(actor=office.worker, case=other, area="shelter", text="A room")
    with pytest.raises(InputError):
        ask_help(actor=office.worker, case=case, wanted=HelpRequest("shelter", goal=goal))
    row = ask_help(actor=office.worker, case=other, wanted=HelpRequest("shelter", goal=goal))
    assert row.goal == goal


def plan_form(html: str, **told: str) -> dict[str, str]:
    """What the page of the plan sends along, with what is typed."""
    hidden = {
        name: html.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("person", "base_version", "review_on")
        if f'name="{name}" value="' in html
    }
    plan = dict.fromkeys(("dangers", "signs", "steps", "people", "code_word"), "")
    return {**plan, "review_on": "31/03/2031", "do": "save", **hidden, **told}


def test_of_two_who_edit_the_plan_neither_loses_anything(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    there = f"/cases/{case.reference}/safety-plan/"
    worker, boss = operation.at(Desk.PROTECTION), signed_in(operation.supervisor)
    seen, seen_too = worker.get(there).content.decode(), boss.get(there).content.decode()
    assert not SafetyPlan.objects.exists(), "opening the page stores nothing"
    assert plan_form(seen)["review_on"] == "31/03/2031", "it can be sent as it was opened"
    sent = worker.post(there, plan_form(seen, steps="She calls Amal", dangers="Her uncle"))
    assert sent.status_code == 302
    # Other fields are put together; the same field is asked about, with both in sight.
    conflict = boss.post(there, plan_form(seen_too, steps="She goes to the clinic", people="Amal"))
    assert conflict.status_code == 409
    html = conflict.content.decode()
    assert "She calls Amal" in html
    assert "She goes to the clinic" in html
    with open_vault():
        plan = SafetyPlan.objects.get()
        assert (plan.steps, plan.dangers, plan.version) == ("She calls Amal", "Her uncle", 2)
    again = plan_form(html, steps="She goes to the clinic", people="Amal", dangers="Her uncle")
    chosen = {**again, "do": "merge", "asked": "steps", "keep-steps": "mine"}
    assert boss.post(there, chosen).status_code == 302
    with open_vault():
        plan = SafetyPlan.objects.get()
        assert (plan.steps, plan.dangers, plan.people) == (
            "She goes to the clinic",
            "Her uncle",
            "Amal",
        )
    assert "She goes to the clinic" in worker.get(f"/cases/{case.reference}/").content.decode()


def test_a_plan_says_what_to_do_and_when_it_is_looked_at(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    there = f"/cases/{case.reference}/safety-plan/"
    client = operation.at(Desk.PROTECTION)
    html = client.get(there).content.decode()
    for told in (
        {"steps": ""},
        {"steps": "She calls", "review_on": "2031-03-01"},
        {"steps": "She calls", "review_on": "2032-03-01"},
        {"steps": "She calls", "review_on": ""},
    ):
        assert client.post(there, plan_form(html, **told)).status_code == 422
    assert not SafetyPlan.objects.exists(), "nothing is half written"


def test_a_kept_draft_is_no_plan_yet(office: Office, operation: Operation) -> None:
    case = office.case()
    there = f"/cases/{case.reference}/safety-plan/"
    client = operation.at(Desk.PROTECTION)
    html = client.get(there).content.decode()
    client.post(there, plan_form(html, steps="She calls", do="draft"))
    with open_vault():
        assert any("no safety plan yet" in str(each.text) for each in next_steps(case))
    plan = SafetyPlan.objects.get()
    assert plan_address(plan.pk) == there
    assert plan_address(None) is None
    assert "She calls" in client.get(there).content.decode(), "what was typed is there again"


def test_a_plan_is_looked_at_again_on_its_day(office: Office, operation: Operation) -> None:
    case = office.case()
    there = f"/cases/{case.reference}/safety-plan/"
    client = operation.at(Desk.PROTECTION)
    html = client.get(there).content.decode()
    client.post(there, plan_form(html, steps="She calls", review_on="١٠/٣/٢٠٣١"))
    worker = operation.desks[Desk.PROTECTION]
    said = "A safety plan is due for review"
    for days, due in ((0, False), (8, False), (9, True), (40, True)):
        with clock.set_to(BEGAN + timedelta(days=days)), open_vault():
            again = [str(each.text) for each in next_steps(case)]
            waits = [str(item.text) for item in help_work_of(worker)]
            assert (said in waits) is due, days
            assert ("Review the safety plan with the person." in again) is due, days
            assert not plans_due(office.colleague).exists()


def test_time_to_decide_is_as_long_as_the_law_says_or_longer(office: Office) -> None:
    case = office.case()
    with pytest.raises(InputError):
        give_reflection(actor=office.worker, case=case)  # no profile, and nobody says how long
    law(office, 45)
    with pytest.raises(InputError):
        give_reflection(actor=office.worker, case=case, days=30)
    row = give_reflection(actor=office.worker, case=case)
    assert (row.starts_on, (row.ends_on - row.starts_on).days + 1) == (DAY, 45)
    more = give_reflection(actor=office.worker, case=case, days=15)
    assert more.starts_on == row.ends_on + timedelta(days=1)
    assert ReflectionPeriod.objects.count() == 2
    assert reflection_of(case, more.ends_on) == more
    assert reflection_of(case, more.ends_on + timedelta(days=1)) is None


def test_its_end_ends_no_help_and_asks_nothing(office: Office, operation: Operation) -> None:
    case = office.case()
    row = ask_help(actor=office.worker, case=case, wanted=HelpRequest("shelter"), begin=True)
    give_reflection(actor=office.worker, case=case, days=30)
    client, said = operation.at(Desk.PROTECTION), "no one asks the person to decide"
    assert said in client.get(f"/cases/{case.reference}/").content.decode()
    with clock.set_to(BEGAN + timedelta(days=31)):
        client = operation.at(Desk.PROTECTION)
        assert said not in client.get(f"/cases/{case.reference}/").content.decode()
        assert Help.objects.get(pk=row.pk).state == "running"


def assessed(office: Office, case: Case, **more: object) -> ReturnAssessment:
    told: dict[str, object] = {
        "kind": "voluntary_return",
        "country": "ET",
        "wished": True,
        "conclusion": "safe",
        "text": "Her sister lives there",
        "valid_until": DAY + timedelta(days=60),
    }
    return assess_return(actor=office.worker, case=case, **{**told, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "days", "missing"),
    [
        (None, 0, "return-not-assessed"),
        ({"kind": "relocation_or_resettlement"}, 0, "return-not-assessed"),
        ({"conclusion": "not_safe"}, 0, "return-not-safe"),
        ({"conclusion": "not_known"}, 0, "return-not-safe"),
        ({"wished": False}, 0, "return-not-wished"),
        ({}, 61, "return-too-old"),
        ({}, 60, ""),
    ],
)
def test_a_return_begins_only_safe_wished_and_recent(
    office: Office, told: dict[str, object] | None, days: int, missing: str
) -> None:
    case = office.case()
    row = ask_help(actor=office.worker, case=case, wanted=HelpRequest("voluntary_return"))
    if told is not None:
        assessed(office, case, **told)
    with clock.set_to(BEGAN + timedelta(days=days)):
        if not missing:
            begin_help(actor=office.worker, row=row)
            return
        with pytest.raises(InputError) as refused:
            begin_help(actor=office.worker, row=row)
        wanted = HelpRequest("voluntary_return")
        with pytest.raises(InputError):
            ask_help(actor=office.worker, case=case, wanted=wanted, begin=True)
    assert [each.message.code for each in refused.value.problems] == [f"apps.assistance:{missing}"]
    assert Help.objects.get().state == "wanted"


def test_all_that_an_assessment_lacks_is_told_at_once(office: Office) -> None:
    empty = {"kind": "", "country": "", "text": " ", "conclusion": "", "wished": None}
    with pytest.raises(InputError) as refused:
        assessed(office, office.case(), **empty, valid_until=None)
    fields = {each.place.field for each in refused.value.problems}
    assert fields == {*empty, "valid_until"}


def test_the_last_assessment_counts(office: Office) -> None:
    case = office.case()
    row = ask_help(actor=office.worker, case=case, wanted=HelpRequest("voluntary_return"))
    assessed(office, case)
    with clock.set_to(BEGAN + timedelta(hours=1)):
        assessed(office, case, conclusion="not_safe", text="Her uncle is back")
        with pytest.raises(InputError):
            begin_help(actor=office.worker, row=row)


def test_an_assessment_is_not_for_ever(office: Office) -> None:
    case = office.case()
    for until in (DAY - timedelta(days=1), DAY + timedelta(days=181), None):
        with pytest.raises(InputError):
            assessed(office, case, valid_until=until)
    with pytest.raises(InputError):
        assessed(office, case, country="QQ")
    assert not ReturnAssessment.objects.exists()


def test_a_child_is_not_returned_from_here(office: Office, operation: Operation) -> None:
    case = office.case(office.register(CHILD))
    row = ask_help(actor=office.worker, case=case, wanted=HelpRequest("voluntary_return"))
    assessed(office, case)
    with pytest.raises(InputError) as refused:
        begin_help(actor=office.worker, row=row)
    assert refused.value.problems[0].message.code == "apps.assistance:return-child"
    html = operation.at(Desk.PROTECTION).get(f"/cases/help/{row.reference}/").content.decode()
    assert "determination of best interests on the return" in html
    there = f"/cases/{case.reference}/#best-interests"
    assert there in html, "where it is prepared"
    decided = Decisions(case, office.worker, office.supervisor, clinic()).decided
    decided("placement")
    with pytest.raises(InputError):
        begin_help(actor=office.worker, row=row)
    row = ask_help(actor=office.worker, case=case, wanted=HelpRequest("relocation_or_resettlement"))
    assessed(office, case, kind="relocation_or_resettlement")
    decided("return")
    begin_help(actor=office.worker, row=row)
    row.refresh_from_db()
    assert row.state == "running", "the control: decided, found safe and wished"
    shelter = ask_help(actor=office.worker, case=case, wanted=HelpRequest("shelter"), begin=True)
    assert shelter.state == "running", "all other help begins"


def test_the_pages_of_the_plan(office: Office, operation: Operation) -> None:
    case = office.case()
    client = operation.at(Desk.PROTECTION)
    base = f"/cases/{case.reference}"
    wrong = client.post(f"{base}/new-goal/", {"area": "work", "text": "", "due_on": "9/4/2031"})
    assert wrong.status_code == 422
    assert "9/4/2031" in wrong.content.decode(), "what was typed is kept"
    told = {"area": "work", "text": "My own shop", "due_on": "2031"}
    assert "whole day" in client.post(f"{base}/new-goal/", told).content.decode()
    told["due_on"] = "٩ أبريل 2031"
    assert client.post(f"{base}/new-goal/", told).status_code == 302
    goal = Goal.objects.get()
    assert goal.due_on == date(2031, 4, 9)
    there = goal_address(goal.pk)
    assert there == f"/cases/goal/{goal.reference}/"
    html = client.get(there).content.decode()
    assert "My own shop" in html
    assert 'value="09/04/2031"' in html
    sent = {name: plan_form(html)[name] for name in ("person", "base_version")}
    more = {"area": "work", "words": "My own tea shop", "due_on": "2031", "do": "save"}
    assert "whole day" in client.post(there, {**sent, **more}).content.decode()
    more["due_on"] = "10 April 2031"
    assert client.post(there, {**sent, **more, "words": ""}).status_code == 422
    assert client.post(there, {**sent, **more}).status_code == 302
    assert "My own tea shop" in client.get(f"{base}/").content.decode()
    assert client.post(f"{there}end/", {"state": ""}).status_code == 422
    assert client.post(f"{there}end/", {"state": "reached"}).status_code == 302
    assert client.post(f"{base}/time-to-decide/", {"days": "many"}).status_code == 422
    assert client.post(f"{base}/time-to-decide/", {"days": "٣٠"}).status_code == 302
    assert ReflectionPeriod.objects.get().ends_on == date(2031, 3, 30)
    answer = client.post(f"{base}/return/", {"text": "Her sister", "kind": "voluntary_return"})
    assert answer.status_code == 422
    assert "Her sister" in answer.content.decode()
    told = {"text": "Her sister", "kind": "voluntary_return", "country": "ET", "wished": "yes"}
    told |= {"conclusion": "safe", "valid_until-day": "1", "valid_until-month": "5"}
    told |= {"valid_until-year": "2031"}
    assert client.post(f"{base}/return/", told).status_code == 302
    assert "Her sister" in client.get(f"{base}/return/").content.decode()


def test_an_unstored_plan_is_looked_at_within_a_month(office: Office) -> None:
    assert plan_of(office.case()).review_on == DAY + timedelta(days=30)

"""The desk's pages: who gets in, and a talk from the first page to the hand-over and beyond."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.reasons import end_entry, join_queue
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.registry.actions import NewPerson, register_person
from marfa.apps.registry.models import Person
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import hand_over, take_up
from marfa.apps.screening.answers import answers_given
from marfa.apps.screening.conditions import Condition, Met
from marfa.apps.screening.facts import age_of
from marfa.apps.screening.models import DangerStep, HandOver, OutcomeChange, Screening, SiteWords
from marfa.apps.screening.queries import (
    RESOLVED_WITHIN,
    to_screen,
    unresolved_screenings,
    waiting_hand_overs,
)
from marfa.apps.screening.work import work_items_of
from marfa.domain.codes import format_code
from marfa.domain.dates import PartialDate
from marfa.methods.screening import Age, Library, Panel
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import StepReached
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.screening.test_interview import ADULT, Office
from tests.conftest import Operation, signed_in

HOLD = {each.value: Met.YES.value for each in Condition} | {"interpreter_code": "T-7"}
CHILD = NewPerson(sex="female", born=PartialDate.gregorian(2015), basis="stated")


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def at(name: str, row: Screening, *more: object) -> str:
    return reverse(f"screening:{name}", args=[row.reference, *more])


def sit_down(officer: Client, person: Person) -> Screening:
    there = reverse("to_screen:sit_down", args=[person.reference])
    sent = officer.post(there, {"language": "ar", "form": "feminine"})
    assert sent.status_code == 302
    return Screening.objects.get(person=person, state="preparing")


def begin(officer: Client, row: Screening, instrument: str = "registration-risk") -> None:
    """Send the conditions; only an interpreter is there beside what must always hold."""
    sent = officer.post(at("conditions", row), {**HOLD, "do": "begin", "instrument": instrument})
    assert sent.status_code == 302, sent.content.decode()
    row.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_woman_alone_is_screened_and_handed_over(
    desk: Office, officer: Client, operation: Operation
) -> None:
    row = sit_down(officer, desk.person)
    begin(officer, row)
    page = officer.get(at("question", row, 4)).content.decode()
    assert '<html lang="en" dir="ltr">' in page, "the page stays in the officer's direction"
    assert "أوراقكِ" in page, "the question is put to a woman, in her language"
    told = {"said-rr-papers-held": "no", "seen-rr-papers-held": "yes", "version": row.version}
    told |= {"said": "He is my cousin", "seen": "The cousin holds the passport", "do": "end"}
    assert officer.post(at("question", row, 4), told)["Location"] == at("end", row)
    officer.post(at("end", row), {"wish": "To call my sister"})
    page = officer.get(at("one", row)).content.decode()
    assert "To call my sister" in page
    assert "observed" in page
    assert "%" not in page.split("<main")[1].split("</main>")[0], "no probability"
    assert [item.url for item in work_items_of(operation.desks[Desk.RECEPTION])] == [at("one", row)]
    assert 'name="ground" value="agreed" checked' not in page, "nobody has said so yet"
    unsaid = officer.post(at("one", row), {"do": "hand_over", "note": ""})
    assert unsaid.status_code == 422
    assert "Choose why this person is handed over." in unsaid.content.decode()
    officer.post(
        at("one", row), {"do": "hand_over", "ground": "agreed", "note": "The cousin waits outside"}
    )
    made = HandOver.objects.get(screening=row)
    assert not list(work_items_of(operation.desks[Desk.RECEPTION]))
    worker = operation.at(Desk.PROTECTION)
    take = reverse("hand_overs:take", args=[made.reference])
    assert worker.get(at("one", row)).status_code in (403, 404), "not before it is taken up"
    assert format_code(desk.person.code) in worker.get(reverse("hand_overs:all")).content.decode()
    assert worker.post(take)["Location"] == at("one", row)
    shown = worker.get(at("one", row)).content.decode()
    assert "To call my sister" in shown
    assert "The cousin waits outside" in shown, "what protection must know at once"
    assert worker.post(take)["Location"] == at("one", row), "taken up already, by oneself"
    late = signed_in(operation.supervisor)
    for answer in (late.get(take), late.post(take)):
        assert answer.status_code == 409
        assert "A colleague has taken this person." in answer.content.decode()
        assert "you are responsible for this person" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_who_may_not_know_of_a_talk_does_not(desk: Office, operation: Operation) -> None:
    row = desk.finished(cd_papers="yes")
    names = ("one", "conditions", "ask", "end", "stop", "danger", "lowering")
    strangers = (operation.partner, operation.outsider, operation.desks[Desk.REPORTING])
    for stranger in (*strangers, operation.desks[Desk.ADMINISTRATION], operation.officer):
        client = signed_in(stranger)
        for name in names:
            assert client.get(at(name, row)).status_code in (403, 404), (stranger, name)
            assert client.post(at(name, row), {"do": "forget"}).status_code in (403, 404)
        assert client.get(reverse("to_screen:queue")).status_code == 403
        assert not list(work_items_of(stranger))
    partner = signed_in(operation.partner)
    assert (
        format_code(desk.person.code) not in partner.get(reverse("hand_overs:all")).content.decode()
    )
    row.refresh_from_db()
    assert row.state == Screening.State.FINISHED


@pytest.mark.django_db(transaction=True)
def test_without_the_conditions_it_is_put_off_and_danger_can_still_be_met(
    desk: Office, officer: Client
) -> None:
    row = sit_down(officer, desk.person)
    told = {**HOLD, "nobody_else": "no", "do": "begin", "instrument": "registration-risk"}
    page = officer.post(at("conditions", row), told)
    assert page.status_code == 200
    assert "No relative, companion, guard or employer is present" in page.content.decode()
    row.refresh_from_db()
    assert row.state == "preparing"
    done = {"kind": "immediate", "done": "Walked her to the clinic"}
    assert officer.post(at("danger", row), {**done, "done": " "}).status_code == 422
    assert officer.post(at("danger", row), done).status_code == 302
    step = DangerStep.objects.get(screening=row)
    with open_vault():
        assert step.done == "Walked her to the clinic"
    officer.post(at("conditions", row), {**told, "do": "put_off", "why": "The uncle stays"})
    row.refresh_from_db()
    assert row.state == Screening.State.NOT_SAFE
    assert "The uncle stays" in officer.get(at("one", row)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_and_chosen_stays_until_the_talk_begins(
    desk: Office, officer: Client
) -> None:
    row = sit_down(officer, desk.register(NewPerson()))
    told = {**HOLD, "instrument": "registration-risk", "why": "The uncle stays"}
    for sent in ({**told, "do": "keep"}, {**told, "do": "begin", "interpreter_code": " "}):
        page = officer.post(at("conditions", row), sent).content.decode()
        assert "The uncle stays" in page
        assert 'value="registration-risk" checked' in page


@pytest.mark.django_db(transaction=True)
def test_a_talk_is_put_off_without_the_code_of_the_interpreter(
    desk: Office, officer: Client
) -> None:
    row = sit_down(officer, desk.person)
    sent = {**HOLD, "interpreter_code": "", "do": "put_off", "why": "The uncle stays"}
    assert officer.post(at("conditions", row), sent).status_code == 302
    row.refresh_from_db()
    assert row.state == Screening.State.NOT_SAFE


@pytest.mark.django_db(transaction=True)
def test_why_a_talk_stops_stays_where_the_stop_is_refused(desk: Office, officer: Client) -> None:
    row = sit_down(officer, desk.person)
    officer.post(at("stop", row), {"do": "stop"})
    answer = officer.post(at("stop", row), {"do": "stop", "why": "Tired"})
    assert answer.status_code == 422
    assert "Tired" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_steps_of_the_site_are_in_their_language(desk: Office, officer: Client) -> None:
    row = sit_down(officer, desk.person)
    assert '<ol lang="' not in officer.get(at("danger", row)).content.decode()
    SiteWords.objects.create(
        site=desk.site, kind="medical", language="ar", text="اتصل بالعيادة", written_at=clock.now()
    )
    page = officer.get(at("danger", row)).content.decode()
    assert '<ol lang="ar" dir="rtl"><li>اتصل بالعيادة' in page


@pytest.mark.django_db(transaction=True)
def test_no_open_place_to_refer_to_leaves_emergency_steps_alone(
    desk: Office, officer: Client
) -> None:
    row = sit_down(officer, desk.person)
    told = {**HOLD, "referral": "no", "do": "begin", "instrument": "registration-risk"}
    assert "emergency steps only" in officer.post(at("conditions", row), told).content.decode()
    row.refresh_from_db()
    assert row.state == "preparing"


@pytest.mark.django_db(transaction=True)
def test_stop_stands_on_every_page_of_a_talk_and_forgets(desk: Office, officer: Client) -> None:
    row = sit_down(officer, desk.person)
    stop, danger = at("stop", row), at("danger", row)
    assert stop in officer.get(at("conditions", row)).content.decode()
    begin(officer, row)
    for there in (at("question", row, 1), at("question", row, 0), at("end", row), danger):
        page = officer.get(there).content.decode()
        assert page.count(f'href="{stop}"') == 1
        # The page of danger has no button to itself.
        assert page.count(f'href="{danger}"') == (there != danger)
    asks = officer.get(stop).content.decode()
    assert asks.index('value="stop"') < asks.index('<dialog class="dialog" id="delete-said"')
    # One press deletes nothing.
    assert asks.index('id="delete-said"') < asks.index('value="forget"')
    told = {"said-rr-private": "yes", "version": row.version, "said": "Hide me", "do": "next"}
    officer.post(at("question", row, 1), told)
    officer.post(stop, {"do": "stop"})
    row.refresh_from_db()
    with open_vault():
        assert (row.state, row.said) == ("stopped", "Hide me")
    assert officer.post(at("question", row, 1), told)["Location"] == at("one", row), (
        "nothing more is kept"
    )
    officer.post(stop, {"do": "forget"})
    row.refresh_from_db()
    with open_vault():
        assert (row.said, answers_given(row).stated) == (None, {})


@pytest.mark.django_db(transaction=True)
def test_answers_of_two_windows_are_both_kept_or_said(desk: Office, officer: Client) -> None:
    row = sit_down(officer, desk.person)
    begin(officer, row)
    old = row.version
    first = {"said-rr-private": "yes", "version": old, "said": "One", "do": "next"}
    assert officer.post(at("question", row, 1), first).status_code == 302
    second = {"said-rr-alone": "yes", "version": old, "said": "Two", "do": "next"}
    answer = officer.post(at("question", row, 2), second)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Two" in page, "what was typed is still there"
    row.refresh_from_db()
    with open_vault():
        stated = answers_given(row).stated
        assert stated == {"rr-private": "yes", "rr-alone": "yes"}, "no question holds back another"
        assert row.said == "One"


@pytest.mark.django_db(transaction=True)
def test_a_no_is_written_down_and_a_childs_is_not_enough(
    desk: Office, officer: Client, operation: Operation
) -> None:
    row = desk.finished(cd_papers="yes")
    officer.post(at("one", row), {"do": "decline", "reach": "Through the tea stall"})
    row.refresh_from_db()
    assert row.help_declined_at is not None
    assert not list(work_items_of(operation.desks[Desk.RECEPTION]))
    assert not HandOver.objects.exists()
    # Who says yes later is handed over all the same.
    officer.post(at("one", row), {"do": "hand_over", "ground": "agreed"})
    assert HandOver.objects.filter(screening=row).exists()

    child = desk.register(CHILD)
    young = sit_down(officer, child)
    begin(officer, young, "unaccompanied-child")
    told = {"seen-uc-work": "yes", "version": young.version, "do": "end"}
    place = 1 + [
        "uc-work" in officer.get(at("question", young, n)).content.decode() for n in range(1, 15)
    ].index(True)
    officer.post(at("question", young, place), told)
    officer.post(at("end", young), {"wish": ""})
    assert officer.post(at("one", young), {"do": "decline"}).status_code == 422
    assert [item.url for item in work_items_of(operation.desks[Desk.RECEPTION])] == [
        at("one", young)
    ]


@pytest.mark.django_db(transaction=True)
def test_whose_age_is_in_doubt_after_the_talk_is_a_child_as_well(
    desk: Office, officer: Client
) -> None:
    row = desk.finished(cd_papers="yes")
    queue = reverse("to_screen:queue")
    assert "Record the refusal" in officer.get(at("one", row)).content.decode()
    assert "or record that the person said no" in officer.get(queue).content.decode()
    Person.objects.filter(pk=row.person_id).update(age_disputed=True)
    assert "or record that the person said no" not in officer.get(queue).content.decode()
    page = officer.get(at("one", row)).content.decode()
    assert "Record the refusal" not in page
    assert 'value="child"' in page
    assert officer.post(at("one", row), {"do": "decline"}).status_code == 422
    row.refresh_from_db()
    assert row.help_declined_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("instrument", "questions", "unread"),
    [("registration-risk", 18, 0), ("unaccompanied-child", 19, 19)],
)
def test_what_is_not_read_to_a_child_says_so(
    desk: Office, officer: Client, instrument: str, questions: int, unread: int
) -> None:
    """Signs around a child are found out by the officer; nobody reads them to the child."""
    row = sit_down(officer, desk.register(CHILD))
    begin(officer, row, instrument)
    page = officer.get(at("question", row, 0)).content.decode()
    assert page.count("Do not read this out") == unread
    every = page.count('<section class="stack" aria-label="Question')
    assert every >= 13
    assert page.count('<p class="told"') == every - unread
    assert f"Question {every} of {every}" in page
    name = re.findall(r'name="(said-[^"]+)"', page)[0]
    officer.post(at("question", row, 1), {name: "yes", "do": "keep", "version": row.version})
    row.refresh_from_db()
    with open_vault():
        assert bool(answers_given(row).worded) == (not unread), (
            "in no language, where it was not put to the child"
        )


@pytest.mark.django_db(transaction=True)
def test_the_day_of_the_site_says_who_is_a_child(desk: Office) -> None:
    """East of Greenwich it is the eighteenth birthday already while in UTC it is not."""
    Site.objects.filter(pk=desk.site.pk).update(time_zone="Asia/Tokyo")
    born = PartialDate.gregorian(2008, 6, 2)
    desk.site.refresh_from_db()
    with clock.set_to(datetime(2026, 5, 1, tzinfo=UTC)):
        person = desk.register(NewPerson(sex="female", born=born, basis="stated"))
    for hour, age in ((14, Age.CHILD), (16, Age.ADULT)):
        with clock.set_to(datetime(2026, 6, 1, hour, tzinfo=UTC)):
            assert age_of(Person.objects.get(pk=person.pk)) is age


@pytest.mark.django_db(transaction=True)
def test_what_was_found_cannot_be_lost(desk: Office, operation: Operation) -> None:
    """It waits for the officer, and when its time has run out for the supervisor and colleagues."""
    row = desk.finished(cd_papers="yes")
    assert list(unresolved_screenings(desk.officer)) == [row]
    assert not list(unresolved_screenings(desk.supervisor))
    closed = clock.now() - RESOLVED_WITHIN["days"] - timedelta(seconds=1)
    Screening.objects.filter(pk=row.pk).update(closed_at=closed)
    assert list(unresolved_screenings(desk.supervisor)) == [row]
    assert [item.url for item in work_items_of(operation.supervisor)] == [at("one", row)]


@pytest.mark.django_db(transaction=True)
def test_no_indication_waits_for_ever(desk: Office, officer: Client) -> None:
    row = desk.finished(cd_papers="no")
    raised = {"do": "raise", "indication": "at_risk", "urgency": "routine", "sentence": "A feeling"}
    assert officer.post(at("one", row), raised).status_code == 302
    row.refresh_from_db()
    assert row.urgency == "days"
    assert list(unresolved_screenings(desk.officer)) == [row]


@pytest.mark.django_db(transaction=True)
def test_after_a_checklist_urgency_alone_is_raised(desk: Office, officer: Client) -> None:
    """What holds now is chosen in the form, so that nobody asks to lower it without noticing."""
    row = sit_down(officer, desk.person)
    begin(officer, row)
    told = {"seen-rr-papers-held": "yes", "version": row.version, "do": "end"}
    officer.post(at("question", row, 4), told)
    officer.post(at("end", row), {"wish": ""})
    page = officer.get(at("one", row)).content.decode()
    chosen = re.findall(r'<option value="([a-z_]+)" selected', page)
    assert chosen == ["reasons_only", "days"]
    options = re.findall(r'<option value="([a-z_]+)"', page)
    assert options[:4] == ["none_seen", "reasons_only", "at_risk", "presumed_victim"], "in order"
    raised = {"do": "raise", "indication": chosen[0], "urgency": "now", "sentence": "Tonight"}
    assert officer.post(at("one", row), raised).status_code == 302
    row.refresh_from_db()
    with open_vault():
        assert (row.indication, row.urgency) == ("reasons_only", "now")


@pytest.mark.django_db(transaction=True)
def test_a_second_person_agrees_on_a_page(
    desk: Office, officer: Client, operation: Operation
) -> None:
    row = desk.finished(cd_papers="yes")
    asked = {"do": "lower", "indication": "none_seen", "urgency": "routine", "sentence": "Mistake"}
    officer.post(at("one", row), asked)
    assert officer.get(at("lowering", row)).status_code == 404, "nobody answers themselves"
    assert at("lowering", row) in [item.url for item in work_items_of(operation.supervisor)]
    supervisor = signed_in(operation.supervisor)
    page = supervisor.get(at("lowering", row)).content.decode()
    assert "Mistake" in page
    assert operation.desks[Desk.RECEPTION].display_name in page, "who asks"
    supervisor.post(at("lowering", row), {"do": "agree"})
    assert OutcomeChange.objects.get().state == "done"
    row.refresh_from_db()
    assert row.urgency == "routine"


@pytest.mark.django_db(transaction=True)
def test_an_overdue_hand_over_climbs_without_a_worker(desk: Office, operation: Operation) -> None:
    made = hand_over(
        actor=desk.officer, screening=desk.finished(cd_papers="yes"), ground=HandOver.Ground.AGREED
    )
    there = reverse("hand_overs:take", args=[made.reference])
    assert [item.url for item in work_items_of(operation.desks[Desk.PROTECTION])] == [there]
    assert not list(work_items_of(operation.supervisor))
    HandOver.objects.filter(pk=made.pk).update(due_at=clock.now() - timedelta(hours=2))
    assert [item.url for item in work_items_of(operation.supervisor)] == [there]


@pytest.mark.django_db(transaction=True)
def test_who_is_due_now_stands_above_who_is_overdue(desk: Office) -> None:
    made = {}
    for urgency, hours in (("routine", -5), ("now", 1), ("days", -2), ("now", -1)):
        desk.person = desk.register(ADULT)
        row = desk.finished(cd_papers="yes")
        one = hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)
        due = clock.now() + timedelta(hours=hours)
        HandOver.objects.filter(pk=one.pk).update(urgency=urgency, due_at=due)
        made[one.pk] = (urgency, hours)
    order = [made[one.pk] for one in waiting_hand_overs(desk.worker)]
    assert order == [("now", -1), ("now", 1), ("days", -2), ("routine", -5)]


@pytest.mark.django_db(transaction=True)
def test_after_half_a_day_everybody_hears_that_somebody_waits(
    desk: Office, operation: Operation
) -> None:
    """The clock alone makes it climb: due after a day, the supervisor's an hour later, everybody's
    twelve hours later; and nobody's any more once somebody has taken the person up."""
    row = desk.finished(cd_papers="yes")
    made = hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)
    take = reverse("hand_overs:take", args=[made.reference])

    def heard(hours: float) -> list[set[str]]:
        everybody = (
            *(operation.desks[Desk.PROTECTION], operation.supervisor),
            *(operation.desks[Desk.RECEPTION], operation.partner, operation.colleague),
        )
        with clock.set_to(made.made_at + timedelta(hours=hours)):
            return [{item.url for item in work_items_of(user)} for user in everybody]

    nobody: set[str] = set()
    assert heard(23) == [{take}, nobody, nobody, nobody, nobody]
    assert heard(25.1) == [{take}, {take}, nobody, nobody, nobody]
    assert heard(36.1) == [{take}, {take}, {at("one", row)}, nobody, nobody]
    steps: list[str] = []
    for hours in (24.1, 25.1, 36.1):
        with clock.set_to(made.made_at + timedelta(hours=hours)):
            climb_ladders()
        found = StepReached.objects.filter(deadline__subject=made.pk).order_by("at")
        steps = list(found.values_list("step", flat=True))
    assert steps == ["due", "supervisor", "everybody"]
    take_up(actor=desk.worker, hand_over=made)
    assert heard(40) == [nobody] * 5


def urgent(person: Person, urgency: int, hours: int) -> None:
    row = ScreeningReason(
        organisation_id=person.organisation_id,
        person=person,
        urgency=urgency,
        raised_at=clock.now() - timedelta(hours=hours),
    )
    with open_vault():
        row.code = "alone"
        row.save()


@pytest.mark.django_db(transaction=True)
def test_the_queue_has_its_order_and_a_talk_takes_somebody_off_it(
    desk: Office, officer: Client
) -> None:
    ScreeningReason.objects.all().delete()
    first, second, third = (desk.register(ADULT) for _ in range(3))
    ScreeningReason.objects.all().delete()
    urgent(first, 0, 50)
    urgent(second, 2, 1)
    urgent(third, 2, 2)
    mine = [row.pk for row in to_screen(desk.officer)]
    assert mine == [third.pk, second.pk, first.pk]
    row = sit_down(officer, third)
    assert [one.pk for one in to_screen(desk.officer)] == [second.pk, first.pk]
    officer.post(at("stop", row), {"do": "stop"})
    assert [one.pk for one in to_screen(desk.officer)] == mine, "a stop is no answer to the reason"


@pytest.mark.django_db(transaction=True)
def test_only_who_is_there_waits_and_who_was_first_once_is_not_first_for_ever(
    desk: Office,
) -> None:
    first, second, third = (desk.register(ADULT) for _ in range(3))
    ScreeningReason.objects.all().delete()
    for person, urgency in ((first, 0), (second, 2), (third, 2)):
        urgent(person, urgency, 1)
    Person.objects.filter(pk=third.pk).update(presence=Person.Presence.DIED, left_at=clock.now())
    entry = QueueEntry.objects.get(person=first)
    QueueEntry.objects.filter(pk=entry.pk).update(first=True)
    assert [one.pk for one in to_screen(desk.officer)] == [first.pk, second.pk]
    end_entry(entry, QueueEntry.State.DONE)
    assert [one.pk for one in to_screen(desk.officer)] == [first.pk, second.pk]
    join_queue(first)
    assert [one.pk for one in to_screen(desk.officer)] == [second.pk, first.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["to_screen:queue", "home"])
def test_lists_ask_as_often_for_many_rows(desk: Office, officer: Client, name: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(reverse(name)).status_code == 200
        return len(queries)

    urgent(desk.person, 1, 1)
    asked()
    few = asked()
    for _ in range(6):
        urgent(register(desk), 1, 1)
    for _ in range(4):
        desk.person = register(desk)
        desk.finished(cd_papers="yes")
    assert asked() <= few + 2, "and not one for each"


def register(desk: Office) -> Person:
    return register_person(
        actor=desk.officer, purpose=Purpose.REGISTRATION, site=desk.site, told=ADULT
    )


@pytest.mark.django_db(transaction=True)
def test_the_language_is_changed_in_the_middle_and_each_answer_says_in_which_words_it_was_asked(
    desk: Office, officer: Client
) -> None:
    row = sit_down(officer, desk.person)
    begin(officer, row)
    first, second = "said-rr-papers-held", "said-rr-debt"
    places = [asked_at(officer, row, name) for name in (first, second)]
    officer.post(at("question", row, places[0]), {first: "no", "version": row.version})
    page = officer.get(at("question", row, places[1])).content.decode()
    assert 'lang="ar"' in page
    sent = {second: "yes", "said": "He lent me money", "do": "language", "put_in": "fr"}
    answer = officer.post(at("question", row, places[1]), sent)
    assert answer.headers["Location"] == at("question", row, places[1])
    page = officer.get(at("question", row, places[1])).content.decode()
    assert '<p class="told" lang="fr" dir="ltr">' in page
    assert "He lent me money" in page, "what was typed with it is kept"
    # Sent again without another answer: it was given to the Arabic words.
    officer.post(at("question", row, places[1]), {second: "yes", "do": "keep"})
    row.refresh_from_db()
    with open_vault():
        assert answers_given(row).worded == {"rr-papers-held": "ar", "rr-debt": "ar"}
    officer.post(at("question", row, places[0]), {first: "yes", "do": "keep"})
    officer.post(at("question", row, places[1]), {second: "not_asked", "do": "keep"})
    row.refresh_from_db()
    with open_vault():
        assert answers_given(row).worded == {"rr-papers-held": "fr"}
    officer.post(at("end", row), {"wish": ""})
    told = officer.get(at("one", row)).content.decode()
    assert "In which language the questions were asked: <bdi>français</bdi> (1)" in told


def asked_at(client: Client, row: Screening, name: str) -> int:
    """The place of a question."""
    whole = client.get(at("question", row, 0)).content.decode()
    names = list(dict.fromkeys(re.findall(r'name="(said-[^"]+)"', whole)))
    return names.index(name) + 1


@pytest.mark.django_db(transaction=True)
def test_a_language_that_a_list_lacks_is_said_and_english_words_are_written_down_as_english(
    desk: Office, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sit_down(officer, desk.person)
    Screening.objects.filter(pk=row.pk).update(language="ckb")
    page = officer.get(at("conditions", row)).content.decode()
    assert "not in this language, an interpreter reads from English" in page
    assert 'class="told stack" lang="en" dir="ltr"' in page
    begin(officer, row)
    page = officer.get(at("question", row, 1)).content.decode()
    assert '<p class="told" lang="en" dir="ltr">' in page
    assert "the interpreter reads it from <bdi>English</bdi>" in page
    name = re.findall(r'name="(said-[^"]+)"', page)[0]
    officer.post(at("question", row, 1), {name: "yes", "do": "keep"})
    row.refresh_from_db()
    with open_vault():
        assert set(answers_given(row).worded.values()) == {"en"}


@pytest.mark.django_db(transaction=True)
def test_what_is_told_first_is_read_out_again_in_another_language(
    desk: Office, officer: Client
) -> None:
    row = sit_down(officer, desk.person)
    sent = {**HOLD, "do": "begin", "instrument": "registration-risk", "put_in": "en"}
    page = officer.post(at("conditions", row), sent)
    assert page.status_code == 200, page.context["wrong"]
    assert "The language was changed" in page.content.decode()
    row.refresh_from_db()
    assert (row.state, row.language) == (Screening.State.PREPARING, "en")
    assert officer.post(at("conditions", row), sent).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_only_languages_with_words_are_offered(desk: Office, officer: Client) -> None:
    there = reverse("to_screen:sit_down", args=[desk.person.reference])
    urgent(desk.person, 2, 1)
    page = officer.get(there).content.decode()
    offered = set(re.findall(r'<option value="([a-z]+)"', page))
    library = Library()
    for code in offered:
        names = instruments.offered_instruments(age_of(desk.person), desk.officer)
        panels = [Panel.of(name) for name in names]
        assert any(
            all(not library.wording(one, code).missing for one in panel.instruments)
            for panel in panels
        )
    assert officer.post(there, {"language": "ckb", "form": "feminine"}).status_code == 403

"""One interview: what was said in private is not asked again, and only what means the same."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception.actions.interview import finish_talk, stop_talk
from marfa.apps.reception.models import PrivateConversation
from marfa.apps.reception.questions import (
    OF_A_CHILD,
    ORDER,
    OWN,
    SET,
    interview_questions,
    question_text,
)
from marfa.apps.reception.reasons import Fact
from marfa.apps.screening import instruments, said_before
from marfa.apps.screening.actions import keep_answers
from marfa.apps.screening.answers import answers_given
from marfa.apps.screening.items_apart import items_apart
from marfa.apps.screening.models import Screening, ScreeningAnswer
from marfa.apps.screening.said_before import COUNTS_FOR, same_facts
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter import decisions
from marfa.safeguards.charter.resources import Decision, Resource
from marfa.safeguards.vault.access import open_vault
from marfa.web.templatetags.regional import time_or_day
from tests.apps.reception.test_interview import begun, say
from tests.apps.screening.test_answers import fields
from tests.apps.screening.test_interview import Office, desk
from tests.apps.screening.test_views import at, begin, sit_down
from tests.conftest import Operation

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
PLACES = {"rr-private": 2, "rr-alone": 3, "rr-papers-held": 4, "rr-phone-held": 5, "rr-debt": 6}
SAID = {"rr-alone": "yes", "rr-papers-held": "refused", "rr-debt": "yes"}


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def spoke_in_private(desk: Office, actor: Actor | None = None) -> PrivateConversation:
    """She is on her own and owes money; that she is afraid is not the same fact as any item."""
    talk = begun(actor or desk.officer, desk.person)
    say(talk, actor or desk.officer, Fact.ALONE, stated="yes")
    say(talk, actor or desk.officer, Fact.PAPERS_HELD, stated="refused", observed="yes")
    say(talk, actor or desk.officer, Fact.TRAVEL_DEBT, stated="yes")
    say(talk, actor or desk.officer, Fact.AFRAID, stated="yes")
    return talk


def begun_with(officer: Client, desk: Office) -> Screening:
    row = sit_down(officer, desk.person)
    begin(officer, row)
    return row


def given(row: Screening) -> Any:
    with open_vault():
        return answers_given(row)


def test_only_whole_items_in_the_same_words_are_declared() -> None:
    """In every language in which both are put; the control is that there are such languages."""
    compared = 0
    for name, items in same_facts().items():
        instrument = instruments.instrument_library().instrument(name)
        assert instrument.counterpart == "", "one list for everybody"
        for item, fact in items.items():
            assert fact in ORDER
            for language, leaflet in load_leaflets(SET, OWN).items():
                text = instruments.instrument_wording(instrument, language).texts[item]
                asked = leaflet.texts[fact.value]
                assert text.every_form() == asked.every_form(), (item, language)
                compared += 1
    assert compared >= 14


def test_as_many_are_the_same_as_the_page_for_reception_says() -> None:
    """``docs/desks/screening.md``: seven of the seventeen questions, eight for a child."""
    same = set(same_facts()["registration-risk"].values())
    listed = instruments.instrument_library().instrument("registration-risk").questions
    asked = [item for item in listed if item not in items_apart()]
    assert (len(same.difference(OF_A_CHILD)), len(same), len(asked)) == (7, 8, 17)


def test_what_was_said_in_private_is_answered_already(desk: Office, officer: Client) -> None:
    spoke_in_private(desk)
    row = sit_down(officer, desk.person)
    before = Entry.objects.filter(action="records.read", subject_id=desk.person.pk).count()
    begin(officer, row)
    found = given(row)
    assert found.stated == SAID
    assert found.observed == {"rr-papers-held": "yes"}
    assert found.worded == {}, "in which language it was put is not known"
    sealed = ScreeningAnswer.objects.filter(screening=row).values_list("stated", "observed")
    assert len(sealed) == 3
    for value in (bytes(one) for pair in sealed for one in pair if one is not None):
        assert b"yes" not in value
        assert b"refused" not in value
    read = Entry.objects.filter(action="records.read", subject_id=desk.person.pk)
    assert read.count() == before + 1, "that it was read is on the record"


def test_it_is_passed_over_and_changed_from_the_end(desk: Office, officer: Client) -> None:
    talk = spoke_in_private(desk)
    finish_talk(actor=desk.officer, talk=talk)
    row = begun_with(officer, desk)
    asked = walk(officer, row)
    assert SAID.keys().isdisjoint(asked)
    assert len(asked) == 14
    page = officer.get(at("end", row)).content.decode()
    told = page.split("Said before, and not asked again")[1].split("<form")[0]
    for item in SAID:
        assert f'href="{at("question", row, PLACES[item])}"' in told
    assert "Did not want to say" in told
    assert shown_time(row, "rr-alone") in told
    there = at("question", row, PLACES["rr-alone"])
    page = officer.get(there).content.decode()
    assert "Said in the private conversation" in page
    assert fields(page)["said-rr-alone"] == "yes", "as it was said"
    assert officer.post(there, fields(page) | {"do": "next"})["Location"] == at("end", row)
    assert given(row).said_at.keys() == SAID.keys(), "who looks changes nothing"
    sent = fields(page) | {"said-rr-alone": "no", "do": "next"}
    assert officer.post(there, sent)["Location"] == at("end", row)
    found = given(row)
    assert found.stated["rr-alone"] == "no"
    assert found.said_at.keys() == SAID.keys() - {"rr-alone"}, "it is said here now"
    officer.post(at("end", row), {"wish": ""})
    page = officer.get(at("one", row)).content.decode()
    reasons = page.split("<table")[1].split("</table>")[0]
    assert "papers" in reasons


def shown_time(row: Screening, item: str) -> str:
    with timezone.override(ZoneInfo(row.site.time_zone)):
        return time_or_day(given(row).said_at[item])


def walk(officer: Client, row: Screening) -> list[str]:
    """Every question as it is put, one page after the other: no to each."""
    asked, there = [], officer.get(at("ask", row))["Location"]
    while there != at("end", row):
        page = officer.get(there).content.decode()
        (item,) = set(re.findall(r'name="said-([^"]+)"', page))
        asked.append(item)
        there = officer.post(there, fields(page) | {f"said-{item}": "no", "do": "next"})["Location"]
    return asked


def test_without_a_private_interview_everything_is_asked(desk: Office, officer: Client) -> None:
    """The control of the walk."""
    row = begun_with(officer, desk)
    assert len(walk(officer, row)) == 17
    assert "Said before" not in officer.get(at("end", row)).content.decode()


def test_the_way_back_passes_over_it_too(desk: Office, officer: Client) -> None:
    spoke_in_private(desk)
    row = begun_with(officer, desk)
    for place, before in ((PLACES["rr-phone-held"], 2), (2, 1), (1, 1)):
        sent = officer.post(at("question", row, place), {"do": "back"})
        assert sent["Location"] == at("question", row, before)


def stopped(desk: Office, talk: PrivateConversation) -> None:
    stop_talk(actor=desk.officer, talk=talk)


def long_ago(_desk: Office, talk: PrivateConversation) -> None:
    PrivateConversation.objects.filter(pk=talk.pk).update(
        began_at=clock.now() - COUNTS_FOR - timedelta(minutes=1)
    )


@pytest.mark.parametrize("ended", [stopped, long_ago])
def test_what_was_stopped_or_is_old_is_asked(desk: Office, officer: Client, ended: Any) -> None:
    ended(desk, spoke_in_private(desk))
    assert given(begun_with(officer, desk)).stated == {}


def test_what_was_passed_without_an_answer_is_asked(desk: Office, officer: Client) -> None:
    talk = begun(desk.officer, desk.person)
    say(talk, desk.officer, Fact.ALONE, stated="", observed="")
    assert given(begun_with(officer, desk)).stated == {}


def test_a_colleagues_interview_counts_where_the_charter_lets_it_be_read(
    desk: Office, officer: Client, operation: Operation
) -> None:
    spoke_in_private(desk, actor_of(operation.supervisor))
    row = begun_with(officer, desk)
    assert given(row).stated == SAID


def test_it_is_not_read_where_the_charter_forbids_it(
    desk: Office, officer: Client, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoke_in_private(desk, actor_of(operation.supervisor))

    def decide(actor: Actor, code: str, resource: Resource, asked: Any) -> Decision:
        """As the charter decides of somebody from whom the actor is shut out."""
        facts = {**resource.facts, "excluded": frozenset({actor.id})}
        return decisions.decide(actor, code, Resource(resource.kind, resource.id, facts), asked)

    monkeypatch.setattr(said_before, "decide", decide)
    assert given(begun_with(officer, desk)).stated == {}


def test_own_words_are_no_answer_to_another_question(
    desk: Office, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An organisation words one of the two otherwise: it may mean something else."""
    spoke_in_private(desk)

    def reworded(fact: Fact, *more: Any, **told: Any) -> str:
        return "?" if fact is Fact.ALONE else question_text(fact, *more, **told)

    monkeypatch.setattr(said_before, "question_text", reworded)
    assert given(begun_with(officer, desk)).stated == {
        item: code for item, code in SAID.items() if item != "rr-alone"
    }


def test_another_list_has_nothing_said_before(desk: Office) -> None:
    spoke_in_private(desk)
    assert given(desk.asking()).versions == {}


def test_whoever_said_all_of_it_in_private_is_asked_a_third_less(
    desk: Office, officer: Client
) -> None:
    """Seven questions are the same; a child, or who may be one, was asked an eighth."""
    talk = begun(desk.officer, desk.person)
    for question in interview_questions(child=False):
        if isinstance(question, Fact):
            say(talk, desk.officer, question, stated="no")
    asked = walk(officer, begun_with(officer, desk))
    assert len(asked) == 10
    assert "rr-dependants" in asked


def test_two_devices_meet_on_it_as_on_any_other(desk: Office, officer: Client) -> None:
    spoke_in_private(desk)
    row = begun_with(officer, desk)
    for code, clashes in (("no", 0), ("unknown", 1)):
        found = keep_answers(
            actor=desk.officer,
            screening=Screening.objects.get(pk=row.pk),
            base_version=row.version,
            stated={"rr-alone": code},
            observed={},
            bases={"rr-alone": 1},
        )
        assert len(found) == clashes
    assert given(row).stated["rr-alone"] == "no"

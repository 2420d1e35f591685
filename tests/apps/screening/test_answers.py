"""Answers are kept one by one: what two devices answer is never lost and meets only where both
answer the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.apps.manifest import Desk
from marfa.apps.screening.actions import (
    Clash,
    finish_screening,
    forget_said,
    hand_over,
    keep_answers,
    stop_screening,
)
from marfa.apps.screening.answers import GivenAnswers, answers_given
from marfa.apps.screening.drafts import QuestionDraft
from marfa.apps.screening.models import HandOver, Screening, ScreeningAnswer
from marfa.domain.message import InputError
from marfa.platform.revisions.codec import from_json
from marfa.platform.revisions.models import Draft, Revision
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.changes import in_clear
from marfa.safeguards.vault.fields import sealed_value
from tests.apps.screening.test_interview import PANEL, USE, Office, desk
from tests.apps.screening.test_views import at, begin, sit_down
from tests.conftest import Operation, signed_in

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = ("ex-pay", "ex-hours", "cd-papers")
CODES = ("yes", "no", "unknown", "refused", "not_asked")


def stands(row: Screening) -> GivenAnswers:
    with open_vault():
        return answers_given(Screening.objects.get(pk=row.pk))


def history(row: Screening, item: str) -> set[object]:
    """Everything that was ever said to an item, in clear."""
    answer = ScreeningAnswer.objects.get(screening=row, item=item)
    with open_vault():
        return {
            in_clear(answer, "stated", from_json(value))
            for one in Revision.objects.filter(object_id=answer.pk, field="stated")
            for value in (one.before, one.after)
            if value is not None
        }


@dataclass
class Device:
    """A device as the page of it was opened: what it saw, with versions."""

    seen: dict[str, str] = field(default_factory=dict)
    bases: dict[str, int] = field(default_factory=dict)

    def opens(self, row: Screening) -> None:
        given = stands(row)
        self.seen, self.bases = dict(given.stated), dict(given.versions)

    def says(self, desk: Office, row: Screening, item: str, code: str) -> list[Clash]:
        return keep_answers(
            actor=desk.officer,
            screening=Screening.objects.get(pk=row.pk),
            base_version=1,
            stated={item: code},
            observed={},
            bases={item: self.bases.get(item, 0)},
        )


Step = tuple[int, str, str]
"""A device, and what it answers to an item; an empty code: its page is opened anew."""
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(ITEMS), st.sampled_from(("", *CODES))),
    max_size=14,
)


def expected(model: dict[str, str], device: Device, item: str, code: str) -> bool:
    """Whether a device clashes, by the rule alone: somebody else has changed what it saw, and into
    something else than it says now."""
    now, saw = model.get(item, "not_asked"), device.seen.get(item, "not_asked")
    return code not in (now, saw) and now != saw


def follow(desk: Office, steps: list[Step]) -> None:
    """Every answer stands, or is shown as a clash with what stands; never neither."""
    row, model, devices = desk.asking(), dict[str, str](), (Device(), Device())
    for number, item, code in steps:
        device = devices[number]
        if not code:
            device.opens(row)
            continue
        clash = expected(model, device, item, code)
        told = device.says(desk, row, item, code)
        assert bool(told) is clash, (number, item, code)
        if told:
            assert told[0].mine == {"stated": None if code == "not_asked" else code}
            assert (told[0].theirs["stated"] or "not_asked") == model.get(item, "not_asked")
        elif code != device.seen.get(item, "not_asked"):
            model[item] = code
    kept = {item: code for item, code in model.items() if code != "not_asked"}
    assert stands(row).stated == kept
    stop_screening(actor=desk.officer, screening=Screening.objects.get(pk=row.pk))


@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def _follow_any(desk: Office, steps: list[Step]) -> None:
    follow(desk, steps)


def test_two_devices_in_any_order_lose_nothing(desk: Office) -> None:
    _follow_any(desk)


@pytest.mark.slow
def test_two_devices_in_many_orders_lose_nothing(desk: Office) -> None:
    chance = random.Random(2388)
    for _round in range(60):
        steps = [
            (chance.randrange(2), chance.choice(ITEMS), chance.choice(("", *CODES)))
            for _step in range(chance.randrange(20))
        ]
        follow(desk, steps)


def test_different_questions_never_clash(desk: Office) -> None:
    row, one, other = desk.asking(), Device(), Device()
    for number, item in enumerate(ITEMS):
        assert (one, other)[number % 2].says(desk, row, item, CODES[number]) == []
    assert stands(row).stated == dict(zip(ITEMS, CODES, strict=False))


def test_what_is_said_and_what_is_seen_of_one_question_meet_without_a_clash(desk: Office) -> None:
    row = desk.asking()
    assert Device().says(desk, row, "cd-papers", "no") == []
    seen = keep_answers(
        actor=desk.officer,
        screening=row,
        base_version=row.version,
        stated={},
        observed={"cd-papers": "yes"},
        bases={"cd-papers": 0},
    )
    given = stands(row)
    assert (seen, given.stated, given.observed) == ([], {"cd-papers": "no"}, {"cd-papers": "yes"})


def test_the_history_grows_with_the_answers_and_not_with_their_square(desk: Office) -> None:
    def sizes(count: int) -> tuple[int, float]:
        """Revisions of a talk itself, and what the history of one of its answers takes."""
        row = desk.asking()
        for item in sorted(PANEL.item_ids)[:count]:
            Device().says(desk, row, item, "no")
        keys = ScreeningAnswer.objects.filter(screening=row).values_list("pk", flat=True)
        assert len(keys) == count
        own = Revision.objects.filter(object_id=row.pk).count()
        answers = Revision.objects.filter(object_id__in=list(keys))
        size = sum(len(str(one.before)) + len(str(one.after)) for one in answers)
        stop_screening(actor=desk.officer, screening=row)
        return own, size / count

    few, many = sizes(6), sizes(24)
    assert many[0] == few[0], "a talk has no history of its own answers"
    # A sealed value has one of several lengths, whatever is in it; the square would be fourfold.
    assert many[1] == pytest.approx(few[1], rel=0.3)


def test_an_item_of_another_list_is_refused(desk: Office) -> None:
    row = desk.asking()
    with pytest.raises(InputError, match="item-unknown"):
        Device().says(desk, row, "rr-alone", "yes")
    assert stands(row).stated == {}


def test_deleting_what_was_said_leaves_no_answer_and_no_history(desk: Office) -> None:
    row = desk.asking()
    Device().says(desk, row, "ex-pay", "yes")
    keys = list(ScreeningAnswer.objects.filter(screening=row).values_list("pk", flat=True))
    assert Revision.objects.filter(object_id__in=keys).exists()
    stop_screening(actor=desk.officer, screening=row)
    assert stands(row).stated == {"ex-pay": "yes"}
    forget_said(actor=desk.officer, screening=row)
    assert not ScreeningAnswer.objects.filter(screening=row).exists()
    assert not Revision.objects.filter(object_id__in=[row.pk, *keys]).exists()


def old_answers(row: Screening, **stated: str) -> None:
    """As a version wrote them that had no rows for answers."""
    told = {item.replace("_", "-"): code for item, code in stated.items()}
    with open_vault():
        values = {"stated": told, "worded": dict.fromkeys(told, "ar")}
        sealed = {name: sealed_value(row, name, value) for name, value in values.items()}
    Screening.objects.filter(pk=row.pk).update(**sealed)
    row.refresh_from_db()


def test_an_interview_from_before_goes_on_with_all_its_answers(desk: Office) -> None:
    row = desk.asking()
    old_answers(row, ex_pay="yes", ex_hours="no", cd_papers="yes")
    assert stands(row).stated == {"ex-pay": "yes", "ex-hours": "no", "cd-papers": "yes"}
    # One is changed, one is taken back, one is new; the rest stands.
    for item, code in (("ex-hours", "yes"), ("cd-papers", "not_asked"), ("cd-debt", "refused")):
        assert Device().says(desk, row, item, code) == []
    given = stands(row)
    assert given.stated == {"ex-pay": "yes", "ex-hours": "yes", "cd-debt": "refused"}
    assert given.worded["ex-pay"] == "ar"
    assert {"no", "yes"} <= history(row, "ex-hours")
    result = finish_screening(
        actor=desk.officer, screening=row, base_version=row.version, panel=PANEL, use=USE
    )
    assert {item.id for item in result.profiles[0].fired()} == {"ex-pay", "ex-hours"}


def test_two_devices_clash_over_an_answer_from_before(desk: Office) -> None:
    row = desk.asking()
    old_answers(row, ex_pay="yes")
    one, other = Device(), Device()
    one.opens(row)
    other.opens(row)
    assert one.says(desk, row, "ex-pay", "no") == []
    (clash,) = other.says(desk, row, "ex-pay", "refused")
    assert (clash.mine, clash.theirs) == ({"stated": "refused"}, {"stated": "no"})


@pytest.fixture
def talk(desk: Office, operation: Operation) -> Iterator[tuple[Client, Client, Screening]]:
    """A talk under way, and two devices that are signed in."""
    with every_organisation():
        one, other = (signed_in(operation.desks[Desk.RECEPTION]) for _device in range(2))
        row = sit_down(one, desk.person)
        begin(one, row)
        yield one, other, row


def fields(page: str) -> dict[str, str]:
    """What a page sends back when nothing on it is touched."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    radios = re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"[^>]*checked', page)
    pressed = re.findall(r'<button[^>]*name="([^"]+)" value="([^"]*)" aria-pressed', page)
    return {**dict(hidden), **dict(radios), **dict(pressed)}


def test_two_devices_on_different_pages_both_keep_their_answer(
    talk: tuple[Client, Client, Screening],
) -> None:
    one, other, row = talk
    first, second = at("question", row, 2), at("question", row, 3)
    mine, theirs = (
        fields(client.get(page).content.decode())
        for client, page in ((one, first), (other, second))
    )
    mine |= {"said-rr-private": "yes", "do": "next"}
    theirs |= {"said-rr-alone": "no", "do": "next"}
    assert one.post(first, mine).status_code == 302
    assert other.post(second, theirs).status_code == 302
    assert stands(row).stated == {"rr-private": "yes", "rr-alone": "no"}


@pytest.mark.parametrize("chosen", ["yes", "no"])
def test_two_devices_on_the_same_question_choose_and_both_stay(
    talk: tuple[Client, Client, Screening], chosen: str
) -> None:
    one, other, row = talk
    there = at("question", row, 2)
    mine, theirs = (fields(client.get(there).content.decode()) for client in (one, other))
    assert one.post(there, mine | {"said-rr-private": "yes", "do": "next"}).status_code == 302
    late = other.post(there, theirs | {"said-rr-private": "no", "do": "next"})
    page = late.content.decode()
    assert late.status_code == 422
    assert "Answered in another window" in page
    assert "What the person said: Yes" in page, "what stands is shown"
    again = fields(page)
    assert again["said-rr-private"] == "no", "what was typed is still there"
    assert stands(row).stated == {"rr-private": "yes"}, "nothing was overwritten"
    sent = again | {"said-rr-private": chosen, "do": "next"}
    assert other.post(there, sent).status_code == 302
    assert stands(row).stated == {"rr-private": chosen}
    assert {"yes", "no"} <= history(row, "rr-private"), "both stay in the history"


def test_a_clash_holds_back_no_other_answer_of_the_page(
    talk: tuple[Client, Client, Screening],
) -> None:
    one, other, row = talk
    whole = at("question", row, 0)
    theirs = fields(other.get(whole).content.decode())
    first = fields(one.get(whole).content.decode())
    one.post(whole, first | {"said-rr-private": "yes", "do": "keep"})
    more = {"said-rr-private": "no", "said-rr-debt": "yes", "do": "keep"}
    assert other.post(whole, theirs | more).status_code == 422
    assert stands(row).stated == {"rr-private": "yes", "rr-debt": "yes"}


def test_beside_a_clash_the_page_shows_what_stands_and_nobody_clashes_with_themselves(
    talk: tuple[Client, Client, Screening],
) -> None:
    one, other, row = talk
    whole = at("question", row, 0)
    mine, theirs = (fields(client.get(whole).content.decode()) for client in (one, other))
    one.post(whole, mine | {"said-rr-private": "yes", "said-rr-alone": "yes", "do": "keep"})
    more = {"said-rr-private": "no", "said-rr-debt": "yes", "said": "First", "do": "keep"}
    again = fields(other.post(whole, theirs | more).content.decode())
    assert again["said-rr-alone"] == "yes", "what a colleague answered is shown, and kept"
    more = {"said-rr-private": "yes", "said-rr-debt": "no", "said": "Second", "do": "keep"}
    assert other.post(whole, again | more).status_code == 302
    assert stands(row).stated == {"rr-private": "yes", "rr-alone": "yes", "rr-debt": "no"}
    row.refresh_from_db()
    with open_vault():
        assert row.said == "Second"


def test_nothing_is_answered_in_the_name_of_whoever_signed_in_since(
    talk: tuple[Client, Client, Screening], operation: Operation
) -> None:
    one, _other, row = talk
    there = at("question", row, 1)
    typed = fields(one.get(there).content.decode()) | {"said-rr-private": "yes", "do": "next"}
    colleague = signed_in(operation.supervisor)
    assert colleague.post(there, typed).status_code == 403
    assert stands(row).stated == {}
    assert one.post(there, typed).status_code == 302


def test_a_draft_that_comes_while_somebody_says_stop_is_not_kept(
    desk: Office, operation: Operation, rf: RequestFactory
) -> None:
    """The page was asked for before Stop, and what was typed comes after it."""
    row = desk.asking()
    request = rf.post("/", {"person": operation.desks[Desk.RECEPTION].reference, "said": "Late"})
    request.user = operation.desks[Desk.RECEPTION]
    draft = QuestionDraft(request, row, 1)
    stop_screening(actor=desk.officer, screening=Screening.objects.get(pk=row.pk))
    assert row.state == Screening.State.ASKING
    assert draft.keep({"said": "Late"}).status_code == 409
    assert not Draft.objects.exists()


def test_what_is_typed_is_a_draft_of_that_question(
    talk: tuple[Client, Client, Screening],
) -> None:
    one, other, row = talk
    first, second = at("question", row, 2), at("question", row, 3)
    for client, there, name in ((one, first, "rr-private"), (other, second, "rr-alone")):
        typed = fields(client.get(there).content.decode())
        typed |= {f"said-{name}": "yes", "said": f"About {name}", "do": "draft"}
        kept = client.post(there, typed, headers={"X-Draft": "1"})
        assert (kept.status_code, kept.json()["version"]) == (200, 1)
    assert stands(row).stated == {}, "a draft is no answer"
    with_draft = one.get(first).content.decode()
    assert "What you typed is back" in with_draft
    assert "About rr-private" in with_draft
    assert fields(with_draft)["said-rr-private"] == "yes"
    assert "About rr-private" not in one.get(second).content.decode()
    sent = fields(with_draft) | {"said": "About rr-private", "do": "next"}
    assert one.post(first, sent).status_code == 302
    assert "What you typed is back" not in one.get(first).content.decode()
    assert "What you typed is back" in other.get(second).content.decode(), "the other page keeps it"


def test_the_way_back_leads_to_what_was_typed(talk: tuple[Client, Client, Screening]) -> None:
    one, _other, row = talk
    there = at("question", row, 3)
    typed = fields(one.get(there).content.decode()) | {"said": "Not sent", "do": "draft"}
    assert one.post(there, typed).status_code == 200
    assert one.get(at("ask", row))["Location"] == there
    page = one.get(at("end", row)).content.decode()
    assert "You typed something and did not send it" in page
    assert f'href="{there}"' in page
    one.post(there, {"do": "discard"})
    assert one.get(at("ask", row))["Location"] == at("question", row, 1)
    assert "You typed something" not in one.get(at("end", row)).content.decode()


def test_a_draft_is_not_kept_for_somebody_else_nor_after_the_end(
    talk: tuple[Client, Client, Screening],
) -> None:
    one, _other, row = talk
    there = at("question", row, 1)
    typed = fields(one.get(there).content.decode()) | {"said": "Hide me", "do": "draft"}
    assert one.post(there, typed | {"person": "somebody"}).status_code == 409
    assert not Draft.objects.exists()
    assert one.post(there, typed).status_code == 200
    assert Draft.objects.count() == 1
    one.post(at("stop", row), {"do": "stop"})
    assert not Draft.objects.exists(), "nothing that was typed stays"
    assert one.post(there, typed).status_code == 409
    assert not Draft.objects.exists()


def test_one_page_open_twice_is_told(talk: tuple[Client, Client, Screening]) -> None:
    one, other, row = talk
    there = at("question", row, 1)
    mine, theirs = (fields(client.get(there).content.decode()) for client in (one, other))
    assert one.post(there, mine | {"said": "One", "do": "draft"}).status_code == 200
    assert other.post(there, theirs | {"said": "Two", "do": "draft"}).status_code == 409
    assert "One" in one.get(there).content.decode()


@pytest.mark.owner  # tables are taken back and brought up to date again
def test_what_there_was_before_stands_after_the_tables_are_brought_up_to_date(
    desk: Office,
) -> None:
    row = desk.asking()
    old_answers(row, ex_pay="yes", cd_papers="no")
    made = hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("screening", "0001_initial")])
        assert "screening_screeninganswer" not in connection.introspection.table_names()
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert stands(row).stated == {"ex-pay": "yes", "cd-papers": "no"}
    made.refresh_from_db()
    assert made.door == "protection"
    assert Device().says(desk, row, "cd-debt", "refused") == []
    assert stands(row).stated["cd-debt"] == "refused"

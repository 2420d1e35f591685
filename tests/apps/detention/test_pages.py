"""The pages of detentions, from the door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.cases.actions.country_profiles import assign_site, begin_profile
from marfa.apps.cases.closure_conditions import find_what_goes_on
from marfa.apps.cases.country_profiles import profile_for
from marfa.apps.cases.models import Case
from marfa.apps.detention import actions
from marfa.apps.detention.actions import work as detention_work
from marfa.apps.detention.clocks import ALARM, HAND_OVER, OUTSIDE, SUPERVISOR
from marfa.apps.detention.facts import DETENTIONS
from marfa.apps.detention.models import Detention, DetentionFact, DetentionStep
from marfa.apps.detention.work import work_items_of
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.registry.models import Person
from marfa.domain.codes import format_code
from marfa.domain.dates import PartialDate
from marfa.domain.message import Message
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.facts.rebuilds import Difference, compare_facts
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import Decision
from marfa.safeguards.words import Role
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2028, 2, 25, 15, tzinfo=UTC)
PLACE = {
    "ground": "migration",
    "authority": "border",
    "place": "A fictional hall",
    "began": "about February 2028",
    "reason": "Nobody says",
}
SENTENCE = "No one may allow that a child is detained."


class Gate(Office):
    """The office, with a focal point of the whole organisation."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation)
        self.child = self.register(CHILD)
        self.focal = create_user(username="far", display_name="Far away")
        grant_role(user=self.focal, role=Role.FOCAL_POINT, organisation=operation.controller)
        self.help = operation.desks[Desk.PROTECTION]

    def hold(self, person: Person | None = None, **more: Any) -> Detention:
        told = {"ground": "criminal", "authority": "police", **more}
        began = told.pop("began", PartialDate.on(clock.today(self.site.time_zone)))
        return actions.record_detention(
            actor=self.worker, person=person or self.child, told=actions.Told(began=began, **told)
        )

    def post(self, name: str, row: Detention, client: Client | None = None, **sent: str) -> Any:
        there = reverse(f"detention:{name}", args=[row.reference])
        return (client or signed_in(self.help)).post(there, sent, follow=True)

    def get(self, name: str, row: Detention, client: Client | None = None) -> Any:
        return (client or signed_in(self.help)).get(
            reverse(f"detention:{name}", args=[row.reference])
        )


@pytest.fixture
def gate(operation: Operation) -> Iterator[Gate]:
    """On a Friday: a session that was opened on another day would be over."""
    with every_organisation(), clock.set_to(FRIDAY):
        yield Gate(operation)


def board(user: User, query: str = "") -> str:
    return signed_in(user).get(reverse("detained:all") + query).content.decode()


def test_reception_records_it_first(gate: Gate) -> None:
    """A case is opened, urgent now, and the alarm is on; the record itself is protection's."""
    at_gate = gate.operation.at(Desk.RECEPTION)
    there = reverse("detention:record", args=[gate.child.reference])
    with clock.set_to(FRIDAY):
        wrong = at_gate.post(there, {**PLACE, "began": "", "authority": "nobody"})
        assert wrong.status_code == 422
        assert "A fictional hall" in wrong.content.decode()
        assert not Case.objects.filter(person=gate.child).exists()
        told = at_gate.post(there, PLACE, follow=True).content.decode()
        assert "The alarm is on" in told
        row = Detention.objects.select_related("case").get(person=gate.child)
        assert row.case.urgency == "now"
        assert Deadline.objects.get(kind=ALARM.name, subject=row.pk).due_at == FRIDAY
        assert gate.get("show", row, at_gate).status_code == 403
        assert at_gate.post(there, PLACE).status_code == 422


def test_a_girl_until_her_release(gate: Gate) -> None:
    with clock.set_to(FRIDAY):
        row = gate.hold(ground="migration", began=PartialDate.gregorian(2028, 2, 20))
        page = gate.get("show", row).content.decode()
        for said in (
            "There is no lawyer",
            "There is no guardian",
            "6 days in total",
            "is not applicable in immigration proceedings",
            "paragraph 21, in our own words",
        ):
            assert said in page, said
        late = gate.post("review", row, found="She is tired", next_on="9 March 2028")
        assert "at most 7 days" in late.content.decode()
        gate.post("review", row, found="She is tired", next_on="2 March 2028")
        longer = gate.post("show", row, do="conditions", education="no", text="x" * 5001)
        assert longer.status_code == 422
        assert longer.content.decode().count('<option value="no" selected') == 1
        gate.post("show", row, do="conditions", education="no", text="No lessons")
        gate.post("show", row, do="alternative", kind="kin_or_foster", why_not="Papers, they say")
        gate.post("show", row, do="measure", measure="locked", text="")
        gate.post("show", row, do="step", done="release", whom="The head of the hall")
        nameless = gate.post("show", row, do="step", done="escalated", text="Nothing")
        assert nameless.status_code == 422
        gate.post(
            "move", row, None, **{**PLACE, "authority": "shelter", "began": "25 February 2028"}
        )
        page = gate.get("show", row).content.decode()
        for said in ("Papers, they say", "Locked in", "The head of the hall", "A shelter"):
            assert said in page, said
        row.refresh_from_db()
        assert [each.page for each in find_what_goes_on(row.case)] == [
            reverse("detention:show", args=[row.reference])
        ]
        gate.post("end", row, how="released", day="24 February 2028", text="Her aunt called")
        row.refresh_from_db()
        assert row.state == "held", "before the last place began"
        gate.post("end", row, how="released", day="25 February 2028", text="")
        row.refresh_from_db()
        assert row.state == "held", "nobody said how it is known"
        gate.post("end", row, how="released", day="25 February 2028", text="Her aunt called")
        row.refresh_from_db()
        assert row.state == "released"
        assert find_what_goes_on(row.case) == []
        assert not Deadline.objects.filter(subject=row.pk, state="open").exists()
        assert gate.post("review", row, found="x", next_on="1 March 2028").status_code == 422
        assert gate.get("review", row).status_code == 404


def test_an_authority_that_wants_agreement_hears_the_charter(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.set_to(FRIDAY):
        row = gate.hold()
        told = gate.post("show", row, do="agree", whom="A colonel", text="To sign for custody")
        assert SENTENCE in told.content.decode()
        assert [each.kind for each in DetentionStep.objects.filter(detention=row)] == ["agreement"]
        adult = gate.hold(gate.register())
        told = gate.post("show", adult, do="agree", whom="A colonel")
        assert SENTENCE not in told.content.decode()
        assert "No one here agrees" in told.content.decode()
        # The control: a charter that would allow it is not obeyed.
        monkeypatch.setattr(
            detention_work, "decide", lambda *_: Decision(True, (), Message("safeguards:denied"))
        )
        with pytest.raises(RuntimeError):
            actions.refuse_to_agree(actor=gate.worker, row=row, whom="A colonel")
    assert DetentionStep.objects.filter(detention=row).count() == 1


def test_nothing_says_that_a_detention_is_right() -> None:
    names = {field.name for field in Detention._meta.get_fields()}
    names |= {field.name for field in DetentionStep._meta.get_fields()}
    for word in ("lawful", "legal", "justif", "permit", "allow", "crime", "offence", "act_"):
        assert not [name for name in names if word in name]


def test_each_rung_reaches_those_whose_it_is(gate: Gate) -> None:
    boss = gate.operation.supervisor
    with clock.set_to(FRIDAY):
        row = gate.hold()
        Case.objects.filter(pk=row.case_id).update(worker=gate.worker.id)

    def hear(after: timedelta) -> list[bool]:
        with clock.set_to(FRIDAY + after):
            return [bool(list(work_items_of(user))) for user in (gate.help, boss, gate.focal)]

    assert hear(timedelta(minutes=1)) == [True, False, False]
    assert hear(SUPERVISOR) == [True, True, False]
    assert hear(OUTSIDE) == [True, True, True]


def test_the_board_shows_who_is_held_and_no_more(gate: Gate) -> None:
    """Not to reception, not whose record they may not read; a protected girl to nobody there."""
    with clock.set_to(FRIDAY):
        row = gate.hold()
        code = format_code(row.person.code)
        link = reverse("detention:show", args=[row.reference])
        for user, opens in ((gate.operation.supervisor, True), (gate.focal, False)):
            page = board(user)
            assert code in page
            assert "no guardian" in page
            assert (link in page) is opens
        assert signed_in(gate.focal).get(link).status_code == 403
        assert board(gate.focal, "?ground=criminal").count(code) == 1
        assert code not in board(gate.focal, "?ground=migration")
        empty = gate.operation.at(Desk.RECEPTION).get(reverse("detained:all"))
        assert empty.status_code == 403
        partner = signed_in(gate.operation.partner)
        assert partner.get(link).status_code == 404
        before = board(gate.focal)
        hidden = gate.hold(gate.register(CHILD))
        protect_person(
            actor=gate.supervisor,
            person=hidden.person,
            reason="They look for her",
            review_on=date(2028, 3, 3),
            staying=[gate.operation.colleague],
        )
        assert strip(board(gate.focal)) == strip(before)
        assert (
            signed_in(gate.focal)
            .get(reverse("detention:show", args=[hidden.reference]))
            .status_code
            == 404
        )


def strip(page: str) -> str:
    """The part of a page that is not the same twice: tokens."""
    return page[page.index("<main") : page.index("</main")].split("csrfmiddlewaretoken")[0]


def test_as_many_queries_for_many_as_for_few(gate: Gate) -> None:
    def queries() -> int:
        client = signed_in(gate.operation.supervisor)
        client.get(reverse("detained:all"))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(reverse("detained:all")).status_code == 200
        return len(caught)

    with clock.set_to(FRIDAY):
        gate.hold()
        few = queries()
        for _ in range(4):
            gate.hold(gate.register(CHILD))
        assert queries() == few


def test_the_protocol_on_record_runs_in_elapsed_hours(gate: Gate) -> None:
    """Counted from the earliest moment, over a change of clocks; from armed to armed it runs on."""
    type(gate.site).objects.filter(pk=gate.site.pk).update(time_zone="Europe/Athens")
    gate.site.refresh_from_db()
    gate.child.refresh_from_db()
    admin = actor_of(gate.operation.desks[Desk.ADMINISTRATION])
    profile = begin_profile(profile_for("SY"), admin)
    assign_site(actor=admin, site=gate.site, profile=profile)
    boss = gate.operation.at(Desk.ADMINISTRATION)
    there = reverse("detention:protocols")
    assert "no protocol is on record" in boss.get(there).content.decode()
    sent = {"country": profile.reference, "hours": "0", "source": "Protocol of 2027"}
    for hours in ("0", "721", "9" * 5000):
        assert boss.post(there, {**sent, "hours": hours}).status_code == 422
    boss.post(there, {**sent, "hours": "٣٦"})
    with clock.set_to(datetime(2028, 3, 26, 12, tzinfo=UTC)):
        row = gate.hold(
            authority="military", ground="armed_group", began=PartialDate.gregorian(2028, 3, 25)
        )
        due = Deadline.objects.get(kind=HAND_OVER.name, subject=row.pk, state="open")
        # From midnight in Athens on the 25th, 22:00 in UTC the day before.
        assert due.due_at == datetime(2028, 3, 26, 10, tzinfo=UTC)
        assert "The protocol on record says 36 hours" in gate.get("show", row).content.decode()
        armed = actions.Told("armed_group", "intelligence", PartialDate.gregorian(2028, 3, 26))
        actions.move_person(actor=gate.worker, row=row, told=armed)
        assert Deadline.objects.get(pk=due.pk).state == "open"
        civil = actions.Told("protective", "shelter", PartialDate.gregorian(2028, 3, 26))
        actions.move_person(actor=gate.worker, row=row, told=civil)
    assert Deadline.objects.get(pk=due.pk).state == "met"


def test_without_a_protocol_the_page_says_so(gate: Gate) -> None:
    with clock.set_to(FRIDAY):
        row = gate.hold(authority="military")
        page = gate.get("show", row).content.decode()
    assert "none is assumed" in page
    assert "48" not in page[page.index("<main") :].split("</main")[0]


def test_facts_are_coded_and_come_again_from_the_records(gate: Gate) -> None:
    with clock.set_to(FRIDAY):
        row = gate.hold()
        armed = actions.Told("armed_group", "military", PartialDate.gregorian(2028, 2, 25))
        actions.move_person(actor=gate.worker, row=row, told=armed)
    with clock.set_to(FRIDAY + timedelta(days=2)):
        actions.end_detention(
            actor=gate.worker, row=row, how="escaped", day=date(2028, 2, 26), text="She ran"
        )
    with every_organisation():
        now = DetentionFact.objects.filter(subject=row.person_id, replaced_at=None)
        said = [
            (each.valid_from, each.valid_until, each.held, each.grounds)
            for each in now.order_by("valid_from")
        ]
        assert said == [
            (date(2028, 2, 25), date(2028, 2, 27), True, ("armed_group",)),
            (date(2028, 2, 27), None, False, ()),
        ]
        assert compare_facts(DETENTIONS) == Difference(1, 0, 0)
    columns = {field.name for field in DetentionFact._meta.fields}
    assert not columns & {"migration_status", "nationality", "citizenships", "religion"}


@pytest.mark.parametrize("flip", [False, True])
def test_status_nationality_religion_and_papers_change_nothing(
    gate: Gate, flip: bool, request: pytest.FixtureRequest
) -> None:
    """Two runs: the same child, with and without; board, clocks and facts are the same bytes."""
    with clock.set_to(FRIDAY):
        row = gate.hold()
        before = said_of(gate, row)
        if flip:
            flip_status(gate.child)
        assert said_of(gate, row) == before


def flip_status(person: Person) -> None:
    from marfa.safeguards.vault.access import open_vault

    with open_vault():
        found = Person.objects.get(pk=person.pk)
        found.migration_status, found.citizenships = "irregular", ["XX"]
        found.religion, found.statelessness = "another", "stateless"
        found.save()


def said_of(gate: Gate, row: Detention) -> Any:
    actions.note_step(actor=gate.worker, row=row, kind="visited")
    with every_organisation():
        facts = list(
            DetentionFact.objects.filter(subject=row.person_id).values_list(
                "valid_from", "held", "grounds", "replaced_at"
            )
        )
        clocks = list(Deadline.objects.filter(subject=row.pk).values_list("kind", "due_at"))
    return strip(board(gate.focal)), facts, clocks

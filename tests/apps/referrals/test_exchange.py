"""Cases as a file of HTCDS: out, in at another place, and out again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marfa.apps.agreements.models import Recipient
from marfa.apps.assistance.actions.assistance import find_no_place
from marfa.apps.assistance.models import Help
from marfa.apps.assistance.queries import AGAIN, begins_by, late_begins, with_begin
from marfa.apps.cases.action_base import case_columns, create_case_row
from marfa.apps.cases.models import (
    Case,
    CaseFact,
    ExploitationEpisode,
    FormalIdentification,
    Presumption,
)
from marfa.apps.organisations.models import Site
from marfa.apps.referrals.exchange.file_export import export_cases
from marfa.apps.referrals.exchange.file_import import cases_in, preview_import, read_in_cases
from marfa.apps.referrals.exchange.htcds_case import htcds_case
from marfa.apps.referrals.exchange.records import records_of
from marfa.apps.referrals.models import ForeignCase, Referral
from marfa.apps.registry.actions import NewPerson
from marfa.apps.registry.models import Person
from marfa.crypto.merkle import merkle_root
from marfa.domain.codelists import codelist
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.methods import htcds
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in
from tests.support.acts import act_of

pytestmark = pytest.mark.django_db

CANARY = "kanarya-7f3a"
NOW = datetime.fromisoformat("2024-05-06T10:00:00+00:00")


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def supervisor(office: Office) -> Actor:
    """With a second factor that was just proved."""
    return replace(office.supervisor, stepped_up_at=clock.now())


def _codes(random: Random, name: str, most: int = 3) -> list[str]:
    codes = codelist(name).codes
    return random.sample(codes, random.randint(0, min(most, len(codes))))


def _told(random: Random) -> NewPerson:
    year = random.choice([None, *range(1950, 2020)])
    return NewPerson(
        sex=random.choice(codelist("sex").codes),
        born=PartialDate.gregorian(year, *random.choice([(), (5,), (5, 6)])) if year else None,
        basis="stated" if year else "unknown",
        languages=random.sample(["apc", "ckb", "kmr", "ara", "eng"], random.randint(0, 4)),
        citizenships=random.sample(["SY", "IQ", "NG", "ER"], random.randint(0, 2)),
        gender=random.choice(["", "", *codelist("prs_gender").codes]),
        marital_status=random.choice(["", *codelist("prs_marital_status").codes]),
        education=random.choice(["", *codelist("prs_highest_level_of_education").codes]),
    )


def fill(random: Random, office: Office, case: Case) -> None:
    """Whatever may stand about a case, with something in every free text that must stay here."""
    by = office.worker.id
    for _ in range(random.randint(0, 3)):
        create_case_row(
            act_of(office.worker),
            ExploitationEpisode(**case_columns(case), recorded_at=NOW, recorded_by=by),
            forms=_codes(random, "exploitation_forms"),
            recruitment=_codes(random, "vic_method_of_recruitment"),
            control=_codes(random, "vic_methods_of_control"),
            industries=_codes(random, "vic_forced_labour_industry", 2),
            sexual=_codes(random, "vic_type_of_sex_exploitation", 2),
            relation=random.choice([None, *codelist("vic_relationship_to_trafficker").codes]),
            countries=random.choices(["SY", "IQ", "TR", "LB"], k=random.randint(0, 4)),
            since=random.choice([None, "2014", "2015-03", "2016-02-03", "2013~"]),
            until=random.choice([None, "2017", "2018-07-08"]),
            age=random.choice([None, random.randint(5, 40)]),
            conflict_links=_codes(random, "conflict_link"),
            **dict.fromkeys(("place", "group", "words"), CANARY),
        )
    for _ in range(random.randint(0, 4)):
        helped = Help(**case_columns(case), **_help(random), asked_by=by)
        create_case_row(act_of(office.worker), helped, name=CANARY, by_whom=CANARY)
    if random.random() < 0.4:
        _decided(random, office, case)
    for _ in range(random.randint(0, 2)):
        _referred(random, office, case)


def _help(random: Random) -> dict[str, Any]:
    state = random.choice(Help.State.values)
    asked = NOW + timedelta(days=random.randint(0, 20))
    begun, ended = asked + timedelta(days=1), asked + timedelta(days=30)
    values: dict[str, Any] = {"kind": random.choice(codelist("support_types").codes)}
    values |= {"state": state, "asked_at": asked}
    if state == "no_place":
        values["next_try_at"] = ended
    if state in ("running", "ended"):
        values["started_at"] = begun
    if state in ("ended", "declined"):
        values["ended_at"] = ended
    if state == "ended":
        values["end_reason"] = random.choice(Help.End.values)
    return values


def _decided(random: Random, office: Office, case: Case) -> None:
    decision = random.choice(["", "identified", "refused"])
    row = FormalIdentification(
        **case_columns(case),
        country="IQ",
        authority=CANARY,
        authority_kind=random.choice(codelist("vic_trafficking_status_decision_making_org").codes),
        asked_at=NOW,
        asked_by=office.worker.id,
        decision=decision,
        decided_on=date(2024, 6, 1) if decision else None,
        recorded_at=NOW if decision else None,
        recorded_by=office.worker.id if decision else None,
    )
    create_case_row(act_of(office.worker), row, reasons=CANARY, file_number=CANARY)


def _referred(random: Random, office: Office, case: Case) -> None:
    recipient, _ = Recipient.objects.get_or_create(
        name=CANARY, kind="health", defaults={"created_at": NOW, "created_by": office.worker.id}
    )
    row = Referral(
        **case_columns(case),
        kind="referral",
        way="package",
        recipient=recipient,
        purpose=random.choice(["assistance", "evidence"]),
        support=random.choice(["", "shelter"]),
        sent_at=NOW,
        sent_by=office.worker.id,
        due_at=NOW,
    )
    create_case_row(act_of(office.worker), row, note=CANARY)


def make(random: Random, office: Office, many: int) -> list[Case]:
    found = []
    for _ in range(many):
        case = office.case(office.register(_told(random)))
        fill(random, office, case)
        found.append(case)
    return found


def sent(cases: list[Case]) -> list[htcds.Case]:
    """As they go out, without the reference, which each place has of its own."""
    with open_vault():
        made = [htcds_case(each, clock.today("UTC")) for each in records_of([c.pk for c in cases])]
    return [replace(each, marfa=replace(each.marfa, reference=None)) for each in made]


def file_of(office: Office, supervisor: Actor, form: str = "json", **days: Any) -> bytes:
    stream = io.BytesIO()
    export_cases(actor=supervisor, site=office.site, form=form, stream=stream, **days)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("many", [pytest.param(20), pytest.param(500, marks=pytest.mark.slow)])
def test_out_in_elsewhere_and_out_again_loses_nothing(
    office: Office, supervisor: Actor, form: str, many: int
) -> None:
    ours = make(Random(f"{form}{many}"), office, many)
    content = file_of(office, supervisor, form)
    assert CANARY.encode() not in content
    other = Site.objects.filter(organisation=office.operation.controller).order_by("name")[1]
    given = cases_in(content, name="cases", site=other)
    assert len(given) == many
    made = read_in_cases(actor=supervisor, site=other, source="Harbour of hope", cases=given)
    key = {row.theirs: row.case for row in ForeignCase.objects.select_related("case")}
    again = sent([key[case.reference] for case in ours])
    for before, after in zip(sent(ours), again, strict=True):
        assert htcds.to_plain(before) == htcds.to_plain(after)
    assert {each.site_id for each in made} == {other.pk}
    entry = Entry.objects.filter(action="cases.open", outcome="done", rows=many).get()
    assert bytes(entry.rows_root or b"") == merkle_root([each.pk.bytes for each in made])


def test_who_is_protected_is_in_no_file(office: Office, supervisor: Actor) -> None:
    shown, hidden = make(Random(1), office, 2)
    Person.objects.filter(pk=hidden.person_id).update(protected=True, protected_at=NOW)
    content = file_of(office, supervisor)
    found = [
        each["extensions"]["marfa"]["marfa_reference"] for each in json.loads(content)["cases"]
    ]
    assert found == [shown.reference]
    entry = Entry.objects.filter(action="exports.make", outcome="done").get()
    assert (entry.rows, bytes(entry.rows_root or b"")) == (1, merkle_root([shown.pk.bytes]))


def test_a_refusal_is_never_told_as_no_victim(office: Office, supervisor: Actor) -> None:
    case = office.case()
    row = FormalIdentification(
        **case_columns(case),
        country="IQ",
        authority="Committee",
        authority_kind="Police",
        asked_at=NOW,
        asked_by=office.worker.id,
        decision="refused",
        decided_on=date(2024, 6, 1),
    )
    create_case_row(act_of(office.worker), row)
    content = file_of(office, supervisor)
    assert b"NotAVictim" not in content
    (told,) = json.loads(content)["cases"]
    assert told["victim"] == {"vic_TraffickingStatus": "PossibleVictimOfTrafficking"}
    assert told["extensions"]["marfa"]["marfa_identification"] == "formally_refused"


def test_a_file_of_many_cases_asks_as_often_as_one_of_few(
    office: Office, supervisor: Actor
) -> None:
    make(Random(2), office, 2)
    with CaptureQueriesContext(connection) as few:
        file_of(office, supervisor)
    make(Random(3), office, 6)
    with CaptureQueriesContext(connection) as many:
        file_of(office, supervisor)
    assert len(many) <= len(few) + 1  # whose consents are asked about withdrawals


def test_a_file_is_made_by_supervisors_of_the_place_after_a_second_factor(
    office: Office, supervisor: Actor
) -> None:
    office.case()
    now = clock.now()
    for actor in (
        office.supervisor,
        replace(office.worker, stepped_up_at=now),
        replace(office.partner, stepped_up_at=now),
    ):
        with pytest.raises(DeniedError):
            file_of(office, actor)
    assert not json.loads(file_of(office, supervisor, until=date(2001, 1, 1)))["cases"]
    with pytest.raises(InputError):
        file_of(office, supervisor, since=date(2002, 1, 1), until=date(2001, 1, 1))


def foreign(*cases: htcds.Case) -> bytes:
    stream = io.BytesIO()
    htcds.write_json(cases, stream, today=clock.today("UTC"))
    return stream.getvalue()


FROM_OUTSIDE = htcds.Case(
    status="FollowUp",
    consent=True,
    person=htcds.Person(gender="Feminine", number_of_children=2, citizenship=("NG",)),
    victim=htcds.Victim(
        trafficking_status="ActualVictimOfTrafficking",
        type_of_exploitation=("ForcedLabour", "ChildLabour"),
    ),
    events=(htcds.Event(type="Recruitment", country="NG", date=PartialDate.gregorian(2015)),),
    support_plans=(htcds.SupportPlan(type="Health"),),
    marfa=htcds.Marfa(
        reference="A-1", services=(htcds.Service(support="shelter", state="under_way"),)
    ),
)
"""What programs of others say, and ours has no place for."""


def test_what_has_no_place_here_is_kept_and_said_again(office: Office, supervisor: Actor) -> None:
    cases = cases_in(foreign(FROM_OUTSIDE), name="cases.json", site=office.site)
    shown = dict(preview_import(cases, office.site).unplaced)
    assert shown["con_Consent"] == 1
    assert not Case.objects.exists(), "a preview writes nothing"
    (case,) = read_in_cases(actor=supervisor, site=office.site, source="Harbour", cases=cases)
    assert (case.state, case.source, case.worker) == ("open", "referral", None)
    assert not Presumption.objects.exists(), "what others decided is no presumption of ours"
    assert not Help.objects.exists(), "nobody says since when"
    fact = CaseFact.objects.get(subject=case.person_id, replaced_at=None)
    assert (fact.state, tuple(fact.exploitation)) == ("open", ("forced_labour",))
    (again,) = sent([case])
    told = htcds.to_plain(FROM_OUTSIDE)
    told["extensions"]["marfa"].pop("marfa_reference")
    found = htcds.to_plain(again)
    assert found["extensions"]["marfa"].pop("marfa_exploitation_forms") == ["forced_labour"]
    assert found == told


def test_the_same_file_is_noticed_with_and_without_references(
    office: Office, supervisor: Actor
) -> None:
    bare = replace(FROM_OUTSIDE, marfa=htcds.Marfa())
    cases = cases_in(foreign(FROM_OUTSIDE, bare, bare), name="cases.json", site=office.site)
    read_in_cases(actor=supervisor, site=office.site, source="Harbour", cases=cases)
    assert Case.objects.count() == 3
    with pytest.raises(InputError) as again:
        read_in_cases(actor=supervisor, site=office.site, source=" HARBOUR ", cases=cases)
    assert [each.place.field for each in again.value.problems] == [
        "/cases/0",
        "/cases/1",
        "/cases/2",
    ]
    assert Case.objects.count() == 3
    read_in_cases(actor=supervisor, site=office.site, source="Somebody else", cases=cases[:1])


@pytest.mark.parametrize(
    ("content", "row", "field"),
    [
        (b"case,prs_Gender\n1,Feminine\n2,Female\n", 3, "prs_Gender"),
        (b"case,prs_FirstName\n1,Amal\n", 2, "prs_FirstName"),
        (
            b'{"standard": "HTCDS", "version": "2.0", "cases": [\n{"cas_Status": "Open"}]}',
            2,
            "cas_Status",
        ),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_with_its_place(
    office: Office, content: bytes, row: int, field: str
) -> None:
    with pytest.raises(InputError) as wrong:
        cases_in(content, name="cases", site=office.site)
    places = [
        (each.place.row, each.place.column or each.place.field) for each in wrong.value.problems
    ]
    assert any(line == row and field in (name or "") for line, name in places), places


def test_files_are_read_in_at_ones_own_place_all_or_nothing(
    office: Office, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [FROM_OUTSIDE, replace(FROM_OUTSIDE, marfa=htcds.Marfa(reference="A-2"))]
    people = Person.objects.count()
    with pytest.raises(DeniedError):
        read_in_cases(actor=office.officer, site=office.site, source="Harbour", cases=cases)
    with pytest.raises(DeniedError):
        read_in_cases(actor=office.partner, site=office.site, source="Harbour", cases=cases)

    def full(*_args: object, **_kwargs: object) -> None:
        if ForeignCase.objects.exists():
            raise OSError(CANARY)

    monkeypatch.setattr("marfa.apps.referrals.exchange.file_import.leave_queue", full)
    with pytest.raises(OSError, match=CANARY):
        read_in_cases(actor=supervisor, site=office.site, source="Harbour", cases=cases)
    assert (Person.objects.count(), Case.objects.count()) == (people, 0)


def without_a_place(office: Office) -> list[htcds.Case]:
    """A file with one case, for which another organisation found no place."""
    lacking = htcds.Service(
        support="shelter", state="no_place_available", since=PartialDate.gregorian(2026, 1, 2)
    )
    case = replace(FROM_OUTSIDE, marfa=htcds.Marfa(reference="A-2", services=(lacking,)))
    return cases_in(foreign(case), name="cases.json", site=office.site)


def test_what_had_no_place_elsewhere_is_looked_for_here(office: Office, supervisor: Actor) -> None:
    cases = without_a_place(office)
    read_in_cases(actor=supervisor, site=office.site, source="Harbour", cases=cases)
    row = Help.objects.get()
    assert row.state == "no_place"
    search = Deadline.objects.get(subject=row.pk, kind="assistance.no_place", state="open")
    assert search.due_at == row.next_try_at


def test_of_no_place_elsewhere_it_is_asked_how_the_person_is_safe(
    office: Office, supervisor: Actor, operation: Operation
) -> None:
    [made] = read_in_cases(
        actor=supervisor, site=office.site, source="Harbour", cases=without_a_place(office)
    )
    row = Help.objects.get()
    client = signed_in(operation.supervisor)
    pages = (f"/cases/{made.reference}/", f"/cases/help/{row.reference}/")
    for page in pages:
        said = client.get(page).content.decode()
        assert "<p>None</p>" not in said, page
        assert "not said" in said, page
        assert "How does the person stay safe until there is a place?" in said, page
    find_no_place(actor=supervisor, row=row, interim="She sleeps at the clinic")
    for page in pages:
        assert "She sleeps at the clinic" in client.get(page).content.decode(), page
    assert "How does the person stay safe" not in client.get(pages[0]).content.decode()


def test_what_was_asked_for_elsewhere_has_its_time_from_now_on(
    office: Office, supervisor: Actor, operation: Operation
) -> None:
    waits = htcds.Service(
        support="shelter", state="waiting", since=PartialDate.gregorian(2026, 1, 2)
    )
    told = replace(FROM_OUTSIDE, marfa=htcds.Marfa(reference="A-3", services=(waits,)))
    cases = cases_in(foreign(told), name="cases.json", site=office.site)
    [made] = read_in_cases(actor=supervisor, site=office.site, source="Harbour", cases=cases)
    row = with_begin(Help.objects.all()).get()
    assert (row.state, row.asked_at < made.opened_at) == ("wanted", True)
    assert begins_by(row) == made.opened_at + AGAIN
    page = signed_in(operation.supervisor).get(f"/cases/{made.reference}/").content.decode()
    assert "Begin by" in page
    assert "overdue" not in page
    assert not late_begins(supervisor).exists()
    with clock.set_to(made.opened_at + AGAIN):
        assert list(late_begins(supervisor)) == [row]


def test_the_pages(office: Office, operation: Operation) -> None:
    there = "/desks/protection/supervision/file/"
    client = signed_in(operation.supervisor)
    assert client.get(there).status_code == 200
    case = office.case()
    asked = {"site": office.site.reference, "form": "csv"}
    answer = client.post(there, asked)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert case.reference.encode() in content
    assert client.post(there, {**asked, "since": "yesterday"}).status_code == 422
    bad = SimpleUploadedFile("cases.csv", b"case,prs_Gender\n1,Female\n")
    told = {"site": office.site.reference, "source": "Harbour"}
    wrong = client.post(f"{there}in/", {**told, "file": bad})
    assert wrong.status_code == 422
    assert "prs_Gender" in wrong.content.decode()
    good = SimpleUploadedFile("cases.json", foreign(FROM_OUTSIDE))
    shown = client.post(f"{there}in/", {**told, "file": good})
    assert "con_Consent" in shown.content.decode()
    assert Case.objects.count() == 1
    sent_again = {**told, "packed": shown.context["packed"], "name": "x", "do": "read_in"}
    assert client.post(f"{there}in/", sent_again).status_code == 302
    assert Case.objects.count() == 2
    assert client.post(f"{there}in/", sent_again).status_code == 422
    assert client.post(f"{there}in/", {**sent_again, "packed": "no file"}).status_code == 422
    assert signed_in(operation.supervisor, factor=False).get(there).status_code == 302

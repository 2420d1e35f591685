"""What an authority is asked and decides, and that no help depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from marfa.apps.assistance.models import Help
from marfa.apps.cases.action_base import case_columns, create_case_row
from marfa.apps.cases.actions import (
    appeal_decision,
    ask_authority,
    assign_site,
    change_profile,
    record_decision,
    withdraw_request,
)
from marfa.apps.cases.country_profiles import FICTIONAL, profile_country_choices, profile_for
from marfa.apps.cases.facts import case_histories
from marfa.apps.cases.late_decisions import decisions_of, late_decisions
from marfa.apps.cases.models import (
    Case,
    CaseFact,
    CountryProfile,
    FormalIdentification,
    Presumption,
    SiteCountry,
)
from marfa.apps.consents.actions.legal_bases import OtherBasis, record_other_basis
from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import Desk
from marfa.domain.ids import new_id, new_reference
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.facts.timeline import rows_of
from marfa.platform.revisions.models import Revision
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from marfa.web.templatetags.regional import day
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation, signed_in
from tests.support.acts import act_of

pytestmark = pytest.mark.django_db
AGREED: dict[str, Any] = {"yes": True, "wish": "I want the paper, so that I can stay"}
LAW = {
    "authority": "Office of the tests",
    "authority_kind": "Police",
    "mechanism": "",
    "reflection_days": 30,
    "decision_days": 10,
    "appeal_days": 5,
    "review_hours": 24,
    "source": "A law of the tests, article 1",
}


class Country(Office):
    """An office in a country whose profile somebody wrote down."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation)
        change_profile(profile_for("SY"), Change(self.supervisor, 1, LAW))
        assign_site(actor=self.supervisor, site=self.site, profile=profile_for("SY"))

    def helped(self) -> Case:
        """A case in which help runs."""
        case = self.case()
        with open_vault():
            row = Help(
                **case_columns(case),
                kind="shelter",
                state=Help.State.RUNNING,
                asked_at=clock.now(),
                asked_by=self.worker.id,
                started_at=clock.now(),
            )
            create_case_row(act_of(self.worker), row)
        return case


@pytest.fixture
def office(operation: Operation) -> Iterator[Country]:
    with every_organisation():
        yield Country(operation)


def stands(case: Case) -> object:
    """All that a decision of an authority must never change."""
    case.refresh_from_db()
    return (
        (case.state, case.urgency, case.worker, case.met_at),
        list(Help.objects.filter(case=case).values_list("pk", "state", "version", "ended_at")),
        list(Presumption.objects.filter(case=case).values_list("pk", "made_at")),
        sorted(Deadline.objects.values_list("subject", "kind", "due_at", "state"), key=str),
    )


def test_nothing_an_authority_does_touches_help(office: Country) -> None:
    case = office.helped()
    before = stands(case)
    asked = ask_authority(actor=office.worker, case=case, **AGREED)
    assert stands(case) == before
    late = asked.expected_at
    assert late is not None
    ticks = count()
    with clock.set_to(lambda: late + timedelta(hours=1, milliseconds=next(ticks))):
        assert stands(case) == before, "a delay changes nothing"
        record_decision(
            actor=office.worker, formal=asked, decision="refused", reasons="No statement to police"
        )
        assert stands(case) == before, "nor does a refusal"
        again = appeal_decision(actor=office.worker, formal=asked, **AGREED)
        assert stands(case) == before
        withdraw_request(actor=office.worker, formal=again)
        assert stands(case) == before, "nor that the person takes it back"
    fact = CaseFact.objects.get(subject=case.person_id, replaced_at=None, valid_until=None)
    assert (fact.presumed, fact.given, fact.decision) == (True, ("shelter",), "refused")


def test_who_says_no_is_not_presented(office: Country) -> None:
    case = office.case()
    for said in ({"yes": False, "wish": "No"}, {"yes": True, "wish": "  "}):
        with pytest.raises(InputError):
            ask_authority(actor=office.worker, case=case, **said)  # type: ignore[arg-type]
    assert not FormalIdentification.objects.exists()


def test_beside_the_yes_of_a_child_stands_a_guardian_or_a_ground(office: Country) -> None:
    child = office.register(CHILD)
    case = office.case(child)
    with pytest.raises(InputError) as wrong:
        ask_authority(actor=office.worker, case=case, **AGREED)
    assert wrong.value.problems[0].message.code == "apps.cases:nobody-beside"
    with open_vault():
        record_other_basis(
            actor=office.worker,
            purpose=Purpose.CHILD_PROTECTION,
            person=child,
            told=OtherBasis(
                "child_protection",
                None,
                "best_interests",
                "She has nobody, and the paper protects her",
                clock.today("UTC") + timedelta(days=30),
                "I want the paper",
            ),
        )
    row = ask_authority(actor=office.worker, case=case, **AGREED)
    assert row.rests_on == "basis"


def test_no_law_comes_with_the_software(office: Country) -> None:
    found = CountryProfile.objects.values_list("country", flat=True)
    assert sorted(found) == [FICTIONAL, "SY"], "that of the tests, and one of no country"
    assign_site(actor=office.supervisor, site=office.site, profile=None)
    with pytest.raises(InputError) as wrong:
        ask_authority(actor=office.worker, case=office.case(), **AGREED)
    assert wrong.value.problems[0].message.code == "apps.cases:no-authority"


def test_times_come_from_the_profile_and_the_site(office: Country) -> None:
    case = office.case()
    row = ask_authority(actor=office.worker, case=case, **AGREED)
    zone = case.site.time_zone
    assert row.expected_at is not None
    assert (row.expected_at - timedelta(seconds=1)).date() >= row.asked_at.date() + timedelta(9)
    today = clock.today(zone)
    record_decision(actor=office.worker, formal=row, decision="refused", reasons="None")
    assert row.appeal_until == today + timedelta(days=5)
    with pytest.raises(InputError):
        record_decision(
            actor=office.worker, formal=row, decision="identified", day=today + timedelta(days=1)
        )
    with pytest.raises(InputError):
        record_decision(
            actor=office.worker, formal=row, decision="identified", day=date(2020, 1, 1)
        )
    record_decision(actor=office.worker, formal=row, decision="identified")
    now = FormalIdentification.objects.get(pk=row.pk)
    assert (now.decision, now.decided_on, now.appeal_until) == ("identified", today, None)
    kept = Revision.objects.filter(object_id=row.pk, field="decision")
    assert kept.count() == 3, "what was put right stays in the history"


def test_a_delay_is_told_to_supervisors_and_to_nobody_elsewhere(
    office: Country, operation: Operation
) -> None:
    row = ask_authority(actor=office.worker, case=office.case(), **AGREED)
    assert not list(decisions_of(operation.supervisor))
    assert row.expected_at is not None
    with clock.set_to(row.expected_at):
        assert list(late_decisions(office.supervisor)) == [row]
        assert len(list(decisions_of(operation.supervisor))) == 1
        assert not list(late_decisions(office.partner))
        assert not list(decisions_of(operation.partner))
        withdraw_request(actor=office.worker, formal=row)
        assert not list(late_decisions(office.supervisor))


def test_the_last_day_for_a_decision_is_shown_and_not_the_midnight_after_it(
    office: Country, operation: Operation
) -> None:
    case = office.case()
    last = clock.today(office.site.time_zone) + timedelta(days=10)
    row = ask_authority(actor=office.worker, case=case, **AGREED)
    assert row.expected_at is not None
    there = f"/cases/{case.reference}/"
    with clock.set_to(row.expected_at):
        browser = signed_in(operation.desks[Desk.PROTECTION])
        for address in (there, f"{there}authority/{row.reference}/"):
            page = browser.get(address).content.decode()
            assert day(last) in page
            assert day(last + timedelta(days=1)) not in page
            assert day(last + timedelta(days=1), "medium") not in page
        work = next(iter(decisions_of(operation.supervisor)))
        assert work.by == last


def test_one_request_is_open_and_an_appeal_is_a_row_of_its_own(office: Country) -> None:
    case = office.case()
    row = ask_authority(actor=office.worker, case=case, **AGREED)
    with pytest.raises(InputError):
        ask_authority(actor=office.worker, case=case, **AGREED)
    with pytest.raises(InputError):
        appeal_decision(actor=office.worker, formal=row, **AGREED)
    with pytest.raises(InputError):
        record_decision(actor=office.worker, formal=row, decision="refused", reasons="")
    record_decision(actor=office.worker, formal=row, decision="refused", reasons="None given")
    second = appeal_decision(
        actor=office.worker, formal=row, authority="A court of the tests", **AGREED
    )
    assert (second.appeals_id, second.authority) == (row.pk, "A court of the tests")
    with pytest.raises(InputError):
        record_decision(actor=office.worker, formal=row, decision="identified")
    again = dict(case_histories())[case.person_id]
    said = [r.values["decision"] for r in rows_of(again) if r.replaced_at is None]
    assert said[-1] == "refused", "until the appeal is decided"


def test_an_appeal_beside_an_open_request_is_told_and_loses_no_words(
    office: Country, operation: Operation
) -> None:
    case = office.case()
    first = ask_authority(actor=office.worker, case=case, **AGREED)
    record_decision(actor=office.worker, formal=first, decision="refused", reasons="None given")
    second = ask_authority(actor=office.worker, case=case, **AGREED)
    browser = signed_in(operation.desks[Desk.PROTECTION])
    there = f"/cases/{case.reference}/authority/{first.reference}/"
    page = browser.get(there).content.decode()
    assert "Another request is open" in page
    assert 'value="appeal"' not in page
    told = {"do": "appeal", "yes": "on", "wish": "Words of hers"}
    wrong = browser.post(there, told)
    assert wrong.status_code == 422
    assert "Words of hers" in wrong.content.decode()
    withdraw_request(actor=office.worker, formal=second)
    named = browser.post(there, {**told, "authority": "A" * 201})
    assert named.status_code == 422
    page = named.content.decode()
    assert 'href="#f-authority"' in page
    assert "at most 200 characters" in page
    assert browser.post(there, {**told, "authority": "A" * 200}).status_code == 302
    assert FormalIdentification.objects.get(appeals=first).authority == "A" * 200


def test_an_appeal_that_was_taken_back_stands_in_no_way(
    office: Country, operation: Operation
) -> None:
    case = office.case()
    row = ask_authority(actor=office.worker, case=case, **AGREED)
    record_decision(actor=office.worker, formal=row, decision="refused", reasons="None given")
    there = f"/cases/{case.reference}/"
    browser = signed_in(operation.desks[Desk.PROTECTION])

    def told_of_the_last_day() -> bool:
        return "The person may appeal" in browser.get(there).content.decode()

    for _ in range(2):
        assert told_of_the_last_day()
        made = appeal_decision(actor=office.worker, formal=row, **AGREED)
        assert not told_of_the_last_day()
        with pytest.raises(InputError) as wrong:
            appeal_decision(actor=office.worker, formal=row, **AGREED)
        assert wrong.value.problems[0].message.code == "apps.cases:appealed-already"
        withdraw_request(actor=office.worker, formal=made)
    assert told_of_the_last_day()
    assert 'value="appeal"' in browser.get(f"{there}authority/{row.reference}/").content.decode()
    record_decision(actor=office.worker, formal=row, decision="identified")
    row.refresh_from_db()
    assert row.decision == "identified", "what was written down wrongly is put right"


def test_the_database_holds_one_appeal_too(office: Country) -> None:
    case = office.case()
    row = ask_authority(actor=office.worker, case=case, **AGREED)
    record_decision(actor=office.worker, formal=row, decision="refused", reasons="None given")
    made = appeal_decision(actor=office.worker, formal=row, **AGREED)
    record_decision(actor=office.worker, formal=made, decision="refused", reasons="None given")
    made.pk, made.reference = new_id(), new_reference()
    made.wish = made.reasons = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_who_may_not_work_on_the_case_writes_nothing(office: Country) -> None:
    case = office.case()
    for stranger in (office.colleague, office.partner):
        with pytest.raises(DeniedError):
            ask_authority(actor=stranger, case=case, **AGREED)
    assert not FormalIdentification.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("decision_days", -1),
        ("reflection_days", 99999),
        ("review_hours", 0),
        ("review_hours", 721),
        ("source", " "),
        ("authority_kind", "King"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(office: Country, field: str, value: object) -> None:
    row = profile_for("SY")
    with pytest.raises(InputError) as wrong:
        change_profile(row, Change(office.supervisor, row.version, {**LAW, field: value}))
    assert [each.place.field for each in wrong.value.problems] == [field]
    row.refresh_from_db()
    assert row.version == 1 or getattr(row, field) != value


def test_profiles_are_written_by_who_may_alone(office: Country, operation: Operation) -> None:
    for stranger in (office.worker, office.officer, office.partner):
        with pytest.raises(DeniedError):
            change_profile(profile_for("IQ"), Change(stranger, 1, LAW))
        with pytest.raises(DeniedError):
            assign_site(actor=stranger, site=office.site, profile=None)
    assert SiteCountry.objects.get(site=office.site).profile.country == "SY"
    assert Entry.objects.filter(action="countries.manage", outcome="done").exists()


def test_the_pages_say_that_help_goes_on(office: Country, operation: Operation) -> None:
    case = office.helped()
    browser = signed_in(operation.desks[Desk.PROTECTION])
    there = f"/cases/{case.reference}/"
    wrong = browser.post(f"{there}authority/", {"wish": "I want the paper"})
    assert wrong.status_code == 422
    assert "I want the paper" in wrong.content.decode(), "nothing that was typed is lost"
    sent = browser.post(f"{there}authority/", {"wish": "I want it", "yes": "on", "day": ""})
    assert sent.status_code == 302
    row = FormalIdentification.objects.get()
    mine = f"{there}authority/{row.reference}/"
    told = {"do": "decided", "decision": "refused", "reasons": "None", "day": "half a day"}
    assert browser.post(mine, told).status_code == 422
    assert browser.post(mine, {**told, "day": ""}).status_code == 302
    for page in (there, mine):
        said = browser.get(page).content.decode()
        assert "Help continues" in said
    assert "may appeal" in browser.get(there).content.decode()
    assert signed_in(operation.colleague).get(mine).status_code in (403, 404)


def test_profiles_on_pages(office: Country, operation: Operation) -> None:
    browser = operation.at(Desk.ADMINISTRATION)
    person = operation.desks[Desk.ADMINISTRATION].reference
    sent = {**LAW, "person": person, "base_version": 1, "do": "save"}
    assert browser.get("/country-profiles/IQ/").status_code == 200
    assert not CountryProfile.objects.filter(country="IQ").exists(), "opening stores nothing"
    assert browser.post("/country-profiles/IQ/", {**sent, "source": ""}).status_code == 422
    assert browser.post("/country-profiles/IQ/", sent).status_code == 302
    assert CountryProfile.objects.get(country="IQ").decision_days == 10
    told = {"site": office.site.reference, "profile": "IQ"}
    assert browser.post("/country-profiles/", told).status_code == 302
    assert SiteCountry.objects.get(site=office.site).profile.country == "IQ"
    assert browser.get("/country-profiles/XQ/").status_code == 404
    assert browser.get("/country-profiles/../").status_code == 404


def test_with_real_people_there_is_no_made_up_country(settings: Any) -> None:
    assert FICTIONAL in dict(profile_country_choices())
    settings.DEMONSTRATION = False
    assert FICTIONAL not in dict(profile_country_choices())

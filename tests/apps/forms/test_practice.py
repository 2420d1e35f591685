"""Practice becomes nothing: not by the actions, not by what the database holds, not on a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.urls import reverse

from marfa.apps.forms import converters, jobs
from marfa.apps.forms.actions.decisions import accept_submission, recheck_submission, set_aside
from marfa.apps.forms.actions.hand_over import hand_over
from marfa.apps.forms.actions.practice import DAYS, offer_for_practice
from marfa.apps.forms.actions.submissions import receive_submission
from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.forms.converters import Converter, Plan, record_submission, to_record
from marfa.apps.forms.entry.queries import definition_for, offered_to
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.apps.forms.queries import offered_to_apps
from marfa.apps.forms.submissions import practice_submissions, submissions_to_decide
from marfa.apps.forms.work import work_items_of
from marfa.apps.manifest import Desk
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock, units
from marfa.platform.jobs.worker import Worker
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.models import Erasure, SubjectKey
from marfa.safeguards.words import Purpose
from tests.apps.forms.sheets import sheet
from tests.apps.forms.test_decisions import JOB
from tests.conftest import Operation, signed_in
from tests.contracts.openrosa.answers import arrival

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "arrival-practice"


@pytest.fixture(autouse=True)
def everywhere(operation: Operation) -> Iterator[None]:
    with every_organisation():
        yield


@pytest.fixture
def twin(supervisor: Actor, version: FormVersion) -> FormVersion:
    FormDefinition.objects.filter(pk=version.form_id).update(sensitive=True, open_to_apps=False)
    return offer_for_practice(actor=supervisor, version=version)


def sent(officer: Actor, twin: FormVersion, **answers: str) -> Submission:
    content = arrival(**answers).replace(b'id="arrival"', f'id="{NAME}"'.encode())
    row = receive_submission(
        actor=officer, version=twin, told=read_told(content), content=content, way="openrosa"
    ).submission
    return recheck_submission(actor=JOB, submission=row)


def refused_by_the_database(row: Model, **values: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**values)


def test_it_is_the_same_form_under_a_name_and_title_of_its_own(
    twin: FormVersion, version: FormVersion
) -> None:
    form = twin.form
    assert (form.form_id, form.practice_of_id) == (NAME, version.form_id)
    assert form.titles == {"en": "Practice: Arrival", "ar": "تدريب: وصول"}
    assert (form.sensitive, form.open_to_apps, form.purpose) == (True, True, "registration")
    assert twin.version == version.version
    assert twin.missing == {}, "the note is there in every language"
    version.refresh_from_db()
    assert "practice" not in version.xml, "the form itself stays as it was"


def test_offered_again_it_is_what_it_was(
    supervisor: Actor, twin: FormVersion, version: FormVersion
) -> None:
    again = offer_for_practice(actor=supervisor, version=version)
    assert (again.pk, again.xml, again.published_at) == (twin.pk, twin.xml, twin.published_at)
    assert FormDefinition.objects.filter(practice_of=version.form_id).count() == 1


def test_a_form_for_practice_is_changed_by_way_of_its_form_alone(
    operation: Operation, supervisor: Actor, twin: FormVersion
) -> None:
    """Nothing comes under its name that is not marked, and it is practice of no practice."""
    data = sheet("integer|ward|W|ج||coded", version="9").replace(
        b"| arrival |", b"| arrival-practice |"
    )
    with pytest.raises(InputError, match="practice-of-another"):
        add_form(
            actor=supervisor,
            organisation=operation.controller,
            examined=examine_xlsform(data, "form.md", Purpose.REGISTRATION),
        )
    for change in (publish_version, offer_for_practice):
        with pytest.raises(InputError, match="practice-of-another"):
            change(actor=supervisor, version=twin)


def test_another_form_keeps_its_name(
    operation: Operation, supervisor: Actor, version: FormVersion
) -> None:
    FormDefinition.objects.create(
        organisation=operation.controller,
        form_id=NAME,
        purpose="registration",
        created_at=clock.now(),
    )
    with pytest.raises(InputError, match="practice-name-taken"):
        offer_for_practice(actor=supervisor, version=version)


def test_who_manages_no_forms_offers_none(officer: Actor, version: FormVersion) -> None:
    with pytest.raises(DeniedError):
        offer_for_practice(actor=officer, version=version)
    assert not FormDefinition.objects.filter(form_id=NAME).exists()


def test_on_the_pages_it_is_not_filled_in(
    operation: Operation, officer: Actor, twin: FormVersion
) -> None:
    assert twin in offered_to_apps(operation.controller.pk)
    assert twin not in offered_to(officer)
    assert twin not in definition_for(officer)
    browser = signed_in(operation.desks[Desk.RECEPTION])
    assert "Practice:" not in browser.get(reverse("filling:choose")).content.decode()
    there = reverse("filling:begin", args=[twin.reference])
    assert browser.post(there).status_code == 404


@pytest.mark.parametrize("adults", ["2", "7"], ids=["clean", "different"])
def test_nobody_accepts_it(
    officer: Actor, supervisor: Actor, twin: FormVersion, adults: str
) -> None:
    row = sent(officer, twin, adults=adults)
    assert (row.practice, row.state) == (True, "checked" if adults == "2" else "different")
    for actor in (officer, supervisor):
        for decide in (accept_submission, set_aside):
            with pytest.raises(InputError, match="practice-becomes-nothing"):
                decide(actor=actor, submission=row, sentence="It looks right")
    with pytest.raises(ValueError, match="given to nobody"), units.unit_of_work():
        hand_over(submission=row, person=new_id())
    row.refresh_from_db()
    assert (row.settled_at, row.handed_over_at) == (None, None)


def test_the_database_refuses_it_too(officer: Actor, twin: FormVersion) -> None:
    row = sent(officer, twin)
    refused_by_the_database(row, state="accepted", settled_at=clock.now())
    refused_by_the_database(row, state="set_aside", settled_at=clock.now())
    refused_by_the_database(row, handed_over_at=clock.now())
    refused_by_the_database(row, sealed_before_by=new_id())


def test_a_form_is_not_made_practice_afterwards(version: FormVersion, twin: FormVersion) -> None:
    """By a mark alone a sensitive form does not get to outside apps."""
    refused_by_the_database(version.form, open_to_apps=True)
    FormDefinition.objects.filter(pk=twin.form_id).update(open_to_apps=False, practice_of=None)
    refused_by_the_database(version.form, practice_of=twin.form_id)
    refused_by_the_database(twin.form, open_to_apps=True)


def test_its_mark_stays_when_that_of_its_form_is_lost(
    officer: Actor, supervisor: Actor, twin: FormVersion
) -> None:
    row = sent(officer, twin)
    FormDefinition.objects.filter(pk=twin.form_id).update(open_to_apps=False, practice_of=None)
    row = Submission.objects.get(pk=row.pk)
    with pytest.raises(InputError, match="practice-becomes-nothing"):
        accept_submission(actor=supervisor, submission=row)
    assert row not in submissions_to_decide(supervisor)


def test_no_converter_runs_on_it(
    operation: Operation,
    officer: Actor,
    supervisor: Actor,
    twin: FormVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even one that takes every form, of a row that says of itself that it was accepted."""

    def fails(*_given: object) -> str:
        raise AssertionError("it ran")

    everything = Converter("all", lambda _version: True, lambda _row: Plan((), ()), fails)
    monkeypatch.setattr(converters, "all_converters", lambda: (everything,))
    row = sent(officer, twin)
    assert converters.converter_of(twin) is None
    row.state = Submission.State.ACCEPTED
    with pytest.raises(InputError, match="not-to-record"):
        record_submission(actor=supervisor, submission=row, code="111111118")
    assert not to_record(supervisor).exists()
    assert not list(work_items_of(operation.supervisor))


def test_it_is_shown_apart_with_its_mark_and_nothing_to_decide(
    operation: Operation, officer: Actor, supervisor: Actor, twin: FormVersion
) -> None:
    FormDefinition.objects.update(sensitive=False)  # what registration asks is not
    row = sent(officer, twin, adults="7")
    assert list(submissions_to_decide(supervisor)) == []
    assert list(practice_submissions(supervisor)) == [row]
    browser = signed_in(operation.supervisor)
    listed = browser.get(reverse("forms:came")).content.decode()
    assert "Nothing is waiting for a decision" in listed
    assert "Practice: Arrival" in listed
    assert "for practice" in listed
    there = reverse("forms:one", args=[row.reference])
    shown = browser.get(there).content.decode()
    assert "This is practice" in shown
    assert "<bdi>7</bdi>" in shown
    assert "Accept" not in shown
    assert browser.post(there, {"do": "accept", "sentence": "Right"}).status_code == 422
    assert signed_in(operation.outsider).get(there).status_code in (403, 404)


def test_the_page_of_a_form_offers_and_stops_it(operation: Operation, version: FormVersion) -> None:
    browser = signed_in(operation.supervisor)
    there = reverse("forms:version", args=[version.reference])
    assert "Offer for practice" in browser.get(there).content.decode()
    browser.post(there, {"do": "practise"})
    shown = browser.get(there).content.decode()
    assert "Stop practice" in shown
    twin = FormVersion.objects.get(form__practice_of=version.form_id)
    assert twin.is_offered
    own = browser.get(reverse("forms:version", args=[twin.reference])).content.decode()
    assert "for practice with fictional people only" in own
    assert "Offer for practice" not in own
    assert "to_apps" not in own
    browser.post(there, {"do": "stop_practice"})
    assert not FormVersion.objects.get(pk=twin.pk).is_offered
    assert browser.post(there, {"do": "stop_practice"}).status_code == 422


def test_it_goes_after_fourteen_days(
    officer: Actor, twin: FormVersion, version: FormVersion
) -> None:
    FormDefinition.objects.filter(pk=version.form_id).update(sensitive=False)
    old, young = sent(officer, twin), sent(officer, twin)
    content = arrival()
    real = receive_submission(
        actor=officer, version=version, told=read_told(content), content=content, way="pages"
    ).submission
    past = clock.now() - timedelta(days=DAYS, minutes=1)
    Submission.objects.filter(pk__in=[old.pk, real.pk]).update(received_at=past)
    jobs.end_practices.enqueue()
    Worker().work(until_empty=True)
    assert set(Submission.objects.values_list("pk", flat=True)) == {young.pk, real.pk}
    assert not SubjectKey.objects.filter(subject=old.subject).exists()
    assert list(Erasure.objects.values_list("subject", flat=True)) == [old.subject]

"""An instrument as a form, and the talk that is made of what came back: once, for one person, with
the refusals of every talk."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from marfa.apps.accounts.models import User
from marfa.apps.forms.actions.decisions import accept_submission, recheck_submission, set_aside
from marfa.apps.forms.actions.submissions import receive_submission
from marfa.apps.forms.actions.versions import publish_version
from marfa.apps.forms.converters import to_record
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.apps.forms.queries import offered_to_apps
from marfa.apps.forms.work import work_items_of
from marfa.apps.manifest import Desk, WorkItem
from marfa.apps.manifest import Urgency as Urgent
from marfa.apps.organisations.administration import by_command
from marfa.apps.reception.actions.queue import add_reason
from marfa.apps.reception.models import ScreeningReason
from marfa.apps.screening.answers import answers_given
from marfa.apps.screening.conditions import LABELS, MAY_NOT_BE_NEEDED, Condition
from marfa.apps.screening.instrument_forms import PREFIX, add_instrument_form, make_screening
from marfa.apps.screening.instruments import reception_lists
from marfa.apps.screening.models import Screening, ScreeningFact
from marfa.apps.screening.queries import to_screen
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.methods.screening import Instrument, Library, Wording
from marfa.methods.screening.outcome import Urgency
from marfa.methods.xforms import Surroundings, evaluate, submission_xml
from marfa.methods.xforms.xpath.dates import moment_text
from marfa.platform import clock
from marfa.platform.facts.kinds import kind_of
from marfa.platform.facts.rebuilds import compare_facts
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.screening.test_interview import Office
from tests.conftest import Operation, signed_in
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "registration-risk"
HOLD = {
    f"{PREFIX}{each.value}": "not_needed" if each in MAY_NOT_BE_NEEDED else "yes"
    for each in Condition
}


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def version(desk: Office, operation: Operation) -> FormVersion:
    found = add_instrument_form(actor=by_command(), organisation=operation.controller, name=NAME)
    publish_version(actor=second_person(operation), version=found)
    return found


def sent(desk: Office, version: FormVersion, **answers: str) -> Submission:
    """The form filled in as on a device, received, and checked again."""
    return received(desk, version, filled_in(version, clock.now(), clock.now(), **answers))


def filled_in(version: FormVersion, begun: datetime, ended: datetime, **answers: str) -> bytes:
    """The form as a device writes it, by its own clock."""
    model = model_of(version)
    paths = {question.spot.name: question.spot.path for question in model.questions()}
    told = {paths[named(name)]: said for name, said in answers.items()}
    state = evaluate(model, told, Surroundings(begun))
    state.put({f"/{model.root.name}/end": moment_text(ended)})
    return submission_xml(state).encode()


def named(name: str) -> str:
    return name if name.startswith(PREFIX) else name.replace("_", "-")


def received(desk: Office, version: FormVersion, content: bytes) -> Submission:
    row = receive_submission(
        actor=desk.officer, version=version, told=read_told(content), content=content, way="pages"
    ).submission
    return recheck_submission(actor=Actor(new_id(), ActorKind.JOB), submission=row)


def accepted(desk: Office, version: FormVersion, **answers: str) -> Submission:
    row = sent(desk, version, **HOLD, **answers)
    assert row.state == Submission.State.CHECKED
    accept_submission(actor=desk.supervisor, submission=row)
    return row


def page(operation: Operation, row: Submission, **typed: str) -> HttpResponse:
    browser = signed_in(operation.supervisor)
    there = reverse("forms:to_record", args=[row.reference])
    found: Any = browser.post(there, typed) if typed else browser.get(there)
    return found  # type: ignore[no-any-return]


def question(version: FormVersion, name: str, code: str) -> str:
    """A question in the words of the form."""
    model = model_of(version)
    (asked,) = [each for each in model.questions() if each.spot.name == name]
    state = evaluate(model, {}, Surroundings(clock.now()))
    return state.words(asked.label, asked.spot.path, model.language(code))


def test_what_was_answered_becomes_a_talk_of_the_person_once(
    desk: Office, version: FormVersion, operation: Operation
) -> None:
    row = accepted(desk, version, rr_papers_held="yes", rr_debt="refused")
    shown = page(operation, row).content.decode()
    assert "rr-papers-held" not in shown
    assert question(version, "rr-papers-held", "en") in html.unescape(shown)
    for wrong in ("12", "111111118"):
        assert page(operation, row, code=wrong).status_code == 422
    answer = page(operation, row, code=desk.person.code)
    made = Screening.objects.get(submission=row.pk)
    assert answer["Location"] == reverse("screening:one", args=[made.reference])
    assert (made.state, made.person_id) == ("finished", desk.person.pk)
    assert made.officer == desk.officer.id, "who asked, and not who accepted"
    with open_vault():
        assert answers_given(made).stated == {"rr-papers-held": "yes", "rr-debt": "refused"}
        assert made.indication == "reasons_only"
    assert ScreeningFact.objects.get(replaced_at=None).rule == "reasons_only"
    row.refresh_from_db()
    assert row.subject == desk.person.pk, "the form is theirs, and goes with them"
    assert not to_record(desk.supervisor).exists()
    assert page(operation, row, code=desk.person.code).status_code == 404
    make_screening(desk.supervisor, row, desk.person)
    assert Screening.objects.count() == 1


def on_my_work(user: User) -> list[WorkItem]:
    return [item for item in work_items_of(user) if item.url == reverse("forms:came")]


def test_a_supervisor_is_told_what_waits_to_be_put_on_record(
    desk: Office, version: FormVersion, operation: Operation
) -> None:
    assert on_my_work(operation.supervisor) == []
    came = sent(desk, version, **HOLD, rr_debt="yes")
    (told,) = on_my_work(operation.supervisor)
    assert str(told.text) == "1 received form is waiting for a decision"
    assert (told.urgency, told.since) == (Urgent.URGENT, came.received_at)
    set_aside(actor=desk.supervisor, submission=came, sentence="Sent twice")
    first = accepted(desk, version, rr_debt="yes")
    with CaptureQueriesContext(connection) as one:
        (told,) = on_my_work(operation.supervisor)
    assert str(told.text) == "1 accepted form is waiting to be added to a record"
    assert (told.urgency, told.since) == (Urgent.URGENT, first.settled_at)
    accepted(desk, version, rr_debt="no")
    other = accepted(desk, version, rr_debt="no")
    # Of some forms no app makes records: they wait for nobody.
    FormDefinition.objects.filter(pk=version.form_id).update(form_id="of-nobody")
    assert on_my_work(operation.supervisor) == []
    FormDefinition.objects.filter(pk=version.form_id).update(form_id=NAME)
    with CaptureQueriesContext(connection) as three:
        (told,) = on_my_work(operation.supervisor)
    assert len(one) == len(three)
    assert str(told.text).startswith("3 ")
    assert on_my_work(operation.desks[Desk.RECEPTION]) == []
    make_screening(desk.supervisor, other, desk.person)
    (told,) = on_my_work(operation.supervisor)
    assert str(told.text).startswith("2 ")


BEGAN = clock.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=2)
HOUR = timedelta(hours=1)


def put_on_record(
    desk: Office, version: FormVersion, begun: datetime, ended: datetime, came: datetime
) -> Screening:
    """A form that came at a time, and became a talk two days after BEGAN."""
    with clock.set_to(came):
        row = received(desk, version, filled_in(version, begun, ended, **HOLD, rr_debt="yes"))
    with clock.set_to(BEGAN + timedelta(days=2)):
        accept_submission(actor=desk.supervisor, submission=row, sentence="Its clock was wrong")
        make_screening(desk.supervisor, row, desk.person)
    return Screening.objects.get(submission=row.pk)


@pytest.mark.parametrize(
    ("begun", "ended", "came", "expected"),
    [
        (0, 1, 5, (0, 1)),
        (3, 8, 5, (3, 5)),
        (9, 10, 5, (5, 5)),
        (4, 2, 5, (4, 4)),
        (-24 * 365, -24 * 365 + 1, 5, (5, 5)),
    ],
    ids=["as told", "ended later than it came", "ahead", "backwards", "before the form was there"],
)
def test_the_times_of_the_talk_are_those_of_the_form(
    desk: Office, version: FormVersion, begun: int, ended: int, came: int, expected: tuple[int, int]
) -> None:
    row = put_on_record(
        desk, version, BEGAN + begun * HOUR, BEGAN + ended * HOUR, BEGAN + came * HOUR
    )
    opened, closed = (BEGAN + hours * HOUR for hours in expected)
    assert (row.opened_at, row.asked_at, row.closed_at) == (opened, opened, closed)
    assert row.recorded_at == BEGAN + timedelta(days=2)


def test_a_reason_after_the_talk_still_waits_for_one(desk: Office, version: FormVersion) -> None:
    """The form is put on record after somebody raised a reason, and was filled in before."""
    ScreeningReason.objects.all().delete()
    with clock.set_to(BEGAN + 24 * HOUR):
        add_reason(
            actor=desk.officer, person=desk.person, sentence="A man waits", urgency=Urgency.NOW
        )
    put_on_record(desk, version, BEGAN, BEGAN + HOUR, BEGAN + HOUR)
    assert desk.person.pk in [one.pk for one in to_screen(desk.officer)]


def test_a_talk_that_is_put_on_record_late_covers_none_that_followed(
    desk: Office, version: FormVersion
) -> None:
    with clock.set_to(BEGAN + 25 * HOUR):
        desk.finished(cd_papers="no")
    put_on_record(desk, version, BEGAN, BEGAN + HOUR, BEGAN + HOUR)
    found = ScreeningFact.objects.filter(replaced_at=None).order_by("valid_from")
    assert [fact.rule for fact in found] == ["reasons_only", "none_seen"]
    assert compare_facts(kind_of(ScreeningFact)).same


def test_differences_come_to_a_supervisor_first(desk: Office, version: FormVersion) -> None:
    """An answer that is not relevant, since a condition does not hold, is found; and no talk is
    made of it even where a supervisor accepts it."""
    row = sent(desk, version, **{**HOLD, f"{PREFIX}nobody_else": "no"})
    assert row.state == Submission.State.CHECKED
    with open_vault():
        content = row.xml.data
    assert b"rr-debt" not in content, "it is not asked"
    slipped = content.replace(
        b"</data>", b"<registration_risk><rr-debt>yes</rr-debt></registration_risk></data>"
    )
    slipped = slipped.replace(str(row.instance).encode(), str(uuid4()).encode())
    other = received(desk, version, slipped)
    assert other.state == Submission.State.DIFFERENT
    with pytest.raises(InputError, match="say-why"):
        accept_submission(actor=desk.supervisor, submission=other, sentence="")
    accept_submission(actor=desk.supervisor, submission=other, sentence="I asked her again")
    with pytest.raises(InputError, match="conditions-missing"):
        make_screening(desk.supervisor, other, desk.person)
    assert not Screening.objects.exists()


def test_an_older_list_makes_no_talk_and_it_is_said(
    desk: Office, version: FormVersion, operation: Operation
) -> None:
    row = accepted(desk, version, rr_debt="yes")
    FormVersion.objects.filter(pk=version.pk).update(version="1-00000000")
    row = Submission.objects.select_related("version", "form").get(pk=row.pk)
    assert "It cannot be added to a record" in page(operation, row).content.decode()
    with pytest.raises(InputError, match="instrument-changed"):
        make_screening(desk.supervisor, row, desk.person)


def test_an_open_talk_is_not_overtaken_and_nothing_is_half_made(
    desk: Office, version: FormVersion
) -> None:
    row = accepted(desk, version, rr_debt="yes")
    desk.sit_down()
    with pytest.raises(InputError, match="open-already"):
        make_screening(desk.supervisor, row, desk.person)
    row.refresh_from_db()
    assert row.handed_over_at is None
    assert Screening.objects.count() == 1


def test_others_make_no_talk_and_no_app_of_others_gets_the_form(
    desk: Office, version: FormVersion, operation: Operation
) -> None:
    row = accepted(desk, version, rr_debt="yes")
    for actor in (desk.partner, desk.worker):
        with pytest.raises(DeniedError):
            make_screening(actor, row, desk.person)
        assert not to_record(actor).exists()
    officer = operation.at(Desk.RECEPTION)
    assert officer.get(reverse("forms:to_record", args=[row.reference])).status_code == 403
    assert not offered_to_apps(operation.controller.pk, form_id=NAME).exists()
    with pytest.raises(InputError, match="sensitive-not-for-apps"):
        publish_version(actor=second_person(operation), version=version, to_apps=True)


def test_in_live_use_drafts_become_no_form(operation: Operation, settings: Any) -> None:
    settings.DEMONSTRATION = False
    with every_organisation(), pytest.raises(InputError, match=r"live-with-drafts|not-signed"):
        add_instrument_form(actor=by_command(), organisation=operation.controller, name=NAME)


def made_on_the_page(operation: Operation, name: str = NAME) -> HttpResponse:
    found: Any = signed_in(operation.supervisor).post(reverse("forms:make", args=[name]))
    return found  # type: ignore[no-any-return]


def test_a_list_is_made_a_form_on_the_page_once(operation: Operation) -> None:
    browser = signed_in(operation.supervisor)
    page = browser.get(reverse("forms:all")).content.decode()
    assert page.count("Make a form") == len(reception_lists())
    assert "draft" in page
    first, second = made_on_the_page(operation), made_on_the_page(operation)
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    with every_organisation():
        (found,) = FormVersion.objects.filter(form__form_id=NAME)
    assert not found.is_offered, "somebody publishes it"
    page = browser.get(reverse("forms:all")).content.decode()
    assert page.count("Make a form") == len(reception_lists()) - 1
    assert "A form of this version" in page
    assert made_on_the_page(operation, "nothing").status_code == 404


def test_other_words_are_another_version_of_which_talks_are_made(
    desk: Office, version: FormVersion, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that was filled in before its words were mended is of the same questions."""
    before = accepted(desk, version, rr_debt="yes")
    wording = Library.wording

    def mended(self: Library, instrument: Instrument, language: str) -> Wording:
        found = wording(self, instrument, language)
        texts = {
            key: replace(text, text=f"{text.text} +") if text.text else text
            for key, text in found.texts.items()
        }
        return replace(found, texts=texts)

    monkeypatch.setattr(Library, "wording", mended)
    page = signed_in(operation.supervisor).get(reverse("forms:all")).content.decode()
    assert "A form of an earlier version" in page
    assert page.count("Make a new version") == 1
    assert made_on_the_page(operation).status_code == 302
    versions = FormVersion.objects.filter(form__form_id=NAME)
    assert len({one.version for one in versions}) == 2
    assert make_screening(desk.supervisor, before, desk.person)


def test_the_page_says_what_live_use_refuses(operation: Operation, settings: Any) -> None:
    settings.DEMONSTRATION = False
    page = signed_in(operation.supervisor).get(reverse("forms:all")).content.decode()
    assert "Make a form" not in page
    assert page.count("cannot be made here yet") == len(reception_lists())
    answer = made_on_the_page(operation)
    assert answer.status_code == 422
    assert "draft" in answer.content.decode().split("error-summary")[1].split("</div>")[0]
    with every_organisation():
        assert not FormVersion.objects.filter(form__form_id=NAME).exists()


def test_who_manages_no_forms_makes_none(operation: Operation) -> None:
    answer = operation.at(Desk.RECEPTION).post(reverse("forms:make", args=[NAME]))
    assert answer.status_code == 403
    with every_organisation():
        assert not FormVersion.objects.filter(form__form_id=NAME).exists()


def test_the_page_asks_as_often_for_all_of_them(operation: Operation) -> None:
    def asked() -> int:
        browser = signed_in(operation.supervisor)
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("forms:all"))
        return len(queries)

    made_on_the_page(operation)
    one = asked()
    for name in reception_lists():
        assert made_on_the_page(operation, name).status_code == 302
    assert asked() == one


def test_the_conditions_are_asked_in_arabic_too(version: FormVersion) -> None:
    assert {"ar", "en"} <= set(version.languages)
    assert version.missing == {}
    version.form.refresh_from_db()
    assert set(version.form.titles) == {"ar", "en"}
    for language in ("ar", "en"):
        with override(language):
            for label in LABELS.values():
                assert str(label) in version.xml
    assert {one["tier"] for one in version.asks.values()} == {"sensitive"}

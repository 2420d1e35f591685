"""Forms for practice, from the device of somebody else's app: sensitive ones as well, since nothing
that comes in for them is about anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from uuid import uuid4

import pytest

from marfa.apps.forms.actions.decisions import recheck_submission
from marfa.apps.forms.actions.devices import Connected
from marfa.apps.forms.actions.practice import DAYS, offer_for_practice, stop_practice
from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.forms.demo import SHIPPED
from marfa.apps.forms.models import Attachment, FormVersion, Submission
from marfa.apps.forms.retention import end_practice
from marfa.apps.organisations.queries import actor_of
from marfa.apps.screening.conditions import Condition
from marfa.apps.screening.instrument_forms import PREFIX, add_instrument_form
from marfa.apps.screening.instruments import reception_lists
from marfa.methods.xforms import QuestionKind, State, Surroundings, evaluate, parse, submission_xml
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.models import Erasure, SubjectKey
from marfa.safeguards.words import Purpose
from tests.apps.forms.test_decisions import JOB
from tests.conftest import Operation
from tests.contracts.openrosa.answers import picture
from tests.contracts.openrosa.client import Client, File
from tests.contracts.openrosa.test_conformance import connected as connected
from tests.contracts.openrosa.test_conformance import files_kept, in_process, stored
from tests.contracts.openrosa.test_our_forms import household
from tests.support.reference import form_of_the_standard
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db(transaction=True)
MARK = {"en": "Practice:", "ar": "تدريب:"}
WARNED = {"en": "fictional people only", "ar": "أشخاص مختلَقين فقط"}


@pytest.fixture
def client(connected: Connected) -> Client:
    return Client(in_process, "/openrosa", connected.device.reference, connected.password)


def shipped(operation: Operation) -> FormVersion:
    data = (files("marfa.apps.forms") / "shipped" / SHIPPED).read_bytes()
    return _added(operation, data, SHIPPED, Purpose.REGISTRATION)


def of_the_standard(operation: Operation) -> FormVersion:
    file = form_of_the_standard()
    return _added(operation, file.read_bytes(), file.name, Purpose.SCREENING)


def instrument(name: str) -> Callable[[Operation], FormVersion]:
    def made(operation: Operation) -> FormVersion:
        actor, organisation = actor_of(operation.supervisor), operation.controller
        with every_organisation():
            found = add_instrument_form(actor=actor, organisation=organisation, name=name)
            return _with_form(found)

    return made


SENSITIVE = [of_the_standard, *(instrument(name) for name in reception_lists())]
NAMES = ["htcds", *reception_lists()]


def _added(operation: Operation, data: bytes, name: str, purpose: Purpose) -> FormVersion:
    actor, organisation = actor_of(operation.supervisor), operation.controller
    with every_organisation():
        examined = examine_xlsform(data, name, purpose)
        return _with_form(add_form(actor=actor, organisation=organisation, examined=examined))


def practised(operation: Operation, version: FormVersion) -> FormVersion:
    with every_organisation():
        actor = actor_of(operation.supervisor)
        return _with_form(offer_for_practice(actor=actor, version=version))


def _with_form(version: FormVersion) -> FormVersion:
    return FormVersion.objects.select_related("form").get(pk=version.pk)


def filled(xml: str, language: str = "en") -> State:
    """Any form without repeats, filled in as somebody would who answers all that is asked."""
    form = parse(xml)
    state = evaluate(form, {}, Surroundings(clock.now(), language))
    for question in form.questions():
        path, name = question.spot.path, question.spot.name
        if question.kind is QuestionKind.NOTE or not state.relevant(path):
            continue
        if question.kind.has_choices:
            values = [one.value for one in state.choices(path)]
            wanted = "not_needed" if name == PREFIX + Condition.INTERPRETER.value else "yes"
            state.put({path: wanted if wanted in values else values[0]})
        else:
            made_up = {
                QuestionKind.INTEGER: "3",
                QuestionKind.DECIMAL: "3.5",
                QuestionKind.DATE: "2026-01-05",
            }
            state.put(
                {path: made_up.get(question.kind, "مختلَق" if language == "ar" else "made up")}
            )
    state.put({f"/{form.root.name}/meta/instanceID": f"uuid:{uuid4()}"})
    state.finish()
    assert state.problems() == []
    return state


def judged() -> Submission:
    (row,) = stored()
    with every_organisation():
        recheck_submission(actor=JOB, submission=row)
    return stored()[0]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("make", SENSITIVE, ids=NAMES)
def test_a_sensitive_form_is_practised(
    client: Client, operation: Operation, make: Callable[[Operation], FormVersion], language: str
) -> None:
    original = make(operation)
    twin = practised(operation, original)
    assert original.form.sensitive
    assert twin.form.sensitive
    client.language = language
    (found,) = client.forms()
    assert found.form_id != original.form.form_id
    assert found.name.startswith(MARK[language])
    xml = client.download(found)[0].decode()
    assert re.search("<h:title>Practice: ", xml)
    form = parse(xml)
    first = next(iter(form.questions()))
    assert first.kind is QuestionKind.NOTE
    shown = evaluate(form, {}, Surroundings(clock.now())).words(
        first.label, first.spot.path, language
    )
    assert WARNED[language] in shown
    assert len(list(form.questions())) == len(list(parse(original.xml).questions())) + 1
    client.submit(submission_xml(filled(xml, language)).encode())
    row = judged()
    assert (row.version_id, row.practice, row.way, row.state) == (
        twin.pk,
        True,
        "openrosa",
        "checked",
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_shipped_form_is_practised_with_its_picture(
    client: Client, operation: Operation, language: str
) -> None:
    practised(operation, shipped(operation))
    client.language = language
    (found,) = client.forms()
    assert found.name.startswith(MARK[language])
    xml = client.download(found)[0].decode()
    assert all(word in xml for word in WARNED.values())
    content = submission_xml(household(xml, language, "place.png")).encode()
    client.submit(content, [File("place.png", "image/png", picture(16))])
    assert judged().state == "checked"
    before = files_kept()
    with every_organisation():
        (row,) = Submission.objects.all()
        with pytest.raises(ValueError, match="no practice that ends"):
            end_practice(actor=JOB, submission=row)
        received = clock.now() - timedelta(days=DAYS)
        Submission.objects.update(received_at=received)
        end_practice(actor=JOB, submission=row)
        assert not Submission.objects.exists()
        assert not Attachment.objects.exists()
        assert not SubjectKey.objects.filter(subject=row.subject).exists()
        assert Erasure.objects.filter(subject=row.subject).exists()
    assert files_kept() == before - 1


@pytest.mark.parametrize("make", SENSITIVE, ids=NAMES)
def test_the_form_itself_stays_on_our_own_pages(
    client: Client, operation: Operation, make: Callable[[Operation], FormVersion]
) -> None:
    """Neither while it is practised nor by its own name does an app get it, or send it."""
    original = make(operation)
    name = original.form.form_id
    with every_organisation():
        publish_version(actor=second_person(operation), version=original)
    practised(operation, original)
    assert name not in {one.form_id for one in client.forms(listAllVersions="true")}
    path = f"/openrosa/forms/{original.reference}/form.xml"
    assert client.ask("GET", path).status == 404
    answer = client.post(submission_xml(filled(original.xml)).encode())
    assert answer.status == 403
    assert client.message(answer)
    assert stored() == []


def test_a_tampered_answer_is_found_with_its_question(client: Client, operation: Operation) -> None:
    practised(operation, shipped(operation))
    (found,) = client.forms()
    xml = client.download(found)[0].decode()
    content = submission_xml(household(xml, "en", ""))
    assert "<age>34</age>" in content
    client.submit(content.replace("<age>34</age>", "<age>340</age>").encode())
    row = judged()
    assert row.state == "different"
    with open_vault():
        assert "/data/member[2]/age" in {one["path"] for one in row.findings}


@pytest.mark.parametrize("make", SENSITIVE, ids=NAMES)
def test_a_choice_that_is_none_is_found_with_its_question(
    client: Client, operation: Operation, make: Callable[[Operation], FormVersion]
) -> None:
    twin = practised(operation, make(operation))
    content = submission_xml(filled(twin.xml))
    chosen = [
        one.spot.name for one in parse(twin.xml).questions() if one.kind is QuestionKind.SELECT_ONE
    ]
    name = next(name for name in reversed(chosen) if re.search(f"<{name}>[^<]+<", content))
    client.submit(re.sub(f"<{name}>[^<]+<", f"<{name}>tampered<", content).encode())
    row = judged()
    assert row.state == "different"
    with open_vault():
        assert name in {one["path"].rpartition("/")[2] for one in row.findings}


def test_stopped_it_is_not_offered_and_what_is_still_sent_is_practice(
    client: Client, operation: Operation
) -> None:
    original = instrument(reception_lists()[0])(operation)
    twin = practised(operation, original)
    with every_organisation():
        stop_practice(actor=actor_of(operation.supervisor), version=original)
    assert client.forms(listAllVersions="true") == []
    client.submit(submission_xml(filled(twin.xml)).encode())
    assert judged().practice

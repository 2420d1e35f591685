"""The forms that Marfa brings, and that of the standard, from the device of somebody else's app."""

from __future__ import annotations

from importlib.resources import files
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from marfa.apps.forms.actions.decisions import recheck_submission
from marfa.apps.forms.actions.devices import Connected
from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.forms.demo import SHIPPED
from marfa.apps.forms.models import FormVersion
from marfa.apps.organisations.queries import actor_of
from marfa.methods.xforms import State, Surroundings, evaluate, parse, submission_xml
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose
from tests.apps.forms.test_decisions import JOB
from tests.conftest import Operation
from tests.contracts.openrosa.answers import picture
from tests.contracts.openrosa.client import Client, File
from tests.contracts.openrosa.test_conformance import connected as connected
from tests.contracts.openrosa.test_conformance import in_process, stored
from tests.support.reference import form_of_the_standard
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(connected: Connected) -> Client:
    return Client(in_process, "/openrosa", connected.device.reference, connected.password)


def publish(
    operation: Operation, data: bytes, name: str, purpose: Purpose, *, to_apps: bool
) -> FormVersion:
    actor = actor_of(operation.supervisor)
    with every_organisation():
        examined = examine_xlsform(data, name, purpose)
        made = add_form(actor=actor, organisation=operation.controller, examined=examined)
        publish_version(actor=second_person(operation), version=made, to_apps=to_apps)
    return made


def household(xml: str, language: str, photo: str) -> State:
    """The shipped form, filled in over what was downloaded, in one of its languages."""
    form = parse(xml)
    around = Surroundings(clock.now().astimezone(ZoneInfo("Asia/Damascus")), language)
    answers = {
        "arrival/came_on": "2026-01-05",
        "arrival/came_by": "boat",
        "arrival/needs": "water health",
        "member[1]/age": "7",
        "member[1]/with_carer": "no",
        "member[2]/age": "34",
        "together/place": photo,
        "together/remark": "عند الميناء" if language == "ar" else "At the harbour",
        "meta/instanceID": f"uuid:{uuid4()}",
    }
    state = evaluate(form, {f"/data/{path}": text for path, text in answers.items()}, around)
    state.finish()
    assert state.problems() == []
    return state


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Arrival of a household"), ("ar", "في أي يوم وصلت الأسرة؟")]
)
def test_the_shipped_form_is_loaded_filled_in_and_sent(
    client: Client, operation: Operation, language: str, word: str
) -> None:
    data = (files("marfa.apps.forms") / "shipped" / SHIPPED).read_bytes()
    version = publish(operation, data, SHIPPED, Purpose.REGISTRATION, to_apps=True)
    client.language = language
    (found,) = client.forms()
    xml, _ = client.download(found)
    assert word in xml.decode()
    state = household(xml.decode(), language, "place.png")
    content = submission_xml(state).encode()
    client.submit(content, [File("place.png", "image/png", picture(16))])
    (row,) = stored()
    assert (row.version_id, row.waits_for, row.way) == (version.pk, 0, "openrosa")
    with every_organisation():
        recheck_submission(actor=JOB, submission=row)
    assert stored()[0].state == "checked", "nothing differs"


def test_the_form_of_the_standard_stays_on_our_own_pages(
    client: Client, operation: Operation
) -> None:
    """It asks what is sensitive, and outside apps do not encrypt what is filled in."""
    file = form_of_the_standard()
    version = publish(operation, file.read_bytes(), file.name, Purpose.SCREENING, to_apps=False)
    assert client.forms(listAllVersions="true") == []
    form = parse(version.xml)
    state = evaluate(form, {}, Surroundings(clock.now()))
    state.put({f"/{form.root.name}/meta/instanceID": f"uuid:{uuid4()}"})
    answer = client.post(submission_xml(state).encode())
    assert answer.status == 403
    assert client.message(answer)
    assert stored() == []

"""Nothing is asked of a person where no place to refer to takes them: the pages before a private
conversation and a screening, the steps in danger, the health check, help and referrals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.assistance.models import Help
from marfa.apps.directory.models import Service
from marfa.apps.directory.offers import CALLED_NOW
from marfa.apps.manifest import Desk
from marfa.apps.reception.actions.interview import CONDITIONS
from marfa.apps.reception.models import PrivateConversation, QueueEntry
from marfa.apps.screening.models import HealthCheck
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import Office as CaseOffice
from tests.apps.reception.test_queue import entry_of
from tests.apps.screening.test_interview import ADULT, Office
from tests.apps.screening.test_views import HOLD, at, desk, sit_down
from tests.conftest import Operation

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
ONLY = "No place to refer to is open: emergency steps only"


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def change_services(**values: object) -> None:
    with every_organisation():
        Service.objects.exclude(called_at=None).update(**values)


def begun(client: Client, entry: QueueEntry) -> bool:
    """Whether a private conversation begins, with everything confirmed."""
    sent = {"do": "begin", "confirmed": list(CONDITIONS), "language": "ar"}
    answer = client.post(reverse("queue:begin", args=[entry.reference]), sent)
    with every_organisation():
        talks = PrivateConversation.objects.filter(person=entry.person)
        assert talks.exists() == (answer.status_code == 302)
    if answer.status_code == 302:
        return True
    assert answer.status_code == 422
    assert ONLY in answer.content.decode()
    return False


def too_long_ago() -> object:
    return clock.now() - CALLED_NOW - timedelta(minutes=1)


NO_PLACE: dict[str, Callable[[], dict[str, object]]] = {
    "closed": lambda: {"state": "closed"},
    "full": lambda: {"state": "full"},
    "never called": lambda: {"called_at": None, "called_by": None},
    "called eight days ago": lambda: {"called_at": too_long_ago()},
    "for men": lambda: {"sexes": "male"},
    "for the old": lambda: {"age_from": 70, "age_to": None},
    "for children": lambda: {"age_from": None, "age_to": 17},
    "asks for a police report": lambda: {"police_report": "yes"},
    "nobody knows whether it asks for one": lambda: {"police_report": "unknown"},
}


@pytest.mark.parametrize("why", NO_PLACE)
def test_no_questions_without_a_place_to_refer_to(desk: Office, officer: Client, why: str) -> None:
    entry = entry_of(desk.register(ADULT))
    with every_organisation():
        before = list(Service.objects.all())
    change_services(**NO_PLACE[why]())
    assert not begun(officer, entry)
    row = sit_down(officer, desk.register(ADULT))
    sent = officer.post(
        at("conditions", row), {**HOLD, "do": "begin", "instrument": "registration-risk"}
    )
    row.refresh_from_db()
    assert row.state == "preparing"
    assert (
        ONLY in sent.content.decode() or ONLY in officer.get(at("conditions", row)).content.decode()
    )
    assert officer.get(at("danger", row)).status_code == 200, "the steps are there all the same"
    with every_organisation():
        Service.objects.bulk_update(
            before,
            ["state", "called_at", "called_by", "sexes", "age_from", "age_to", "police_report"],
        )
    assert begun(officer, entry), "the control"


def test_the_health_check_names_a_service_that_was_called(desk: Office, officer: Client) -> None:
    row = desk.finished()
    officer.post(at("one", row), {"do": "health"})
    with every_organisation():
        clinics = Service.objects.filter(need="medical_care").order_by("pk")
        open_one, closed = clinics[0], clinics[1]
        Service.objects.filter(pk=closed.pk).update(state="closed")
    page = officer.get(at("one", row)).content.decode()
    assert f'value="{open_one.reference}"' in page
    assert f'value="{closed.reference}"' not in page
    sent = {"do": "health_called", "called": ""}
    refused = officer.post(at("one", row), sent | {"service": closed.reference})
    assert refused.status_code == 422
    taken = officer.post(at("one", row), sent | {"service": open_one.reference})
    assert taken.status_code == 302, taken.content.decode()
    assert open_one.name in officer.get(at("one", row)).content.decode()
    assert HealthCheck.objects.get(screening=row).called_at is not None


def test_a_service_that_filled_up_meanwhile_gets_no_one(operation: Operation) -> None:
    client = operation.at(Desk.PROTECTION)
    with every_organisation():
        case = CaseOffice(operation).case().reference
        clinic = Service.objects.filter(need="medical_care").order_by("pk")[0]
    there = reverse("cases:help_ask", args=[case])
    assert f'value="{clinic.reference}"' in client.get(there).content.decode()
    change_services(state="full")
    person = operation.desks[Desk.PROTECTION].reference
    sent = {"kind": "medical_care", "service": clinic.reference, "do": "begin", "person": person}
    refused = client.post(there, sent)
    assert refused.status_code == 422
    assert "takes no one now" in refused.content.decode()
    with every_organisation():
        assert not Help.objects.filter(service=clinic).exists()
        Service.objects.filter(pk=clinic.pk).update(state="open")
    assert client.post(there, sent).status_code == 302, "the control"
    with every_organisation():
        assert Help.objects.filter(service=clinic).exists()

"""A form that is begun from a person or a case: its answers stand on that page, for who may read
the record, and nothing of it is told to anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.forms.models import FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user, exclude_from_object
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db
SAID = "Her uncle keeps her papers (canary-answer)"
FORM = """| survey | | | | |
| | type | name | label::English (en) | label::العربية (ar) | marfa::tier |
| | text | papers | Who keeps the papers? | من يحتفظ بالأوراق؟ | sensitive |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | Papers | papers | 2026010101 | English (en) |
"""


class Begun:
    """A case, a published form of the organisation, and those who fill it in."""

    def __init__(self, operation: Operation) -> None:
        self.office = Office(operation)
        self.operation = operation
        self.case = self.office.case()
        self.person: Person = self.case.person
        examined = examine_xlsform(FORM.encode(), "papers.md", Purpose.ASSISTANCE)
        self.version: FormVersion = add_form(
            actor=self.office.supervisor, organisation=operation.controller, examined=examined
        )
        publish_version(actor=second_person(operation), version=self.version)
        self.worker = operation.at(Desk.PROTECTION)
        self.boss = signed_in(operation.supervisor)

    @property
    def page(self) -> str:
        return reverse("people:person", args=[self.person.reference])

    @property
    def case_page(self) -> str:
        return reverse("cases:case", args=[self.case.reference])

    def begin(self, client: Client, about: str | None = None) -> object:
        there = reverse("filling:begin", args=[self.version.reference])
        return client.post(there, {"about": self.person.reference if about is None else about})

    def fill(self, client: Client) -> str:
        """Begun from the page of the person, and sent; where it led to."""
        first = self.begin(client)
        assert first.status_code == 302  # type: ignore[attr-defined]
        check = client.post(first["Location"], {"q0": SAID})["Location"]  # type: ignore[index]
        assert self.person.code[:3] in text_of(client.get(check))
        return str(client.post(check)["Location"])


@pytest.fixture
def begun(operation: Operation) -> Iterator[Begun]:
    with every_organisation():
        yield Begun(operation)


def text_of(page: object) -> str:
    return unescape(page.content.decode())  # type: ignore[attr-defined]


def test_it_begins_from_the_page_and_its_answers_stand_there(begun: Begun) -> None:
    choose = f"{reverse('filling:choose')}?for={begun.person.reference}"
    for page in (begun.page, begun.case_page):
        assert choose in text_of(begun.worker.get(page))
    assert f'value="{begun.person.reference}"' in text_of(begun.worker.get(choose))
    assert begun.fill(begun.worker) == begun.page
    row = Submission.objects.get()
    assert (row.subject, row.handed_over_at is None) == (begun.person.pk, False)
    before = list(Entry.objects.values_list("pk", flat=True))
    for page in (begun.page, begun.case_page):
        assert SAID in text_of(begun.worker.get(page))
    read = Entry.objects.exclude(pk__in=before).filter(action="records.read")
    assert begun.person.pk in {entry.subject_id for entry in read}
    reception = begun.operation.at(Desk.RECEPTION)
    assert SAID not in text_of(reception.get(begun.page))


def test_the_supervisor_judges_it_in_the_record(begun: Begun) -> None:
    begun.fill(begun.worker)
    row = Submission.objects.get()
    Submission.objects.update(state="checked", checked_at=row.received_at)
    assert row.reference in text_of(begun.boss.get(reverse("forms:came")))
    one = reverse("forms:one", args=[row.reference])
    assert SAID in text_of(begun.boss.get(one))
    assert begun.boss.post(one, {"do": "accept"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.subject) == ("accepted", begun.person.pk)


def test_nobody_fills_in_or_judges_for_whom_they_may_not_know(begun: Begun) -> None:
    stranger = signed_in(begun.operation.partner)
    assert begun.begin(stranger).status_code in (403, 404)  # type: ignore[attr-defined]
    assert begun.begin(begun.operation.at(Desk.RECEPTION)).status_code == 403  # type: ignore[attr-defined]
    assert begun.begin(begun.worker, "0" * 20).status_code == 404  # type: ignore[attr-defined]
    begun.fill(begun.worker)
    row = Submission.objects.get()
    Submission.objects.update(state="checked", checked_at=row.received_at)
    with every_organisation():
        exclude_from_object(
            object_kind="Person", object_id=begun.person.pk, user=begun.operation.supervisor
        )
    assert row.reference not in text_of(begun.boss.get(reverse("forms:came")))
    for name in ("forms:one", "forms:read"):
        assert begun.boss.get(reverse(name, args=[row.reference])).status_code == 404


def test_who_is_shut_out_meanwhile_hands_nothing_in_and_loses_nothing(begun: Begun) -> None:
    first = begun.begin(begun.worker)["Location"]  # type: ignore[index]
    check = begun.worker.post(first, {"q0": SAID})["Location"]
    user = begun.operation.desks[Desk.PROTECTION]
    with every_organisation():
        exclude_from_object(object_kind="Person", object_id=begun.person.pk, user=user)
    refused = begun.worker.post(check)
    assert refused.status_code == 422
    assert "can no longer be added" in text_of(refused)
    assert not Submission.objects.exists()
    assert SAID in text_of(begun.worker.get(check)), "what was typed is kept"


def test_it_is_sealed_by_the_key_of_the_person(begun: Begun) -> None:
    other = begun.operation.colleague
    assign_user(user=other, object_kind="Person", object_id=begun.person.pk)
    begun.fill(begun.worker)
    with open_vault():
        row = Submission.objects.get()
        assert SAID.encode() in row.xml.data
    assert actor_of(other).id != row.submitted_by_id

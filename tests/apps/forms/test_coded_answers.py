"""Coded answers are listed and counted where the form declares it; nothing else is searched."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.forms.models import CodedAnswer, FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import exclude_from_object
from marfa.apps.registry.models import Person
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db
WORDS = "Her uncle (canary-words)"
FORM = """| survey | | | | | |
| | type | name | label::English (en) | label::العربية (ar) | marfa::tier | marfa::count |
| | select_one beds | bed | Which bed? | أي سرير؟ | coded | yes |
| | select_one beds | other | Which other bed? | أي سرير آخر؟ | coded | |
| | text | words | Who brought her? | من أحضرها؟ | sensitive | |
| choices | | | |
| | list_name | name | label::English (en) | label::العربية (ar) |
| | beds | upper | The upper one | العلوي |
| | beds | lower | The lower one | السفلي |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | Beds | beds | 2026010101 | English (en) |
"""


COUNTED = "| | select_one beds | bed | Which bed? | أي سرير؟ | coded | yes |"
IN_A_REPEAT = f"""| | begin_repeat | rooms | Room | غرفة | | |
{COUNTED}
| | end_repeat | | | | | |"""
FILTERED = """| survey | | | | | | |
| | type | name | label | choice_filter | marfa::tier | marfa::count |
| | select_one floors | floor | Which floor? | | coded | |
| | select_one beds | bed | Which bed? | floor = ${floor} | coded | yes |
| choices | | | | |
| | list_name | name | label | floor |
| | floors | first | The first | |
| | beds | upper | The upper one | first |
| settings | | | | |
| | form_title | form_id | version | |
| | Beds | beds | 2026010101 | |
"""


class Counting:
    """Two women with cases, and a form that counts one of its questions."""

    def __init__(self, operation: Operation) -> None:
        self.office, self.operation = Office(operation), operation
        first = self.office.case().person
        self.people = [first, self.office.case(self.office.register()).person]
        examined = examine_xlsform(FORM.encode(), "beds.md", Purpose.ASSISTANCE)
        self.version: FormVersion = add_form(
            actor=self.office.supervisor, organisation=operation.controller, examined=examined
        )
        publish_version(actor=second_person(operation), version=self.version)
        self.worker, self.boss = operation.at(Desk.PROTECTION), signed_in(operation.supervisor)

    def fill(self, person: Person, bed: str) -> Submission:
        there = reverse("filling:begin", args=[self.version.reference])
        page = self.worker.post(there, {"about": person.reference})["Location"]
        for _ in range(9):
            page = self.worker.post(page, {"q0": bed, "q1": "lower", "q2": WORDS})["Location"]
            if page.startswith("/people/"):
                break
        row = Submission.objects.order_by("-received_at", "-pk")[0]
        Submission.objects.filter(pk=row.pk).update(state="checked", checked_at=row.received_at)
        return row

    def accept(self, row: Submission) -> None:
        answer = self.boss.post(reverse("forms:one", args=[row.reference]), {"do": "accept"})
        assert answer.status_code == 302

    def numbers(self, client: Client) -> list[str]:
        page = client.get(reverse("forms:answers", args=[self.version.reference]))
        return [part.partition("<")[0] for part in text_of(page).split('/0/0/">')[1:]]

    def listed(self, client: Client) -> str:
        return text_of(client.get(reverse("forms:answered", args=[self.version.reference, 0, 0])))


@pytest.fixture
def counting(operation: Operation) -> Iterator[Counting]:
    with every_organisation():
        yield Counting(operation)


def text_of(page: object) -> str:
    return unescape(page.content.decode())  # type: ignore[attr-defined]


def test_people_are_counted_and_listed_by_what_was_accepted(counting: Counting) -> None:
    first, second = counting.people
    rows = [counting.fill(first, "upper"), counting.fill(second, "upper")]
    assert not CodedAnswer.objects.exists(), "nobody has judged it yet"
    for row in rows:
        counting.accept(row)
    assert counting.numbers(counting.boss) == ["2"]
    listed = counting.listed(counting.boss)
    assert format_code(first.code) in listed
    assert format_code(second.code) in listed
    counting.accept(counting.fill(first, "lower"))
    assert counting.numbers(counting.boss) == ["1"], "of each person the newest alone"
    assert format_code(first.code) not in counting.listed(counting.boss)


def test_the_newest_counts_in_whichever_order_they_are_accepted(counting: Counting) -> None:
    person = counting.people[0]
    older, newer = counting.fill(person, "upper"), counting.fill(person, "lower")
    for row in (newer, older):
        counting.accept(row)
    assert list(CodedAnswer.objects.values_list("code", flat=True)) == ["lower"]


def test_only_what_is_declared_is_kept_and_only_as_a_code(counting: Counting) -> None:
    counting.accept(counting.fill(counting.people[0], "upper"))
    kept = list(CodedAnswer.objects.values_list("question", "code"))
    assert kept == [("/data/bed", "upper")]
    page = reverse("forms:answers", args=[counting.version.reference])
    shown = text_of(counting.boss.get(page))
    assert "Which other bed?" not in shown
    assert WORDS not in shown
    assert counting.worker.get(page).status_code == 403, "a case worker counts nobody"


def test_who_may_not_be_known_of_is_not_counted(counting: Counting) -> None:
    first, second = counting.people
    for person in counting.people:
        counting.accept(counting.fill(person, "upper"))
    with every_organisation():
        exclude_from_object(
            object_kind="Person", object_id=second.pk, user=counting.operation.supervisor
        )
    assert counting.numbers(counting.boss) == ["1"]
    listed = counting.listed(counting.boss)
    assert format_code(first.code) in listed
    assert format_code(second.code) not in listed


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("| sensitive | |", "| sensitive | yes |", "count-not-coded"),
        ("| coded | yes |", "| personal | yes |", "count-not-coded"),
        ("| coded | yes |", "| coded | always |", "count-unknown"),
        (COUNTED, IN_A_REPEAT, "count-not-fixed"),
        (FORM, FILTERED, "count-not-fixed"),
    ],
)
def test_what_cannot_be_counted_is_refused(before: str, after: str, code: str) -> None:
    sheet = FORM.replace(before, after, 1)
    assert sheet != FORM
    with pytest.raises(InputError) as refused:
        examine_xlsform(sheet.encode(), "beds.md", Purpose.ASSISTANCE)
    assert code in {each.message.code.partition(":")[2] for each in refused.value.problems}

"""Files of a list of cases: codes by one supervisor; names by two, locked, once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import openpyxl
import pyrage
import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import open_case
from marfa.apps.cases.case_lists import FILE
from marfa.apps.cases.models import Case
from marfa.apps.list_file import ListFile, make_file
from marfa.apps.list_files.actions import approve_names, forget_run_out, making_names
from marfa.apps.list_files.models import NamedFileRequest
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import exclude_from_object, grant_role
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewPerson, add_to_person
from marfa.apps.registry.actions.registration import NewName
from marfa.apps.registry.models import ContactPoint
from marfa.apps.registry.policy_facts import KIND
from marfa.crypto import merkle
from marfa.domain.handling import NAME, marks_of_stream
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose, Role
from tests.apps.cases.office import Office
from tests.apps.registry.protection import protect
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
CALLED = "=Quillon Marbrook"
SAFE, UNSAFE = "+961 3 111 222", "+961 3 999 888"


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def second(office: Office) -> User:
    """Another supervisor of the same organisation."""
    user = create_user(username="second", display_name="Second")
    grant_role(user=user, role=Role.SUPERVISOR, organisation=office.operation.controller)
    return user


def opened(office: Office, urgency: str = "days", name: str = "") -> Case:
    told = NewPerson(sex="female", names=[NewName(name)] if name else ())
    made = open_case(
        actor=office.worker, person=office.register(told), source="person", urgency=urgency
    )
    return Case.objects.select_related("person", "site").get(pk=made.pk)


def there() -> str:
    return reverse("caseload:concern", args=["open"])


def file_of(client: Client, query: str = "", **sent: object) -> bytes:
    answer = client.post(there() + query, {"do": "file", "sure": "1", "form": "csv", **sent})
    assert answer.headers["Content-Disposition"].startswith("attachment"), answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.getvalue()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_file_holds_the_codes_of_what_is_shown_and_stands_in_the_log_once(
    office: Office, operation: Operation
) -> None:
    first, urgent = opened(office, name=CALLED), opened(office, "now")
    hidden = opened(office)
    protect(hidden.person, staying=("colleague", "focal"))
    client = signed_in(operation.supervisor)
    asks = client.post(there(), {"do": "file", "every": "1"}).content.decode()
    assert "2 rows are in the file" in asks
    before = set(Entry.objects.values_list("pk", flat=True))
    content = file_of(client, "?sort=-urgency", every="1")
    found = rows_of(content)
    assert [row["case"] for row in found] == [urgent.reference, first.reference]
    assert {row["urgency"] for row in found} == {"now", "days"}
    assert CALLED.encode() not in content
    (entry,) = Entry.objects.exclude(pk__in=before)
    assert (entry.action, entry.rows) == ("exports.make", 2)
    assert entry.rows_root == merkle.merkle_root([urgent.pk.bytes, first.pk.bytes])
    (mark,) = marks_of_stream(io.BytesIO(content))
    assert (mark.sender, mark.contents) == ("help", "cases")
    assert all(row[NAME] for row in found)
    narrowed = rows_of(file_of(client, "?urgency=now", every="1"))
    assert [row["case"] for row in narrowed] == [urgent.reference]
    chosen = rows_of(file_of(client, rows=[first.reference]))
    assert [row["case"] for row in chosen] == [first.reference]


def test_a_workbook_holds_the_same_and_its_mark(office: Office, operation: Operation) -> None:
    case = opened(office)
    content = file_of(signed_in(operation.supervisor), every="1", form="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    heads, row = ([cell.value for cell in line] for line in book.worksheets[0].iter_rows())
    assert dict(zip(heads, row, strict=True))["case"] == case.reference
    assert marks_of_stream(io.BytesIO(content))[0].contents == "cases"
    assert NAME in book.properties.keywords


def test_on_paper_are_the_rows_that_were_chosen(office: Office, operation: Operation) -> None:
    first, second = opened(office), opened(office)
    client = signed_in(operation.supervisor)
    before = set(Entry.objects.values_list("pk", flat=True))
    sent = {"do": "file", "sure": "1", "form": "print", "rows": [first.reference]}
    page = client.post(there(), sent).content.decode()
    assert f"/cases/{first.reference}/" in page
    assert f"/cases/{second.reference}/" not in page
    assert NAME in page
    (entry,) = Entry.objects.exclude(pk__in=before)
    assert (entry.action, entry.rows) == ("exports.make", 1)


def test_who_may_make_no_file_is_offered_none(office: Office, operation: Operation) -> None:
    opened(office)
    mine, button = reverse("caseload:mine"), 'value="file"'
    worker = operation.desks[Desk.PROTECTION]
    assert button not in signed_in(worker).get(mine).content.decode()
    assert button in signed_in(operation.supervisor).get(there()).content.decode(), "the control"
    sent = {"do": "file", "every": "1", "sure": "1", "form": "csv"}
    answer = signed_in(worker).post(mine, sent)
    assert "Content-Disposition" not in answer.headers
    late = signed_in(operation.supervisor, factor=False).post(there(), sent)
    assert "Content-Disposition" not in late.headers, "the factor is proved first"
    with pytest.raises(DeniedError):
        make_file(
            actor=actor_of(worker, stepped_up_at=clock.now()),
            file=FILE,
            rows=Case.objects.all(),
            form="csv",
            stream=io.BytesIO(),
        )


@pytest.mark.parametrize(
    "path",
    ["worker", "person_id", "person", "pk", "person__born", "person__personnames", "nothing"],
)
def test_what_is_no_code_makes_no_file(path: str) -> None:
    file = ListFile("x", contents="cases", purpose=Purpose.ASSISTANCE, columns={"x": path})
    with pytest.raises(ValueError, match="not for a file of codes"):
        file.check(Case)
    FILE.check(Case)


# -- names: two people, a purpose, a reason, a passphrase, once ----------------------------------


def asked(client: Client, **other: object) -> NamedFileRequest:
    sent = {
        "do": "file",
        "sure": "1",
        "every": "1",
        "what": "names",
        "columns": ["name", "contact"],
        "purpose": "assistance",
        "reason": "The buses leave tomorrow, with a paper list",
        **other,
    }
    answer = client.post(there(), sent)
    assert answer.status_code == 302, answer.content.decode()
    return NamedFileRequest.objects.latest("asked_at")


def page_of(request: NamedFileRequest) -> str:
    return reverse("list_files:request", args=[request.reference])


def taken(client: Client, request: NamedFileRequest, phrase: str = "") -> bytes:
    """The file as it comes; empty where there is none."""
    if not phrase:
        page = client.get(page_of(request)).content.decode()
        found = re.search(r'name="phrase" value="([^"]+)"', page)
        phrase = found[1] if found else "academic " * 6 + "acid"
    sent = {"do": "file", "take": request.reference, "form": "csv", "phrase": phrase}
    answer = client.post(request.address, sent)
    if not answer.headers.get("Content-Disposition", "").startswith("attachment"):
        return b""
    return bytes(pyrage.passphrase.decrypt(answer.getvalue(), phrase))


def named_case(office: Office) -> Case:
    case = opened(office, name=CALLED)
    by = {"actor": office.worker, "purpose": Purpose.ASSISTANCE, "person": case.person}
    for value, safety in ((SAFE, "safe"), (UNSAFE, "not_safe")):
        values = {"kind": "phone", "value": value, "safety": safety}
        add_to_person(**by, model=ContactPoint, values=values)  # type: ignore[arg-type]
    return case


def test_names_leave_after_another_person_approved_locked_and_once(
    office: Office, operation: Operation, second: User
) -> None:
    case, other = named_case(office), opened(office, "now")
    client, colleague = signed_in(operation.supervisor), signed_in(second)
    request = asked(client)
    assert taken(client, request) == b"", "by one person alone"
    late = opened(office)
    assert 'value="approve"' in colleague.get(page_of(request)).content.decode()
    assert colleague.post(page_of(request), {"do": "approve"}).status_code == 302
    before = set(Entry.objects.values_list("pk", flat=True))
    content = taken(client, request)
    rows = rows_of(content)
    assert [row["case"] for row in rows] == [case.reference, other.reference]
    assert late.reference not in {row["case"] for row in rows}, "what was not approved"
    assert rows[0]["name"] == f"'{CALLED}", "nothing is run as a formula"
    assert rows[0]["contact"].endswith(SAFE)
    assert UNSAFE not in content.decode()
    (mark,) = marks_of_stream(io.BytesIO(content))
    assert mark.contents == "names"
    entries = Entry.objects.exclude(pk__in=before).filter(action="exports.make", outcome="done")
    assert {entry.subject_id for entry in entries if entry.subject_id} == {
        case.person_id,
        other.person_id,
    }
    (whole,) = entries.filter(subject_id=None)
    assert whole.rows == 2
    assert taken(client, request) == b"", "it is made once"
    assert NamedFileRequest.objects.get().keys is None


def test_one_person_alone_gets_no_names(office: Office, operation: Operation, second: User) -> None:
    named_case(office)
    client = signed_in(operation.supervisor)
    request = asked(client)
    own = client.post(page_of(request), {"do": "approve"})
    assert own.status_code == 403
    request.refresh_from_db()
    assert request.state == "asked"
    assert taken(client, request) == b""
    worker = operation.at(Desk.PROTECTION)
    assert worker.get(page_of(request)).status_code == 404
    assert worker.post(page_of(request), {"do": "approve"}).status_code == 404
    signed_in(second).post(page_of(request), {"do": "approve"})
    assert taken(signed_in(second), request) == b"", "who approved makes it no more than before"
    assert CALLED.encode() in taken(client, request), "the control"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"reason": "short"}, "Say why"),
        ({"purpose": "sanctions"}, "Choose what the file is for"),
        ({"columns": []}, "Choose what has to be in the file"),
    ],
)
def test_a_request_says_what_for_and_why(
    office: Office, operation: Operation, missing: dict[str, object], said: str
) -> None:
    opened(office)
    sent = {"do": "file", "sure": "1", "every": "1", "what": "names", "columns": ["name"]}
    sent |= {"purpose": "assistance", "reason": "The buses leave tomorrow"}
    answer = signed_in(operation.supervisor).post(there(), {**sent, **missing})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not NamedFileRequest.objects.exists()


def test_between_asking_and_making_it_the_charter_is_asked_again(
    office: Office, operation: Operation, second: User
) -> None:
    shut, hidden, stays = (opened(office, name=CALLED) for _ in range(3))
    client = signed_in(operation.supervisor)
    request = asked(client)
    signed_in(second).post(page_of(request), {"do": "approve"})
    exclude_from_object(object_kind=KIND, object_id=shut.person_id, user=operation.supervisor)
    protect(hidden.person, staying=("colleague", "focal"))
    assert [row["case"] for row in rows_of(taken(client, request))] == [stays.reference]


def test_what_ran_out_or_was_declined_is_worth_nothing(
    office: Office, operation: Operation, second: User
) -> None:
    opened(office, name=CALLED)
    client, colleague = signed_in(operation.supervisor), signed_in(second)
    declined, run_out = asked(client), asked(client)
    colleague.post(page_of(declined), {"do": "decline"})
    assert taken(client, declined) == b""
    colleague.post(page_of(run_out), {"do": "approve"})
    NamedFileRequest.objects.filter(pk=run_out.pk).update(
        asked_at=clock.now() - timedelta(hours=3),
        expires_at=clock.now() - timedelta(minutes=1),
    )
    assert taken(client, run_out, "academic " * 6 + "acid") == b""
    assert forget_run_out() == 1


def test_nobody_makes_it_alone_whatever_the_page_says(
    office: Office, operation: Operation, second: User
) -> None:
    opened(office, name=CALLED)
    request = asked(signed_in(operation.supervisor))
    now = clock.now()
    alone, other = (actor_of(user, stepped_up_at=now) for user in (operation.supervisor, second))
    whole: dict[str, Any] = {"rows": [new_id()], "people": []}
    for actor in (alone, other):
        with (
            refused("OP9.sharing.names-by-two"),
            making_names(actor=actor, request=request, **whole),
        ):
            pass
    approve_names(actor=other, request=request)
    with refused("OP9.sharing.names-by-two"), making_names(actor=other, request=request, **whole):
        pass
    with making_names(actor=alone, request=request, **whole):
        pass
    assert NamedFileRequest.objects.get().state == "made", "the control"


def test_a_request_that_is_over_is_approved_by_nobody(
    office: Office, operation: Operation, second: User
) -> None:
    opened(office, name=CALLED)
    client = signed_in(operation.supervisor)
    request = asked(client)
    client.post(page_of(request), {"do": "withdraw"})
    request.refresh_from_db()
    with refused("OP9.sharing.names-request-in-force"):
        approve_names(actor=actor_of(second, stepped_up_at=clock.now()), request=request)


@contextmanager
def refused(policy: str) -> Iterator[None]:
    """Refused by this prohibition of the charter."""
    with pytest.raises(DeniedError) as raised:
        yield
    assert policy in raised.value.decision.policies

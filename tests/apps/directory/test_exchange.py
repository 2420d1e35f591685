"""The directory in files: nothing is lost on the way, and what is wrong is told by its place."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from marfa.apps.directory.actions import TOLD, checked_service
from marfa.apps.directory.exchange.hsds import hsds_file, read_hsds
from marfa.apps.directory.exchange.sheets import HEADING, csv_file, read_sheet, xlsx_file
from marfa.apps.directory.models import NEEDS, Service
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Organisation
from marfa.apps.site_cards.queries import LANGUAGES
from marfa.platform.rowsecurity.context import every_organisation
from tests.conftest import Operation

pytestmark = pytest.mark.django_db

MANY = 1000
WORDS = (
    *("بيت", "House", "Дом", "العيادة", "=SUM(A1)", "-x", "@home", 'a "quoted" one', "comma, here"),
    *("semi; colon", "tab", "'apostrophe", "+218", "Ñandú", "中心", "١٢٣", "<b>", "&amp;", "|bar"),
)


def text(chance: random.Random, most: int = 4) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most)))


def generated(number: int, chance: random.Random) -> dict[str, Any]:
    """What is told of a made-up service, anything that the form takes."""
    hidden, placed = chance.random() < 0.2, chance.random() < 0.6
    low = chance.choice([None, 0, 12, 18])
    told: dict[str, Any] = {
        "name": f"{text(chance)} {number}",
        "provider": chance.choice(["", text(chance)]),
        "need": chance.choice(NEEDS),
        "state": chance.choice(Service.State.values),
        "phone": chance.choice(["", "112", "+218 21 000 0000", "(021) 33-44"]),
        "safe_contact": chance.choice(["", text(chance)]),
        "opening": chance.choice(["", "08:00-16:00", text(chance)]),
        "confidential": hidden,
        "sexes": chance.choice(Service.Sexes.values),
        "age_from": low,
        "age_to": chance.choice([None, 17, 120]) if low in (None, 0, 12) else None,
        "languages": chance.sample(LANGUAGES, chance.randint(0, 4)),
        "access": chance.sample(Service.Access.values, chance.randint(0, 3)),
        "cost": chance.choice(Service.Cost.values),
        "papers": chance.choice(Service.Asked.values),
        "police_report": chance.choice(Service.Asked.values),
        "note": chance.choice(["", f"{text(chance)}\n\n{text(chance)}", text(chance, 60)]),
    }
    if not hidden:
        told["address"] = chance.choice(["", text(chance)])
        if placed:
            told |= {"latitude": chance.uniform(-90, 90), "longitude": chance.uniform(-180, 180)}
    told["on_sheets"] = not hidden and bool(told["phone"]) and chance.random() < 0.3
    return told


@pytest.fixture(scope="module")
def thousand() -> list[Service]:
    chance = random.Random(2388)
    told = [checked_service(generated(number, chance)) for number in range(MANY)]
    return [Service(keeper=Organisation(), **each) for each in told]


def plain(services: list[Service]) -> list[dict[str, Any]]:
    return [
        {"reference": each.reference, **{name: getattr(each, name) for name in TOLD}}
        for each in services
    ]


def read_back(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"reference": each["reference"], **checked_service(each)} for each in told]


@pytest.mark.parametrize("form", ["csv", "hxl", "xlsx", "hsds"])
def test_a_thousand_services_come_back_as_they_were(thousand: list[Service], form: str) -> None:
    made = {
        "csv": csv_file,
        "hxl": lambda rows: csv_file(rows, tags=True),
        "xlsx": xlsx_file,
        "hsds": hsds_file,
    }[form](thousand)
    told, problems, left = (read_hsds if form == "hsds" else read_sheet)(made)
    assert problems == []
    assert left == []
    assert read_back(told) == plain(thousand)


def test_the_hxl_row_stands_under_the_heading(thousand: list[Service]) -> None:
    rows = list(csv.reader(io.StringIO(csv_file(thousand[:2], tags=True).decode("utf-8-sig"))))
    assert rows[0] == list(HEADING)
    assert all(re.fullmatch(r"#[a-z]+(\+[a-z_]+)*", tag) for tag in rows[1])
    assert len(rows) == 4


def test_hsds_has_what_its_schema_asks(thousand: list[Service]) -> None:
    """Of ``service.json`` of HSDS 3.1: what is required, and which words a state has."""
    page = json.loads(hsds_file(thousand))
    assert page["total_items"] == len(page["contents"]) == MANY
    uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    keys = set()
    for each in page["contents"]:
        assert each["name"]
        assert each["status"] in ("active", "inactive", "defunct", "temporarily closed")
        for part in ("phones", "schedules", "languages", "service_at_locations", "attributes"):
            for one in each.get(part, ()):
                assert uuid.fullmatch(one["id"])
        assert all(phone["number"] for phone in each.get("phones", ()))
        keys.add(each["id"])
    assert len(keys) == MANY


FAULTS: list[tuple[str, str]] = [
    *[("name", each) for each in ("", "n" * 201)],
    *[("need", each) for each in ("", "magic", "shelter;education")],
    *[("state", each) for each in ("ajar", "1")],
    *[("phone", each) for each in ("call Rima", "1", "+218 ext. five", "9" * 41)],
    *[("latitude", each) for each in ("north", "91", "")],
    *[("longitude", each) for each in ("181", "1e999")],
    *[("sexes", each) for each in ("women",)],
    *[("age_from", each) for each in ("-1", "18.5", "old", "121")],
    *[("age_to", each) for each in ("3",)],
    *[("languages", each) for each in ("ar;klingon",)],
    *[("access", each) for each in ("ramp",)],
    *[("confidential", each) for each in ("perhaps", "yes")],
    *[("police_report", each) for each in ("sometimes",)],
    *[("note", each) for each in ("n" * 2001,)],
]
RIGHT = {
    "name": "One",
    "need": "shelter",
    "state": "open",
    "phone": "112",
    "latitude": "32.5",
    "longitude": "13.5",
    "age_from": "12",
    "age_to": "17",
    "languages": "ar;en",
}
SAID_AT = {"confidential": "latitude"}
"""A place that is given all the same is what is wrong there."""


def sheet_of(rows: list[dict[str, str]]) -> bytes:
    names = [name for name in HEADING if name not in ("reference", "called")]
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def send(client: Client, content: bytes, name: str = "services.csv") -> HttpResponse:
    there = reverse("services:files")
    page = client.get(there).content.decode()
    keeper = re.search(r'<option value="([0-9a-z]{20})"', page)
    assert keeper is not None
    file = SimpleUploadedFile(name, content)
    answer = client.post(there, {"keeper": keeper[1], "file": file})
    assert isinstance(answer, HttpResponse)
    return answer


def places_in(page: str) -> set[tuple[str, str, str]]:
    """Row, column and field of each problem in the table of the page."""
    found = set()
    for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)[1:]:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        told = [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in cells]
        found.add((told[0], told[1], told[2]))
    return found


@pytest.fixture
def worker(operation: Operation) -> Client:
    return operation.at(Desk.PROTECTION)


def test_planted_faults_are_told_by_row_and_column_and_nothing_is_taken(worker: Client) -> None:
    assert len(FAULTS) >= 25
    rows = [{**RIGHT, "name": f"Right {number}"} for number in range(100)]
    expected = set()
    names = [name for name in HEADING if name not in ("reference", "called")]
    for number, (field, value) in enumerate(FAULTS):
        rows[number * 3] = {**RIGHT, field: value}
        at = SAID_AT.get(field, field) if value == "yes" else field
        expected.add((str(number * 3 + 2), chr(ord("A") + names.index(at)), at))
    with every_organisation():
        before = Service.objects.count()
    answer = send(worker, sheet_of(rows))
    assert answer.status_code == 422
    found = places_in(answer.content.decode())
    assert expected <= found
    assert {row for row, _column, _field in found} == {row for row, _column, _field in expected}
    with every_organisation():
        assert Service.objects.count() == before
    # A control: the same file without its faults is taken.
    good = [each for number, each in enumerate(rows) if number % 3 or number >= 3 * len(FAULTS)]
    assert send(worker, sheet_of(good)).status_code == 302
    with every_organisation():
        assert Service.objects.count() == before + len(good)


def test_what_comes_in_is_not_offered_before_somebody_calls(worker: Client) -> None:
    assert send(worker, sheet_of([{**RIGHT, "name": "Lodge of Reeds"}])).status_code == 302
    with every_organisation():
        made = Service.objects.get(name="Lodge of Reeds")
    assert made.called_at is None
    asked = {"need": "shelter", "sex": "female", "age": "15"}
    assert "Lodge of Reeds" not in worker.get(reverse("services:find"), asked).content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "hxl", "hsds"])
def test_the_same_file_twice_changes_nothing(worker: Client, kind: str) -> None:
    given = worker.get(reverse("services:file", args=[kind]))
    with every_organisation():
        before = list(Service.objects.order_by("pk").values_list("pk", "version", "called_at"))
    assert send(worker, given.content, "anything").status_code == 302
    with every_organisation():
        after = list(Service.objects.order_by("pk").values_list("pk", "version", "called_at"))
    assert before == after


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ""),
        (b"{", "not JSON"),
        (b"[]", "No service was found"),
        (b'{"contents": 3}', "No service was found"),
        (b"a,b\n1,2\n", "columns"),
        (b"name,need,service name\nx,shelter,y\n", "read as"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ""),
        (b"PK\x03\x04broken", ""),
    ],
)
def test_what_is_no_file_of_services_is_refused_in_words(
    worker: Client, content: bytes, says: str
) -> None:
    answer = send(worker, content)
    assert answer.status_code == 422
    assert says in html.unescape(answer.content.decode())


def test_hsds_of_others_is_read_and_its_faults_told(worker: Client) -> None:
    """As another program writes it: an address in parts, no taxonomy of ours."""
    theirs = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Community Counselling",
        "status": "active",
        "minimum_age": 12,
        "phones": [{"id": "1554320b-158d-4979-ae2f-7bbd1a1e4a4e", "number": "1417"}],
        "service_at_locations": [
            {
                "location": {
                    "latitude": 32.1,
                    "longitude": 13.2,
                    "addresses": [{"address_1": "1-30 Main Street", "city": "MyCity"}],
                }
            }
        ],
        "attributes": [{"taxonomy_term": {"taxonomy": "marfa:need"}, "value": "legal_advice"}],
    }
    wrong = {**theirs, "minimum_age": "old", "attributes": None}
    told, problems, _left = read_hsds(json.dumps({"contents": [theirs, wrong, 7]}).encode())
    assert told[0]["address"] == "1-30 Main Street, MyCity"
    assert (told[0]["phone"], told[0]["age_from"]) == ("1417", 12)
    assert {(each.row, each.field) for each in problems} == {(2, "age_from"), (3, "")}
    answer = send(worker, json.dumps([theirs, wrong]).encode(), "x.json")
    assert places_in(answer.content.decode()) == {("2", "–", "age_from")}

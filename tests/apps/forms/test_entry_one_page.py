"""A form on one page: what its program sends is kept as a draft, and taken in like any device's."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from marfa.apps.forms.actions.decisions import recheck_submission
from marfa.apps.forms.actions.versions import (
    add_form,
    examine_xlsform,
    publish_version,
    withdraw_version,
)
from marfa.apps.forms.entry import uploads
from marfa.apps.forms.entry.one_page import can_be_whole
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import Attachment, FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.methods.xforms import read_xlsform
from marfa.platform.files.models import StoredFile
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.forms.test_decisions import JOB
from tests.apps.forms.test_entry import FORM, picture
from tests.conftest import Operation, signed_in
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(operation: Operation) -> FormVersion:
    actor = actor_of(operation.supervisor)
    with every_organisation():
        examined = examine_xlsform(FORM.encode(), "arrival.md", Purpose.REGISTRATION)
        made = add_form(actor=actor, organisation=operation.controller, examined=examined)
        publish_version(actor=second_person(operation), version=made)
    return made


class Program:
    """What ``frontend/src/filling`` does, as far as the server sees it."""

    def __init__(self, client: Client, version: FormVersion) -> None:
        self.client = client
        begun = client.post(reverse("filling:begin", args=[version.reference]), {"script": "yes"})
        self.address = str(begun["Location"])
        self.key = UUID(self.address.split("/")[2])
        self.seen = 1

    def xml(
        self, people: str = "5", children: str = "2", photo: str = "", adults: str = "3"
    ) -> str:
        return (
            '<data id="arrival" version="2026010101" xmlns:orx="http://openrosa.org/xforms">'
            f"<people>{people}</people><children>{children}</children><adults>{adults}</adults>"
            f"<photo>{photo}</photo><meta><instanceID>uuid:{self.key}</instanceID></meta></data>"
        )

    def post(self, **sent: object) -> HttpResponse:
        whole = {"do": "draft", "draft_version": self.seen, **sent}
        return self.client.post(self.address, whole, headers={"X-Draft": "1"})  # type: ignore[return-value]

    def draft(self, xml: str, **kept: str) -> HttpResponse:
        paths = {f"/data/{name}": value for name, value in kept.items()}
        answer = self.post(xml=xml, kept=json.dumps(paths))
        if answer.status_code == 200:
            self.seen = json.loads(answer.content)["version"]
        return answer

    def page(self) -> str:
        return self.client.get(self.address).content.decode()


@pytest.fixture
def program(operation: Operation, version: FormVersion) -> Program:
    return Program(operation.at(Desk.RECEPTION), version)


def test_a_form_is_kept_as_typed_and_sent_once(program: Program, version: FormVersion) -> None:
    assert program.address.endswith("/whole/")
    kept = program.draft(program.xml(people=""), people="five", children="2")
    assert kept.status_code == 200
    assert "<people>five</people>" in program.page().replace("&lt;", "<").replace("&gt;", ">")
    program.draft(program.xml())
    sent = program.xml()
    answer = program.client.post(program.address, {"do": "send", "xml": sent})
    assert answer["Location"] == reverse("filling:sent")
    again = program.client.post(program.address, {"do": "send", "xml": sent})
    assert again["Location"] == reverse("filling:sent"), "a second click"
    with every_organisation(), open_vault():
        submission = Submission.objects.get()
        assert submission.xml.data == sent.encode(), "byte for byte"
        assert submission.instance == program.key
        assert submission.way == "pages"
        assert not Draft.objects.exists()
    assert program.draft(sent).status_code == 409, "there is no draft any more"


def test_what_the_program_sends_is_judged_as_what_any_device_sends(program: Program) -> None:
    program.client.post(
        program.address, {"do": "send", "xml": program.xml(people="5000", adults="7")}
    )
    with every_organisation():
        submission = Submission.objects.get()
        recheck_submission(actor=JOB, submission=submission)
    with every_organisation(), open_vault():
        submission.refresh_from_db()
        found = {(each["kind"], each["path"]) for each in submission.findings}
    assert found == {("constraint", "/data/people"), ("calculation", "/data/adults")}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('id="arrival"', 'id="departure"'),
        ('version="2026010101"', 'version="1"'),
        ("uuid:", "uuid:00000000-0000-4000-8000-000000000000 "),
        ("<data", "<!DOCTYPE a><data"),
    ],
)
def test_what_is_not_of_this_filling_in_is_not_taken_in(
    program: Program, was: str, becomes: str
) -> None:
    program.draft(program.xml())
    sent = program.xml().replace(was, becomes)
    answer = program.client.post(program.address, {"do": "send", "xml": sent})
    assert answer.status_code == 422
    with every_organisation():
        assert not Submission.objects.exists()
        assert Draft.objects.exists()


def test_the_draft_keeps_its_own_identity(program: Program) -> None:
    other = program.xml().replace(str(program.key), "00000000-0000-4000-8000-000000000000")
    assert program.draft(other).status_code == 200
    assert f"uuid:{program.key}" in program.page()


@pytest.mark.parametrize(
    "sent",
    [
        {"xml": "no xml", "kept": "{}"},
        {"kept": "[]"},
        {"kept": '{"/data/people": 5}'},
        {"kept": "{"},
    ],
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(
    program: Program, sent: dict[str, str]
) -> None:
    program.draft(program.xml(people="4"))
    answer = program.post(**{"xml": program.xml(), **sent})
    assert answer.status_code == 422
    assert json.loads(answer.content)["said"]
    assert "&lt;people&gt;4&lt;" in program.page()


def test_a_draft_has_an_end(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marfa.apps.forms.entry.one_page.LONGEST_DRAFT", 100)
    assert program.draft(program.xml()).status_code == 422


def test_a_second_page_is_told(program: Program) -> None:
    program.draft(program.xml())
    program.seen = 1
    answer = program.draft(program.xml(people="9"))
    assert answer.status_code == 409
    assert json.loads(answer.content)["said"]


def test_a_file_is_kept_and_goes_with_its_answer(program: Program, version: FormVersion) -> None:
    answer = json.loads(program.post(do="file", file=picture()).content)
    program.seen = answer["version"]
    assert "Salma" not in answer["name"]
    program.draft(program.xml(photo=answer["name"]))
    program.client.post(program.address, {"do": "send", "xml": program.xml(photo=answer["name"])})
    with every_organisation(), open_vault():
        assert Attachment.objects.get().name == answer["name"]
        assert Submission.objects.get().waits_for == 0


def test_a_file_that_is_no_answer_any_more_is_destroyed(program: Program) -> None:
    answer = json.loads(program.post(do="file", file=picture()).content)
    program.seen = answer["version"]
    program.draft(program.xml(photo=answer["name"]))
    program.draft(program.xml())
    with every_organisation():
        assert not StoredFile.objects.exists()


def test_a_file_of_another_kind_is_refused_with_a_sentence(program: Program) -> None:
    wrong = SimpleUploadedFile("a.png", b"MZ not a picture", "image/png")
    for sent in ({"file": wrong}, {}):
        answer = program.post(do="file", **sent)
        assert answer.status_code == 422
        assert json.loads(answer.content)["said"]
    with every_organisation():
        assert not StoredFile.objects.exists()


def test_a_large_file_does_not_touch_the_disk_in_clear(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django would leave more than 2.5 MB to a temporary file."""

    def on_disk(*_given: object, **_more: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", on_disk)
    content = picture().read() + bytes(4 * 1024 * 1024)
    for address in (program.address, program.address.replace("whole/", "1/")):
        large = SimpleUploadedFile("a.png", content, "image/png")
        answer = program.client.post(address, {"do": "file", "file": large, "q0": "8"})
        assert answer.status_code < 500


def test_a_file_that_is_far_too_large_is_refused_with_a_sentence(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 1024 * 1024)
    large = SimpleUploadedFile("a.png", bytes(1024 * 1024 + 1), "image/png")
    answer = program.post(do="file", file=large)
    assert answer.status_code == 422
    assert "1 MiB" in json.loads(answer.content)["said"]


def test_either_way_goes_on_with_what_the_other_began(program: Program) -> None:
    program.draft(program.xml(people="6"))
    plain = program.address.replace("whole/", "1/")
    assert 'value="6"' in program.client.get(plain).content.decode()
    program.client.post(plain, {"q0": "8"})
    assert "&lt;people&gt;8&lt;" in program.page()


def test_without_a_script_the_plain_pages_open(operation: Operation, version: FormVersion) -> None:
    begun = operation.at(Desk.RECEPTION).post(reverse("filling:begin", args=[version.reference]))
    assert re.fullmatch(r"/fill/[0-9a-f-]{36}/1/", begun["Location"])


def test_the_policy_of_the_page_lets_in_no_more_than_webassembly(program: Program) -> None:
    def policy(address: str) -> dict[str, list[str]]:
        header = program.client.get(address).headers["Content-Security-Policy"]
        parts = [part.split() for part in header.split(";")]
        return {name: sorted(w for w in words if "nonce" not in w) for name, *words in parts}

    elsewhere, here = policy(reverse("filling:choose")), policy(program.address)
    changed = {name for name in here if here[name] != elsewhere[name]}
    assert changed == {"script-src", "trusted-types"}
    assert here["script-src"] == ["'wasm-unsafe-eval'"]
    assert here["trusted-types"] == ["forms", "htmx"]
    assert elsewhere["script-src"] == []
    assert "nonce-" in program.client.get(program.address).headers["Content-Security-Policy"]


def test_the_definition_is_kept_by_the_browser_and_goes_on_after_it_is_withdrawn(
    program: Program, operation: Operation, version: FormVersion
) -> None:
    address = reverse("filling:definition", args=[version.reference])
    answer = program.client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "private" in answer["Cache-Control"]
    assert "no-store" not in answer["Cache-Control"]
    assert program.client.get(address).content.decode() == version.xml
    with every_organisation():
        withdraw_version(actor=actor_of(operation.supervisor), version=version)
    assert program.client.get(address).status_code == 200
    assert signed_in(operation.partner).get(address).status_code == 403


def test_nobody_else_finds_what_was_begun(program: Program, operation: Operation) -> None:
    colleague = signed_in(operation.colleague)
    assert colleague.get(program.address).status_code == 404
    told = colleague.post(program.address, {"do": "draft"}, headers={"X-Draft": "1"})
    assert told.status_code == 409
    assert signed_in(operation.outsider).get(program.address).status_code == 403


@pytest.mark.parametrize("kind", ["range", "geopoint", "rank road"])
def test_forms_with_questions_that_it_does_not_draw_stay_on_plain_pages(kind: str) -> None:
    sheet = (
        "| survey | | | |\n| | type | name | label |\n"
        f"| | {kind} | q | Where? |\n| choices | | | |\n| | list_name | name | label |\n"
        "| | road | a | A |\n| | road | b | B |\n"
        "| settings | | |\n| | form_id | version |\n| | f | 1 |\n"
    )
    assert not can_be_whole(read_xlsform(sheet.encode(), "f.md")[1])


def test_shipped_forms_can_be_whole(version: FormVersion) -> None:
    assert can_be_whole(model_of(version))

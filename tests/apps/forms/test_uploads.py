"""A spreadsheet that is much work is kept, and a worker makes a form of it: the same form, by the
same rules, with nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marfa.apps.forms.actions import versions
from marfa.apps.forms.jobs import convert_upload, forget_uploads
from marfa.apps.forms.models import FormUpload, FormVersion, UploadPart
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import RoleGrant
from marfa.methods.xforms import convert, workload
from marfa.platform import clock
from marfa.platform.jobs.claims import claim_job
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.run import LEASE
from marfa.platform.jobs.worker import Worker
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from tests.apps.forms.sheets import sheet
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
WARD = "text|ward|Quorbelwort|الجناح||coded"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"Zwiebelturm" * 9


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are much work."""
    monkeypatch.setattr(workload, "MOST_ROWS", 3)


def questions(count: int, *more: str, version: str = "1") -> bytes:
    asked = [f"integer|beds{number}|Beds|أسرّة||coded" for number in range(count)]
    return sheet(WARD, *asked, *more, version=version)


def send(client: Client, data: bytes, *media: SimpleUploadedFile) -> str:
    """Where sending a spreadsheet led."""
    sent = {"sheet": SimpleUploadedFile("arrival.md", data), "purpose": "registration"}
    answer = client.post(reverse("forms:add"), {**sent, "media": list(media)})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def work() -> None:
    with every_organisation():
        Worker().work(until_empty=True)


def added() -> list[FormVersion]:
    with every_organisation():
        return list(FormVersion.objects.filter(form__form_id="arrival").order_by("added_at"))


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def entries(act: Callable[[], object]) -> list[tuple[str, str, str, object]]:
    """What the log says of the form that was added by something."""
    before = Entry.objects.count()
    act()
    found = list(Entry.objects.order_by("pk"))[before:]
    return [
        (one.action, one.purpose, one.outcome, one.actor_id)
        for one in found
        if "version_added" in str(vars(one))
    ]


def test_a_small_form_is_added_at_once_and_a_large_one_is_not_touched(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(operation.supervisor)
    assert send(client, questions(0)).startswith("/forms/versions/"), "the control"

    def refuse(*_given: object) -> None:
        raise AssertionError("it was converted while a page was waited for")

    with monkeypatch.context() as patched:
        patched.setattr(versions, "convert", refuse)
        with pytest.raises(AssertionError, match="was waited for"):
            send(client, questions(0, version="2"))
        there = send(client, questions(9, version="2"))
        assert "being checked" in page(client, there)
        assert there in page(client, reverse("forms:all"))
    assert len(added()) == 1
    work()
    answer = client.get(there)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/forms/versions/")
    assert len(added()) == 2
    assert there not in page(client, reverse("forms:all"))


def test_it_becomes_what_it_had_become_at_once(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(operation.supervisor)
    picture = SimpleUploadedFile("ward.png", PICTURE, "image/png")
    there = send(client, questions(9), picture)
    beside = entries(work)
    (made,) = added()
    with every_organisation():
        assert [(one.filename, bytes(one.content)) for one in made.media.all()] == [
            ("ward.png", PICTURE)
        ]
        assert not UploadPart.objects.exists(), "the form has all of it"
    assert made.added_by_id == operation.supervisor.pk
    monkeypatch.setattr(workload, "MOST_ROWS", 99)
    at_once = entries(lambda: send(client, questions(9, version="2")))
    assert beside == at_once != []
    first, second = added()
    assert first.xml.replace('version="1"', "") == second.xml.replace('version="2"', "")
    assert first.asks == second.asks
    shown = client.get(there, follow=True).content.decode()
    assert "someone else publishes it" in shown
    assert client.post(f"/forms/versions/{made.reference}/", {"seen": "on"}).status_code == 403


def test_what_is_wrong_is_told_with_its_row_in_both_languages(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9, "text|q|Q|س"))
    work()
    told = page(client, there)
    assert "row 12" in told
    assert "marfa::field" in told
    assert "arrival.md" in told
    assert "cannot be accepted yet" in told
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    arabic = page(client, there)
    assert "لا يمكن قبول الاستمارة بعد" in arabic
    assert "marfa::field" in arabic
    assert not added()


def test_what_was_sent_stands_sealed(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    send(client, questions(9, "text|q|Grobelnik|س"))
    work()
    with every_organisation():
        rows = list(UploadPart.objects.all())
        assert {row.role for row in rows} == {"sheet", "problems"}
        stored = b"".join(bytes(row.sealed) for row in rows)
    for word in (b"Quorbelwort", b"Grobelnik", b"marfa::", b"arrival.md"):
        assert word not in stored
    assert b"Quorbelwort" in questions(9), "the control"


def test_it_is_stopped_and_nothing_is_lost(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9))
    client.post(there, {"do": "stop"})
    assert "It was stopped" in page(client, there)
    work()
    assert not added()
    assert client.post(there, {"do": "stop"}).status_code == 422
    client.post(there, {"do": "resume"})
    assert "being checked" in page(client, there)
    work()
    assert len(added()) == 1


def test_it_is_stopped_while_a_worker_is_at_it(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9))
    looked = convert
    seen = []

    def stop_meanwhile(data: bytes, name: str) -> object:
        seen.append(page(client, there))
        client.post(there, {"do": "stop"})
        return looked(data, name)

    monkeypatch.setattr(versions, "convert", stop_meanwhile)
    work()
    assert "Checked so far" in seen[0]
    assert len(seen) == 1, "it was not begun again"
    assert not added()
    assert "It was stopped" in page(client, there)


def test_stopped_at_the_last_moment_it_leaves_no_form(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9))
    looked = versions.guarded

    def stop_meanwhile(*given: object) -> object:
        found = looked(*given)  # type: ignore[arg-type]
        client.post(there, {"do": "stop"})
        return found

    monkeypatch.setattr(versions, "guarded", stop_meanwhile)
    work()
    assert not added()
    assert "It was stopped" in page(client, there)


def test_another_worker_takes_it_up_where_one_died(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9))
    with every_organisation():
        died = claim_job(LEASE)
    assert died is not None
    assert died.name == convert_upload.name
    work()
    assert not added(), "the control: it is held"
    with clock.set_to(clock.now() + 2 * LEASE):
        work()
    assert client.get(there).status_code == 302
    assert len(added()) == 1


def test_a_file_that_ends_each_worker_is_said_and_kept(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9))
    now = clock.now()
    for number in range(convert_upload.retry.attempts):
        with every_organisation(), clock.set_to(now + number * 2 * LEASE):
            assert claim_job(LEASE) is not None
    with clock.set_to(now + 99 * LEASE):
        work()
        with every_organisation():
            assert Job.objects.get(name=convert_upload.name).state == Job.State.DEAD
        told = page(signed_in(operation.supervisor), there)
        assert "could not be checked" in told
        assert "What you sent is kept" in told
        signed_in(operation.supervisor).post(there, {"do": "resume"})
        work()
    assert len(added()) == 1


def test_who_may_not_add_forms_any_more_adds_none(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9))
    with every_organisation():
        now = clock.now()
        held = RoleGrant.objects.filter(user=operation.supervisor, role="supervisor")
        assert held.update(ends_at=now)
    work()
    assert not added()
    told = page(operation.at(Desk.ADMINISTRATION), there)
    assert "may no longer add forms" in told


def test_it_is_found_by_who_manages_forms_alone(operation: Operation) -> None:
    there = send(signed_in(operation.supervisor), questions(9))
    assert operation.at(Desk.ADMINISTRATION).get(there).status_code == 200, "the control"
    for desk in (Desk.RECEPTION, Desk.PROTECTION):
        client = operation.at(desk)
        nobody = re.sub(r"[0-9a-z]{20}", "0" * 20, there)
        for address in (there, nobody):
            assert client.get(address).status_code == 403
            assert client.post(address, {"do": "discard"}).status_code == 403
    with every_organisation():
        assert FormUpload.objects.count() == 1


def test_it_is_deleted_by_hand_and_after_thirty_days(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    there = send(client, questions(9))
    client.post(there, {"do": "stop"})
    assert client.post(there, {"do": "discard"}).status_code == 302
    assert client.get(there).status_code == 404
    send(client, questions(9, "text|q|Q|س"))
    work()
    for days, left in ((29, 1), (31, 0)):
        with every_organisation(), clock.set_to(clock.now() + timedelta(days=days)):
            forget_uploads.enqueue()
            Worker().work(until_empty=True)
            assert FormUpload.objects.count() == left
            assert bool(UploadPart.objects.count()) == bool(left)

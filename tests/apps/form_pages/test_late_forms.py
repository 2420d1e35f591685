"""A form that is sent after its session has ended is given back to the same person alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.accounts.sessions import end_all_of, open_session
from marfa.apps.accounts.sign_in import BACKEND, SESSION
from marfa.apps.form_pages.late_forms import KEPT_FOR, LARGEST, NEVER, delete_expired
from marfa.apps.form_pages.models import LateForm
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.platform import clock
from marfa.platform.datafolder import open_folder
from marfa.platform.keyproviders import ByFile
from marfa.platform.keys import instance, rotation
from tests.conftest import Operation
from tests.support.canary import STORY

HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
TYPED = {"phone": "+111 11", "opening": "By <day>", "languages": ["ar"], "note": "Left & right"}


@pytest.fixture
def url(operation: Operation) -> str:
    site = Site.objects.filter(card=None).first()
    assert site is not None
    return reverse("sitecards:edit", args=[site.reference])


@pytest.fixture
def own_folder(tmp_path: Path) -> Iterator[None]:
    """A copy of the data folder, in which the key may be rotated."""
    before = settings.FOLDER
    shutil.copytree(before.path, tmp_path / "data")
    settings.FOLDER = open_folder(tmp_path / "data")
    instance.forget_keys()
    yield
    settings.FOLDER = before
    instance.forget_keys()


def come_in(client: Client, user: User) -> None:
    """Sign in in a browser that keeps its other cookies."""
    client.force_login(user, backend=BACKEND)
    row = open_session(user=user, entered_by=OpenSession.EnteredBy.DEMONSTRATION, factor=True)
    session = client.session
    session[SESSION] = str(row.pk)
    session.save()


def ended(operation: Operation) -> tuple[Client, User]:
    """A browser in which the administrator's session was just ended from elsewhere."""
    client, user = Client(), operation.desks[Desk.ADMINISTRATION]
    come_in(client, user)
    end_all_of(user=user, by=OpenSession.Ended.IDLE)
    return client, user


def send(client: Client, url: str, form: dict[str, Any] | None = None, **headers: str) -> Any:
    told = {**HERE, "Referer": f"http://testserver{url}", **headers}
    return client.post(url, form or TYPED, headers=told)


def test_what_was_sent_stands_in_the_form_again(operation: Operation, url: str) -> None:
    client, user = ended(operation)
    answer = send(client, url)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")
    cookie = answer.cookies[settings.LATE_FORM_COOKIE_NAME]
    assert cookie.key.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Strict")
    assert "It is kept for 15 minutes" in client.get("/sign-in/").content.decode()
    come_in(client, user)
    for _ in range(2):  # also when the page is loaded again
        page = client.get(url).content.decode()
        assert "What you sent is back" in page
        assert 'value="+111 11"' in page
        assert 'value="By &lt;day&gt;"' in page
        assert ">\nLeft &amp; right</textarea>" in page
        assert re.findall(r'<input[^>]*value="(\w+)" checked', page) == ["ar"]
    assert "What you sent is back" not in client.get("/").content.decode()
    assert client.post(url, {**TYPED, "person": user.reference, "base_version": "1"}).status_code
    assert LateForm.objects.count() == 0
    assert "What you sent is back" not in client.get(url).content.decode()


def test_another_page_that_was_opened_first_does_not_lose_it(
    operation: Operation, url: str
) -> None:
    """A second tab finds the ended session first; whose it was is known all the same."""
    client, user = ended(operation)
    assert client.get("/").status_code == 302
    send(client, url)
    assert LateForm.objects.get().user_id == user.pk


def test_a_session_whose_time_is_over_is_known_by_its_cookie(
    operation: Operation, url: str
) -> None:
    client, user = ended(operation)
    Session.objects.update(expire_date=clock.now() - timedelta(minutes=1))
    send(client, url)
    assert LateForm.objects.get().user_id == user.pk


def test_another_person_on_the_same_device_gets_nothing(operation: Operation, url: str) -> None:
    client, user = ended(operation)
    send(client, url)
    come_in(client, operation.officer)
    assert "Left" not in client.get("/sites/").content.decode()
    LateForm.objects.update(user=operation.officer)
    other = operation.desks[Desk.RECEPTION]
    come_in(client, other)
    assert "is back" not in client.get(url).content.decode()
    LateForm.objects.update(user=user)
    come_in(client, user)
    assert "is back" in client.get(url).content.decode()


def test_another_browser_of_the_same_person_gets_nothing(operation: Operation, url: str) -> None:
    client, _ = ended(operation)
    send(client, url)
    page = operation.at(Desk.ADMINISTRATION).get(url).content.decode()
    assert "is back" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "", "Referer": ""},
    ],
)
def test_what_another_site_sends_is_not_kept(
    operation: Operation, url: str, headers: dict[str, str]
) -> None:
    client, _ = ended(operation)
    client.post(url, TYPED, headers={**HERE, "Referer": f"http://testserver{url}", **headers})
    assert LateForm.objects.count() == 0


def test_without_the_token_nothing_is_kept(operation: Operation, url: str) -> None:
    client, _ = ended(operation)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert send(strict, url).status_code == 403
    assert LateForm.objects.count() == 0


def test_a_visitor_and_one_who_left_have_nothing_kept(operation: Operation, url: str) -> None:
    send(Client(), url)
    client = operation.at(Desk.ADMINISTRATION)
    client.post(reverse("accounts:sign_out"))
    send(client, url)
    blocked, user = ended(operation)
    User.objects.filter(pk=user.pk).update(is_active=False)
    send(blocked, url)
    assert LateForm.objects.count() == 0


def test_what_is_too_large_is_said(operation: Operation, url: str) -> None:
    client, _ = ended(operation)
    answer = send(client, url, {**TYPED, "note": "م" * LARGEST})
    assert answer.status_code == 413
    assert "too large to be kept" in answer.content.decode()
    assert LateForm.objects.count() == 0


def test_too_many_are_refused(operation: Operation, url: str) -> None:
    client, _ = ended(operation)
    with clock.set_to(clock.now()):
        answers = [send(client, url).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_files_are_not_kept_and_the_page_says_so(operation: Operation, url: str) -> None:
    client, user = ended(operation)
    chosen = SimpleUploadedFile("story.txt", STORY.encode(), content_type="text/plain")
    send(client, url, {**TYPED, "picture": chosen})
    come_in(client, user)
    page = client.get(url).content.decode()
    assert "choose them again" in page
    assert 'value="+111 11"' in page
    assert STORY not in page
    assert "story.txt" not in page
    other, _ = ended(operation)
    send(other, url)
    come_in(other, user)
    assert "choose them again" not in other.get(url).content.decode()


def test_it_goes_after_a_quarter_of_an_hour(operation: Operation, url: str) -> None:
    client, user = ended(operation)
    send(client, url)
    assert delete_expired() == 0
    with clock.set_to(clock.now() + KEPT_FOR):
        come_in(client, user)
        assert "is back" not in client.get(url).content.decode()
        assert delete_expired() == 1


def test_it_is_sealed(operation: Operation, url: str) -> None:
    client, _ = ended(operation)
    send(client, url, {**TYPED, "note": STORY})
    row = LateForm.objects.get()
    assert STORY.encode() not in bytes(row.sealed)
    cookie = client.cookies[settings.LATE_FORM_COOKIE_NAME].value
    assert cookie not in (row.digest, str(row.pk))


def test_it_outlives_a_rotation_of_the_key(
    operation: Operation, url: str, own_folder: None
) -> None:
    """It may lie there when the key is rotated: it comes along, and opens as before."""
    client, user = ended(operation)
    send(client, url)
    before = bytes(LateForm.objects.get().sealed)
    rotation.switch_key(ByFile())
    assert rotation.count_by_holder()["form_pages.late_forms"] == {1: 1}
    rotation.bring_everything(lambda _name, _done: None)
    assert rotation.count_by_holder()["form_pages.late_forms"] == {2: 1}
    assert bytes(LateForm.objects.get().sealed) != before
    come_in(client, user)
    assert 'value="+111 11"' in client.get(url).content.decode()


def test_proofs_of_who_somebody_is_are_never_kept(operation: Operation, url: str) -> None:
    client, user = ended(operation)
    for path in ("/my/security/password/", "/my/proof/", "/sealed/passphrase/"):
        assert client.get(path).status_code == 302, "a page that asks for a session"
        send(client, path, {"password": STORY, "code": "123456"})
    assert LateForm.objects.count() == 0
    send(client, url, {**TYPED, "password": STORY, "csrfmiddlewaretoken": STORY})
    come_in(client, user)
    page = client.get(url).content.decode()
    assert "What you sent is back" in page
    assert STORY not in page


def test_every_field_for_a_secret_is_known_by_its_name() -> None:
    source = Path(__file__).parents[3] / "src" / "marfa"
    text = "".join(file.read_text("utf-8") for file in source.rglob("templates/**/*.html"))
    kinds = r'(?:kind="password"|autocomplete="one-time-code")'
    secret = set(re.findall(rf'{{% field "(\w+)"[^%]*{kinds}', text))
    assert {"password", "code"} <= secret
    assert [name for name in secret if not NEVER.search(name)] == []


def test_what_has_no_field_any_more_is_shown(operation: Operation, url: str) -> None:
    client, user = ended(operation)
    send(client, url, {**TYPED, "gone": "typed <b> for nothing"})
    come_in(client, user)
    assert "typed &lt;b&gt; for nothing" in client.get(url).content.decode()

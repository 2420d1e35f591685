"""No form loses what was typed: at a refusal, at a conflict, and after the session has ended.

The forms are those of the pages to which links lead, so that a new form is among them by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.accounts.sessions import end_all_of, open_session
from marfa.apps.accounts.sign_in import BACKEND, SESSION
from marfa.apps.form_pages import middleware as late_forms
from marfa.apps.form_pages.late_forms import NEVER
from marfa.demo.build import build_demo
from marfa.demo.operation import Scale
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.errors import ConflictError
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards import actions
from marfa.safeguards.charter.resources import BY_RULE, Decision, DeniedError
from tests.conftest import Operation, signed_in
from tests.web.every_state import Visitor, match_of
from tests.web.sent_forms import SentForm, forms_of, lost
from tests.web.states_made import Maker, make_states

pytestmark = pytest.mark.django_db
SMALL = Scale(people=60, screenings=20, cases=8, seed=7)
NOT_KEPT = {
    "accounts": "who somebody is, they prove anew",
    "sealedtier": "what is sealed is typed anew",
}
"""Apps of which nothing typed is kept after the session has ended."""

ENDED, CONFLICT = "ended", "conflict"
RULE = Message(
    "safeguards.charter:rule-of-charter",
    {"number": 1, "name": Message("safeguards.charter:rule-1")},
)
REFUSALS: dict[str, Callable[[], Exception]] = {
    "rule": lambda: DeniedError(
        Decision(
            False,
            ("x",),
            Message(BY_RULE, {"sentence": Message("safeguards:denied"), "rule": RULE}),
        )
    ),
    "role": lambda: DeniedError(Decision(False, (), Message("safeguards:denied"))),
    "input": lambda: InputError.at(Message("apps:nothing-written")),
    CONFLICT: lambda: ConflictError((), version=2, values={}),
}
"""What an action raises before it does anything."""


@dataclass
class Walk:
    """What was sent. refused: by way, how many forms were refused so; gone: those that lost
    something."""

    refused: dict[str, int] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def note(self, way: str, form: SentForm, html: str, status: int) -> None:
        self.refused[way] = self.refused.get(way, 0) + 1
        missing = lost(form, html) - never(form)
        if missing:
            self.gone.append(f"{way}: {form.page} -> {form.action} ({status}): {sorted(missing)}")


def never(form: SentForm) -> set[str]:
    """What proves who somebody is stands on no page again."""
    return {name for name in form.texts if NEVER.search(name)}


def pages(visitor: Visitor, start: str = "/") -> Iterator[tuple[str, str]]:
    """One page of each view to which links lead somebody, with what is on it."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        url = waiting.pop(0)
        match = match_of(url)
        if match is None or match.view_name in seen:
            continue
        seen.add(match.view_name)
        answer = visitor.open(url)
        if answer.leads_to:
            seen.discard(match.view_name) if answer.leads_to != url else None
            waiting.append(answer.leads_to)
            continue
        waiting += [each for each in sorted(answer.links()) if each.startswith("/")]
        yield url, answer.text


def sent(visitor: Visitor, form: SentForm) -> Any:
    headers = {"Origin": "http://testserver", "Referer": f"http://testserver{form.page}"}
    return visitor.client.post(form.action, form.sent(), headers=headers)


def refuse(walk: Walk, way: str, visitor: Visitor, form: SentForm) -> None:
    """Send a form whose action is refused. What a page did without an action is undone."""
    raised: list[bool] = []

    def refused(*_: object, **__: object) -> NoReturn:
        raised.append(True)
        raise REFUSALS[way]()

    with pytest.MonkeyPatch.context() as patch:
        before = transaction.savepoint()
        if way == CONFLICT and "base_version" in form.told:
            sent(visitor, replace(form, word="Faster"))
        else:
            patch.setattr(actions, "_acting", refused)
        answer = sent(visitor, form)
    html = b"".join(answer).decode(errors="replace")
    if lost(form, html) - never(form) and "What you typed is kept" in html:
        html = visitor.client.get(form.page).content.decode()
    transaction.savepoint_rollback(before)
    visitor.client.cookies.pop(settings.LATE_FORM_COOKIE_NAME, None)
    if answer.status_code >= 400 or raised:
        walk.note(way, form, html, answer.status_code)
    for close in answer._resource_closers:  # not answer.close(): that ends the connection too
        close()


def come_in(client: Client, user: User) -> None:
    client.force_login(user, backend=BACKEND)
    row = open_session(user=user, entered_by=OpenSession.EnteredBy.DEMONSTRATION, factor=True)
    session = client.session
    session[SESSION] = str(row.pk)
    session.save()


def send_late(walk: Walk, visitor: Visitor, form: SentForm) -> None:
    """Send a form after its session has ended, come in again, and open the page."""
    user = visitor.user
    assert user is not None
    match = match_of(form.action)
    if match is None or NOT_KEPT.keys() & set(match.app_names):
        return
    end_all_of(user=user, by=OpenSession.Ended.IDLE)
    answer = sent(visitor, form)
    come_in(visitor.client, user)
    html = visitor.client.get(form.page).content.decode()
    visitor.client.cookies.pop(settings.LATE_FORM_COOKIE_NAME, None)
    walk.note(ENDED, form, html, answer.status_code)


def walk_forms(names: list[str], ways: Callable[[int], list[str]]) -> tuple[Walk, set[str]]:
    """Send every form that these people come to. ways: of the number of a form, how."""
    walk, views, count = Walk(), set(), 0
    for name in names:
        visitor = Visitor(name, User.objects.get(username=name))
        for url, html in list(pages(visitor)):
            for form in forms_of(url, html):
                match = match_of(form.action)
                key = f"{match.view_name if match else form.action} {form.told.get('do')}"
                if key in views:
                    continue
                views.add(key)
                for way in ways(count):
                    if way == ENDED:
                        send_late(walk, visitor, form)
                    else:
                        refuse(walk, way, visitor, form)
                count += 1
    return walk, views


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_forms, "spend_attempt", lambda *_: True)


def test_no_form_loses_what_was_typed(operation: Operation) -> None:
    """The short form: each form in one way, by turns."""
    with every_organisation():
        maker = Maker()
        maker.people()
        maker.cases()
    ways = [*REFUSALS, ENDED]
    walk, views = walk_forms(
        ["supervisor", "reception", "administration"], lambda count: [ways[count % len(ways)]]
    )
    sys.stdout.write("\n".join([f"{len(views)} forms; {walk.refused}", *walk.gone, ""]))
    assert walk.gone == []
    assert len(views) > 40
    assert walk.refused.keys() == {*ways}


def test_the_walk_sees_what_is_lost(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: pages that give nothing back, and a session after which nothing is kept."""
    with every_organisation():
        case = Maker().case()
    visitor = Visitor("supervisor", User.objects.get(username="supervisor"))
    there = reverse("cases:note", args=[case.reference])
    (form,) = forms_of(there, visitor.open(there).text)
    kept = Walk()
    refuse(kept, "role", visitor, form)
    send_late(kept, visitor, form)
    assert (kept.refused, kept.gone) == ({"role": 1, ENDED: 1}, [])
    monkeypatch.setattr(late_forms, "keep_late", lambda **_: "")
    nothing = Walk()
    refuse(nothing, "role", visitor, form)
    send_late(nothing, visitor, form)
    assert [each.partition(":")[0] for each in nothing.gone] == ["role", ENDED]


def test_a_form_whose_token_is_over_keeps_its_words(operation: Operation) -> None:
    """As in a tab that stood open while somebody signed in again in another; with the controls that
    a password comes back from nowhere, and that nobody else's page can put words there."""
    client = signed_in(operation.supervisor, enforce_csrf_checks=True)
    with every_organisation():
        there = reverse("cases:note", args=[Maker().case().reference])
    sent = {"text": "She sleeps <here>", "password": "harbour and lantern"}
    headers = {"Origin": "http://testserver", "Referer": f"http://testserver{there}"}
    answer = client.post(there, sent, headers=headers)
    assert answer.status_code == 403
    assert "She sleeps" not in answer.content.decode(), "a refusal itself tells nothing"
    page = client.get(there).content.decode()
    assert "She sleeps &lt;here&gt;" in page
    assert "harbour and lantern" not in page
    forged = {
        **headers,
        "Origin": "http://elsewhere.example",
        "Referer": "http://elsewhere.example",
    }
    client.cookies.pop(settings.LATE_FORM_COOKIE_NAME)
    client.post(there, sent, headers=forged)
    assert "She sleeps" not in client.get(there).content.decode(), "only from a page of ours"


@pytest.mark.slow
def test_no_form_loses_what_was_typed_in_any_way() -> None:
    build_demo(scale=SMALL)
    make_states()
    ways = [*REFUSALS, ENDED]
    names = list(User.objects.filter(is_active=True).values_list("username", flat=True))
    walk, views = walk_forms(sorted(names), lambda _count: ways)
    sys.stdout.write("\n".join([f"{len(views)} forms; {walk.refused}", *walk.gone, ""]))
    assert walk.gone == []
    assert len(views) > 60
    assert walk.refused.keys() == {*ways}

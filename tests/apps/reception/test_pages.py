"""The pages of the queue and of the private step, from the first ticket to the reasons."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.form_pages.work import unsent_work_items
from marfa.apps.manifest import Desk
from marfa.apps.name_search.models import Search
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.interview import CONDITIONS
from marfa.apps.reception.actions.queue import move_entry
from marfa.apps.reception.models import ConversationAnswer, PrivateConversation, QueueEntry
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.apps.reception.test_queue import codes_of, entry_of, officer, registered, site  # noqa: F401
from tests.apps.registry.protection import protect
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def answer(client: Client, url: str, person: str, **given: str) -> str:
    """Send one question as the page does; the address that comes next."""
    page = client.get(url)
    assert page.status_code == 200
    base = page.context.get("base_version", 0)
    sent = {"do": "save", "person": person, "base_version": base, "draft_version": 0, **given}
    sent = {name: value for name, value in sent.items() if value != ""}
    sent_back = client.post(url, sent)
    assert sent_back.status_code == 302, sent_back.content.decode()
    there = str(sent_back.headers["Location"])
    # After one question everybody is shown what a person can do.
    return str(client.get(there).context["following"]) if "/offer/" in there else there


def begun(client: Client, reference: str) -> str:
    url = reverse("queue:begin", args=[reference])
    unsafe = client.post(url, {"do": "begin", "confirmed": ["alone"], "language": "ar"})
    assert unsafe.status_code == 422
    made = client.post(url, {"do": "begin", "confirmed": list(CONDITIONS), "language": "ar"})
    assert made.status_code == 302
    return str(made.headers["Location"])


def test_enter_in_a_field_confirms_nothing(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """A browser presses the first button of the form: here the one that shows the page again."""
    client = signed_in(operation.desks[Desk.RECEPTION])
    url = reverse("queue:begin", args=[entry_of(registered(officer, site, 1980)).reference])
    before = {"confirmed": ["alone", "private_place"]}
    shown = client.post(url, before)
    form = shown.content.decode().split("<main")[1].split("<form")[1]
    first = re.search(r'<button[^>]*name="(\w+)"[^>]*value="(\w+)"', form)
    assert first is not None
    typed = client.post(url, before | {"interpreter": "i7", first[1]: first[2]})
    assert typed.context["step"] == "right_people"
    assert 'value="i7"' in typed.content.decode()


def test_from_the_queue_to_the_reasons(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    registered(officer, site, 1980)
    child = registered(officer, site, 2014)
    user = operation.desks[Desk.RECEPTION]
    client = signed_in(user)
    called = client.post(reverse("queue:site"))
    entry = entry_of(child)
    assert called.headers["Location"] == reverse("queue:entry", args=[entry.reference])
    assert entry.ticket in client.get(reverse("queue:board")).content.decode()
    url = begun(client, entry.reference)
    while "/end/" not in url:
        said = {"stated": "yes"} if "promised_work" in url else {"stated": "no"}
        url = answer(client, url, user.reference, **said)
    client.post(url, {"do": "finish"})
    assert codes_of(child) == {"child_without_care", "child_promised_work", "promised_work"}
    page = client.get(reverse("reasons:entry", args=[entry.reference])).content.decode()
    for words in ("Child who was promised work", "Was promised work", "said"):
        assert words in page
    assert "%" not in page.split("<main")[1].split("</main>")[0]


def test_the_way_back_loses_nothing_and_writes_nothing_twice(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    entry = entry_of(registered(officer, site, 1980))
    user = operation.desks[Desk.RECEPTION]
    client = signed_in(user)
    first = begun(client, entry.reference)
    count = ConversationAnswer.objects.filter(person=entry.person).count() - 1  # one is only seen
    page = client.get(first).content.decode()
    assert f"Question 1 of {count}" in page
    assert 'value="back"' not in page, "there is none before the first"
    second = answer(client, first, user.reference, stated="unknown", note="A fever")
    assert f"Question 2 of {count}" in client.get(second).content.decode()
    # Back with nothing typed: the second question was not answered by it.
    assert answer(client, second, user.reference, to="back", do="") == first
    assert ConversationAnswer.objects.filter(answered_at__isnull=False).count() == 1
    assert "A fever" in client.get(first).content.decode()
    written = Entry.objects.filter(detail__contains="talk_answered", outcome="done")
    assert written.count() == 1
    assert answer(client, first, user.reference, stated="unknown", note="A fever") == second
    assert written.count() == 1, "who changes nothing has answered once"
    # Back with something typed keeps it.
    assert answer(client, second, user.reference, stated="no", to="back", do="") == first
    assert 'value="no" aria-pressed="true"' in client.get(second).content.decode()
    assert written.count() == 2
    talk = PrivateConversation.objects.get(person=entry.person)
    end = client.get(reverse("queue:end", args=[talk.reference])).content.decode()
    assert reverse("queue:question", args=[talk.reference, "no_safe_place"]) in end


def test_two_windows_lose_nothing_and_ask_which_is_right(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """As from two devices, or after a reply that was lost."""
    person = registered(officer, site, 1980)
    user = operation.desks[Desk.RECEPTION]
    client = signed_in(user)
    first = begun(client, entry_of(person).reference).replace("/danger/", "/urgent_health/")
    base = client.get(first).context["base_version"]
    opened = {"do": "save", "person": user.reference, "base_version": base, "draft_version": 0}
    written = Entry.objects.filter(detail__contains="talk_answered", outcome="done")
    for _window in range(2):
        assert client.post(first, opened | {"stated": "no"}).status_code == 302
    assert written.count() == 1, "the same was answered once"
    noted = client.post(first, opened | {"to": "same", "note": "She looked at the door"})
    assert noted.status_code == 302, "nobody else wrote a note"
    other = client.post(first, opened | {"stated": "yes"})
    assert other.status_code == 409
    page = other.content.decode()
    assert "What the person says" in page
    assert page.count('name="keep-') == 2, "this answer or the other"
    sent = opened | {"do": "merge", "asked": "stated", "stated": "yes", "keep-stated": "mine"}
    sent["base_version"] = other.context["base_version"]
    sent["note"] = other.context["form"]["note"].value()
    assert client.post(first, sent).status_code in (302, 307)
    with open_vault():
        kept = ConversationAnswer.objects.get(person=person, question="urgent_health")
        assert (kept.stated, kept.note) == ("yes", "She looked at the door")


@pytest.mark.parametrize("side", ["stated", "observed"])
def test_a_yes_to_danger_waits_for_no_choice(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    side: str,
) -> None:
    """The page is older than what is stored: the yes is kept, the steps open, and what else was
    typed there waits."""
    person = registered(officer, site, 1980)
    user = operation.desks[Desk.RECEPTION]
    client = signed_in(user)
    url = begun(client, entry_of(person).reference)
    base = client.get(url).context["base_version"]
    opened = {"do": "save", "person": user.reference, "base_version": base, "draft_version": 0}
    assert client.post(url, opened | {"stated": "no", "note": "He waits"}).status_code == 302
    stale = {"stated": "unknown", side: "yes", "note": "At the gate"}
    led = client.post(url, opened | stale)
    steps = reverse("to_screen:in_danger", args=[person.reference])
    assert (led.status_code, led["Location"]) == (307, steps)
    with open_vault():
        kept = ConversationAnswer.objects.get(person=person, question="danger")
        assert (getattr(kept, side), kept.note) == ("yes", "He waits")
    assert "danger" in codes_of(person)
    assert client.get(url).context["form"]["note"].value() == "At the gate"


def test_stop_in_the_middle(operation: Operation, officer: Actor, site: Site) -> None:  # noqa: F811
    person = registered(officer, site, 1990)
    user = operation.desks[Desk.RECEPTION]
    client = signed_in(user)
    url = begun(client, entry_of(person).reference)
    url = answer(client, url, user.reference, stated="no")
    page = client.get(url).content.decode()
    talk = PrivateConversation.objects.get()
    stop = reverse("queue:end", args=[talk.reference])
    assert stop in page
    client.post(stop, {"do": "stop"})
    assert client.get(url).status_code == 409
    assert client.get(stop).status_code == 409, "the page of its end, when it has ended"
    late = {"do": "save", "person": user.reference, "base_version": 1, "stated": "yes"}
    assert client.post(url, late).status_code == 409
    assert client.post(stop, {"do": "finish"}).status_code == 409
    assert codes_of(person) == set()


@pytest.mark.parametrize("do", ["stop", "finish", "screen"])
def test_the_end_pressed_twice_is_answered_as_at_first(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    do: str,
) -> None:
    """As after a reply that was lost: what is to be read out, offered and done next is there.
    Who opens the page later is offered the health check alone."""
    person = registered(officer, site, 1990)
    user = operation.desks[Desk.RECEPTION]
    client = signed_in(user)
    url = begun(client, entry_of(person).reference)
    answer(client, url.replace("/danger/", "/papers_held/"), user.reference, stated="yes")
    end = reverse("queue:end", args=[PrivateConversation.objects.get().reference])
    client.get(end)  # which says that the answer was saved
    first, again = (client.post(end, {"do": do}) for _press in range(2))
    assert (again.status_code, again.get("Location")) == (first.status_code, first.get("Location"))
    assert blank(again.content) == blank(first.content)
    page = client.get(end).content.decode()
    assert reverse("to_screen:health", args=[person.reference]) in page
    assert reverse("to_screen:go_on", args=[person.reference]) not in page
    other = client.post(end, {"do": "finish" if do == "stop" else "stop"})
    assert other.status_code == 409
    assert "Screen now" not in other.content.decode(), "who says stop is not led on"


def test_the_screen_on_the_wall_shows_tickets_and_leads_nowhere(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    entry = entry_of(person)
    client, board = operation.at(Desk.RECEPTION), reverse("queue:board")
    move_entry(actor=officer, entry=entry, to=QueueEntry.State.CALLED)
    assert client.post(board).headers["Location"] == board
    shown = client.get(board)
    said = shown.content.decode()
    for words in (entry.ticket, "Please come in", "تفضّلوا بالدخول"):
        assert words in said
    assert 'href="/' not in said.split("<body")[1], "no way leads from it to anybody's name"
    assert shown.headers["Refresh"]
    assert client.get(board).status_code == 200, "it stands for as long as nothing else is opened"
    away = client.get(reverse("people:person", args=[person.reference]))
    assert away.headers["Location"] == reverse("accounts:sign_in")
    assert "/sign-in/" in client.get(board).headers["Location"], "and then it is over"
    again = operation.at(Desk.RECEPTION)
    again.post(board)
    assert again.post(reverse("queue:site")).status_code == 302
    entry.refresh_from_db()
    assert "/sign-in/" in again.get(reverse("queue:site")).headers["Location"]


def test_a_no_is_asked_for_apart_and_taken_back(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    client = signed_in(operation.desks[Desk.RECEPTION])
    place = reverse("queue:entry", args=[entry_of(person).reference])
    begun(client, entry_of(person).reference)
    shown = client.get(place).content.decode()
    asked = shown[shown.index("<details>") : shown.index("</details>")]
    assert shown.count('value="declined"') == asked.count('value="declined"') == 1
    assert "The conversation that was begun ends." in asked
    client.post(place, {"to": "declined"})
    assert place in client.get(reverse("queue:site")).content.decode()
    shown = client.get(place).content.decode()
    assert "Private conversation" not in shown
    assert 'value="waiting"' in shown
    client.post(place, {"to": "waiting"})
    assert entry_of(person).state == "waiting"


def test_a_talk_that_was_left_is_found_again(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """The battery died; then a colleague who may goes on with it, and nobody else."""
    person = registered(officer, site, 1990)
    user = operation.desks[Desk.RECEPTION]
    reference = entry_of(person).reference
    begin = reverse("queue:begin", args=[reference])
    url = begun(signed_in(user), reference)
    following = answer(signed_in(user), url, user.reference, stated="no")
    saved = {"person": user.reference, "base_version": 1, "draft_version": 0, "stated": "no"}
    typed = saved | {"do": "draft", "note": "He waits outside"}
    assert signed_in(user).post(url, typed, headers={"X-Draft": "1"}).status_code == 200
    (unsent,) = unsent_work_items(user)
    assert unsent.url == begin, "there too it is looked at again whether it is safe"
    colleague = create_user(username="second", display_name="Second")
    held = user.role_grants.get()
    grant_role(user=colleague, role=Role(held.role), organisation=held.organisation, site=held.site)
    client = signed_in(colleague)
    page = client.get(reverse("queue:entry", args=[reference])).content.decode()
    assert "Continue the private conversation" in page
    assert client.get(begin).status_code == 200
    assert client.post(begin, {"do": "begin", "confirmed": ["alone"]}).status_code == 422, (
        "asked again"
    )
    more = {"language": "fr", "interpreter": "i7"}
    safe = {"do": "begin", "confirmed": list(CONDITIONS), **more}
    assert client.post(begin, safe).headers["Location"] == following
    assert signed_in(user).post(begin, safe).headers["Location"] == url, "and back to what waits"
    assert client.post(begin, safe).headers["Location"] == following
    with open_vault():
        talk = PrivateConversation.objects.get()
        assert (talk.language, talk.interpreter) == ("fr", "i7")
    url = following
    while "/end/" not in url:
        url = answer(client, url, colleague.reference, stated="no")
    assert client.post(begin, safe).headers["Location"] == url
    assert client.post(url, {"do": "finish"}).status_code == 200
    assert entry_of(person).state == "done"
    assert signed_in(operation.outsider).get(begin).status_code in (403, 404)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_who_is_protected_is_nobody_at_any_address(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    language: str,
) -> None:
    person = registered(officer, site, 1990)
    reference = entry_of(person).reference
    protect(person)
    people = [
        *operation.desks.values(),
        operation.supervisor,
        operation.officer,
        operation.partner,
        operation.outsider,
    ]
    for user in people:
        client = signed_in(user, headers={"accept-language": language})
        for name in ("queue:entry", "queue:begin", "reasons:entry"):
            there = client.get(reverse(name, args=[reference]))
            nobody = client.get(reverse(name, args=["0" * 20]))
            assert there.status_code == nobody.status_code
            assert blank(there.content) == blank(nobody.content)
            assert dict(there.headers) | {"Content-Security-Policy": ""} == dict(nobody.headers) | {
                "Content-Security-Policy": ""
            }
    with every_organisation():
        met = Search.objects.filter(way="address").exclude(met=[]).values_list("met", flat=True)
        assert [operation.controller.pk.hex, person.pk.hex] in [pair for row in met for pair in row]


def blank(content: bytes) -> str:
    """A page without what is drawn anew for each answer."""
    text = content.decode()
    text = re.sub(r'nonce="[^"]*"', "", text)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r"[0-9a-z]{20}", "", text)


def test_further_pages_are_those_of_the_same_site(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("marfa.apps.reception.views.queue.A_PAGE", 1)
    people = [registered(officer, site, 1990 + number) for number in range(5)]
    for person in people[2:]:
        move_entry(actor=officer, entry=entry_of(person), to=QueueEntry.State.LEFT)
    client, address = operation.at(Desk.RECEPTION), reverse("queue:site")
    page = client.get(address).content.decode()
    for name in ("page", "today"):
        assert f'href="?site={site.reference}&amp;{name}=2"' in page
    shown = client.get(f"{address}?site={site.reference}&today=3").content.decode()
    assert entry_of(people[4]).ticket in shown
    assert entry_of(people[2]).ticket not in shown

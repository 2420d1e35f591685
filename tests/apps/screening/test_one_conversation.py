"""The private conversation and the list are one: what was looked at once holds, for who looked, and
for as long as they are still there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.interview import CONDITIONS
from marfa.apps.reception.actions.queue import raise_urgency
from marfa.apps.reception.forms import is_apart
from marfa.apps.reception.models import PrivateConversation
from marfa.apps.reception.questions import question_of
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions import open_screening
from marfa.apps.screening.conditions import Condition
from marfa.apps.screening.models import (
    HandOver,
    HealthCheck,
    Screening,
    ScreeningAnswer,
    ScreeningFact,
)
from marfa.apps.screening.queries import to_screen
from marfa.apps.screening.views import one_conversation
from marfa.apps.screening.work import work_items_of
from marfa.domain.codes import format_code
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.facts.kinds import kind_of
from marfa.platform.facts.rebuilds import compare_facts
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.apps.reception.test_pages import answer
from tests.apps.reception.test_queue import entry_of, officer, registered, site  # noqa: F401
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
State = Screening.State


@pytest.fixture
def user(operation: Operation) -> Iterator[User]:
    with every_organisation():
        yield operation.desks[Desk.RECEPTION]


def begun(client: Client, person: Person, **more: str) -> str:
    there = reverse("queue:begin", args=[entry_of(person).reference])
    sent = client.post(there, {"do": "begin", "confirmed": list(CONDITIONS), **more})
    return str(sent.headers["Location"])


def finished(client: Client, person: Person) -> None:
    talk = PrivateConversation.objects.get(person=person)
    client.post(reverse("queue:end", args=[talk.reference]), {"do": "finish"})


def gone_on(client: Client, person: Person) -> Screening:
    client.post(reverse("to_screen:go_on", args=[person.reference]))
    return Screening.objects.get(person=person)


def test_what_was_looked_at_is_not_asked_again(user: User, officer: Actor, site: Site) -> None:  # noqa: F811
    """Her papers say female; she is addressed as she said."""
    person = registered(officer, site, 1990)
    client = signed_in(user)
    begun(client, person, addressee="masculine")
    finished(client, person)
    screening = gone_on(client, person)
    assert screening.state == State.ASKING
    assert screening.addressee == "masculine"
    with open_vault():
        assert set(screening.conditions or {}) == set(Condition)
        assert (screening.conditions or {})["interpreter"] == "not_needed"


def another(user: User) -> User:
    """A colleague at the same place."""
    colleague = create_user(username="second", display_name="Second")
    held = user.role_grants.get()
    grant_role(user=colleague, role=Role(held.role), organisation=held.organisation, site=held.site)
    return colleague


def test_who_goes_on_another_day_holds_it_as_the_person_chose(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """Her papers say female; she is still addressed as she said, and is not tired yet."""
    person, colleague = registered(officer, site, 1990), another(user)
    begun(signed_in(user), person, addressee="masculine")
    with clock.set_to(clock.now() + timedelta(hours=20)):
        client = signed_in(colleague)
        url = begun(client, person)
        assert PrivateConversation.objects.get(person=person).addressee == "masculine"
        assert "Enough for today" not in client.get(url).content.decode()
        following = answer(client, url, colleague.reference, stated="no")
    with clock.set_to(clock.now() + timedelta(hours=20, minutes=46)):
        client = signed_in(colleague)
        assert "Enough for today" in client.get(following).content.decode()
        finished(client, person)
        screening = gone_on(client, person)
        assert (screening.state, screening.addressee) == (State.ASKING, "masculine")


def test_it_holds_for_who_looked_and_while_they_are_there(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    colleague = another(user)
    for who, wait in ((colleague, timedelta()), (user, timedelta(hours=2))):
        person = registered(officer, site, 1990)
        client = signed_in(user)
        begun(client, person)
        finished(client, person)
        with clock.set_to(clock.now() + wait):
            assert gone_on(signed_in(who), person).state == State.PREPARING


def test_a_yes_to_danger_opens_the_steps_and_leads_back(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    client = signed_in(user)
    first = begun(client, person)
    assert first.endswith("/danger/")
    base = client.get(first).context["base_version"]
    sent = {"do": "save", "person": user.reference, "base_version": base, "draft_version": 0}
    led = client.post(first, sent | {"stated": "yes"}, follow=True)
    assert led.redirect_chain[0][1] == 307
    assert led.redirect_chain[-1][0].endswith("/danger/")
    page = led.content.decode()
    assert "Danger: what to do now" in page
    assert "/urgent_health/" in page, "back to the next question"
    (row,) = ScreeningAnswer.objects.filter(screening__person=person)
    assert (row.item, row.said_at is None) == ("rr-tonight", False)
    following = client.get(first).context["number"]
    assert following == 1
    url = first.replace("/danger/", "/papers_held/")
    answer(client, url, user.reference, stated="yes")
    finished(client, person)
    gone_on(client, person)
    kept = set(
        ScreeningAnswer.objects.filter(screening__person=person).values_list("item", flat=True)
    )
    assert kept == {"rr-tonight", "rr-papers-held"}, "what was said afterwards is taken over too"


def test_the_steps_are_one_press_away_and_what_was_typed_waits(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """Also from a question whose answer is sealed, and from the end."""
    person = registered(officer, site, 1990)
    client, steps = signed_in(user), reverse("to_screen:in_danger", args=[person.reference])
    first = begun(client, person)
    url = answer(client, first, user.reference, stated="no")
    form = client.get(url).context
    sent = {"person": user.reference, "base_version": form["base_version"], "draft_version": 0}
    typed = {"note": "He waits at the gate. " * 40, "to": "danger"}
    assert len(typed["note"]) > 500, "more than can be kept as an answer"
    led = client.post(url, sent | typed)
    assert (led.status_code, led["Location"]) == (307, steps)
    assert f'href="{url}"' in client.post(steps, follow=True).content.decode(), "and back there"
    assert client.get(url).context["form"]["note"].value() == typed["note"]
    for place in ("no_safe_place", "end"):
        there = client.get(first.replace("/danger/", f"/{place}/")).content.decode()
        assert "Danger: what to do now" in there, place
    sealed = next(
        row.question
        for row in PrivateConversation.objects.get(person=person).answers.all()
        if is_apart(question_of(row.question))
    )
    there = first.replace("/danger/", f"/{sealed}/")
    led = client.post(there, {"person": user.reference, "to": "danger"})
    assert (led.status_code, led["Location"]) == (307, steps)


def test_danger_leads_to_the_steps_from_every_page_with_the_bar(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """As a browser does it: the button sends the form that it names, with what that form has."""
    person = registered(officer, site, 1990)
    client, steps = signed_in(user), reverse("to_screen:in_danger", args=[person.reference])
    first = begun(client, person)
    places = ("danger", "aid", "offer", "no_safe_place")
    for there in (first.replace("/danger/", f"/{place}/") for place in places):
        page = client.get(there).content.decode()
        (button,) = (each for each in re.findall(r"<button[^>]*>", page) if '"danger"' in each)
        owner = dict(re.findall(r'(\w+)="([^"]*)"', button))["form"]
        forms = re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL)
        ((tag, inside),) = (each for each in forms if f'id="{owner}"' in each[0])
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', inside)
        action = dict(re.findall(r'(\w+)="([^"]*)"', tag)).get("action", there)
        led = client.post(action, {**dict(hidden), "to": "danger"}, follow=True)
        assert steps in [action, *(url for url, _status in led.redirect_chain)], there
        assert "Danger: what to do now</h1>" in led.content.decode(), there


def test_sooner_without_a_reason_counts_anew_when_it_is_pressed_later(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """Whom a talk has dealt with since is to be seen again, as of then: so were the reasons."""
    person = registered(officer, site, 1990)
    raise_urgency(actor=officer, person=person, urgency=Urgency.DAYS)
    client = signed_in(user)
    first = begun(client, person)
    answer(client, first.replace("/danger/", "/urgent_health/"), user.reference, stated="yes")
    assert vars(to_screen(officer).get(pk=person.pk))["level"] == Urgency.NOW
    finished(client, person)
    row = gone_on(client, person)
    client.post(reverse("screening:end", args=[row.reference]))
    assert not to_screen(officer).filter(pk=person.pk).exists()
    later = clock.now() + timedelta(hours=20)
    with clock.set_to(later):
        raise_urgency(actor=officer, person=person, urgency=Urgency.DAYS)
        found = vars(to_screen(officer).get(pk=person.pk))
    entry = entry_of(person)
    assert (entry.sooner, entry.sooner_at) == (Urgency.DAYS, later)
    assert (found["level"], found["since"]) == (Urgency.DAYS, later)


@pytest.mark.parametrize("name", ["in_danger", "go_on"])
def test_two_presses_at_once_lead_to_the_same_interview(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """Neither finds an open one; the one that is second begins none."""
    person = registered(officer, site, 1990)
    client = signed_in(user)
    begun(client, person)
    real: Callable[..., Screening] = open_screening

    def second(**given: Any) -> Screening:
        real(**given)
        return real(**given)

    monkeypatch.setattr(one_conversation, "open_screening", second)
    led = client.post(reverse(f"to_screen:{name}", args=[person.reference]), follow=True)
    assert led.status_code == 200
    screening = Screening.objects.get(person=person)
    assert screening.state == State.ASKING
    assert f"/{screening.reference}/" in led.redirect_chain[-1][0]


@pytest.mark.parametrize(
    ("page", "do", "state"),
    [
        ("screening:end", "", "finished"),
        ("screening:stop", "", "stopped"),
        ("queue:end", "finish", "finished"),
        ("queue:end", "stop", "stopped"),
        ("queue:entry", "declined", "stopped"),
    ],
)
def test_what_ends_after_danger_ends_as_a_whole(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    page: str,
    do: str,
    state: str,
) -> None:
    """Both parts, whichever is ended, and the place in the queue: nobody is "being seen" for ever,
    and no open interview hides whom there is a reason to see. What was answered stays."""
    person = registered(officer, site, 1990)
    client = signed_in(user)
    first = begun(client, person)
    base = client.get(first).context["base_version"]
    sent = {"person": user.reference, "base_version": base, "draft_version": 0, "stated": "yes"}
    client.post(first, sent)
    client.post(reverse("to_screen:in_danger", args=[person.reference]))
    screening = Screening.objects.get(person=person)
    talk = PrivateConversation.objects.get(person=person)
    assert (screening.state, talk.state) == (State.ASKING, "open")
    of = {"queue:end": talk.reference, "queue:entry": entry_of(person).reference}
    there = reverse(page, args=[of.get(page, screening.reference)])
    client.post(there, {"do": do, "to": do} if do else {})
    screening.refresh_from_db()
    talk.refresh_from_db()
    assert (screening.state, talk.state) == (state, state)
    assert entry_of(person).state == ("declined" if do == "declined" else "done")
    assert list(screening.answers.values_list("item", flat=True)) == ["rr-tonight"]
    assert to_screen(officer).filter(pk=person.pk).exists() is (state == "stopped")
    assert screening.urgency == ("now" if state == "finished" else "routine")
    assert compare_facts(kind_of(ScreeningFact)).same
    if (page, do) == ("queue:end", "finish"):
        assert gone_on(client, person).pk == screening.pk, "and the same goes on after all"
        screening.refresh_from_db()
        assert (screening.state, screening.closed_at) == (State.ASKING, None)
        assert compare_facts(kind_of(ScreeningFact)).same
        client.post(reverse("screening:end", args=[screening.reference]))
        screening.refresh_from_db()
        assert (screening.state, screening.urgency) == ("finished", "now")
        assert compare_facts(kind_of(ScreeningFact)).same


def test_a_yes_opens_the_steps_also_after_a_reply_that_was_lost(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """Said or seen, pressed once more or left as it stands: nobody passes it by unshown."""
    client = signed_in(user)

    def sent(first: str, **given: str) -> str:
        base = client.get(first).context["base_version"]
        told = {"person": user.reference, "base_version": base, "draft_version": 0}
        return str(client.post(first, told | given).headers["Location"])

    person = registered(officer, site, 1990)
    steps = reverse("to_screen:in_danger", args=[person.reference])
    first = begun(client, person)
    assert sent(first, stated="yes") == steps, "the reply is lost: the steps were not seen"
    assert begun(client, person) == steps, "whoever comes back from the queue is led there too"
    pause = first.replace("/danger/", "/pause/")
    assert f'href="{first}"' in client.get(pause).content.decode(), "and from a break"
    assert sent(first, stated="yes") == steps
    assert sent(first, to="next") == steps
    client.post(steps, follow=True)
    assert begun(client, person).endswith("/urgent_health/"), "they were seen"
    assert f'href="{first}"' not in client.get(pause).content.decode()
    assert sent(first, to="next").endswith("/urgent_health/"), "they were seen, and it is left"
    assert sent(first, stated="yes") == steps, "pressed, they open again"
    assert sent(first, stated="no").endswith("/urgent_health/")
    assert sent(first, to="same", observed="yes") == steps, "Enter among what was seen"
    other = registered(officer, site, 1990)
    first = begun(client, other)
    seen = sent(first, stated="no", observed="yes")
    assert seen == reverse("to_screen:in_danger", args=[other.reference])


@pytest.mark.parametrize(("born", "ends"), [(2014, "finish"), (1990, "finish"), (1990, "stop")])
def test_everybody_is_offered_a_health_check_without_a_list(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    born: int,
    ends: str,
) -> None:
    """A yes stands by itself: it is in no figure, and no interview is begun or ended by it. It has
    a clock until somebody writes down whom they called."""
    client, person = signed_in(user), registered(officer, site, born)
    begun(client, person)
    talk = PrivateConversation.objects.get(person=person)
    over = client.post(reverse("queue:end", args=[talk.reference]), {"do": ends}).content.decode()
    offer = reverse("to_screen:health", args=[person.reference])
    assert offer in over
    for hours in ("72", "120"):
        assert f"{hours} hours" in over
    colleague = create_user(username="second", display_name="Second")
    held = user.role_grants.get()
    grant_role(user=colleague, role=Role(held.role), organisation=held.organisation, site=held.site)
    client_of_colleague = signed_in(colleague)
    client_of_colleague.post(reverse("to_screen:go_on", args=[person.reference]))
    before = list(Screening.objects.values("pk", "state"))
    assert len(before) == 1
    facts = ScreeningFact.objects.count()
    there = client.post(offer).headers["Location"]
    assert client.post(offer).headers["Location"] == there, "one yes"
    (check,) = HealthCheck.objects.filter(person=person)
    assert ScreeningFact.objects.count() == facts
    assert list(Screening.objects.values("pk", "state")) == before
    assert there in [each.url for each in work_items_of(user)]
    assert "must be called by" in client.get(there).content.decode()
    assert client.post(there, {"do": "health_called", "called": " "}).status_code == 422
    client.post(there, {"do": "health_called", "called": "The clinic at four"})
    assert "The clinic at four" in client.get(there).content.decode()
    assert there not in [each.url for each in work_items_of(user)]
    assert Deadline.objects.get(subject=check.pk).state == "met"


NOTHING = ("No reason has been found", "No sign was recorded", "Nothing was seen so far")


@pytest.mark.parametrize(
    ("born", "said", "reasons"),
    [
        (
            1990,
            ("urgent_health", "afraid", "no_safe_place"),
            ("Urgent need of health care", "Fear", "No safe place to sleep"),
        ),
        (2013, ("promised_marriage",), ("Child for whom a marriage is arranged",)),
        (1990, (), ()),
    ],
)
def test_the_last_page_tells_what_was_said_in_private(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    born: int,
    said: tuple[str, ...],
    reasons: tuple[str, ...],
) -> None:
    """The list found nothing: what stands since the private conversation is why, and how soon, and
    so the hand-over. Of whom nothing stands the page says so."""
    person = registered(officer, site, born)
    client = signed_in(user)
    first = begun(client, person)
    for question in said:
        there = first.replace("/danger/", f"/{question}/")
        answer(client, there, user.reference, stated="yes")
    finished(client, person)
    row = gone_on(client, person)
    client.post(reverse("screening:end", args=[row.reference]), {"wish": "Rest"})
    one = reverse("screening:one", args=[row.reference])
    page = client.get(one).content.decode().split("<main")[1]
    why = page.split(">Why</h2>")[1].split("<h2")[0]
    assert [each for each in reasons if each not in why] == []
    assert any(each in page for each in NOTHING) == (not reasons)
    assert page.split("How soon:")[1].split("·")[0].strip() == ("Now" if reasons else "Routine")
    client.post(one, {"do": "hand_over", "ground": "agreed"})
    assert HandOver.objects.get(person=person).urgency == ("now" if reasons else "routine")


@pytest.mark.parametrize("wanted", ["another_officer", "another_interpreter"])
def test_somebody_else_is_wanted_and_nobody_asks_why(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    wanted: str,
) -> None:
    person = registered(officer, site, 1990)
    client = signed_in(user)
    begun(client, person)
    assert entry_of(person).state == "being_seen"
    there = reverse("queue:begin", args=[entry_of(person).reference])
    client.post(there, {"do": wanted, "confirmed": ["alone", "private_place"]})
    assert entry_of(person).state == "waiting"


def test_after_its_length_it_is_enough_for_today(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    client = signed_in(user)
    url = begun(client, person)
    for minutes, said in ((44, False), (46, True)):
        with clock.set_to(clock.now() + timedelta(minutes=minutes)):
            page = signed_in(user).get(url).content.decode()
            assert ("Enough for today" in page) is said
    pause = client.get(url.replace("/danger/", "/pause/")).content.decode().split("<main")[1]
    tells_nothing(pause, person)
    finished(client, person)
    row = gone_on(client, person)
    asked = reverse("screening:question", args=[row.reference, 1])
    began = PrivateConversation.objects.get(person=person).began_at
    for minutes, said in ((44, False), (46, True)):
        with clock.set_to(began + timedelta(minutes=minutes)):
            page = signed_in(user).get(asked).content.decode()
            assert ("Enough for today" in page) is said, "the private part counts"
    there = reverse("screening:pause", args=[row.reference])
    assert f'href="{there}"' in page
    pause = client.get(there).content.decode().split("<main")[1]
    tells_nothing(pause, person)
    assert reverse("screening:ask", args=[row.reference]) in pause


def tells_nothing(pause: str, person: Person) -> None:
    for word in (person.code, format_code(person.code), person.reference, "harm"):
        assert word not in pause.split("</main>")[0]

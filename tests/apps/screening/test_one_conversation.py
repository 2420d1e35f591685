"""The private conversation and the list are one: what was looked at once holds, for who looked, and
for as long as they are still there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.interview import CONDITIONS
from marfa.apps.reception.forms import is_apart
from marfa.apps.reception.models import PrivateConversation
from marfa.apps.reception.questions import question_of
from marfa.apps.registry.models import Person
from marfa.apps.screening.conditions import Condition
from marfa.apps.screening.models import (
    HandOver,
    HealthCheck,
    Screening,
    ScreeningAnswer,
    ScreeningFact,
)
from marfa.apps.screening.work import work_items_of
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
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


@pytest.mark.parametrize(("page", "state"), [("end", "finished"), ("stop", "stopped")])
def test_what_ends_after_danger_ends_as_a_whole(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    page: str,
    state: str,
) -> None:
    """The private part too, and the place in the queue: nobody is "being seen" for ever."""
    person = registered(officer, site, 1990)
    client = signed_in(user)
    begun(client, person)
    client.post(reverse("to_screen:in_danger", args=[person.reference]))
    screening = Screening.objects.get(person=person)
    talk = PrivateConversation.objects.get(person=person)
    assert (screening.state, talk.state) == (State.ASKING, "open")
    client.post(reverse(f"screening:{page}", args=[screening.reference]))
    screening.refresh_from_db()
    talk.refresh_from_db()
    assert (screening.state, talk.state) == (state, state)
    assert entry_of(person).state == "done"


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
    assert sent(first, stated="yes") == steps
    assert sent(first, to="next") == steps
    client.post(steps, follow=True)
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


def test_another_officer_is_wanted_and_nobody_asks_why(
    user: User,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    client = signed_in(user)
    begun(client, person)
    assert entry_of(person).state == "being_seen"
    there = reverse("queue:begin", args=[entry_of(person).reference])
    client.post(there, {"do": "another_officer", "confirmed": ["alone", "private_place"]})
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
    for word in (person.code, person.reference, "harm"):
        assert word not in pause.split("</h1>")[0] + pause.split("<p")[1]

"""Whether who gives help takes advantage of it: the answer raises how soon, and stands nowhere that
anybody who works at the site, or over it, can see."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.complaints.models import Complaint, SealedAnswer
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.models import RoleGrant, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.privacy.access import answer_access
from marfa.apps.reception.actions.interview import CONDITIONS
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.registry.models import Person
from marfa.apps.screening.models import HandOver, Screening, ScreeningAnswer
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.regional import month_in_words
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from marfa.web.templatetags.regional import day
from tests.apps.reception.test_pages import answer, blank
from tests.apps.reception.test_queue import entry_of, officer, registered, site  # noqa: F401
from tests.conftest import Operation, signed_in
from tests.web.every_state import Visitor
from tests.web.test_typed_is_kept import pages

pytestmark = pytest.mark.django_db

ITEM = "rr-aid-exchange"
NAMES = ("reference", "ticket", "code", "token", "digest", "hash", "head", "previous", "signature")


Looks = dict[str, dict[str, str]]
"""Who -> address -> what stands there."""


class Asked:
    """Somebody is asked in private. said: to the question that is kept apart, and to whether
    anybody would stop them from leaving."""

    def __init__(self, operation: Operation, person: Person) -> None:
        self.operation, self.person = operation, person
        self.user = operation.desks[Desk.RECEPTION]
        self.minute = 0

    def client(self) -> Client:
        return signed_in(self.user)

    def talk(self, aid: str, stopped: str = "no", sooner_at: str = "") -> None:
        """A question a minute. sooner_at: the question at which "Sooner, without a reason" is
        pressed on another page."""
        start, self.minute = clock.now(), 0
        minutes = iter(range(1, 100))
        with clock.set_to(lambda: start + timedelta(minutes=self.minute)):
            self._talk(aid, stopped, sooner_at, minutes)

    def _talk(self, aid: str, stopped: str, sooner_at: str, minutes: Iterator[int]) -> None:
        client = self.client()
        begin = reverse("queue:begin", args=[entry_of(self.person).reference])
        url = client.post(begin, {"do": "begin", "confirmed": list(CONDITIONS)}).headers["Location"]
        while "/end/" not in url:
            said = {"aid": aid, "cannot_leave": stopped}.get(url.split("/")[-2], "no")
            url = answer(client, url, self.user.reference, stated=said)
            if sooner_at and f"/{sooner_at}/" in url:
                there = reverse("reasons:entry", args=[entry_of(self.person).reference])
                sent = client.post(there, {"do": "sooner", "urgency": "now"})
                assert sent.status_code == 302
            self.minute = next(minutes)
        client.post(url, {"do": "finish"})

    def screened_and_handed_over(self) -> None:
        client = self.client()
        client.post(reverse("to_screen:go_on", args=[self.person.reference]))
        talk = Screening.objects.get(person=self.person)
        assert talk.state == Screening.State.ASKING
        client.post(reverse("screening:end", args=[talk.reference]), {"wish": "Rest"})
        there = reverse("screening:one", args=[talk.reference])
        client.post(there, {"do": "hand_over", "ground": "agreed"})
        assert HandOver.objects.filter(person=self.person).exists()


@pytest.fixture
def asked(operation: Operation, officer: Actor, site: Site) -> Iterator[Asked]:  # noqa: F811
    with clock.set_to(clock.now()), every_organisation():
        yield Asked(operation, registered(officer, site, 1990))


@pytest.fixture
def handler(operation: Operation) -> User:
    """Who reads complaints, and works at no site."""
    user = create_user(username="handler", display_name="Handler")
    grant_role(user=user, role=Role.FOCAL_POINT, organisation=operation.controller)
    return user


def rows() -> Counter[str]:
    """Every row of every table as it stands, without what is drawn anew each time; of what is
    sealed whether it is there; the vault hides how long it is. How soon alone is left out."""
    found: Counter[str] = Counter()
    for model in apps.get_models():
        if model._meta.app_label in ("sessions", "accounts"):  # of who is signed in, drawn anew
            continue
        for row in model._default_manager.all():
            told = {
                each.name: plain(row.__dict__.get(each.attname))
                for each in model._meta.concrete_fields
                if not (each.primary_key or each.is_relation or each.name in NAMES)
                and not each.name.startswith("sooner")
                and not isinstance(each, models.UUIDField)
            }
            found[f"{model._meta.label} {sorted(told.items())}"] += 1
    return found


def plain(value: object) -> str:
    raw = getattr(value, "content", value)
    if isinstance(raw, (bytes, memoryview)):
        return "sealed"
    text = re.sub(r"[A-Za-z0-9+/=]{40,}", "", str(value))
    text = re.sub(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9a-f]{32,}", "", text)
    return re.sub(r"\b[0-9a-hjkmnp-tv-z]{20}\b", "", text)


def shown(user: User, person: Person) -> dict[str, str]:
    """Every page to which links lead somebody from home and from the page of a person."""
    visitor, found = Visitor(user.username, user), {}
    for start in ("/", reverse("people:person", args=[person.reference])):
        for url, text in pages(visitor, start):
            if url.startswith("/my/"):  # what proves who somebody is, drawn anew
                continue
            found[plain(blank(url.encode()))] = plain(blank(text.encode()))
    return found


def seen_after(asked: Asked, users: list[User], aid: str) -> tuple[Counter[str], str, Looks]:
    """What everybody sees, and what is stored, after the same conversation with another answer."""
    before = transaction.savepoint()
    asked.talk(aid, stopped="yes")
    asked.screened_and_handed_over()
    stored = rows()
    copy = answer_access(actor=actor(asked), subject=asked.person.pk, language="en")
    told = plain(copy.sections)
    looks = {user.username: shown(user, asked.person) for user in users}
    transaction.savepoint_rollback(before)
    return stored, told, looks


def differing(these: Looks, those: Looks) -> list[str]:
    """Lines that stand on one side alone."""
    found = []
    for name in these:
        every = {*these[name], *those[name]}
        for url in sorted(every):
            one, other = (each[name].get(url, "no page").splitlines() for each in (these, those))
            found += [f"{name} {url} {line.strip()}" for line in {*one} ^ {*other}]
    return found


def actor(asked: Asked) -> Actor:
    return actor_of(asked.operation.officer)


def nothing_tells(asked: Asked, users: list[User]) -> None:
    """The conversation is urgent for another reason: then nothing at all tells yes from no. That
    the comparison can see is shown by another answer that is otherwise."""
    stored, told, looks = seen_after(asked, users, "no")
    again = seen_after(asked, users, "yes")
    assert again[0] == stored, "\n".join(sorted((again[0] - stored) + (stored - again[0])))
    assert again[1] == told
    found = differing(again[2], looks)
    sys.stdout.write("\n".join(found))
    assert found == []
    seen = {name: len(each) for name, each in looks.items()}
    assert min(seen.values()) >= 20, seen
    before = transaction.savepoint()
    asked.talk("no", stopped="refused")
    assert rows() != stored
    transaction.savepoint_rollback(before)


def test_nobody_over_the_site_sees_what_was_said(asked: Asked) -> None:
    """Every row that is stored, what is handed out of the person's data, and every page of the
    supervisor."""
    nothing_tells(asked, [asked.operation.supervisor])


@pytest.mark.slow
def test_nobody_at_the_site_or_over_it_sees_what_was_said(asked: Asked) -> None:
    operation = asked.operation
    at = (Desk.RECEPTION, Desk.PROTECTION, Desk.ADMINISTRATION)
    users = [*(operation.desks[desk] for desk in at), operation.supervisor, operation.officer]
    nothing_tells(asked, users)


def copied(asked: Asked, aid: str, **more: str) -> tuple[Counter[tuple[str, str, str]], list[str]]:
    """What a copy of the person's data says after a talk, and what the log says of the talk."""
    before = transaction.savepoint()
    known = Entry.objects.count()
    asked.talk(aid, **more)
    log = [f"{each.action} {each.detail}" for each in Entry.objects.order_by("place")[known:]]
    copy = answer_access(actor=actor(asked), subject=asked.person.pk, language="en")
    found = Counter(
        (section.title, label, plain(value))
        for section in copy.sections
        if section.title != Entry._meta.verbose_name_plural  # asked below: a press is one more
        for row in section.rows
        for label, value in row.items()
    )
    transaction.savepoint_rollback(before)
    return found, log


def test_neither_copy_nor_log_tells_a_sealed_yes(asked: Asked) -> None:
    """For who has no other reason, with a minute between questions: a yes is in the copy what
    "Sooner, without a reason" is, at whichever question it was pressed, and no time in it leads to
    the answer. The log has no kind of entry for the one that it has not for the other."""
    began = clock.now()
    no, log_no = copied(asked, "no")
    yes, log_yes = copied(asked, "yes")
    pressed, log_pressed = copied(asked, "no", sooner_at="promised_work")
    assert len(no) > 40
    assert copied(asked, "no", stopped="yes")[0] != no, "the comparison sees an answer"
    assert yes == pressed
    differ = {(title, label) for title, label, _value in (yes - no) + (no - yes)}
    soon = {(title, label) for title, label in differ if title != "deadlines"}
    assert {label for _title, label in soon} == {"urgency", "to be seen by"}
    (due,) = (value for _title, label, value in yes if label == "to be seen by")
    assert due == (began + timedelta(hours=1)).isoformat()
    assert log_no == log_yes
    assert set(log_pressed) <= set(log_yes) | {each for each in log_pressed if "read" in each}


def test_it_raises_how_soon_without_a_reason(asked: Asked) -> None:
    asked.talk("yes")
    entry = QueueEntry.objects.get(person=asked.person)
    assert entry.urgency == Urgency.NOW
    assert not ScreeningReason.objects.filter(person=asked.person).exists()
    asked.screened_and_handed_over()
    assert HandOver.objects.get(person=asked.person).urgency == "now"


def test_a_no_raises_nothing(asked: Asked) -> None:
    asked.talk("no")
    assert QueueEntry.objects.get(person=asked.person).urgency == Urgency.ROUTINE


def test_who_reads_complaints_elsewhere_sees_that_it_was_said_and_not_by_whom(
    asked: Asked,
    handler: User,
    operation: Operation,
    site: Site,  # noqa: F811
) -> None:
    asked.talk("no")
    there = reverse("complaints:told")
    empty = signed_in(handler).get(there).content.decode()
    assert "No one has said yes" in empty
    second = registered_again(asked, site)
    second.talk("yes")
    page = signed_in(handler).get(there).content.decode()
    assert site.name in page.split("<main")[1]
    for word in (second.person.code, second.person.reference, asked.user.username):
        assert word not in page.split("<main")[1]
    assert month_in_words(clock.today(site.time_zone)) in page.split("<main")[1]
    for style in ("long", "medium", "short", "full"):
        assert day(clock.today(site.time_zone), style) not in page.split("<main")[1]
    for where in (site, None):  # at the place; over all of them
        works = grant_role(
            user=handler, role=Role.CASE_WORKER, organisation=operation.controller, site=where
        )
        page = signed_in(handler).get(there).content.decode().split("<main")[1]
        assert site.name not in page, "who works there reads it no more"
        RoleGrant.objects.filter(pk=works.pk).delete()
    assert site.name in signed_in(handler).get(there).content.decode().split("<main")[1]
    for user in (*operation.desks.values(), operation.supervisor, operation.officer):
        assert signed_in(user).get(there).status_code in (403, 404)


def registered_again(asked: Asked, where: Site) -> Asked:
    return Asked(asked.operation, registered(actor_of(asked.user), where, 1985))


def test_the_person_decides_whether_to_complain(asked: Asked) -> None:
    """Whatever was answered, a page of its own shows the ways there are, so that Back asks nothing
    and its being shown tells nothing; nothing is sent by it. The page of the question never shows
    what was said, and a second answer stands in for the first."""
    client = asked.client()
    begin = reverse("queue:begin", args=[entry_of(asked.person).reference])
    url = client.post(begin, {"do": "begin", "confirmed": list(CONDITIONS)}).headers["Location"]
    url = re.sub(r"/[a-z_]+/$", "/aid/", url)
    count = Complaint.objects.count()
    before = blank(client.get(url).content)
    sent = client.post(url, {"person": asked.user.reference, "stated": "yes"})
    there = sent.headers["Location"]
    offered = client.get(there).content.decode()
    for way in ("/pause/", "/end/", "/papers_held/"):
        assert way in offered
    assert reverse("complaint:make") in offered
    assert "outside the organisation" in offered
    assert Complaint.objects.count() == count
    assert blank(client.get(url).content) == before
    again = client.post(url, {"person": asked.user.reference, "stated": "refused"})
    assert again.headers["Location"] == there
    assert blank(client.get(there).content) == blank(offered.encode())
    row = SealedAnswer.objects.get()
    with open_vault():
        assert row.answer == "refused"
    assert QueueEntry.objects.get(person=asked.person).urgency == Urgency.NOW, "it only rises"


def test_no_list_of_questions_asks_or_keeps_it(asked: Asked) -> None:
    """Nor does what is sent past its pages."""
    asked.talk("no")
    client = asked.client()
    client.post(reverse("to_screen:go_on", args=[asked.person.reference]))
    talk = Screening.objects.get(person=asked.person)
    whole = reverse("screening:question", args=[talk.reference, 0])
    page = client.get(whole)
    assert f"said-{ITEM}" not in page.content.decode()
    assert "said-rr-debt" in page.content.decode()
    sent = {"do": "keep", "person": asked.user.reference, "version": talk.version}
    told = {f"said-{ITEM}": "yes", "said-rr-debt": "yes"}
    client.post(whole, sent | told)
    kept = set(ScreeningAnswer.objects.filter(screening=talk).values_list("item", flat=True))
    assert "rr-debt" in kept
    assert ITEM not in kept

"""The page on which people are found, and the one that tells of unusual searching."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.name_search.models import Notice, Search
from marfa.apps.name_search.search_watch import (
    AGAIN,
    AT_LEAST,
    NOTHING_AT_LEAST,
    review_searches,
    settle_notice,
)
from marfa.apps.organisations.actions import assign_user
from marfa.apps.organisations.models import Site
from marfa.apps.registry import lookups
from marfa.apps.registry.policy_facts import KIND
from marfa.apps.search import person_search
from marfa.domain.codes import new_code
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.limits.limiter import Limit
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.search.name_index import Here, here, sites, somebody
from tests.conftest import Operation, signed_in

__all__ = ["here"]

pytestmark = pytest.mark.django_db
FIND = "/find/"


@pytest.fixture
def site(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.page", 10_000, lookups.LIMIT.interval))
    return sites(operation)[0]


def test_it_finds_and_says_why(operation: Operation, site: Site, here: Here) -> None:
    person = somebody(site, "فاطمة الخطيب")
    here.build()
    client = operation.at(Desk.RECEPTION)
    page = client.post(FIND, {"text": "Fatima Khatib"})
    assert page.status_code == 200
    content = page.content.decode()
    assert "فاطمة الخطيب" in content
    assert "Why this was found:" in content
    assert person.reference in content
    assert "Fatima" not in page.request["PATH_INFO"] + str(page.request.get("QUERY_STRING"))
    # Who may not open identities is shown a code and a reason, and no name.
    shown = operation.at(Desk.PROTECTION).post(FIND, {"text": "Fatima Khatib"}).content.decode()
    assert person.reference in shown
    assert "فاطمة" not in shown


def test_an_empty_page_teaches_and_a_short_text_is_said(operation: Operation, here: Here) -> None:
    client = operation.at(Desk.RECEPTION)
    assert "Who are you looking for?" in client.get(FIND).content.decode()
    assert "at least two" in client.post(FIND, {"text": "f"}).content.decode()


def test_it_says_plainly_when_names_cannot_be_searched(
    operation: Operation, site: Site, here: Here
) -> None:
    person = somebody(site, "Amina Haddad")
    client = operation.at(Desk.RECEPTION)
    page = client.post(FIND, {"text": "Amina"}).content.decode()
    assert "The index of names is being built: 0 %" in page
    assert "No one was found" not in page, "half an index never says that somebody is not there"
    here.down = True
    assert "does not answer" in client.post(FIND, {"text": "Amina"}).content.decode()
    assert person.reference in client.post(FIND, {"text": person.code}).content.decode()


def test_a_protected_woman_and_nobody_are_one_page(
    operation: Operation, site: Site, here: Here
) -> None:
    hidden = somebody(site, "Amina Haddad", protected=True)
    here.build()
    client = operation.at(Desk.RECEPTION)

    def page(text: str) -> str:
        content = client.post(FIND, {"text": text}).content.decode()
        assert "No one was found" in content
        body = content.partition("<main")[2].partition("</main>")[0]
        return "".join(line for line in body.splitlines(True) if "csrf" not in line).replace(
            text, "…"
        )

    assert page("Amina Haddad") == page("Zahra Qasim")
    assert page(hidden.code) == page("P1234567")
    for text in ("Amina Haddad", hidden.code):
        assert hidden.reference not in client.post("/search/", {"text": text}).content.decode()


def test_the_search_of_the_shell_finds_people_too(
    operation: Operation, site: Site, here: Here
) -> None:
    person = somebody(site, "Amina Haddad")
    here.build()
    for user, finds in ((operation.desks[Desk.RECEPTION], True), (operation.outsider, False)):
        page = signed_in(user).post("/search/", {"text": "Amina Haddad"}).content.decode()
        assert (person.reference in page) is finds
    partner = signed_in(operation.partner).post("/search/", {"text": "Amina Haddad"})
    assert person.reference not in partner.content.decode()


def test_the_shell_says_plainly_where_people_were_not_searched(
    operation: Operation, site: Site, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is registered a second time because silence looked like an answer."""
    person = somebody(site, "Ali Haddad")
    client = operation.at(Desk.RECEPTION)

    def shown(text: str) -> str:
        return client.post("/search/", {"text": text}).content.decode()

    assert "The index of names is being built: 0" in shown("Ali")
    assert "Nothing was found" not in shown("Ali")
    assert person.reference in shown(person.code)
    here.build()
    assert person.reference in shown("Ali"), "three letters are a name"
    assert "Nothing was found" in shown("Zahra Qasim")
    here.down = True
    assert "The process that finds names does not answer." in shown("Zahra Qasim")
    assert "Nothing was found" not in shown("Zahra Qasim")
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.shell", 1, lookups.LIMIT.interval))
    shown("Zahra Qasim")
    assert "You are searching very fast" in shown("Zahra Qasim")
    assert "Nothing was found" not in shown("Zahra Qasim")


def test_the_shell_says_that_there_are_more(
    operation: Operation, site: Site, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_search, "SHOWN", 2)
    for _ in range(3):
        somebody(site, "Amina Haddad")
    here.build()
    page = operation.at(Desk.RECEPTION).post("/search/", {"text": "Amina"}).content.decode()
    assert "There are more" in page
    assert "2 results" in page


def test_the_shell_searches_what_is_sent_and_not_what_is_being_typed(operation: Operation) -> None:
    """Each search takes an attempt of those that finding people has."""
    page = operation.at(Desk.RECEPTION).get("/search/").content.decode()
    assert "hx-post" in page
    assert "hx-trigger" not in page


def test_who_searches_too_fast_waits_and_keeps_what_was_typed(
    operation: Operation, site: Site, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.fast", 1, lookups.LIMIT.interval))
    client = operation.at(Desk.RECEPTION)
    client.post(FIND, {"text": "Amina"})
    page = client.post(FIND, {"text": "Amina"})
    assert page.status_code == 429
    assert 'value="Amina"' in page.content.decode()


def test_the_focal_point_is_told_and_looks_into_it(
    operation: Operation, site: Site, here: Here
) -> None:
    """Nobody else, supervisors neither: that there was somebody is a hint. Whom it was about is
    told to who works with her alone."""
    hidden = somebody(site, "Amina Haddad", protected=True)
    here.build()
    searcher = operation.desks[Desk.RECEPTION]
    operation.at(Desk.RECEPTION).post(FIND, {"text": "Amina Haddad"})
    with every_organisation():
        review_searches()
    mona = User.objects.get(username="focal")
    focal = signed_in(mona)
    assert "Searching that needs to be looked into" in focal.get("/").content.decode()
    page = focal.get(reverse("finding:notices")).content.decode()
    assert searcher.display_name in page
    assert "protected person" in page
    assert hidden.reference not in page
    assign_user(user=mona, object_kind=KIND, object_id=hidden.pk)
    assert hidden.reference in focal.get(reverse("finding:notices")).content.decode()
    boss = signed_in(operation.supervisor)
    assert "needs to be looked into" not in boss.get("/").content.decode()
    assert searcher.display_name not in boss.get(reverse("finding:notices")).content.decode()
    for user in (searcher, operation.partner, operation.outsider):
        client = signed_in(user)
        assert "needs to be looked into" not in client.get("/").content.decode()
        assert client.get(reverse("finding:notices")).status_code == 403
    with every_organisation():
        notice = Notice.objects.get()
    sent = {"reference": notice.reference}
    assert boss.post(reverse("finding:notices"), sent).status_code == 404
    focal.post(reverse("finding:notices"), sent)
    with every_organisation():
        notice.refresh_from_db()
    assert notice.settled_by == mona.pk
    assert "needs to be looked into" not in focal.get("/").content.decode()


def test_supervisors_are_told_of_searching_that_is_out_of_the_ordinary(
    operation: Operation,
) -> None:
    searched(operation, times=NOTHING_AT_LEAST, found=0)
    with every_organisation():
        review_searches()
    page = signed_in(operation.supervisor).get(reverse("finding:notices")).content.decode()
    assert operation.desks[Desk.RECEPTION].display_name in page
    assert "many searches without a result" in page


MINUTE = timedelta(minutes=1)


def searched(
    operation: Operation,
    *,
    times: int,
    found: int,
    met: int = 0,
    days: int = 0,
    apart: timedelta = MINUTE,
    later: int = 0,
) -> None:
    """So many searches of the receptionist, so long apart. later: seconds, so that further ones
    are not those that were there."""
    user = operation.desks[Desk.RECEPTION]
    now = clock.now() - timedelta(days=days, seconds=-later)
    with every_organisation():
        for number in range(times):
            Search.objects.create(
                organisation=operation.controller,
                searcher=user.pk,
                at=now - (times - number) * apart,
                found=found,
                met=[[operation.controller.pk.hex, new_id().hex]] if number < met else [],
            )


@pytest.mark.parametrize(
    ("times", "found", "met", "kinds"),
    [
        (AT_LEAST, 1, 0, set()),
        (AT_LEAST + 1, 1, 0, {"many"}),
        (NOTHING_AT_LEAST - 1, 0, 0, set()),
        (NOTHING_AT_LEAST, 0, 0, {"nothing"}),
        (AGAIN, 1, AGAIN - 1, {"protected"}),
        (AGAIN, 1, AGAIN, {"protected", "again"}),
    ],
)
def test_what_is_out_of_the_ordinary_surfaces(
    operation: Operation, times: int, found: int, met: int, kinds: set[str]
) -> None:
    searched(operation, times=times, found=found, met=met)
    with every_organisation():
        review_searches()
        review_searches()
        assert {notice.kind for notice in Notice.objects.all()} == kinds


def test_a_desk_that_always_searches_much_is_in_the_ordinary(operation: Operation) -> None:
    for day in range(2, 12):
        searched(operation, times=30, found=1, days=day)
    searched(operation, times=AT_LEAST + 20, found=1)
    with every_organisation():
        while Search.objects.filter(reviewed=False).exists():
            review_searches()
        assert not Notice.objects.exists()
        searched(operation, times=130, found=1)
        review_searches()
        assert {notice.kind for notice in Notice.objects.all()} == {"many"}


@pytest.mark.parametrize("seconds", [3, 4])
def test_whoever_searches_without_a_pause_is_not_one_search(
    operation: Operation, seconds: int
) -> None:
    """The fastest that the limit lets through, all day long."""
    searched(operation, times=300, found=0, apart=timedelta(seconds=seconds))
    with every_organisation():
        review_searches()
        told = dict(Notice.objects.values_list("kind", "count"))
    assert told == {"many": 150, "nothing": 150}


def test_the_number_in_a_notice_grows_until_somebody_looks_into_it(operation: Operation) -> None:
    def after(times: int, later: int = 0) -> tuple[int, bool]:
        searched(operation, times=times, found=1, later=later)
        review_searches()
        told = Notice.objects.get()
        return told.count, told.settled_at is None

    with every_organisation():
        assert after(AT_LEAST + 1) == (41, True)
        assert after(9, 15) == (50, True), "the number is that of the day, not of the first notice"
        settle_notice(notice=Notice.objects.get(), by=operation.supervisor.pk)
        assert after(20, 30) == (50, False)
        assert after(30, 45) == (100, True), "twice as many as somebody looked into"


def test_what_is_typed_on_within_seconds_is_one_search(operation: Operation) -> None:
    searched(operation, times=AT_LEAST * 3, found=0, apart=timedelta(seconds=0.1))
    with every_organisation():
        review_searches()
        assert not Notice.objects.exists()


def test_codes_guessed_in_forms_take_the_attempts_of_searches(
    operation: Operation, site: Site, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, meant = somebody(site, "Amina Haddad"), somebody(site, "Zahra Qasim")
    client = operation.at(Desk.RECEPTION)
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.codes", 4, lookups.LIMIT.interval))
    relate, join = (reverse(f"people:{to}", args=[person.reference]) for to in ("relate", "join"))

    def sent(url: str, code: str) -> str:
        return client.post(url, {"code": code, "kind": "parent"}).content.decode()

    for url in (relate, join) * 2:
        assert "very fast" not in sent(url, new_code())
    for url in (relate, join):
        assert "You are searching very fast." in sent(url, new_code())
    assert "You are searching very fast." in sent(relate, meant.code), "whoever is there or not"
    assert client.post(FIND, {"text": meant.code}).status_code == 429

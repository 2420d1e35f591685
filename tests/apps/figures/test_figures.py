"""Figures of a site: counted as people are, hidden as the tables of the statisticians are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.figures.counts import count_people
from marfa.apps.figures.jobs import count_organisation, count_sites
from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.figures.register import PEOPLE, SnapshotRegister
from marfa.apps.figures.snapshots import MEANWHILE, latest_snapshots, make_snapshots
from marfa.apps.figures.suppression import LEAST, presence_figure_name
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import (
    NewMember,
    NewPerson,
    record_event,
    register_household,
    register_person,
    settle_relationship,
)
from marfa.apps.registry.models import Person, Registration, Relationship
from marfa.domain.dates import born_when_aged
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.queries import newest_job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.worker import Worker
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.conftest import Operation, signed_in


@pytest.fixture(autouse=True)
def rows_of_the_controller(operation: Operation) -> Iterator[None]:
    with row_context([operation.controller.pk]):
        yield


@pytest.fixture
def sites(operation: Operation) -> list[Site]:
    return list(Site.objects.filter(organisation=operation.controller).order_by("created_at"))


@pytest.fixture
def boss(operation: Operation) -> Actor:
    return actor_of(operation.supervisor)


def come(boss: Actor, site: Site, *told: tuple[str, int | None]) -> list[Person]:
    """People of a sex and an age, each alone."""
    return [
        register_person(
            actor=boss, purpose=Purpose.REGISTRATION, site=site, told=_told(*each, site)
        )
        for each in told
    ]


def _told(sex: str, age: int | None, site: Site) -> NewPerson:
    born = None if age is None else born_when_aged(age, age, clock.today(site.time_zone))
    return NewPerson((), sex, born, "stated" if born else "unknown")


def shown(operation: Operation, site: Site | None) -> dict[str, object]:
    """The numbers that stand on the page of a place, by name."""
    row = latest_snapshots(operation.controller)[site.pk if site else None]
    return {name: number for name, (number, _day) in row.shown.items()}


def test_the_numbers_are_those_of_a_count_by_hand(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    """Counted here from the rows alone, in another way."""
    here = come(boss, sites[0], *[("female", 34)] * 9, *[("male", 45)] * 7, *[("female", 7)] * 6)
    come(boss, sites[1], *[("female", 70)] * 8, *[("male", 3)] * 5)
    leaves = record_event(
        actor=boss,
        purpose=Purpose.REGISTRATION,
        person=here[0],
        event=Registration.Event.DEPARTURE,
    )
    assert leaves.person_id == here[0].pk
    make_snapshots(actor=boss, organisation=operation.controller)
    rows = Person.objects.filter(presence="present").values_list("site_id", "sex", "child_until")
    by_hand = Counter(site for site, _sex, _until in rows)
    children = Counter(site for site, _, until in rows if until and until > clock.now().date())
    for site in sites:
        told = shown(operation, site)
        assert told[presence_figure_name()] == by_hand[site.pk]
        assert told[presence_figure_name(age="children")] == children[site.pk]
        assert told["without_care"] == children[site.pk]
        assert told["waiting"] == by_hand[site.pk]
        assert told["came"] == by_hand[site.pk]
        assert told["talks"] == 0
    assert shown(operation, None)[presence_figure_name()] == sum(by_hand.values()) == 34
    assert shown(operation, sites[0])[presence_figure_name("female", "age_18_59")] == 8
    assert shown(operation, sites[0])["longest"] == "under_4_hours"


def test_care_counts_where_it_is_verified(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    """And a carer who is protected is as if not there, in this as in all other figures."""
    by = {"actor": boss, "purpose": Purpose.REGISTRATION}
    mother, child = (NewMember(_told(sex, age, sites[0]), kind) for sex, age, kind in FAMILY)
    register_household(**by, site=sites[0], members=(mother, child), batch=new_id())  # type: ignore[arg-type]
    tie = Relationship.objects.get()
    assert [each.without_care for each in count_people(operation.controller).people] == [
        False,
        True,
    ]
    verified = Relationship.State.VERIFIED
    officer = actor_of(operation.desks[Desk.RECEPTION])
    settle_relationship(**{**by, "actor": officer}, row=tie, state=verified, basis="Seen.")  # type: ignore[arg-type]
    assert not any(each.without_care for each in count_people(operation.controller).people)
    Person.objects.filter(pk=tie.to_id).update(protected=True, protected_at=clock.now())
    (left,) = count_people(operation.controller).people
    assert left.child
    assert left.without_care


FAMILY = (("female", 30, ""), ("male", 6, "child"))


def test_protected_people_are_in_no_figure(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    """The same rows, but for the protected one, give the same snapshot as if nobody were there."""
    come(boss, sites[0], *[("female", 20)] * 6)
    make_snapshots(actor=boss, organisation=operation.controller)
    before = shown(operation, sites[0])
    hidden = come(boss, sites[0], ("female", 20), ("male", 8), ("male", 70))
    Person.objects.filter(pk__in=[each.pk for each in hidden]).update(
        protected=True, protected_at=clock.now()
    )
    make_snapshots(actor=boss, organisation=operation.controller)
    assert shown(operation, sites[0]) == before
    assert latest_snapshots(operation.controller)[sites[0].pk].figures["present"] == 6


def test_nobody_is_told_of_who_came_by_comparing_two_days(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    """One girl comes on the second day: nothing that is shown moves, and no sum of it does."""
    come(boss, sites[0], *[("female", 7)] * 8, *[("male", 40)] * 8)
    come(boss, sites[1], *[("male", 40)] * 9, *[("female", 40)] * 9)
    make_snapshots(actor=boss, organisation=operation.controller)
    before = {site: shown(operation, site) for site in (*sites, None)}
    assert before[sites[0]][presence_figure_name()] == 16
    come(boss, sites[0], ("female", 8))
    make_snapshots(actor=boss, organisation=operation.controller)
    after = {site: shown(operation, site) for site in (*sites, None)}
    assert after == before
    assert latest_snapshots(operation.controller)[sites[0].pk].figures["present"] == 17
    come(boss, sites[0], *[("female", 8)] * 4)
    make_snapshots(actor=boss, organisation=operation.controller)
    assert shown(operation, sites[0])[presence_figure_name()] == 21
    assert shown(operation, None)[presence_figure_name()] == 39


def test_small_numbers_stay_hidden_between_sites_and_their_sum(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    """Three children at one site: neither they nor all that would give them back are shown."""
    come(boss, sites[0], *[("female", 7)] * 3, *[("male", 40)] * 12)
    come(boss, sites[1], *[("female", 7)] * 9, *[("male", 40)] * 9)
    make_snapshots(actor=boss, organisation=operation.controller)
    gate, harbour, both = (shown(operation, site) for site in (*sites, None))
    for name in (
        presence_figure_name(age="children"),
        presence_figure_name("female"),
        "without_care",
    ):
        assert name not in gate
        known = [name in told for told in (harbour, both)]
        assert known != [True, True], name
    known = [presence_figure_name(age=group) in gate for group in ("adults", "*")]
    assert known != [True, True]
    everything = [number for told in (gate, harbour, both) for number in told.values()]
    assert not [number for number in everything if isinstance(number, int) and 0 < number < LEAST]


def test_the_register_knows_everything_that_was_shown(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    """A number of the first day binds that of the last, though the days between showed others."""
    come(boss, sites[0], *[("female", 7)] * 8, *[("male", 40)] * 12)
    come(boss, sites[1], *[("female", 7)] * 9, *[("male", 40)] * 9)
    start, everyone = clock.now(), presence_figure_name()
    told: list[object] = []
    for day, (more, fewer) in enumerate([(0, 0), (9, 0), (0, 0), (0, 7), (0, 2)]):
        with clock.set_to(start + timedelta(days=day)):
            come(boss, sites[0], *[("male", 40)] * more)
            present = Person.objects.filter(site=sites[0], sex="male", presence="present")
            for person in list(present[:fewer]):
                record_event(
                    actor=boss,
                    purpose=Purpose.REGISTRATION,
                    person=person,
                    event=Registration.Event.DEPARTURE,
                )
            make_snapshots(actor=boss, organisation=operation.controller)
            told.append(shown(operation, sites[0])[everyone])
    assert told == [20, 29, 29, 29, 20], "22 differs by two from the first day, four days ago"
    past = SnapshotRegister(operation.controller).past(PEOPLE)
    assert {release.version for release in past.last} == {
        latest_snapshots(operation.controller)[None].made_at.isoformat()
    }


def test_a_snapshot_of_the_first_way_of_counting_is_the_first_day(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    come(boss, sites[0], *[("female", 7)] * 8, *[("male", 40)] * 12)
    make_snapshots(actor=boss, organisation=operation.controller)
    row = latest_snapshots(operation.controller)[None]
    figures = {**row.figures, "releases": row.figures["releases"][PEOPLE]}
    del figures["past"]
    SiteSnapshot.objects.filter(pk=row.pk).update(figures=figures, method=1)
    told: list[object] = []
    start = clock.now()
    for day, more in enumerate((2, 0, 9), start=1):
        with clock.set_to(start + timedelta(days=day)):
            come(boss, sites[0], *[("male", 40)] * more)
            make_snapshots(actor=boss, organisation=operation.controller)
            told.append(shown(operation, sites[0])[presence_figure_name()])
    assert told == [20, 20, 31], "22 differs by two from what was shown"


def test_talks_are_judged_beside_all_before(
    operation: Operation, sites: list[Site], boss: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    for day, held in enumerate((20, 29, 22, 20)):
        talks = {sites[0].pk: held, sites[1].pk: 12}
        monkeypatch.setattr("marfa.apps.figures.counts._talks", lambda *_, found=talks: found)
        with clock.set_to(clock.now() + timedelta(days=day)):
            make_snapshots(actor=boss, organisation=operation.controller)
        told.append(shown(operation, sites[0])["talks"])
    assert told == [20, 29, 29, 20]


def test_who_may_see_and_count(operation: Operation, sites: list[Site], boss: Actor) -> None:
    come(boss, sites[0], *[("female", 7)] * 8)
    page = reverse("figures:site")
    reception = operation.at(Desk.RECEPTION)
    assert reception.get(page).status_code == 403
    assert reception.post(page).status_code == 403
    with pytest.raises(DeniedError):
        make_snapshots(
            actor=actor_of(operation.desks[Desk.RECEPTION]),
            organisation=operation.controller,
            site=sites[0],
        )
    assert not SiteSnapshot.objects.exists()
    client = signed_in(operation.supervisor)
    empty = client.get(page).content.decode()
    assert "Nothing has been counted yet" in empty
    answer = client.post(page, {"place": sites[0].reference}, follow=True)
    assert answer.status_code == 200
    entry = Entry.objects.filter(action="figures.make", outcome="done").get()
    assert entry.actor_id == operation.supervisor.pk
    assert operation.at(Desk.COORDINATION).get(page).status_code == 200
    assert client.get(page, {"place": "0" * 20}).status_code == 404
    assert client.get(page, {"of": "0" * 20}).status_code == 404
    assert client.get(page, {"place": operation.guest.reference}).status_code == 404


def test_an_earlier_day_can_be_chosen(operation: Operation, sites: list[Site], boss: Actor) -> None:
    come(boss, sites[0], *[("female", 7)] * 8)
    make_snapshots(actor=boss, organisation=operation.controller)
    first = latest_snapshots(operation.controller)[sites[0].pk]
    come(boss, sites[0], *[("female", 7)] * 6)
    with clock.set_to(clock.now() + timedelta(days=1)):
        make_snapshots(actor=boss, organisation=operation.controller)
    client, page = signed_in(operation.supervisor), reverse("figures:site")
    chosen = {"place": sites[0].reference}
    newest = client.get(page, chosen).content.decode()
    earlier = client.get(page, {**chosen, "of": first.reference}).content.decode()
    assert ">14<" in newest.replace(" ", "").replace("<div>", "")
    assert ">14<" not in earlier.replace(" ", "").replace("<div>", "")
    assert ">8<" in earlier.replace(" ", "").replace("<div>", "")


def test_a_worker_counts_for_who_asks_and_the_page_says_so(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    come(boss, sites[0], *[("female", 7)] * 8)
    client, page = signed_in(operation.supervisor), reverse("figures:site")
    asked = {"place": sites[0].reference}
    for _ in range(2):
        answer = client.post(page, asked, follow=True).content.decode()
        assert "The sites are being counted" in answer
        assert "Count now" not in answer
    assert not SiteSnapshot.objects.exists()
    assert Job.objects.filter(name=count_organisation.name).count() == 1
    assert "being counted" not in operation.at(Desk.COORDINATION).get("/").content.decode()
    Worker().work(until_empty=True)
    done = client.get(page, asked).content.decode()
    assert "being counted" not in done
    assert "Count now" in done
    assert SiteSnapshot.objects.filter(figures__present=8).exists()
    kinds = Entry.objects.filter(action="figures.make").values_list("actor_kind", flat=True)
    assert set(kinds) == {"person", "job"}


def test_counting_that_failed_for_good_is_said_and_can_be_asked_for_again(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    client, page = signed_in(operation.supervisor), reverse("figures:site")
    client.post(page, {"place": sites[0].reference})
    found = newest_job(count_organisation, organisation=operation.controller.pk)
    assert found is not None
    Job.objects.filter(pk=found.pk).update(state=Job.State.DEAD)
    told = client.get(page).content.decode()
    assert "Counting failed" in told
    assert "Count now" in told


@pytest.mark.django_db
def test_every_night_a_worker_counts(operation: Operation, sites: list[Site], boss: Actor) -> None:
    come(boss, sites[0], *[("female", 7)] * 8)
    night = datetime(2027, 1, 5, 1, 31, tzinfo=UTC)
    for at in (night - timedelta(days=1), night):
        with clock.set_to(at):
            Worker().work(until_empty=True)
    row = latest_snapshots(operation.controller)[sites[0].pk]
    assert row.made_at == night
    assert row.made_by is None
    assert row.figures["present"] == 8
    entry = Entry.objects.filter(action="figures.make").get()
    assert entry.actor_kind == "job"


def _more(few: CaptureQueriesContext, many: CaptureQueriesContext) -> list[str]:
    """What was asked more, or less, often the second time."""
    first, second = (
        Counter(query["sql"][:200] for query in caught.captured_queries) for caught in (few, many)
    )
    return [*(second - first), *(first - second)]


def test_the_queries_do_not_grow_with_people(
    operation: Operation, sites: list[Site], boss: Actor
) -> None:
    # At both: where midnight falls between their clocks, each day is asked for by itself.
    come(boss, sites[0], *[("female", 7)] * 2)
    come(boss, sites[1], *[("female", 7)] * 2)
    with CaptureQueriesContext(connection) as few:
        count_people(operation.controller)
    come(boss, sites[1], *[("female", 7)] * 12)
    with CaptureQueriesContext(connection) as many:
        count_people(operation.controller)
    assert len(few) == len(many), _more(few, many)
    make_snapshots(actor=boss, organisation=operation.controller)
    client, page = signed_in(operation.supervisor), reverse("figures:site")
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for day in (1, 2, 3):
        with clock.set_to(clock.now() + timedelta(days=day)):
            make_snapshots(actor=boss, organisation=operation.controller)
    with CaptureQueriesContext(connection) as several:
        client.get(page)
    assert len(one) == len(several), _more(one, several)


def test_only_a_count_by_somebody_else_is_passed_over(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored and cannot be read is no count by somebody else: the job fails."""
    run = cast("Run", SimpleNamespace(id=new_id(), check=lambda: None))
    refused: list[Message] = [MEANWHILE]
    counted: list[object] = []

    def refuse(*, organisation: object, **_: object) -> None:
        counted.append(organisation)
        raise InputError.at(refused[0])

    monkeypatch.setattr("marfa.apps.figures.jobs.make_snapshots", refuse)
    count_sites.handler(run)
    refused[0] = Message("methods.disclosure.releases:not-a-register")
    with pytest.raises(InputError):
        count_sites.handler(run)
    assert len(counted) % 2 == 0, "and every organisation had its turn"

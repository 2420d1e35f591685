"""Two worlds: in one a woman is registered and protected, in the other she never was.

Everything else happens in both. What somebody sees of a world is a mapping from what they did to
the answer that they got, with what is drawn at random (references, codes, tickets, nonces) told
apart by the order in which it comes up, and by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.figures.jobs import count_organisation
from marfa.apps.figures.snapshots import make_snapshots
from marfa.apps.name_search.search_watch import review_searches
from marfa.apps.organisations.actions import open_to_organisation
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception.actions.queue import call_next
from marfa.apps.reception.models import QueueEntry
from marfa.apps.registry.actions import (
    NewMember,
    NewName,
    NewPerson,
    add_to_person,
    claim_relationship,
    record_event,
    register_household,
    register_person,
    settle_relationship,
)
from marfa.apps.registry.actions.households import member_of
from marfa.apps.registry.models import (
    ContactPoint,
    Household,
    IdentityDocument,
    Person,
    PersonName,
    Registration,
    Relationship,
)
from marfa.domain.codes import format_code, new_code
from marfa.domain.dates import PartialDate
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.facts.kinds import kind_named
from marfa.platform.facts.parquet_export import export_facts
from marfa.platform.jobs.models import Job
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.words import Purpose
from tests.apps.registry.protection import called, protect
from tests.apps.search.name_index import Here
from tests.conftest import signed_in

HER_NAME, HER_NAME_IN_LATIN = "نور الهدى الجبوري", "Noor Alhuda Jubouri"
COUNTED = "figures are counted"
HER_DOCUMENT, HER_PHONE = "G7654321", "+964 770 123 4567"
REGISTER: dict[str, Any] = {"purpose": Purpose.REGISTRATION}
START = clock.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
"""After the roles of the operation have begun."""

STAYING = {"colleague", "focal"}
VIEWERS = ("reception", "supervisor", "protection", "partner", "reporting", "administration")
"""Those who stay with her are not among them. ``officer`` reads the log, which tells of her."""

ASKED = {"about": "assistance", "recipient": "us", "circumstance": "free"}
PLAIN = (
    "/",
    "/find/",
    "/find/notices/",
    "/timeline/",
    "/desks/reception/queue/",
    "/desks/reception/queue/board/",
    "/desks/reception/talks/",
    "/desks/protection/waiting/",
    "/desks/protection/",
    "/desks/reporting/",
    "/desks/administration/background/",
    "/desks/administration/exclusions/",
    "/consent/notices/",
)
SEEING = frozenset({"reception", "supervisor", "protection", "partner"})
SPOKEN = {"language": "ar", "form": "feminine"}
OF_ONE = ("change/", "household/", "relate/", "event/", "age/", "protection/")
RANDOM = (
    (re.compile(r"\b[0-9a-hjkmnp-tv-z]{20}\b"), "reference"),
    (re.compile(r"\b\d{3}[ -\u2011\u00a0]?\d{3}[ -\u2011\u00a0]?\d{3}\b"), "code"),
    (re.compile(r"(?<=>)\d{4,}(?=</(?:a|bdi)>)"), "ticket"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "key"),
)
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value|nonce|hx-nonce)="[^"]*"')
MOMENT = re.compile(r"(T\d\d:\d\d):\d\d(\.\d+)?\+")
Seen = dict[str, str]


@dataclass
class World:
    """One of the two. her: who is protected, None where she never was."""

    site: Site
    family: dict[str, Person] = field(default_factory=dict)
    household: Household | None = None
    her: Person | None = None
    her_code: str = field(default_factory=new_code)
    her_places: dict[str, str] = field(default_factory=dict)
    guest_day: timedelta = timedelta(days=9)

    @property
    def officer(self) -> Any:
        return actor_of(*called("reception"))


@dataclass(frozen=True)
class History:
    """What happens before and after she is protected; by others, it is the same in both worlds.

    kin: what she says to be to the child. verified: whether that was verified. then: steps.
    """

    kin: str = "parent"
    verified: bool = True
    in_household: bool = True
    opened: bool = True
    then: tuple[str, ...] = ()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block has not happened after it."""
    whole = transaction.atomic()
    # As Django marks its own: what must commit at once may be in it.
    whole._from_testcase = True  # type: ignore[attr-defined]
    with whole:
        yield
        transaction.set_rollback(True)


def build(site: Site, history: History, *, with_her: bool) -> World:
    """One world, on the same days and in the same order as the other."""
    world = World(site)
    with row_context([site.organisation_id]):
        _come(world, history, with_her=with_her)
        if world.her is not None:
            protect(world.her)
            world.her.refresh_from_db()
            world.her_places = places_of(world.her, world)
        for step in history.then:
            STEPS[step](world)
    return world


def _come(world: World, history: History, *, with_her: bool) -> None:
    told = {
        "father": NewMember(person_told("علي الجبوري", 1985)),
        "her": NewMember(person_told(HER_NAME, 1990, "female"), "spouse"),
        "child": NewMember(person_told("سارة الجبوري", 2016, "female"), "child"),
        "aunt": NewMember(person_told("نور الجبوري", 1970, "female"), "sibling"),
    }
    names = [name for name in told if name != "her" or (with_her and history.in_household)]
    made = register_household(
        actor=world.officer,
        **REGISTER,
        site=world.site,
        members=[told[name] for name in names],
        batch=new_id(),
    )
    rows = Registration.objects.filter(household=made).order_by("place")
    for name, row in zip(names, rows.select_related("person__site"), strict=True):
        world.family[name] = row.person
    world.household = made
    her = world.family.pop("her", None)
    if her is None and with_her:
        her = register_person(
            actor=world.officer, **REGISTER, site=world.site, told=told["her"].told
        )
    if her is not None:
        _give_her(world, her, history)
    world.family["grandmother"] = register_person(
        actor=world.officer,
        **REGISTER,
        site=world.site,
        told=person_told("فاطمة الجبوري", 1950, "female"),
    )
    if history.opened:
        for person in (world.family["child"], *filter(None, [her])):
            open_to_organisation(
                organisation=User.objects.get(username="partner").role_grants.get().organisation,
                object_kind="Person",
                object_id=person.pk,
                until=clock.now() + world.guest_day,
                owner=world.site.organisation_id,
            )


def person_told(name: str, year: int, sex: str = "male") -> NewPerson:
    return NewPerson((NewName(name),), sex=sex, born=PartialDate.gregorian(year))


def _give_her(world: World, her: Person, history: History) -> None:
    """What is known of her: a name in Latin, a document, a telephone, and what she says to be."""
    boss = actor_of(*called("supervisor"))
    by: dict[str, Any] = {"actor": boss, "purpose": Purpose.ASSISTANCE}
    rows: tuple[tuple[Any, dict[str, object]], ...] = (
        (PersonName, {"kind": "in_document", "text": HER_NAME_IN_LATIN}),
        (IdentityDocument, {"kind": "passport", "number": HER_DOCUMENT}),
        (ContactPoint, {"kind": "phone", "value": HER_PHONE, "safety": "safe"}),
    )
    for model, values in rows:
        add_to_person(**by, person=her, model=model, values=values)
    said = {"actor": world.officer, **REGISTER}
    tie = claim_relationship(**said, person=her, to=world.family["child"], kind=history.kin)
    if history.verified:
        state = Relationship.State.VERIFIED
        settle_relationship(**by, row=tie, state=state, basis="family book")
    world.her, world.her_code = her, her.code


def places_of(her: Person, world: World) -> dict[str, str]:
    """Addresses that lead to her, as somebody may have kept them."""
    entry = QueueEntry.objects.filter(person=her).get()
    tie = Relationship.objects.filter(person=her).first()
    name = PersonName.objects.filter(person=her).first()
    home = member_of(her)
    return {
        "person": her.reference,
        "entry": entry.reference,
        "relationship": tie.reference if tie else NOWHERE,
        "name": name.reference if name else NOWHERE,
        "household": NOWHERE if home == world.household or home is None else home.reference,
    }


NOWHERE = "0" * 20
KEPT = {
    "person": (
        "people:person",
        "people:change",
        "people:one_registered",
        "people:protection",
        "people:photo",
        "people:picture",
    ),
    "consent": ("consents:of", "consents:summary"),
    "entry": ("queue:entry", "queue:begin", "reasons:entry"),
    "relationship": ("people:relationship",),
    "household": ("people:household", "people:registered"),
}


# What others do in both worlds


def a_namesake_comes(world: World) -> None:
    told = person_told(HER_NAME, 1990, "female")
    world.family["namesake"] = register_person(
        actor=world.officer, **REGISTER, site=world.site, told=told
    )


def the_next_is_called(world: World) -> None:
    call_next(actor=world.officer, site=world.site)


def the_father_is_verified(world: World) -> None:
    rows = Relationship.objects.filter(person=world.family["child"], to=world.family["father"])
    row = rows.filter(state="claimed").first()
    if row is not None:
        settle_relationship(
            actor=actor_of(*called("supervisor")),
            purpose=Purpose.ASSISTANCE,
            row=row,
            state=Relationship.State.VERIFIED,
            basis="family book",
        )


def the_aunt_leaves(world: World) -> None:
    aunt = Person.objects.get(pk=world.family["aunt"].pk)
    if aunt.presence == Person.Presence.PRESENT:
        departure = Registration.Event.DEPARTURE
        record_event(actor=world.officer, **REGISTER, person=aunt, event=departure)


def a_day_passes(world: World) -> None:
    TICKING.at += timedelta(days=1)


STEPS: dict[str, Callable[[World], None]] = {
    each.__name__: each
    for each in (
        a_namesake_comes,
        the_next_is_called,
        the_father_is_verified,
        the_aunt_leaves,
        a_day_passes,
    )
}


class Ticking:
    """A clock on which no two moments are the same, so that every order is decided."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(microseconds=10)
        return self.at


TICKING = Ticking()


# What they see


@dataclass(frozen=True)
class Look:
    """One thing that somebody does to see something. data: what is sent; None where a page is
    opened. typed: in the address, after a question mark."""

    what: str
    path: str
    data: Mapping[str, str] | None = None
    typed: Mapping[str, str] | None = None

    def done_by(self, client: Client) -> Any:
        if self.data is None:
            return client.get(self.path, dict(self.typed or {}))
        return client.post(self.path, dict(self.data))


def count_as_a_worker() -> None:
    """What somebody asked for, where they might, is counted before they look again."""
    with every_organisation():
        for asked in Job.objects.filter(name=count_organisation.name, state=Job.State.WAITING):
            organisation = Organisation.objects.get(pk=asked.arguments["organisation"])
            make_snapshots(actor=Actor(asked.pk, ActorKind.JOB), organisation=organisation)
            Job.objects.filter(pk=asked.pk).update(state=Job.State.DONE)


def seen_in(
    world: World, here: Here, folder: Path, viewers: Collection[str] = VIEWERS, only: str = ""
) -> Seen:
    """Everything that these people see of a world, by what they did. only: a pattern of what."""
    here.__init__()  # type: ignore[misc]
    here.build()
    found: Seen = {}
    clients = {name: signed_in(User.objects.get(username=name)) for name in viewers}
    for viewer, client in clients.items():
        for look in looks(world, full=viewer in SEEING):
            if re.search(only, look.what):
                found[f"{viewer}: {look.what}"] = plain(look.done_by(client), world)
            if look.what == COUNTED:
                count_as_a_worker()
    with every_organisation():
        review_searches()
    for viewer, client in clients.items():
        for path in ("/", "/find/notices/"):
            found[f"{viewer}, later: {path}"] = plain(client.get(path), world)
    if re.search(only, "export"):
        found |= _files(folder)
    if re.search(only, "merging"):
        found |= merged(clients, world)
    return found


def looks(world: World, *, full: bool) -> Iterator[Look]:
    """All that somebody may do. full: also what is only for those who work with people."""
    yield from (Look(path, path) for path in PLAIN)
    yield Look(COUNTED, "/figures/", {})
    yield Look("figures", "/figures/")
    yield from _searching(world)
    yield from _guessing(world)
    for name, person in world.family.items():
        yield Look(f"person {name}", f"/people/{person.reference}/")
    if not full or world.household is None:
        return
    child = world.family["child"].reference
    yield from (Look(f"child {part}", f"/people/{child}/{part}") for part in OF_ONE)
    yield Look("consent", f"/consent/of/{child}/")
    yield Look("summary", f"/consent/of/{child}/summary/", typed=SPOKEN)
    yield Look("answer", f"/consent/of/{child}/answer/", typed={**ASKED, **SPOKEN})
    for part in ("", "registered/"):
        yield Look(f"household {part}", f"/households/{world.household.reference}/{part}")


def _searching(world: World) -> Iterator[Look]:
    texts = {
        "name": HER_NAME,
        "name in Latin": HER_NAME_IN_LATIN,
        "part of the name": "الجبوري",
        "code": format_code(world.her_code),
        "document": HER_DOCUMENT,
        "telephone": HER_PHONE,
        "code of the household": world.household.code if world.household else "",
    }
    for what, text in texts.items():
        yield Look(f"find by {what}", "/find/", {"text": text})
    for what in ("name", "code"):
        yield Look(f"search by {what}", "/search/", {"text": texts[what]})
    child = world.family["child"].reference
    for part in ("relate", "household"):
        sent = {"code": world.her_code, "kind": "parent"}
        yield Look(f"her code at {part}", f"/people/{child}/{part}/", sent)


def _guessing(world: World) -> Iterator[Look]:
    for kind, views in KEPT.items():
        reference = world.her_places.get("person" if kind == "consent" else kind, NOWHERE)
        for view in views:
            yield Look(f"kept address of {view}", reverse(view, args=[reference]))
    name = world.her_places.get("name", NOWHERE)
    yield Look("kept address of a name", reverse("people:row", args=["names", name]))


def merged(clients: Mapping[str, Client], world: World) -> Seen:
    """The family's household becomes part of another one, at the hands of each; each time it is
    undone after it was seen."""
    found: Seen = {}
    by = world.family["grandmother"]
    for viewer, client in clients.items():
        if viewer not in SEEING or world.household is None:
            continue
        with undone():
            with every_organisation():
                made = Household.objects.create(
                    code=new_code(),
                    organisation_id=world.site.organisation_id,
                    site=world.site,
                    formed_at=clock.now(),
                )
                made.members.create(
                    organisation_id=world.site.organisation_id, person=by, since=clock.now()
                )
            address = f"/households/{made.reference}/"
            code = {"do": "merge", "code": world.household.code}
            for look in (
                Look("merging", address, code),
                Look("merged", address),
                Look("what is left", f"/households/{world.household.reference}/"),
            ):
                found[f"{viewer}: {look.what}"] = plain(look.done_by(client), world)
    return found


def _files(folder: Path) -> Mapping[str, str]:
    """What is exported of facts: rows without the pseudonyms, in an order of their own."""
    import pyarrow.parquet as pq

    found = {}
    with every_organisation():
        for name in ("people", "screenings"):
            target = folder / f"{name}.parquet"
            export_facts(kind_named(name), target, subjects=False)
            rows = sorted(map(str, pq.read_table(target).to_pylist()))
            found[f"export of {name}"] = "\n".join(rows)
    return found


def plain(answer: Any, world: World) -> str:
    """An answer without what is drawn at random, its status and where it leads first."""
    body = b"".join(answer) if answer.streaming else answer.content
    text = MOMENT.sub(r"\1+", TOKENS.sub(r"\1", body.decode()))
    for typed in (format_code(world.her_code), world.her_code):
        text = text.replace(typed, "[her code]")
    for reference in {*world.her_places.values()} - {NOWHERE}:
        # It is in the address, and on a page where the page says its own address.
        text = text.replace(reference, NOWHERE)
    text = f"{answer.status_code} {answer.headers.get('Location', '')}\n{text}"
    for pattern, kind in RANDOM:
        text = _by_order(pattern, kind, text)
    return text


def _by_order(pattern: re.Pattern[str], kind: str, text: str) -> str:
    known: dict[str, str] = {}

    def named_by_order(found: re.Match[str]) -> str:
        return known.setdefault(found.group(), f"[{kind} {len(known) + 1}]")

    return pattern.sub(named_by_order, text)


def differences(one: Seen, other: Seen) -> dict[str, tuple[str, str]]:
    """What was seen in one world and not in the other: the first lines that differ."""
    found = {}
    for what in {**one, **other}:
        mine, theirs = one.get(what, ""), other.get(what, "")
        if mine != theirs:
            left, right = mine.splitlines(), theirs.splitlines()
            at = next(
                (n for n, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]),
                min(len(left), len(right)),
            )
            found[what] = ("\n".join(left[at : at + 3]), "\n".join(right[at : at + 3]))
    return found

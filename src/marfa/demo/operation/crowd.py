"""Families as they come, written in bulk as the actions write them one by one: people in
households, with names, relationships, a place in the queue, a private step, and a departure.

Each has a key of their own in the vault, by which names and the rest are sealed. Left out are the
answers in the private step, and deadlines that were met: the stories that are told through the
actions have them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.interview import CONDITIONS
from marfa.apps.reception.models import PrivateConversation, QueueEntry, ScreeningReason
from marfa.apps.reception.queue_order import DIGITS, due_at
from marfa.apps.reception.reasons import (
    Basis,
    Fact,
    Reason,
    comes_first,
    derive_reasons,
    highest_urgency,
)
from marfa.apps.reception.reasons import Known as KnownFact
from marfa.apps.registry.ages import child_until
from marfa.apps.registry.care import Care, Somebody, Tie, derive_care, inverse_relationship
from marfa.apps.registry.facts import Known, periods_of, statements_after_change
from marfa.apps.registry.models import (
    Household,
    HouseholdMember,
    Person,
    PersonName,
    RegisteredFact,
    Registration,
    Relationship,
)
from marfa.demo.operation.bulk_rows import bulk_write, change_revisions, write_creations, write_keys
from marfa.domain.dates import PartialDate, to_storage
from marfa.domain.fiction import made_up
from marfa.domain.ids import new_id
from marfa.platform.facts.actions import fact_of
from marfa.platform.facts.timeline import FactRow, apply_statement
from marfa.safeguards.vault.access import open_vault

REGISTRATION, SCREENING = "registration", "screening"
REGISTER, CHANGE = "people.register", "people.change"
State, Talk = QueueEntry.State, PrivateConversation.State


@dataclass
class Newcomer:
    """Somebody who comes. relation: what they are to the first of their family; empty for the
    first. seen: when the private step began; None while they wait. waits: how they wait then."""

    code: str
    names: tuple[str, ...]
    sex: str
    born: PartialDate
    language: str
    relation: str = ""
    seen: datetime | None = None
    waits: QueueEntry.State = QueueEntry.State.WAITING
    key: UUID = field(default_factory=new_id)

    @property
    def child_until(self) -> date | None:
        return child_until(self.born, disputed=False)


@dataclass
class Family:
    """Who come together, the head first. by: who registers and sees them. verified: when it was
    found that they are what they say to each other; left: when all of them went on."""

    site: Site
    at: datetime
    by: UUID
    members: list[Newcomer]
    code: str = ""
    verified: datetime | None = None
    left: datetime | None = None
    verified_by: UUID | None = None

    def day(self, at: datetime) -> date:
        """The day of a moment at the site."""
        return at.astimezone(ZoneInfo(self.site.time_zone)).date()

    def care(self, one: Newcomer, at: datetime) -> Care:
        """How somebody of the family is looked after at a moment."""
        head, verified = self.members[0], self.verified is not None and self.verified <= at
        others = self.members[1:] if one is head else [head]
        ties = [
            (_tie(one, other, head, verified=verified), self.somebody(other, at))
            for other in others
        ]
        return derive_care(self.somebody(one, at), ties, self.day(at))

    def somebody(self, one: Newcomer, at: datetime) -> Somebody:
        here = self.left is None or at < self.left
        return Somebody(here, self.site.pk, one.child_until)


def _tie(one: Newcomer, other: Newcomer, head: Newcomer, *, verified: bool) -> Tie:
    kind = other.relation if one is head else inverse_relationship(one.relation)
    return Tie(other.key, kind, verified)


def write_families(families: Sequence[Family]) -> None:
    """Store families with everybody in them, in one transaction."""
    with transaction.atomic(), open_vault() as vault:
        keys = [one.key for family in families for one in family.members]
        write_keys(keys)
        vault.load(keys)
        _People(families).store()


class _People:
    """The rows of some families, table by table."""

    def __init__(self, families: Sequence[Family]) -> None:
        self.families = families
        self.everybody = [(family, one) for family in families for one in family.members]
        self.rows = {one.key: _person(family, one) for family, one in self.everybody}

    def store(self) -> None:
        bulk_write(self.rows.values())
        bulk_write(self.named())
        self.history()
        self.households()
        bulk_write(each for family in self.families for each in self.registrations(family))
        bulk_write(each for family, one in self.everybody for each in _facts(family, one))
        self.relationships()
        self.reasons()
        self.queue()

    def named(self) -> list[PersonName]:
        self.names = [
            _worded(
                PersonName(
                    organisation_id=family.site.organisation_id,
                    person=self.rows[one.key],
                    place=place,
                    recorded_at=family.at,
                ),
                text=text,
            )
            for family, one in self.everybody
            for place, text in enumerate(one.names)
        ]
        return self.names

    def history(self) -> None:
        """What their records began with, and who went on."""
        when = {one.key: (family.by, family.at) for family, one in self.everybody}
        begun: list[tuple[Person | PersonName, UUID, datetime]] = []
        begun += [(self.before(family, one), *when[one.key]) for family, one in self.everybody]
        begun += [(name, *when[name.person_id]) for name in self.names]
        write_creations(begun, purpose=REGISTRATION, action=REGISTER)
        bulk_write(
            each
            for family, one in self.everybody
            if family.left is not None
            for each in change_revisions(
                self.rows[one.key],
                [("presence", "present", "departed"), ("left_at", None, family.left)],
                by=family.by,
                at=family.left,
                purpose=REGISTRATION,
                action=CHANGE,
            )
        )

    def before(self, family: Family, one: Newcomer) -> Person:
        """The row as it was on the day on which they came."""
        row = self.rows[one.key]
        if family.left is None:
            return row
        was = Person(id=row.pk)
        was.__dict__.update({**row.__dict__, "presence": "present", "left_at": None, "version": 1})
        return was

    def households(self) -> None:
        several = [family for family in self.families if len(family.members) > 1]
        homes = bulk_write(
            Household(
                code=family.code,
                organisation_id=family.site.organisation_id,
                site=family.site,
                formed_at=family.at,
                ended_at=family.left,
            )
            for family in several
        )
        self.homes = dict(zip([family.members[0].key for family in several], homes, strict=True))
        bulk_write(
            HouseholdMember(
                organisation_id=family.site.organisation_id,
                household=home,
                person=self.rows[one.key],
                head=one is family.members[0],
                since=family.at,
                until=family.left,
            )
            for family, home in zip(several, homes, strict=True)
            for one in family.members
        )

    def registrations(self, family: Family) -> Iterator[Registration]:
        """That they came, on one form, and that they went on, one by one."""
        home = self.homes.get(family.members[0].key)
        events = [("arrival", family.at, "group" if home else "individual")]
        if family.left is not None:
            events.append(("departure", family.left, "individual"))
        for event, at, how in events:
            for place, one in enumerate(family.members):
                yield Registration(
                    organisation_id=family.site.organisation_id,
                    person=self.rows[one.key],
                    household=home,
                    site=family.site,
                    event=event,
                    mode=how,
                    day=family.day(at),
                    at=at,
                    by=family.by,
                    place=place if event == "arrival" else 0,
                )

    def relationships(self) -> None:
        claimed: list[tuple[Relationship, UUID, datetime]] = []
        settled = []
        for family, one in self.everybody:
            if not one.relation:
                continue
            row = self._relationship(family, one)
            if family.verified is not None:
                settled.append((row, family))
            claimed.append((row, family.by, family.at))
        bulk_write(row for row, _, _ in claimed)
        write_creations(
            [(_as_claimed(row), by, at) for row, by, at in claimed],
            purpose=REGISTRATION,
            action=REGISTER,
        )
        bulk_write(
            each
            for row, family in settled
            for each in change_revisions(
                row,
                [
                    ("state", "claimed", "verified"),
                    ("basis", None, row.__dict__["basis"]),
                    ("settled_at", None, family.verified),
                    ("settled_by", None, family.verified_by),
                ],
                by=family.verified_by or family.by,
                at=family.verified or family.at,
                purpose="assistance",
                action=CHANGE,
            )
        )

    def _relationship(self, family: Family, one: Newcomer) -> Relationship:
        verified = family.verified is not None
        row = Relationship(
            organisation_id=family.site.organisation_id,
            person=self.rows[one.key],
            to=self.rows[family.members[0].key],
            kind=one.relation,
            accompanies=True,
            recorded_at=family.at,
            state="verified" if verified else "claimed",
            settled_at=family.verified,
            settled_by=family.verified_by if verified else None,
            version=2 if verified else 1,
        )
        if verified:
            row.basis = made_up("يصف كلاهما البيت نفسه بالكلام نفسه")
        return row

    def reasons(self) -> None:
        """What the rules find in the registration of a child."""
        self.found = {
            one.key: derive_reasons(_known(family, one)) for family, one in self.everybody
        }
        rows = [
            (self._reason(family, one, each), family.at)
            for family, one in self.everybody
            for each in self.found[one.key]
        ]
        bulk_write(row for row, _ in rows)
        begun = [(row, None, at) for row, at in rows]
        write_creations(begun, purpose=SCREENING, action="people.raise_reason")

    def _reason(self, family: Family, one: Newcomer, reason: Reason) -> ScreeningReason:
        row = ScreeningReason(
            organisation_id=family.site.organisation_id,
            person=self.rows[one.key],
            urgency=int(reason.urgency),
            raised_at=family.at,
        )
        row.code = reason.code
        pairs = sorted((str(each.fact), str(each.basis)) for each in reason.behind)
        row.facts = [list(pair) for pair in pairs]
        return row

    def queue(self) -> None:
        entries = bulk_write(self._entry(family, one) for family, one in self.everybody)
        talks = [
            self._talk(family, one, entry)
            for (family, one), entry in zip(self.everybody, entries, strict=True)
            if one.seen is not None
        ]
        bulk_write(talks)

    def _entry(self, family: Family, one: Newcomer) -> QueueEntry:
        found = self.found[one.key]
        level = highest_urgency(found)
        seen, ended = one.seen, after_talk(one)
        called = seen or (family.at + timedelta(minutes=40) if one.waits != State.WAITING else None)
        return QueueEntry(
            organisation_id=family.site.organisation_id,
            person=self.rows[one.key],
            site=family.site,
            ticket=ticket_of(one.code),
            state=State.DONE if seen else one.waits,
            first=comes_first(found),
            urgency=int(level),
            since=family.at,
            due_at=due_at(family.at, level, raised=family.at),
            called_at=called,
            called_by=family.by if called else None,
            again_on=family.day(family.at) + timedelta(days=1) if one.waits == State.LEFT else None,
            ended_at=ended,
        )

    def _talk(self, family: Family, one: Newcomer, entry: QueueEntry) -> PrivateConversation:
        row = PrivateConversation(
            organisation_id=family.site.organisation_id,
            person=self.rows[one.key],
            entry=entry,
            state=Talk.FINISHED,
            held_by=family.by,
            began_at=one.seen or family.at,
            ended_at=after_talk(one),
        )
        row.conditions, row.language = sorted(CONDITIONS), one.language
        return row


def after_talk(one: Newcomer) -> datetime | None:
    """When somebody's private step was over."""
    return one.seen + timedelta(minutes=15) if one.seen is not None else None


def ticket_of(code: str) -> str:
    """A ticket from the digits of a code: made up, and the same each time."""
    number = int(code)
    return "".join(DIGITS[number // 10**place % len(DIGITS)] for place in range(1, 7))


def _person(family: Family, one: Newcomer) -> Person:
    gone = family.left is not None
    person = Person(
        id=one.key,
        code=one.code,
        organisation_id=family.site.organisation_id,
        site=family.site,
        sex=one.sex,
        child_until=one.child_until,
        registered_at=family.at,
        presence="departed" if gone else "present",
        left_at=family.left,
        version=2 if gone else 1,
    )
    person.born, person.birth_basis = to_storage(one.born), "stated"
    person.languages = [one.language]
    return person


def _facts(family: Family, one: Newcomer) -> Iterator[RegisteredFact]:
    """What is stated of somebody from moment to moment, as the actions state it."""
    rows: list[FactRow] = []
    moments = {family.at, family.verified, family.left} - {None}
    for at in sorted(each for each in moments if each is not None):
        now = [each for each in rows if each.replaced_at is None]
        periods = periods_of([(each.valid_from, each.valid_until, each.values) for each in now])
        known = Known(
            to_storage(one.born),
            one.sex,
            None,
            family.somebody(one, at),
            without_care=family.care(one, at).without,
        )
        for statement in statements_after_change(periods, known, family.day(at), at):
            rows = apply_statement(rows, statement)
    for row in rows:
        yield fact_of(RegisteredFact, one.key, family.site.organisation_id, row)  # type: ignore[misc]


def _known(family: Family, one: Newcomer) -> frozenset[KnownFact]:
    """What the registration knows of a child."""
    if not family.somebody(one, family.at).is_child(family.day(family.at)):
        return frozenset()
    found = {Fact.CHILD}
    claimed = family.care(one, family.at).claimed
    if claimed != "accompanied":
        found.add(Fact.WITHOUT_CARE)
    if one is family.members[0] and len(family.members) > 1:
        found.add(Fact.HEADS_HOUSEHOLD)
    return frozenset(KnownFact(each, Basis.REGISTERED) for each in found)


def _as_claimed(row: Relationship) -> Relationship:
    was = Relationship(id=row.pk)
    nothing = dict.fromkeys(("basis", "settled_at", "settled_by"))
    was.__dict__.update({**row.__dict__, **nothing, "state": "claimed", "version": 1})
    return was


def _worded(row: PersonName, *, text: str) -> PersonName:
    row.text = text
    return row

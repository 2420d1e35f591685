"""People who seal and open, at one organisation, and the facts about one person's record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.sealed import key_lock, keyholders, policy_facts, requests
from marfa.safeguards.sealed.key_lock import Unlocked
from marfa.safeguards.sealed.models import OpeningRequest, Reason, SealedRecord
from marfa.safeguards.sealed.records import seal_record
from marfa.safeguards.words import Purpose, Role

KIND = "test"
CONTENT = "Her true name is سلمى".encode()
WHY = "She asked us to call her sister."
WORDS = "lantern orbit kettle mosaic {}"
ORGANISATION = uuid4()


def person(role: Role, organisation: UUID = ORGANISATION) -> Actor:
    """A member of staff with one role, who has just proved a second factor."""
    held = frozenset({HeldRole(role, organisation)})
    return Actor(uuid4(), ActorKind.PERSON, held, clock.now())


def fresh(actor: Actor) -> Actor:
    """The same, with the second factor proved now."""
    return replace(actor, stepped_up_at=clock.now())


def account(actor: Actor) -> Resource:
    facts: dict[str, Value] = {
        "organisation": ORGANISATION,
        "controller": ORGANISATION,
        "holder": actor.id,
    }
    return Resource("Account", actor.id, facts)


def words_of(actor: Actor) -> str:
    return WORDS.format("".join(chr(ord("a") + int(digit, 16)) for digit in actor.id.hex[:12]))


@dataclass
class Office:
    """A case worker who asks, a supervisor and a colleague who answer, an outsider, and a job."""

    worker: Actor = field(default_factory=lambda: person(Role.CASE_WORKER))
    supervisor: Actor = field(default_factory=lambda: person(Role.SUPERVISOR))
    colleague: Actor = field(default_factory=lambda: person(Role.CASE_WORKER))
    outsider: Actor = field(default_factory=lambda: person(Role.CASE_WORKER))
    job: Actor = field(default_factory=lambda: Actor(uuid4(), ActorKind.JOB))
    protected: bool = False
    erased: bool = False
    excluded: frozenset[UUID] = frozenset()

    def __post_init__(self) -> None:
        policy_facts._standing[KIND] = lambda record: self.standing()

    @property
    def staff(self) -> tuple[Actor, ...]:
        return (self.worker, self.supervisor, self.colleague, self.outsider)

    @property
    def holders(self) -> tuple[Actor, ...]:
        return (self.worker, self.supervisor, self.colleague)

    def standing(self) -> dict[str, Value]:
        return {
            "organisation": ORGANISATION,
            "protected": self.protected,
            "erased": self.erased,
            "assigned": frozenset({self.worker.id, self.supervisor.id, self.colleague.id}),
            "granted": frozenset[UUID](),
            "excluded": self.excluded,
            "excluded_places": frozenset[UUID](),
        }

    def set_up(self) -> None:
        for actor in self.staff:
            set_up(actor)

    def seal(self, content: bytes = CONTENT, holders: tuple[Actor, ...] = ()) -> SealedRecord:
        return seal_record(
            actor=fresh(self.worker),
            purpose=Purpose.ASSISTANCE,
            kind=KIND,
            standing=self.standing(),
            content=content,
            holders={actor.id for actor in holders or self.holders},
        )

    def ask(self, record: SealedRecord, **more: object) -> OpeningRequest:
        return ask(self.worker, record, **more)


def ask(actor: Actor, record: SealedRecord, **more: object) -> OpeningRequest:
    given = {"code": Reason.PERSON_ASKED, "reason": WHY, "purpose": Purpose.ASSISTANCE, **more}
    return requests.ask_to_open(actor=fresh(actor), record=record, **given)  # type: ignore[arg-type]


def set_up(actor: Actor) -> None:
    keyholders.set_up(actor=actor, account=account(actor), passphrase=words_of(actor))


def unlocked(actor: Actor) -> Unlocked:
    return key_lock.unlock_keys(actor=actor, passphrase=words_of(actor))[0]


def again(request: OpeningRequest) -> OpeningRequest:
    """The same request as the database has it now."""
    return OpeningRequest.objects.select_related("record").get(pk=request.pk)


LATER = timedelta(minutes=16)

"""Any order of asking, answering, opening, locking and waiting, against a model of what may happen;
and faults planted on purpose, each of which some order brings to light.

Stories are drawn from numbered seeds, so they are always the same. Half of their steps are any
step at all; the others are what comes next in an office, since by chance alone two people hardly
ever come as far as opening something.
"""

from __future__ import annotations

import contextlib
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from marfa.crypto.aead import open_sealed
from marfa.crypto.boxes import close_box
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.key_wrap import unwrap_key
from marfa.crypto.keys import Key
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.limits.models import Counter
from marfa.safeguards import actions
from marfa.safeguards.actor import ActorKind
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.decisions import ALLOWED, decide
from marfa.safeguards.charter.resources import Decision, DeniedError
from marfa.safeguards.sealed import key_lock, keyholders, records, requests
from marfa.safeguards.sealed.errors import LockedError
from marfa.safeguards.sealed.models import KeyHolder, OpeningRequest, SealedRecord, UnlockedSession
from marfa.safeguards.sealed.records import content_place, own_point
from tests.safeguards.sealed.office import CONTENT, Office, account, again, ask, fresh, words_of

START = datetime(2026, 3, 1, 12, tzinfo=clock.now().tzinfo)
WORKER, SUPERVISOR, COLLEAGUE, OUTSIDER = range(4)
HOLDERS = (WORKER, SUPERVISOR, COLLEAGUE)
ANYBODY = (*HOLDERS, OUTSIDER)
REFUSALS = (DeniedError, InputError, LockedError)
State = OpeningRequest.State
Step = Callable[[], None]


@dataclass
class Asked:
    """What the model knows of a request."""

    stored: OpeningRequest
    by: int
    state: State
    until: datetime
    answered_by: int | None = None


class Story:
    """One record of one office."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        for model in (OpeningRequest, SealedRecord, UnlockedSession, KeyHolder, Counter):
            model.objects.all().delete()
        self.now = START
        self.stack = contextlib.ExitStack()
        self.stack.enter_context(clock.set_to(lambda: self.now))
        self.office = Office()
        self.office.set_up()
        self.record = self.office.seal()
        self.asked: Asked | None = None
        self.cookies: dict[int, str] = {}
        self.used: dict[int, datetime] = {}
        self.opened = 0
        self.told = self._openings()

    def end(self) -> None:
        self.stack.close()

    def step(self) -> None:
        """One step, or what comes next and what somebody may try then."""
        if self.dice.random() < 0.5:
            self.dice.choice(self.anything())()
        else:
            for part in self.dice.choice(self.next_scenes()):
                part()
                self.check()
        self.check()

    def anything(self) -> list[Step]:
        who, keys = self.dice.choice(ANYBODY), self.dice.choice(ANYBODY)
        holder = self.dice.choice(HOLDERS)
        steps: list[Step] = [
            lambda: self.unlocks(who),
            lambda: self.locks(who),
            lambda: self.changes_passphrase(who),
            lambda: self.time_passes(self.dice.choice([1, 16, 61, 73 * 60])),
            lambda: self.asks(who),
            lambda: self.a_job_takes_the_cookie(holder),
        ]
        if self.asked:
            steps += [
                lambda: self.approves(who),
                lambda: self.approves_with_the_keys_of_another(who, keys),
                lambda: self.opens(who),
                lambda: self.withdraws(holder),
            ]
        return steps

    def next_scenes(self) -> list[list[Step]]:
        """What an office would do next, and what somebody may try at just that moment."""
        one = self.asked
        if one is None or one.state is State.WITHDRAWN or self.now >= one.until:
            return [[lambda: self.asks(self.dice.choice((WORKER, COLLEAGUE)))]]
        asker, other = one.by, SUPERVISOR
        opens, unlocks = lambda: self.opens(asker), lambda: self.unlocks(asker)
        if one.state is State.ASKED:
            return [
                [lambda: self.unlocks(other), lambda: self.approves(other)],
                [unlocks, lambda: self.approves(asker)],
                [unlocks, lambda: self.approves_with_the_keys_of_another(other, asker)],
            ]
        if one.state is State.OPENED:
            return [[unlocks, opens], [lambda: self.asks(asker)]]
        return [
            [unlocks, opens],
            [unlocks, lambda: self.locks(asker), opens],
            [unlocks, lambda: self.changes_passphrase(asker), opens],
            [unlocks, lambda: self.time_passes(16), opens],
            [lambda: self.time_passes(61), unlocks, opens],
            [lambda: self.withdraws(other), unlocks, opens],
        ]

    # What people do.

    def unlocks(self, who: int) -> None:
        actor = self.office.staff[who]
        self.cookies[who] = key_lock.unlock_keys(actor=actor, passphrase=words_of(actor))[1]
        self.used[who] = self.now
        row = UnlockedSession.objects.get(pk=key_lock._digest(key_lock._half_of(self.cookies[who])))
        place = key_lock._place(actor.id, row.generation)
        for alone in (Key(bytes(row.half)), key_lock._between(bytes(row.half), bytes(32))):
            with pytest.raises(NotAuthenticError):
                unwrap_key(bytes(row.wrapped), under=alone, context=place)

    def locks(self, who: int) -> None:
        key_lock.lock_keys(self.cookies.get(who, ""))
        self.used.pop(who, None)

    def changes_passphrase(self, who: int) -> None:
        actor = self.office.staff[who]
        words = words_of(actor)
        keyholders.change_passphrase(actor=actor, account=account(actor), old=words, new=words)
        self.used.pop(who, None)

    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def asks(self, who: int) -> None:
        found = self._try(lambda: ask(self.office.staff[who], self.record))
        assert bool(found) == (who in (WORKER, COLLEAGUE))
        if found:
            self.asked = Asked(found, who, State.ASKED, self.now + requests.ANSWERED_WITHIN)

    def approves(self, who: int) -> None:
        one = self._request()
        may = (
            self._is_unlocked(who)
            and who in (WORKER, SUPERVISOR, COLLEAGUE)
            and who != one.by
            and one.state is State.ASKED
            and self.now < one.until
        )
        done = self._try(lambda: self._approve(who, who))
        assert bool(done) == may, f"approved: {bool(done)}"
        if may:
            one.state, one.answered_by = State.APPROVED, who
            one.until = self.now + requests.OPENED_WITHIN

    def approves_with_the_keys_of_another(self, who: int, keys: int) -> None:
        if who != keys and self._is_unlocked(keys):
            assert not self._try(lambda: self._approve(who, keys))

    def opens(self, who: int) -> None:
        one = self._request()
        may = (
            self._is_unlocked(who)
            and who == one.by
            and one.state is State.APPROVED
            and self.now < one.until
        )
        shown = self._try(lambda: self._open(who))
        assert (shown == CONTENT) == may, f"shown: {shown is not None}"
        if may:
            one.state = State.OPENED
            self.opened += 1
            self._one_share_alone_opens_nothing(who)

    def withdraws(self, who: int) -> None:
        one = self._request()
        may = one.state in (State.ASKED, State.APPROVED) and self.now < one.until
        done = self._try(lambda: self._withdraw(who))
        assert bool(done) == may
        if may:
            one.state = State.WITHDRAWN

    def a_job_takes_the_cookie(self, who: int) -> None:
        job = replace(self.office.staff[who], kind=ActorKind.JOB)
        with pytest.raises(LockedError):
            key_lock.resume_keys(self.cookies.get(who, ""), actor=job)

    def check(self) -> None:
        """What holds at every moment: two people, and an entry in the log for each opening."""
        assert self._openings() - self.told == self.opened
        holders = {actor.id for actor in self.office.holders}
        for one in OpeningRequest.objects.filter(state=State.OPENED):
            assert one.answered_by != one.asked_by
            assert {one.asked_by, one.answered_by} <= holders
            assert one.approval is None

    # Helpers.

    def _request(self) -> Asked:
        assert self.asked is not None
        return self.asked

    def _is_unlocked(self, who: int) -> bool:
        return who in self.used and self.now < self.used[who] + unlocking_idle

    def _resume(self, who: int) -> key_lock.Unlocked:
        found = key_lock.resume_keys(self.cookies.get(who, ""), actor=self.office.staff[who])
        self.used[who] = self.now
        return found

    def _approve(self, who: int, keys: int) -> bool:
        unlocked = self._resume(keys)
        stored = again(self._request().stored)
        actor = fresh(self.office.staff[who])
        requests.approve_opening(actor=actor, request=stored, unlocked=unlocked)
        return True

    def _withdraw(self, who: int) -> bool:
        actor, stored = fresh(self.office.staff[who]), again(self._request().stored)
        requests.withdraw_opening(actor=actor, request=stored)
        return True

    def _open(self, who: int) -> bytes:
        unlocked = self._resume(who)
        stored = again(self._request().stored)
        actor = fresh(self.office.staff[who])
        return requests.open_record(actor=actor, request=stored, unlocked=unlocked)

    def _one_share_alone_opens_nothing(self, who: int) -> None:
        record = SealedRecord.objects.get(pk=self.record.pk)
        point = own_point(record, self._resume(who))
        with pytest.raises(NotAuthenticError):
            open_sealed(Key(point.height), bytes(record.content), content_place(record))

    @staticmethod
    def _try(step: Callable[[], Any]) -> Any:
        """What a step gives, or None where it is refused; any other error is a finding."""
        try:
            return step()
        except REFUSALS:
            return None

    @staticmethod
    def _openings() -> int:
        return Entry.objects.filter(action="sealed.open", outcome="done").count()


unlocking_idle = timedelta(minutes=15)
"""As the promise says, whatever the code says."""


def stories(number: int, steps: int = 12) -> None:
    """Tell so many stories."""
    for seed in range(number):
        story = Story(seed)
        try:
            for _ in range(steps):
                story.step()
        finally:
            story.end()


def test_every_story_goes_as_promised(transactional_db: None) -> None:
    stories(15)


@pytest.mark.slow
def test_many_stories_go_as_promised(transactional_db: None) -> None:
    stories(500, 25)


# Faults, planted where they would be made: each takes away what one promise rests on.

Patch = pytest.MonkeyPatch


def _allow(action: str) -> Callable[..., Decision]:
    def lenient(actor: Any, asked: str, resource: Any, context: Any = None) -> Decision:
        allowed = Decision(True, (), ALLOWED)
        return allowed if asked == action else decide(actor, asked, resource, context)

    return lenient


def _move_without(*, time: bool = True, state: bool = True) -> Callable[..., None]:
    def move(request: OpeningRequest, *before: State, **changed: Any) -> None:
        rows = OpeningRequest.objects.filter(pk=request.pk)
        rows = rows.filter(state__in=before) if state else rows
        rows = rows.filter(expires_at__gt=clock.now()) if time else rows
        if rows.update(**changed) != 1:
            raise InputError.at(Message("safeguards.sealed:request-changed"))
        request.refresh_from_db()

    return move


def one_person_for_two(patch: Patch) -> None:
    patch.setattr(actions, "decide", _allow("sealed.approve"))


def an_expired_request_opens(patch: Patch) -> None:
    patch.setattr(OpeningRequest, "in_force", lambda self, at: self.state in self.OPEN)
    patch.setattr(requests, "_move", _move_without(time=False))


def it_opens_twice(patch: Patch) -> None:
    def keep(request: OpeningRequest, *before: State, **changed: Any) -> None:
        if changed["state"] is not State.OPENED:
            _move_without()(request, *before, **changed)

    patch.setattr(requests, "_move", keep)


def a_job_is_let_in(patch: Patch) -> None:
    patch.setattr(key_lock, "_only_a_person", lambda actor: None)


def idle_keys_stay_unlocked(patch: Patch) -> None:
    patch.setattr(key_lock, "IDLE", timedelta(days=1))


def locking_does_not_lock(patch: Patch) -> None:
    patch.setattr(key_lock, "lock_keys", lambda cookie: None)


def the_passphrase_changes_and_nothing_locks(patch: Patch) -> None:
    def keep(staff: UUID) -> int:
        generation = KeyHolder.objects.get(pk=staff).generation
        return UnlockedSession.objects.filter(staff=staff).update(generation=generation)

    place = key_lock._place
    patch.setattr(key_lock, "_place", lambda staff, generation: place(staff, 1))
    patch.setattr(keyholders, "take_back", keep)


def the_half_in_the_database_is_enough(patch: Patch) -> None:
    patch.setattr(key_lock, "_between", lambda half, other: Key(half))


def each_share_is_the_key(patch: Patch) -> None:
    patch.setattr(secrets, "token_bytes", lambda length: bytes(length))


def shares_lie_under_the_wrong_person(patch: Patch) -> None:
    def same(content: bytes, *, to: bytes, context: Any) -> bytes:
        first = KeyHolder.objects.order_by("pk").values_list("public_key", flat=True)[0]
        return close_box(content, to=bytes(first), context=context)

    patch.setattr(records, "close_box", same)


def the_keys_of_another_will_do(patch: Patch) -> None:
    patch.setattr(requests, "_own", lambda actor, unlocked: None)


def opening_is_not_told(patch: Patch) -> None:
    @contextlib.contextmanager
    def silent(**given: Any) -> Iterator[Any]:
        with actions.action(**given) as act:
            yield act
            if given["code"] == "sealed.open":
                act.event = replace(act.event, action="sealed.ask")

    patch.setattr(requests, "action", silent)


def what_was_withdrawn_still_opens(patch: Patch) -> None:
    def forget(request: OpeningRequest, *before: State, **changed: Any) -> None:
        if changed["state"] is not State.WITHDRAWN:
            _move_without()(request, *before, **changed)

    patch.setattr(requests, "_move", forget)


FAULTS = (
    one_person_for_two,
    an_expired_request_opens,
    it_opens_twice,
    a_job_is_let_in,
    idle_keys_stay_unlocked,
    locking_does_not_lock,
    the_passphrase_changes_and_nothing_locks,
    the_half_in_the_database_is_enough,
    each_share_is_the_key,
    shares_lie_under_the_wrong_person,
    the_keys_of_another_will_do,
    opening_is_not_told,
    what_was_withdrawn_still_opens,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(
    fault: Callable[[Patch], None], transactional_db: None, monkeypatch: Patch
) -> None:
    fault(monkeypatch)
    with pytest.raises(BaseException) as found:  # noqa: PT011 - whatever a story brings to light
        stories(25)
    assert not isinstance(found.value, (KeyboardInterrupt, SystemExit))

"""Before an installation is used: the database and the erased list say the same.

A database that was restored from a backup knows nothing of those who were erased since; the list
erases them again. A list that is shorter than the database remembers is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import units
from marfa.platform.keys.holders import Step
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.writer import append_events
from marfa.safeguards.vault.erasedlist import ErasedList, Listed, ToList, erased_list
from marfa.safeguards.vault.erasure import destroy_key, list_erasures, shred_in_apps
from marfa.safeguards.vault.models import Erasure
from marfa.safeguards.words import Purpose

REPLAY = "vault.erase_again"
LIST_LOST = "vault.list_lost"


@dataclass(frozen=True)
class Settled:
    """How many were erased again, and how many erasures were still to be listed."""

    erased_again: int = 0
    listed: int = 0


def settle_at_start() -> Settled:
    """Erase again whom the list names and this database still has, and list who is not listed.

    Raises InputError, with what to do, where the list is missing, cut, damaged, or another one.
    """
    found = erased_list()
    listed = found.read()
    _compare(found, listed)
    new = list_erasures()
    return Settled(_replay(found.read() if new else listed), new)


def begin_new_list() -> int:
    """Where the list is lost: make a new one of what the old one and the database still know.

    Whoever was erased between the newest backup and now, and is known to neither, is not in it.
    Returns how many it has.
    """
    found = erased_list()
    try:
        known = {each.subject: ToList(each.subject, each.at, each.reason) for each in found.read()}
    except InputError:
        known = {}
    for row in Erasure.objects.order_by("number", "erased_at"):
        known.setdefault(row.subject, ToList(row.subject, row.erased_at, row.reason))
    with units.unit_of_work() as unit:
        listed = found.write_anew(known.values())
        Erasure.objects.update(number=None, digest=None)
        _number(listed)
        unit.last(lambda: append_events([_event(LIST_LOST, None, entries=len(listed))]))
    return len(listed)


class ListHolder:
    """The erased list as something that the instance key proves: rotated with all else."""

    name = "vault.erased_list"

    def count_by_version(self) -> dict[int, int]:
        return erased_list().versions()

    def bring_to(self, version: int, step: Step) -> None:
        found = erased_list()
        if older := sum(n for number, n in found.versions().items() if number < version):
            found.write_anew(ToList(each.subject, each.at, each.reason) for each in found.read())
            step(older)


def _compare(found: ErasedList, listed: Sequence[Listed]) -> None:
    last = Erasure.objects.filter(number__isnull=False).order_by("-number").first()
    if last is not None and last.number is not None and last.digest is not None:
        found.check(listed, last.number, bytes(last.digest))


def _replay(listed: Sequence[Listed]) -> int:
    """Erase again; everyone of one start in one transaction, with an entry each in the log."""
    known = set(Erasure.objects.filter(number__isnull=False).values_list("subject", flat=True))
    missing = [each for each in listed if each.subject not in known]
    if not missing:
        return 0
    with units.unit_of_work() as unit:
        for each in missing:
            destroy_key(each.subject, each.at, each.reason)
            shred_in_apps(each.subject)
        _number(missing)
        events = [_event(REPLAY, each.subject, number=each.number) for each in missing]
        unit.last(lambda: append_events(events))
    return len(missing)


def _number(listed: Sequence[Listed]) -> None:
    for each in listed:
        Erasure.objects.filter(subject=each.subject).update(number=each.number, digest=each.digest)


def _event(code: str, subject: UUID | None, **detail: int) -> Event:
    actor = Actor(new_id(), ActorKind.COMMAND)
    kind = "Person" if subject else "Register"
    return Event(
        action=code,
        actor=actor,
        purpose=Purpose.DATA_PROTECTION,
        subject=subject,
        object_kind=kind,
        object_id=subject,
        detail=detail,
    )

"""The one who writes: takes in, records, destroys. All of a call, or nothing of it."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from marfa.crypto.keys import Key
from marfa.crypto.macs import compute_mac
from marfa.domain.ids import new_reference
from marfa.methods.archive.commit import Intent, clear_staging, commit, recover
from marfa.methods.archive.custody import (
    ADD,
    DISPOSE,
    EVENTS,
    EXPORT,
    HOLD,
    LIFT,
    Custody,
    follow,
)
from marfa.methods.archive.durable import sync_file_system, sync_tree
from marfa.methods.archive.entries import Body, Entry
from marfa.methods.archive.history import custody_of, entries_about
from marfa.methods.archive.index import extend_index
from marfa.methods.archive.intake import Received, Staged, look_at, read_only, stage_item
from marfa.methods.archive.layout import LOCK, PENDING, STAGING, object_path
from marfa.methods.archive.log import Log
from marfa.methods.archive.store import Settings, read_key, read_settings, read_signer
from marfa.methods.archive.words import ARCHIVE, read_code, read_id, refused


@dataclass(frozen=True)
class Added:
    """An item that is in the archive. size, sha256: of the bytes as received."""

    id: str
    size: int
    sha256: str
    entry: int
    existing: bool


@dataclass(frozen=True)
class Event:
    """Something that was done with an item, as ``marfa archive event`` records it."""

    item: str
    kind: str
    actor: str
    to: str | None = None


@dataclass(frozen=True)
class Disposed:
    """An item that was destroyed. exports: those that held it, which no deletion here reaches."""

    item: str
    entry: int
    day: str
    exports: list[dict[str, Any]]


@contextmanager
def open_writer(folder: Path, now: Callable[[], datetime]) -> Iterator[Writer]:
    """The archive for writing; waits until another writer is done. What one that was cut off left
    behind is finished or undone first. Raises InputError."""
    key = read_key(folder)
    settings = read_settings(folder, key)
    if settings is None:
        raise refused("settings-damaged", file=str(folder))
    signer = read_signer(folder, key)
    with _locked(folder / LOCK):
        log = Log(folder, settings.origin, signer)
        recover(folder, log)
        before = log.size
        yield Writer(folder, settings, log, signer, now)
        if log.size != before:
            # What follows from the log (tiles, checkpoint) was left to the system till now.
            sync_file_system(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise refused("read-only", file=str(path.parent)) from error
        raise
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Writer:
    """Made by ``open_writer`` alone."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        log: Log,
        signer: Key,
        now: Callable[[], datetime],
    ) -> None:
        self.folder, self.settings, self.log = folder, settings, log
        self._signer, self._now = signer, now
        self._custody: dict[str, Custody | None] = {}

    @property
    def moment(self) -> str:
        return self._now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def add_items(
        self,
        paths: Sequence[Path],
        *,
        item: str | None = None,
        actor: str = ARCHIVE,
        about: dict[str, str] | None = None,
    ) -> list[Added]:
        """Take in each path as an item. item: the identifier, of one path alone; without it a
        random one. Raises InputError, and then nothing was taken in."""
        read_code(actor, "--actor")
        for path in paths:
            if self._touches(path):
                raise refused("archive-itself", file=str(path))
        if item is not None and self._is_known(read_id(item)):
            return [self._same_again(look_at(paths[0]), item)]
        received = [look_at(path) for path in paths]
        try:
            staged = [self._stage(each, item or new_reference(), about or {}) for each in received]
            sync_tree(self.folder / STAGING)
            return self._put_into_place(staged, actor, given=item is not None)
        except BaseException:
            # What a commit was begun with is its own: whoever opens the archive next finishes it.
            if not (self.folder / PENDING).exists():
                clear_staging(self.folder)
            raise

    def _touches(self, path: Path) -> bool:
        """Whether a path lies in the archive or holds it: its key would be taken in as well."""
        own, other = self.folder.resolve(), path.resolve()
        return own.is_relative_to(other) or other.is_relative_to(own)

    def _stage(self, received: Received, item: str, about: dict[str, str]) -> Staged:
        settings, staging = self.settings, self.folder / STAGING
        to, body = list(settings.to), settings.body
        return stage_item(received, item, staging, to, self._now(), about, body)

    def _put_into_place(self, staged: list[Staged], actor: str, *, given: bool) -> list[Added]:
        bodies = [self._add_body(each, actor, given=given) for each in staged]
        entries = self.log.prepare(bodies)
        moves = [
            (str(each.folder.relative_to(self.folder)), object_path(each.item)) for each in staged
        ]
        commit(self.folder, self.log, Intent(entries, moves))
        return [
            Added(each.item, each.size, each.sha256, entry.number, existing=False)
            for each, entry in zip(staged, entries, strict=True)
        ]

    def _add_body(self, staged: Staged, actor: str, *, given: bool) -> Body:
        body = {
            "kind": ADD,
            "at": self.moment,
            "actor": actor,
            "item": staged.item,
            "inventory": staged.inventory,
            "description": staged.description,
            "size": staged.stored,
        }
        return {**body, "tag": self._tag(staged.item, staged.sha256)} if given else body

    def _tag(self, item: str, sha256: str) -> str:
        """By which the same bytes under the same identifier are known again. Without the private
        key of the log it tells nothing of the bytes."""
        return compute_mac(self._signer, f"marfa-archive-tag\n{item}\n{sha256}".encode()).hex()

    def _is_known(self, item: str) -> bool:
        return self._entries(item) != []

    def _entries(self, item: str) -> list[Entry]:
        return list(entries_about(self.folder, item, self.log.size))

    def _same_again(self, received: Received, item: str) -> Added:
        first = next((e for e in self._entries(item) if e.body and e.body["kind"] == ADD), None)
        if first is None or first.body is None:
            raise refused("id-disposed", field=item)
        size, sha256 = read_only(received)
        if first.body.get("tag") != self._tag(item, sha256):
            raise refused("id-taken", field=item)
        return Added(item, size, sha256, first.number, existing=True)

    def record_events(self, events: Sequence[Event]) -> list[int]:
        """Record what was done, all or nothing. Returns the numbers of the entries."""
        custody: dict[str, Custody] = {}
        bodies = []
        for event in events:
            body = self._event_body(event)
            before = custody.get(event.item) or self._custody_of(event.item)
            after = follow(before, body)
            if after is None:
                raise refused(f"custody-{event.kind}", field=event.item, who=before.custodian)
            custody[event.item] = after
            bodies.append(body)
        numbers = self._log(bodies)
        self._custody.update(custody)
        return numbers

    def _event_body(self, event: Event) -> Body:
        if event.kind not in EVENTS:
            raise refused("kind-odd", field=event.kind)
        body = {
            "kind": event.kind,
            "at": self.moment,
            "actor": read_code(event.actor, "--actor"),
            "item": event.item,
        }
        return {**body, "to": read_code(event.to, "--to")} if event.to else body

    def _custody_of(self, item: str) -> Custody:
        """Raises InputError for an item that is not there, or no longer."""
        if item not in self._custody:
            self._custody[item] = custody_of(self._entries(read_id(item)))
        found = self._custody[item]
        if found is None:
            raise refused("no-such-item", field=item)
        if found.disposed:
            raise refused("id-disposed", field=item)
        return found

    def _log(self, bodies: Sequence[Body]) -> list[int]:
        entries = self.log.prepare(bodies)
        self.log.append(entries)
        extend_index(self.folder, entries)
        return [entry.number for entry in entries]

    def hold_item(self, item: str, *, actor: str, reason: str, lift: bool = False) -> int:
        """Put an item under a legal hold, which nothing but lifting it ends, or lift it."""
        before = self._custody_of(item)
        if before.held != lift:
            raise refused("hold-already" if before.held else "hold-none", field=item)
        body = {
            "kind": LIFT if lift else HOLD,
            "at": self.moment,
            "actor": read_code(actor, "--actor"),
            "item": item,
            "reason": read_code(reason, "--reason"),
        }
        self._custody[item] = follow(before, body)
        return self._log([body])[0]

    def dispose_item(self, item: str, *, reason: str, by: Sequence[str]) -> Disposed:
        """Destroy all bytes of an item and what the log says of it but for its end.

        by: two people. Raises InputError, for an item under a legal hold too.
        """
        people = [read_code(code, "--by") for code in by]
        if len(people) != 2 or people[0].casefold() == people[1].casefold():
            raise refused("two-people", field="--by")
        if self._custody_of(item).held:
            raise refused("held", field=item)
        about = self._entries(item)
        day = self._now().date().isoformat()
        erases = [e.number for e in about if e.body and e.body.get("item") == item]
        body = {
            "kind": DISPOSE,
            "day": day,
            "item": item,
            "reason": read_code(reason, "--reason"),
            "by": people,
            "erases": erases,
        }
        exports = [
            {"export": e.body["export"], "entry": e.number, "at": e.body["at"]}
            for e in about
            if e.body and e.body["kind"] == EXPORT
        ]
        entries = self.log.prepare([body])
        commit(
            self.folder,
            self.log,
            Intent(entries, removals=[object_path(item)], erases=erases),
        )
        self._custody[item] = Custody("", disposed=True)
        return Disposed(item, entries[0].number, day, exports)

    def keep_files(self, staged: Path, place: str, kind: str, names: Sequence[str]) -> int:
        """Put a folder of small files that was staged into its place, and their digests into the
        log. place: below the archive. kind: of the entry."""
        files = {
            f"{place}/{name}": hashlib.sha512((staged / name).read_bytes()).hexdigest()
            for name in names
        }
        entries = self.log.prepare([{"kind": kind, "at": self.moment, "files": files}])
        sync_tree(staged)
        moves = [(str(staged.relative_to(self.folder)), place)]
        commit(self.folder, self.log, Intent(entries, moves))
        return entries[0].number

    def record_export(self, items: Sequence[str], export: str) -> int:
        """That items leave: on the record before they do."""
        for item in items:
            self._custody_of(item)
        body = {"kind": EXPORT, "at": self.moment, "items": list(items), "export": export}
        return self._log([body])[0]

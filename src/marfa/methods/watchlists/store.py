"""Lists in a folder: every version of each that was taken, and which is the one in use.

    LIST/versions.jsonl          one line a version, the last is in use
    LIST/DAY-HASH.jsonl          its entries, one a line, in the order of their references
    LIST/DAY-HASH.source.gz      the file as it came
    screenings/, decisions.jsonl  see ``rescreening.py`` and ``decisions.py``

A version is taken whole or not at all: what is wrong with a file is said, and the version before
stays in use.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.methods.watchlists.entries import Entry
from marfa.methods.watchlists.formats import Listing, open_listing
from marfa.methods.watchlists.intake import Counted, check_against, count_entries
from marfa.methods.watchlists.jsonlines import line_of, read_lines, whole_file, write_lines

VERSIONS = "versions.jsonl"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Version:
    """A version of a list that was taken.

    list_name: under which it is kept. publisher: a word of ``LISTS``. dated: the day that the
    file gives, else the day on which it was taken. counts: entries by kind. source_digest: SHA-256
    of the file; entries_digest: of the entries as they are kept.
    """

    list_name: str
    publisher: str
    layout: str
    dated: str
    taken_at: str
    counts: Mapping[str, int]
    source_name: str
    source_digest: str
    entries_digest: str

    @property
    def key(self) -> str:
        """What it is called: its day and the beginning of its hash."""
        return f"{self.dated[:10]}-{self.source_digest[:12]}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"version": self.key, "entries": self.total}


class Store:
    """The lists of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def list_names(self) -> list[str]:
        """The lists that it has."""
        if not self.folder.is_dir():
            return []
        return sorted(each.parent.name for each in self.folder.glob(f"*/{VERSIONS}"))

    def versions(self, list_name: str) -> list[Version]:
        """The versions of a list in the order in which they were taken.
        Raises InputError where there is none."""
        file = self.folder / list_name / VERSIONS
        if not NAME.fullmatch(list_name) or not file.is_file():
            known = {"name": list_name, "known": ", ".join(self.list_names()) or "-"}
            raise InputError.at(Message("methods.watchlists:list-absent", known))
        return [_version(file, row) for row in read_lines(file)]

    def current(self, list_name: str) -> Version:
        """The version in use."""
        return self.versions(list_name)[-1]

    def version(self, list_name: str, key: str) -> Version:
        """A version by its key or the beginning of it. Raises InputError."""
        found = [each for each in self.versions(list_name) if each.key.startswith(key)]
        if len(found) != 1:
            raise InputError.at(Message("methods.watchlists:version-unknown", {"version": key}))
        return found[0]

    def entries(self, version: Version) -> Iterator[Entry]:
        """The entries of a version. Raises InputError where what is kept was changed."""
        file = self._file(version, "jsonl")
        digest = _file_digest(file)
        if digest != version.entries_digest:
            raise InputError.at(Message("methods.watchlists:store-changed"), file=file.name)
        return (_entry(file, row) for row in read_lines(file))

    def take(
        self,
        source: Path,
        *,
        now: datetime,
        publisher: str | None = None,
        list_name: str | None = None,
        accept_smaller: bool = False,
    ) -> tuple[Version, bool]:
        """Take a file as the version in use; the version, and whether it is new.

        publisher: told from the file where None. list_name: otherwise the publisher's word.
        accept_smaller: a person says that the list lost as much as it seems to.
        Raises InputError for a file that is cut, changed by others, older than the version in use,
        or much smaller; the version in use stays.
        """
        publisher, listing = open_listing(source, publisher)
        name = publisher if list_name is None else list_name
        if not NAME.fullmatch(name):
            raise InputError.at(Message("methods.watchlists:list-name", {"name": name[:40]}))
        folder = self.folder / name
        before = self.versions(name) if (folder / VERSIONS).is_file() else []
        digest = _file_digest(source)
        if before and before[-1].source_digest == digest:
            return before[-1], False
        # On one disk with its place, and gone if anything is wrong.
        _make_folder(folder)
        rows = folder / f".taking-{digest[:12]}.jsonl"
        try:
            counted = self._write_entries(listing, rows)
            known = self._known(before)
            check_against(source, listing, counted, known, accept_smaller=accept_smaller)
            version = Version(
                name,
                publisher,
                listing.layout,
                listing.dated or now.date().isoformat(),
                now.isoformat(timespec="microseconds"),
                counted.kinds,
                source.name,
                digest,
                _file_digest(rows),
            )
            _copy_packed(source, self._file(version, "source.gz"))
            os.replace(rows, self._file(version, "jsonl"))
            lines = [asdict(each) for each in (*before, version)]
            write_lines(folder / VERSIONS, lines)
        finally:
            rows.unlink(missing_ok=True)
            _remove_empty(folder)
        return version, True

    def _write_entries(self, listing: Listing, rows: Path) -> Counted:
        """Entries in a file by their references, holding one at a time and where each lies."""
        counted = Counted()
        loose = rows.with_suffix(".loose")
        try:
            with loose.open("w+b") as stream:
                places = {}
                for entry in count_entries(listing, counted):
                    places[entry.reference] = stream.tell()
                    stream.write(line_of(entry.as_json()).encode())
                with whole_file(rows) as ordered:
                    for reference in sorted(places):
                        stream.seek(places[reference])
                        ordered.write(stream.readline().decode())
        finally:
            loose.unlink(missing_ok=True)
        return counted

    def _known(self, before: Sequence[Version]) -> tuple[Version, Mapping[str, str]] | None:
        """The version in use, and the names under which its entries are listed."""
        if not before:
            return None
        return before[-1], {each.reference: each.name for each in self.entries(before[-1])}

    def _file(self, version: Version, ending: str) -> Path:
        return self.folder / version.list_name / f"{version.key}.{ending}"


def read_source(source: Path, publisher: str | None = None) -> dict[str, Entry]:
    """The entries of a file that is not kept, by reference, checked as far as a file alone can be.
    Raises InputError."""
    _publisher, listing = open_listing(source, publisher)
    counted = Counted()
    found = {entry.reference: entry for entry in count_entries(listing, counted)}
    check_against(source, listing, counted, None, accept_smaller=False)
    return found


def _version(file: Path, row: Mapping[str, object]) -> Version:
    try:
        return Version(**row)  # type: ignore[arg-type]
    except TypeError:
        message = Message("methods.watchlists:store-changed")
        raise InputError.at(message, file=file.name) from None


def _entry(file: Path, row: Mapping[str, object]) -> Entry:
    try:
        return Entry.of(row)
    except (KeyError, TypeError, ValueError):
        message = Message("methods.watchlists:store-changed")
        raise InputError.at(message, file=file.name) from None


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        message = Message("methods.watchlists:file-unreadable")
        raise InputError.at(message, file=path.name) from None


def _make_folder(folder: Path) -> None:
    try:
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        message = Message("methods.watchlists:unwritable", reason)
        raise InputError.at(message, file=folder.name) from None


def _remove_empty(folder: Path) -> None:
    """A folder that was made for a list of which nothing was taken."""
    if not any(folder.iterdir()):
        folder.rmdir()
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()


def _copy_packed(source: Path, target: Path) -> None:
    beside = target.with_name(f".{target.name}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed,
            source.open("rb") as stream,
        ):
            shutil.copyfileobj(stream, packed, 1 << 16)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)

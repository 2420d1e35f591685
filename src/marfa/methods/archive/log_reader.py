"""The log as it is read: by whoever checks, lists or exports, beside one who may be writing.

The end of the log is the newest checkpoint that is signed. Entries are looked at one file after the
other; of each entry little is kept, so that a long log takes little memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from marfa.crypto.merkle import HASH_BYTES, Rows, leaf_hash, node_hash, subtree_root
from marfa.crypto.notes import Checkpoint, SignedNote, VerifierKey
from marfa.methods.archive.commit import read_intent
from marfa.methods.archive.custody import DISPOSE, Custody, follow
from marfa.methods.archive.entries import (
    START,
    Body,
    Entry,
    Line,
    Odd,
    chunk_bytes,
    last_checkpoint,
    read_lines,
)
from marfa.methods.archive.index import listed_of, sum_lines
from marfa.methods.archive.layout import CHECKPOINT, CHUNK, ENTRIES, TILES, entries_file, tile_file
from marfa.methods.archive.problems import Report
from marfa.methods.archive.tiles import BUNDLE, bundle_of, hashes_of, leaves_of, tile_widths


@dataclass(slots=True)
class Item:
    """What the log says of an item. inventory: SHA-512 of its newest inventory."""

    entry: int
    inventory: str
    custody: Custody | None
    size: int = 0


@dataclass
class LogView:
    """What reading the log gave. hashes: the roots of its full files of entries, and the leaves
    of the last one: enough for the root at every checkpoint."""

    note: SignedNote
    head: Checkpoint
    items: dict[str, Item] = field(default_factory=dict)
    disposed: dict[str, int] = field(default_factory=dict)
    chunk_roots: list[bytes] = field(default_factory=list)
    tail: list[bytes] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """Files beside the objects that entries name, such as stamps, and their SHA-512."""
    listed: int = 0
    """``sum_lines`` of what the index must hold."""

    def root_at(self, folder: Path, size: int) -> bytes:
        """The root when the log had so many entries."""
        full, width = divmod(size, CHUNK)
        leaves = self.tail
        if width and full < len(self.chunk_roots):
            try:
                leaves = hashes_of(tile_file(folder, "0", full, CHUNK).read_bytes())
            except OSError:
                leaves = []
        return _root_of(self.chunk_roots[:full], leaves[:width])

    def rows(self, folder: Path) -> Rows:
        """The whole tree, from the tiles."""
        found: list[bytes] = []
        for chunk in range(len(self.chunk_roots)):
            found += hashes_of(tile_file(folder, "0", chunk, CHUNK).read_bytes())
        return Rows(found + self.tail)

    @property
    def root(self) -> bytes:
        return _root_of(self.chunk_roots, self.tail)


def newest_checkpoint(
    folder: Path, key: VerifierKey, report: Report
) -> tuple[SignedNote, Checkpoint] | None:
    """The end of the log. What is wrong with ``checkpoint`` is a problem, unless the entries tell
    that a writer was cut off before it wrote the next one."""
    found = last_checkpoint(folder, key)
    beside = _signed_file(folder / CHECKPOINT, key)
    if beside is None:
        report.add("signature", path=CHECKPOINT)
        return found
    if found is None or beside[1].size > found[1].size:
        return beside
    if beside[1].size == found[1].size and beside[1] != found[1]:
        report.add("signature", path=CHECKPOINT)
    return found


def _signed_file(path: Path, key: VerifierKey) -> tuple[SignedNote, Checkpoint] | None:
    try:
        note = SignedNote.read(path.read_bytes())
        head = Checkpoint.read(note.text)
    except (OSError, ValueError):
        return None
    return (note, head) if note.is_signed_by(key) and head.origin == key.name else None


def read_log(
    folder: Path, key: VerifierKey, end: tuple[SignedNote, Checkpoint], report: Report
) -> LogView:
    """Read the log up to its end, and report what does not hold in it."""
    view = LogView(*end)
    reader = _Reader(folder, key, view, report)
    for chunk in range(-(-view.head.size // CHUNK)):
        reader.read_chunk(chunk)
    reader.finish()
    return view


@dataclass(frozen=True, slots=True)
class Stored:
    """What the bundle and the tile have of an entry: its commitment, and its hash as a leaf."""

    leaf: bytes | None
    hash: bytes | None

    def is_in_tile(self, commitment: bytes) -> bool:
        return self.hash is None or self.hash == leaf_hash(commitment)


class _Reader:
    """Reads one file of entries after the other; each entry is held against its neighbours, the
    bundle, the tile, and the checkpoints that were signed on the way."""

    def __init__(self, folder: Path, key: VerifierKey, view: LogView, report: Report) -> None:
        self.folder, self.key, self.view, self.report = folder, key, view, report
        self._before: str | None = START
        self._missing: set[int] = set()
        self._erased: dict[int, int] = {}
        self._erases: dict[int, set[int]] = {}
        self._gaps: list[tuple[str, int]] = []
        self._open: set[int] = set()
        self._seen = {str(entries_file(folder, 0).relative_to(folder))}
        self._signed_to = 0
        self._wrong_root = False
        beside = _signed_file(folder / CHECKPOINT, key)
        # A writer was cut off between the entries and what follows from them.
        self._behind = beside is not None and beside[1].size < view.head.size

    def read_chunk(self, chunk: int) -> None:
        start = chunk * CHUNK
        width = min(CHUNK, self.view.head.size - start)
        lines = list(read_lines(chunk_bytes(self.folder, chunk) or b"", chunk))
        self._seen.add(str(entries_file(self.folder, chunk).relative_to(self.folder)))
        stored = self._stored(chunk, width)
        by_number = self._sort(lines, start, width)
        commitments = [
            self._entry(start + place, by_number.get(start + place), stored[place])
            for place in range(width)
        ]
        self._compare_tiles(chunk, width, commitments)
        hashes = [leaf_hash(commitment) for commitment in commitments]
        self._compare_roots(lines, start, hashes)
        if width == CHUNK:
            self.view.chunk_roots.append(subtree_root(0, CHUNK, hashes))
        else:
            self.view.tail = hashes

    def _sort(self, lines: list[Line], start: int, width: int) -> dict[int, Entry]:
        """Entries by the number that each says of itself; those that stand elsewhere are named."""
        found: dict[int, Entry] = {}
        numbers = []
        for line in lines:
            if isinstance(line, Odd) and start <= line.place < start + width:
                self.report.add("entry-changed", entry=line.place)
            if not isinstance(line, Entry):
                continue
            if line.number in found or not start <= line.number < start + CHUNK:
                self.report.add("entry-order", entry=line.number)
            elif line.number < start + width:
                found[line.number] = line
                numbers.append(line.number)
        for number, right in zip(numbers, sorted(numbers), strict=True):
            if number != right:
                self.report.add("entry-order", entry=number)
        return found

    def _entry(self, number: int, entry: Entry | None, stored: Stored) -> bytes:
        """The commitment of an entry as most of what tells of it has it: the entry itself, the
        bundle and the tile."""
        if entry is None:
            self._missing.add(number)
            self._before = leaf_hash(stored.leaf).hex() if stored.leaf else None
            return stored.leaf or b""
        known = entry.commitment
        if stored.leaf is not None and stored.leaf != known and stored.is_in_tile(stored.leaf):
            known = stored.leaf
            self.report.add("entry-changed", entry=number, item=_item_of(entry.body))
        if entry.body is None:
            self._erased[number] = -1 if entry.erased is None else entry.erased
        else:
            if self._before not in (None, entry.body["prev"]) and known == entry.commitment:
                self.report.add("entry-changed", entry=max(0, number - 1))
            self._take(entry, entry.body)
        self._before = leaf_hash(known).hex()
        return known

    def _take(self, entry: Entry, body: Body) -> None:
        """What an entry says of its item."""
        name, kind, view = body.get("item"), body["kind"], self.view
        if isinstance(body.get("files"), dict):
            view.files.update(body["files"])
        if name is None:
            return
        self._open.add(entry.number)
        if (listed := listed_of(body, entry.number)) is not None:
            view.listed += sum_lines([listed.line()[:-1]])
        if kind == DISPOSE:
            self._erases[entry.number] = set(body["erases"])
            view.disposed[name] = entry.number
            view.items.pop(name, None)
            return
        item = view.items.get(name)
        after = follow(item.custody if item else None, body)
        if after is None:
            self._gaps.append((name, entry.number))
            return
        if item is None:
            view.items[name] = Item(entry.number, body["inventory"], after, body["size"])
        else:
            item.custody = after
            item.inventory = body.get("inventory", item.inventory)

    def _stored(self, chunk: int, width: int) -> list[Stored]:
        """What bundle and tile have of each entry."""
        try:
            leaves = leaves_of(tile_file(self.folder, BUNDLE, chunk, width).read_bytes())
        except (OSError, ValueError):
            leaves = []
        try:
            hashes = hashes_of(tile_file(self.folder, "0", chunk, width).read_bytes())
        except OSError:
            hashes = []
        return [
            Stored(
                leaves[place] if place < len(leaves) else None,
                hashes[place] if place < len(hashes) else None,
            )
            for place in range(width)
        ]

    def _compare_tiles(self, chunk: int, width: int, commitments: list[bytes]) -> None:
        """All tiles that were stored of these entries, partial ones too."""
        hashes = [leaf_hash(commitment) for commitment in commitments]
        whole = {BUNDLE: bundle_of(commitments), "0": b"".join(hashes)}
        for level, content in whole.items():
            path = tile_file(self.folder, level, chunk, width)
            self._compare_file(path, content)
            for part in _partial(path, width):
                size = int(part.name)
                end = size * (len(content) // width)
                self._compare_file(part, content[:end])

    def _compare_file(self, path: Path, content: bytes) -> None:
        place = str(path.relative_to(self.folder))
        self._seen.add(place)
        if self._behind:
            return
        try:
            found = path.read_bytes()
        except OSError:
            self.report.add("missing", path=place)
            return
        if found != content:
            self.report.add("entry-changed", path=place)

    def _compare_roots(self, lines: list[Line], start: int, hashes: list[bytes]) -> None:
        """The checkpoints that were signed on the way: the first that does not fit tells after
        which entry the log was changed."""
        for line in lines:
            if not isinstance(line, SignedNote) or self._wrong_root:
                continue
            if not line.is_signed_by(self.key):
                self.report.add("signature", entry=self._signed_to)
                continue
            head = Checkpoint.read(line.text)
            if head.size > self.view.head.size or not start <= head.size <= start + len(hashes):
                continue
            if _root_of(self.view.chunk_roots, hashes[: head.size - start]) != head.root:
                self._wrong_root = True
                self._report_root(head.size)
            self._signed_to = head.size

    def _report_root(self, size: int) -> None:
        known = any(p.entry is not None for p in self.report.problems) or self._missing
        if not known:
            self.report.add("entry-changed", entry=min(self._signed_to, size - 1))

    def finish(self) -> None:
        size = self.view.head.size
        cut = size
        while cut - 1 in self._missing:
            cut -= 1
        if cut < size:
            self.report.add("log-cut", entry=cut)
        for number in sorted(self._missing):
            self.report.add("entry-missing", entry=number)
        if not self._missing and self.view.root != self.view.head.root and not self._wrong_root:
            self._report_root(size)
        self._compare_upper_tiles()
        self._check_erased()
        end = last_checkpoint(self.folder, self.key)
        if not self._missing and (end is None or end[1].size < size):
            # It is written and on the disk before the file checkpoint is.
            last = entries_file(self.folder, max(0, size - 1) // CHUNK)
            self.report.add("signature", path=str(last.relative_to(self.folder)))
        self._find_extra(end)

    def _check_erased(self) -> None:
        """Salt and body are gone where a disposal says so, and nowhere else."""
        for number, by in self._erased.items():
            if number not in self._erases.get(by, ()):
                self.report.add("entry-missing", entry=number)
        going = read_intent(self.folder)
        all_erased = set().union(*self._erases.values())
        for number in sorted(all_erased & self._open):
            if going is None or number not in going.erases:
                self.report.add("extra", entry=number)
        for item, number in self._gaps:
            if number not in all_erased:
                self.report.add("custody-gap", item=item, entry=number)

    def _find_extra(self, end: tuple[SignedNote, Checkpoint] | None) -> None:
        """Files among entries and tiles that belong to none. While a writer works, there are."""
        if self._behind or (end is not None and end[1].size > self.view.head.size):
            return
        self._pass_unfinished()
        for name in (ENTRIES, TILES):
            for root, _folders, files in os.walk(self.folder / name):
                for file in files:
                    place = str(Path(root, file).relative_to(self.folder))
                    if place not in self._seen:
                        self.report.add("extra", path=place)

    def _pass_unfinished(self) -> None:
        """Files behind the last: entries of a commit that was cut off before it was signed, and of
        which nobody was told. Whoever writes next takes them away."""
        chunk = max(1, -(-self.view.head.size // CHUNK))
        while (data := chunk_bytes(self.folder, chunk)) is not None:
            for number, line in enumerate(read_lines(data, chunk), chunk * CHUNK):
                if not isinstance(line, Entry) or line.number != number:
                    return
            place = str(entries_file(self.folder, chunk).relative_to(self.folder))
            self._seen.add(place)
            self.report.unfinished.append(place)
            chunk += 1

    def _compare_upper_tiles(self) -> None:
        row, level = self.view.chunk_roots, 1
        for full, width in tile_widths(self.view.head.size)[1:]:
            for index in range(full + bool(width)):
                wide = CHUNK if index < full else width
                content = b"".join(row[index * CHUNK : index * CHUNK + wide])
                path = tile_file(self.folder, str(level), index, wide)
                self._compare_file(path, content)
                for part in _partial(path, wide):
                    self._compare_file(part, content[: int(part.name) * HASH_BYTES])
            row = [subtree_root(at, at + CHUNK, row) for at in range(0, full * CHUNK, CHUNK)]
            level += 1


def _partial(path: Path, width: int) -> Iterator[Path]:
    """Partial tiles of smaller trees that still stand beside a tile."""
    folder = path.parent if width < CHUNK else path.with_name(path.name + ".p")
    if folder.is_dir() and folder.name.endswith(".p"):
        for part in folder.iterdir():
            if part.name.isdigit() and int(part.name) < width:
                yield part


def _item_of(body: Body | None) -> str | None:
    item = body.get("item") if body else None
    return item if isinstance(item, str) else None


def _root_of(chunk_roots: list[bytes], tail: list[bytes]) -> bytes:
    """The root over full subtrees of 256 leaves and the leaves behind them."""
    row = list(chunk_roots)
    if tail:
        row.append(subtree_root(0, len(tail), tail))
    if not row:
        return subtree_root(0, 0, [])
    while len(row) > 1:
        paired = [node_hash(a, b) for a, b in zip(row[::2], row[1::2], strict=False)]
        row = paired + row[len(paired) * 2 :]
    return row[0]

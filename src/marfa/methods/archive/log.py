"""The custody log as it is written: entries, then the tree, then the checkpoint.

An entry is in the log when its file holds it and behind it a checkpoint that covers it, on the
disk: one sync for a commit. Tiles and ``checkpoint`` follow from that and are made anew where a
power cut took them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from marfa.crypto.keys import Key
from marfa.crypto.notes import Checkpoint, SignedNote, VerifierKey, sign_note
from marfa.crypto.signatures import public_key
from marfa.methods.archive.durable import (
    OWNER_ONLY,
    make_folders,
    replace_file,
    sync_folders,
    write_file,
    write_whole,
)
from marfa.methods.archive.entries import (
    START,
    Body,
    Entry,
    checkpoint_line,
    chunk_bytes,
    last_checkpoint,
    last_chunk,
    make_entries,
    read_chunks,
    read_lines,
)
from marfa.methods.archive.layout import CHECKPOINT, CHUNK, beside, entries_file
from marfa.methods.archive.tiles import Tree, rebuild_tiles
from marfa.methods.archive.words import refused


class Log:
    """The log of one archive, for the one who writes."""

    def __init__(self, folder: Path, origin: str, signer: Key) -> None:
        self.folder, self.origin = folder, origin
        self._signer = signer
        self.key = VerifierKey(origin, public_key(signer))
        self._tree, self._before = self._open()

    @property
    def size(self) -> int:
        return self._tree.size

    def prepare(self, bodies: Iterable[Body]) -> list[Entry]:
        """The next entries, not yet written."""
        return make_entries(bodies, self.size, self._before)

    def append(self, entries: list[Entry]) -> None:
        """Commit entries that ``prepare`` made. They are on the disk when this returns."""
        if not entries or entries[0].number != self.size:
            raise ValueError("these are not the next entries of the log")
        full = self._tree.grow([entry.commitment for entry in entries])
        note = self._signed()
        self._write_entries(entries, note)
        self._before = entries[-1].leaf.hex()
        self._tree.store(self.folder, full)
        self._write_checkpoint(note, sync=False)

    def _signed(self) -> SignedNote:
        text = Checkpoint(self.origin, self._tree.size, self._tree.root()).text
        return sign_note(text, self.origin, self._signer)

    def _write_checkpoint(self, note: SignedNote, *, sync: bool) -> None:
        place = beside(self.folder, CHECKPOINT)
        replace_file(self.folder / CHECKPOINT, str(note).encode(), beside=place, sync=sync)

    def _write_entries(self, entries: list[Entry], note: SignedNote) -> None:
        chunks: dict[int, list[bytes]] = {}
        for entry in entries:
            chunks.setdefault(entry.number // CHUNK, []).append(entry.line())
        last = max(chunks)
        chunks[last].append(checkpoint_line(note))
        # The checkpoint is written last: without it, what stands before it never was.
        for chunk in sorted(chunks):
            append_durably(entries_file(self.folder, chunk), b"".join(chunks[chunk]))

    def _open(self) -> tuple[Tree, str]:
        """The tree as it is signed; what a kill or a power cut left behind is cleared away."""
        found = last_checkpoint(self.folder, self.key)
        if found is None:
            raise refused("log-damaged", file=str(self.folder))
        note, head = found
        self._cut_tail(head.size)
        tree = self._tree_of(head)
        if _read(self.folder / CHECKPOINT) != str(note).encode():
            self._write_checkpoint(note, sync=True)
        return tree, self._leaf_before(head.size)

    def _tree_of(self, head: Checkpoint) -> Tree:
        try:
            tree = Tree.load(self.folder, head.size)
        except (OSError, ValueError):
            tree = Tree()
        if tree.size == head.size and tree.root() == head.root:
            return tree
        leaves = (
            [line.commitment for line in lines if isinstance(line, Entry)]
            for _chunk, lines in read_chunks(self.folder)
        )
        tree = rebuild_tiles(self.folder, leaves)
        if (tree.size, tree.root()) != (head.size, head.root):
            raise refused("log-damaged", file=str(self.folder))
        return tree

    def _leaf_before(self, size: int) -> str:
        if not size:
            return START
        chunk = (size - 1) // CHUNK
        for line in read_lines(chunk_bytes(self.folder, chunk) or b"", chunk):
            if isinstance(line, Entry) and line.number == size - 1:
                return line.leaf.hex()
        raise refused("log-damaged", file=str(self.folder))

    def _cut_tail(self, size: int) -> None:
        """Take away the lines of a commit that did not come to its end.

        What was told of is never among them: a checkpoint behind the last one that holds, here or
        in ``checkpoint``, means damage and no such commit.
        """
        if _size_of(self.folder / CHECKPOINT, self.key) > size:
            raise refused("log-damaged", file=str(self.folder))
        keep = max(0, size - 1) // CHUNK
        for chunk in range(last_chunk(self.folder), keep, -1):
            if any(isinstance(found, SignedNote) for found in self._lines(chunk)):
                raise refused("log-damaged", file=str(self.folder))
            entries_file(self.folder, chunk).unlink()
        whole = 0
        end = 0
        data = chunk_bytes(self.folder, keep) or b""
        for line, found in zip(data.split(b"\n"), read_lines(data, keep), strict=False):
            end += len(line) + 1
            if isinstance(found, SignedNote):
                if Checkpoint.read(found.text).size > size:
                    raise refused("log-damaged", file=str(self.folder))
                whole = end
        if whole < len(data):
            os.truncate(entries_file(self.folder, keep), whole)

    def _lines(self, chunk: int) -> Iterable[object]:
        return read_lines(chunk_bytes(self.folder, chunk) or b"", chunk)


def append_durably(path: Path, data: bytes) -> None:
    """At the end of a file, which is made where there is none."""
    new = set() if path.exists() else {path.parent, *make_folders(path.parent)}
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, OWNER_ONLY)
    try:
        write_whole(target, data)
        os.fsync(target)
    finally:
        os.close(target)
    sync_folders(new)


def begin_log(folder: Path, origin: str, signer: Key) -> None:
    """The log of a new archive: no entries, and a checkpoint that says so."""
    note = sign_note(Checkpoint(origin, 0, Tree().root()).text, origin, signer)
    append_durably(entries_file(folder, 0), checkpoint_line(note))
    write_file(folder / CHECKPOINT, str(note).encode())


def _size_of(checkpoint: Path, key: VerifierKey) -> int:
    """How many entries a checkpoint file covers; 0 where it is none that holds."""
    try:
        note = SignedNote.read(_read(checkpoint) or b"")
        return Checkpoint.read(note.text).size if note.is_signed_by(key) else 0
    except ValueError:
        return 0


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None

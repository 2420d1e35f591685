"""Opening a package: streamed into a folder that appears whole, or not at all."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from marfa.crypto.agefiles import (
    CutShortError,
    DamagedError,
    NotForThisKeyError,
    decrypt_stream,
)
from marfa.domain.message import Message
from marfa.methods.packages.archives import check_archive
from marfa.methods.packages.book import Book, Partner, sums_of
from marfa.methods.packages.container import MARK_LOCAL
from marfa.methods.packages.container_reader import PackageReader, blocks_of
from marfa.methods.packages.creation import check_door
from marfa.methods.packages.file_names import check_paths
from marfa.methods.packages.folder import READY, KeyFolder, sync_folder
from marfa.methods.packages.kinds import KINDS, Kind
from marfa.methods.packages.lines import check_root
from marfa.methods.packages.manifest import NAMES, PLACE, Content, Manifest, moment_text
from marfa.methods.packages.media_types import ZIP
from marfa.methods.packages.padme import padded_size
from marfa.methods.packages.refusals import Refusal, RefusedError
from marfa.methods.packages.sources import BLOCK

CLOCKS_APART = timedelta(days=1)
AGE_CHUNK, AGE_TAG, AGE_NONCE = 64 * 1024, 16, 16
LONGEST_HEADER = 64 * 1024


@dataclass(frozen=True)
class Warned:
    """Something to be said of a package that was taken. values: also for a program."""

    code: str
    values: Mapping[str, Any]

    @property
    def message(self) -> Message:
        values = dict(self.values)
        if "missing" in values:
            values["missing"] = ", ".join(map(str, values["missing"]))
        return Message(f"methods.packages:warning-{self.code}", values)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, **self.values}


@dataclass(frozen=True)
class Opened:
    """A package that was taken. contents: by the names that they have in the folder.
    about, answer: of a receipt or a recall."""

    manifest: Manifest
    partner: Partner
    contents: tuple[Content, ...]
    warnings: tuple[Warned, ...]
    about: str = ""
    answer: str = ""


def open_package(folder: KeyFolder, file: Path, *, out: Path, now: datetime) -> Opened:
    """Check a package and put what it holds into a new folder.

    Raises RefusedError with its reason, and then nothing of it is left and nothing is remembered;
    OSError.
    """
    size = file_size_of(file)
    with file.open("rb") as stream:
        if stream.read(len(MARK_LOCAL)) == MARK_LOCAL:
            raise RefusedError(Refusal.KIND, "key")
    out = out.absolute()
    with folder.room_for(out) as part:
        came, ready = part / "came", part / READY
        gate = _Gate(folder, now)

        def judge(manifest: Manifest) -> None:
            gate.judge(manifest)
            for each in (part, came, ready):
                each.mkdir(mode=0o700)

        reader = PackageReader(came, judge, _plain_size(file, size))
        _decrypt(folder, file, reader, size)
        manifest = reader.finish()
        documents = _Documents(came, manifest, KINDS[manifest.kind])
        about, answer = _answers(folder.book, gate.partner, manifest, documents.main)
        contents = documents.move_to(ready)
        folder.write_down(
            {
                "what": "opened",
                "id": manifest.id,
                "kind": manifest.kind,
                "body": manifest.sender,
                "sequence": manifest.sequence,
                "at": moment_text(now),
                "signing": manifest.sender_key,
                "manifest": sha256(reader.signed).hexdigest(),
                "agreement": manifest.agreement,
                "purpose": manifest.purpose,
                "ground": manifest.ground,
                "sums": sums_of(manifest.contents),
                "about": about,
                "answer": answer,
                "part": folder.part_text(ready),
            }
        )
        folder.place(ready, out)
    warnings = gate.warnings(manifest)
    return Opened(manifest, gate.partner, contents, warnings, about, answer)


class _Gate:
    """Who sent it, whether it is for us, and whether it may come in."""

    partner: Partner

    def __init__(self, folder: KeyFolder, now: datetime) -> None:
        self._folder, self._now = folder, now

    def judge(self, manifest: Manifest) -> None:
        """Raises RefusedError before any content is written."""
        own, book = self._folder.own, self._folder.book
        self.partner = _sender(book, manifest)
        if manifest.recipient_key not in own.ages:
            raise RefusedError(Refusal.NOT_FOR_US, "signed")
        check_door(self.partner.keys[0].kind, manifest.kind, own.public.kind)
        _check_repeated(book, manifest)
        if book.recalled.get(manifest.id) == manifest.sender:
            raise RefusedError(Refusal.EXPIRED, "recalled")
        if self._now > manifest.valid_until:
            raise RefusedError(Refusal.EXPIRED)

    def warnings(self, manifest: Manifest) -> tuple[Warned, ...]:
        """What is to be said of a package that was taken, after it was written down."""
        found = []
        missing = self._folder.book.missing(manifest.sender)
        if missing:
            found.append(Warned("gap", {"missing": missing}))
        if not self.partner.compared:
            found.append(Warned("not-compared", {}))
        if not manifest.compared:
            found.append(Warned("sender-did-not-compare", {}))
        if manifest.made_at > self._now + CLOCKS_APART:
            found.append(Warned("clock", {}))
        if manifest.sender_key != self.partner.keys[0].signing:
            found.append(Warned("old-key", {}))
        return tuple(found)


def _sender(book: Book, manifest: Manifest) -> Partner:
    """Raises RefusedError (unknown-sender) for a body or key that nobody took, or that ended."""
    partner = book.partners.get(manifest.sender)
    if partner is None or partner.ended:
        raise RefusedError(Refusal.UNKNOWN_SENDER)
    if manifest.sender_key not in {keys.signing for keys in partner.keys}:
        raise RefusedError(Refusal.UNKNOWN_SENDER, "key")
    if manifest.sender_key != partner.keys[0].signing:
        _check_old_key(book, manifest, partner)
    return partner


def _check_old_key(book: Book, manifest: Manifest, partner: Partner) -> None:
    """Keys that were replaced sign nothing after the first package of their successors."""
    order = [keys.signing for keys in partner.keys]
    newer = set(order[: order.index(manifest.sender_key)])
    came = book.came_from(manifest.sender).items()
    if any(row.signing in newer and number < manifest.sequence for number, row in came):
        raise RefusedError(Refusal.UNKNOWN_SENDER, "old")


def _check_repeated(book: Book, manifest: Manifest) -> None:
    """Raises RefusedError (replay) for a package that came, and for another of the same number:
    then the keys of the sender are used in two places."""
    if manifest.id in book.received:
        raise RefusedError(Refusal.REPLAY)
    if book.has_number(manifest.sender, manifest.sequence):
        raise RefusedError(Refusal.REPLAY, "number")


class _Documents:
    """What a program reads of the contents, and what they are called."""

    def __init__(self, came: Path, manifest: Manifest, kind: Kind) -> None:
        """Raises RefusedError: schema, path, bomb, changed."""
        self._came, self._manifest = came, manifest
        paths = [content.path for content in manifest.contents]
        self._names = self._read_names(paths)
        shown = [self._names.get(path, path) for path in paths if path != NAMES]
        check_paths(shown)
        kind.check_files([path for path in paths if path != NAMES])
        if not kind.folders and any("/" in name for name in shown):
            raise RefusedError(Refusal.SCHEMA, "folders")
        for number, content in enumerate(manifest.contents, 1):
            self._look_inside(content, number)
        self.main: Mapping[str, Any] = {}
        if kind.document in paths:
            self.main = kind.check_document((came / kind.document).read_bytes())

    def move_to(self, ready: Path) -> tuple[Content, ...]:
        """Give each file its name; what was there before is left empty."""
        shown = []
        for content in self._manifest.contents:
            if content.path == NAMES:
                continue
            name = self._names.get(content.path, content.path)
            target = ready / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._came / content.path).rename(target)
            shown.append(replace(content, path=name))
        for each in [ready, *(path for path in ready.rglob("*") if path.is_dir())]:
            sync_folder(each)
        return tuple(shown)

    def _read_names(self, paths: list[str]) -> dict[str, str]:
        if NAMES not in paths:
            return {}
        try:
            found = json.loads((self._came / NAMES).read_text(encoding="utf-8"))
            good = isinstance(found, dict) and all(
                isinstance(name, str) and path in paths and PLACE.fullmatch(path)
                for path, name in found.items()
            )
        except (ValueError, RecursionError):
            good = False
        if not good:
            raise RefusedError(Refusal.SCHEMA, "names")
        return dict(found)

    def _look_inside(self, content: Content, number: int) -> None:
        path = self._came / content.path
        check_root(blocks_of(path), content.media_type, content.root)
        if content.media_type == ZIP:
            with path.open("rb") as stream:
                check_archive(stream, number)


def _answers(
    book: Book, partner: Partner, manifest: Manifest, document: Mapping[str, Any]
) -> tuple[str, str]:
    """The package that a receipt or recall speaks of, and what the receipt answers.
    Raises RefusedError (schema) for one that was never sent, or was another."""
    if manifest.kind == "recall":
        came = book.received.get(document["package"])
        if came is not None and came.body != partner.body:
            raise RefusedError(Refusal.SCHEMA, "answers")
        return document["package"], ""
    if manifest.kind == "receipt":
        sent = book.sent.get(document["package"])
        if sent is None or sent.body != partner.body or sent.manifest != document["manifest"]:
            raise RefusedError(Refusal.SCHEMA, "answers")
        if [content["sha256"] for content in document["contents"]] != list(sent.sums):
            raise RefusedError(Refusal.SCHEMA, "answers")
        return document["package"], document.get("answer") or ""
    return "", ""


def _decrypt(folder: KeyFolder, file: Path, reader: PackageReader, size: int) -> None:
    # Given 8 KiB at a time, which would cost more in the reader than in the buffer.
    buffered = io.BufferedWriter(reader, BLOCK)
    privates = [pair.age for pair in folder.own.pairs]
    try:
        with file.open("rb", buffering=BLOCK) as stream:
            decrypt_stream(stream, buffered, *privates)
        buffered.flush()
    except NotForThisKeyError:
        raise RefusedError(Refusal.NOT_FOR_US) from None
    except CutShortError:
        raise RefusedError(Refusal.CUT) from None
    except DamagedError:
        # What came before the damage may say already that the file is too short.
        buffered.flush()
        raise RefusedError(_damage(_plain_size(file, size))) from None
    finally:
        reader.end()
        buffered.detach()


def _damage(plain: int | None) -> Refusal:
    """Cut, where the size is none that a package has."""
    odd = plain is not None and (plain <= 0 or plain != padded_size(plain))
    return Refusal.CUT if odd else Refusal.CHANGED


def file_size_of(file: Path) -> int:
    """How large a file is. Raises RefusedError (schema) for what is no plain file."""
    found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(Refusal.SCHEMA, "file")
    return found.st_size


def _plain_size(file: Path, size: int) -> int | None:
    """How many bytes a file of age holds: its beginning is text that ends with a line ``---``, then
    come a nonce and pieces of 64 KiB, each with its tag (C2SP, age.md). None where it is no such
    file."""
    with file.open("rb") as stream:
        head = stream.read(LONGEST_HEADER)
    mark = head.find(b"\n---")
    end = head.find(b"\n", mark + 1) if mark >= 0 else -1
    if end < 0:
        return None
    sealed = size - (end + 1) - AGE_NONCE
    return sealed - AGE_TAG * -(-sealed // (AGE_CHUNK + AGE_TAG))

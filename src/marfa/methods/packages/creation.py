"""Making a package: measured, signed, encrypted, and there whole or not at all."""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from marfa.crypto.agefiles import encrypt_stream, lock_to_key, lock_to_phrase
from marfa.domain.codelists import codelist
from marfa.domain.doors import check_sending
from marfa.domain.handling import HandlingMark, check_use
from marfa.domain.ids import new_reference
from marfa.domain.message import InputError
from marfa.methods.packages.book import Partner, sums_of
from marfa.methods.packages.container import (
    container_size,
    directory,
    local_header,
    placed_entries,
)
from marfa.methods.packages.file_names import check_paths
from marfa.methods.packages.folder import KeyFolder
from marfa.methods.packages.keys import PublicKeys
from marfa.methods.packages.kinds import KINDS, LARGEST_DOCUMENT, Kind
from marfa.methods.packages.manifest import (
    AGREEMENT,
    MANIFEST,
    NAMES,
    PADDING,
    SIGNATURE,
    Content,
    Manifest,
    moment_text,
    read_manifest,
)
from marfa.methods.packages.media_types import ENDINGS, may_be_marked
from marfa.methods.packages.padme import padded_size
from marfa.methods.packages.refusals import Refusal, RefusedError
from marfa.methods.packages.sources import BLOCK, Measured, Source, blocks_again, measure

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ENDING = ".age"
VALID = timedelta(days=30)


@dataclass(frozen=True)
class Terms:
    """Under what something is handed over. agreement: its reference, letters, digits and ``._/-``.
    purpose: of the list ``purposes``; ground: of ``legal_bases``. onward: whether it may be handed
    on."""

    agreement: str
    purpose: str
    ground: str
    valid: timedelta = VALID
    onward: bool = True


@dataclass(frozen=True)
class Made:
    """A package that was made. contents: by the names that the recipient sees."""

    manifest: Manifest
    file: Path
    size: int
    contents: tuple[Content, ...]


@dataclass(frozen=True)
class HandedOut:
    """A package that lies on no disk. name: of the file."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Packed:
    """Contents in their order, with what they are called: names of files, in the ZIP file's."""

    files: tuple[Measured, ...]
    contents: tuple[Content, ...]
    names: dict[str, str]

    @property
    def shown(self) -> tuple[Content, ...]:
        """The contents by the names that the recipient sees."""
        return tuple(
            replace(content, path=self.names.get(content.path, content.path))
            for content in self.contents
            if content.path != NAMES
        )


@dataclass(frozen=True)
class Order:
    """All that is known of a package before it has its number. about: the package that a receipt
    or recall speaks of."""

    partner: Partner
    kind: Kind
    terms: Terms
    packed: Packed
    now: datetime
    about: str = ""
    id: str = field(default_factory=new_reference)


def make_package(
    folder: KeyFolder,
    *,
    to: str,
    kind: str,
    terms: Terms,
    sources: Sequence[Source],
    out: Path,
    now: datetime,
) -> Made:
    """A package for a body whose keys were taken, in the folder ``out`` under its id.

    Raises RefusedError: unknown-body; kind where the table says that it may not go there; schema,
    path, bomb and changed for what is put in. Raises OSError.
    """
    partner = folder.book.partner(to)
    check_door(folder.own.public.kind, kind, partner.keys[0].kind)
    packed = pack(KINDS[kind], sources)
    check_marks_for(partner.keys[0].kind, packed.files)
    order = Order(partner, KINDS[kind], terms, packed, now)
    return _place(folder, order, out / f"{order.id}{ENDING}")


def make_document(
    folder: KeyFolder,
    *,
    partner: Partner,
    kind: str,
    terms: Terms,
    document: dict[str, object],
    about: str,
    target: Path,
    now: datetime,
) -> Made:
    """A package that holds one document and nothing else, at a name that was chosen."""
    check_door(folder.own.public.kind, kind, partner.keys[0].kind)
    known = KINDS[kind]
    packed = pack(known, [Source(known.document, data=document_text(document))])
    return _place(folder, Order(partner, known, terms, packed, now, about), target)


def hand_out(
    folder: KeyFolder,
    *,
    partner: Partner,
    kind: str,
    terms: Terms,
    sources: Sequence[Source],
    now: datetime,
    phrase: str = "",
    handling: str = "",
) -> HandedOut:
    """A package in memory, for whoever gives it out at once: it is kept nowhere, and counts as
    made.

    partner: also one whose keys are written down elsewhere, and who may have no program but one
    for age. phrase: seven words that open it instead of a key. handling: the mark that the contents
    carry, where they do.
    Raises RefusedError as ``make_package``; ValueError for words that were not made here.
    """
    check_door(folder.own.public.kind, kind, partner.keys[0].kind)
    order = Order(partner, KINDS[kind], terms, pack(KINDS[kind], sources), now)
    manifest = _manifest(folder, order)
    if phrase:
        manifest = replace(manifest, recipient_key=None)
    if handling:
        manifest = replace(manifest, handling=handling)
    head = manifest.encode()
    read_manifest(head)
    made = b"".join(write_container(order.packed, manifest, folder.own.sign(head)))
    key = partner.keys[0].age
    locked = lock_to_phrase(made, phrase) if phrase else lock_to_key(made, key)
    entry = _entry(order, manifest, head)
    folder.file.add(entry, {"what": "placed", "id": manifest.id})
    return HandedOut(f"{manifest.id}{ENDING}", locked)


def document_text(document: dict[str, object]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def check_door(sender: str, kind: str, recipient: str) -> None:
    """Raises RefusedError (kind) with the sentence of the table."""
    try:
        check_sending(sender, kind, recipient)
    except InputError as error:
        raise RefusedError.saying(Refusal.KIND, error.problems[0].message) from None


def pack(kind: Kind, sources: Sequence[Source]) -> Packed:
    """Read the sources once and give them places. Raises RefusedError as ``make_package``."""
    check_paths(source.name for source in sources)
    ordered = sorted(sources, key=lambda one: (one.name not in kind.names, one.name))
    measured = [measure(source, number) for number, source in enumerate(ordered, 1)]
    places = [
        each.source.name if each.source.name in kind.names else _place_name(number, each)
        for number, each in enumerate(measured, 1)
    ]
    names = {
        place: each.source.name
        for place, each in zip(places, measured, strict=True)
        if place != each.source.name
    }
    if names:
        fixed = sum(place not in names for place in places)
        measured.insert(fixed, measure(Source(NAMES, data=document_text(dict(names))), fixed + 1))
        places.insert(fixed, NAMES)
    kind.check_files([names.get(place, place) for place in places if place != NAMES])
    _check_document(kind, measured)
    contents = tuple(
        Content(place, each.size, each.sha256, each.media_type, each.root)
        for place, each in zip(places, measured, strict=True)
    )
    return Packed(tuple(measured), contents, names)


def write_container(packed: Packed, manifest: Manifest, signature: bytes) -> Iterator[bytes]:
    """The ZIP file in pieces. Raises RefusedError (changed) for a file that is another now."""
    head = manifest.encode()
    listed = [(MANIFEST, len(head), zlib.crc32(head))]
    listed.append((SIGNATURE, len(signature), zlib.crc32(signature)))
    sums = zip(packed.contents, packed.files, strict=True)
    listed += [(content.path, content.size, measured.crc) for content, measured in sums]
    padding = padding_size([(name, size) for name, size, _crc in listed])
    listed.append((PADDING, padding, _crc_of_zeros(padding)))
    bodies: list[Iterable[bytes]] = [[head], [signature], *map(blocks_again, packed.files)]
    bodies.append(_zeros(padding))
    for entry, body in zip(listed, bodies, strict=True):
        yield local_header(*entry)
        yield from body
    yield directory(placed_entries(listed))


def padding_size(listed: Sequence[tuple[str, int]]) -> int:
    """How many zeros make the ZIP file as large as the smallest size of Padmé that holds it."""
    padding = 0
    while (size := container_size([*listed, (PADDING, padding)])) != padded_size(size):
        padding += padded_size(size) - size
    return padding


def _place(folder: KeyFolder, order: Order, target: Path) -> Made:
    manifest = _manifest(folder, order)
    head = manifest.encode()
    # What this version writes it reads: a wrong purpose or ground ends here.
    read_manifest(head)
    if os.path.lexists(target):
        raise RefusedError(Refusal.THERE)
    with folder.room_for(target) as part:
        pieces = write_container(order.packed, manifest, folder.own.sign(head))
        size = _write_part(part, pieces, order.partner.keys[0].age)
        entry = _entry(order, manifest, head)
        folder.write_down({**entry, "part": folder.part_text(part)})
        folder.place(part, target)
    return Made(manifest, target, size, order.packed.shown)


def _entry(order: Order, manifest: Manifest, head: bytes) -> dict[str, object]:
    """What the book keeps of a package."""
    return {
        "what": "made",
        "id": manifest.id,
        "kind": manifest.kind,
        "body": order.partner.body,
        "sequence": manifest.sequence,
        "at": moment_text(order.now),
        "valid_until": moment_text(manifest.valid_until),
        "agreement": manifest.agreement,
        "manifest": sha256(head).hexdigest(),
        "sums": sums_of(manifest.contents),
        "about": order.about,
    }


def _write_part(part: Path, pieces: Iterator[bytes], key: str) -> int:
    """The encrypted file, on the disk and readable by its owner alone; how large it is."""
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb", buffering=BLOCK) as stream:
        encrypt_pieces(pieces, stream, key)
        stream.flush()
        os.fsync(stream.fileno())
        return os.fstat(stream.fileno()).st_size


def _manifest(folder: KeyFolder, order: Order) -> Manifest:
    terms, partner = order.terms, order.partner
    if not AGREEMENT.fullmatch(terms.agreement):
        raise RefusedError(Refusal.SCHEMA, "agreement")
    if terms.valid < timedelta(seconds=1):
        raise RefusedError(Refusal.SCHEMA, "valid")
    before = folder.book.sent_to(partner.body)
    made_at = order.now.replace(microsecond=0)
    return Manifest(
        id=order.id,
        kind=order.kind.code,
        sender=folder.own.public.body,
        sender_key=folder.own.public.signing,
        recipient_key=partner.keys[0].age,
        agreement=terms.agreement,
        purpose=terms.purpose,
        ground=terms.ground,
        made_at=made_at,
        valid_until=made_at + terms.valid,
        sequence=before[-1].sequence + 1 if before else 1,
        previous=before[-1].id if before else None,
        onward=terms.onward,
        compared=partner.compared,
        handling=handling_of(folder.own.public, order.kind.code, terms.purpose, made_at),
        contents=order.packed.contents,
    )


def handling_of(maker: PublicKeys, kind: str, purpose: str, made_at: datetime) -> str:
    """The mark that the package carries. Raises RefusedError (schema) for a purpose of no list."""
    if purpose not in codelist("purposes"):
        raise RefusedError(Refusal.SCHEMA)
    return str(HandlingMark(maker.kind, kind, made_at, purpose, maker.body))


def check_marks_for(recipient: str, files: Sequence[Measured]) -> None:
    """Raises RefusedError (kind) where the mark of a file does not let this kind of body read it.

    Pictures and recordings carry none, and neither is a very large file of bytes looked through.
    """
    for each in files:
        path, size = each.source.path, each.size
        if path is None or not may_be_marked(each.media_type, size):
            continue
        try:
            check_use(path, recipient)
        except InputError as error:
            raise RefusedError.saying(Refusal.KIND, error.problems[0].message) from None


def _place_name(number: int, measured: Measured) -> str:
    return f"contents/{number:05d}{ENDINGS.get(measured.media_type, '.bin')}"


def _check_document(kind: Kind, files: Sequence[Measured]) -> None:
    for each in files:
        if each.source.name == kind.document:
            if each.size > LARGEST_DOCUMENT:
                raise RefusedError(Refusal.SCHEMA, "shape", file=kind.document)
            kind.check_document(b"".join(each.source.blocks()))


def encrypt_pieces(pieces: Iterator[bytes], target: BinaryIO, key: str) -> None:
    """Encrypt what comes in pieces, in bounded memory. What a piece raises is raised."""
    # Asked for 8 KiB at a time, which would cost more here than in the buffer.
    encrypt_stream(io.BufferedReader(_Pieces(pieces), BLOCK), target, [key])


class _Pieces(io.RawIOBase):
    """Pieces, read as a file is."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = memoryview(piece)
        room = memoryview(buffer)
        size = min(len(room), len(self._piece))
        room[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        return size


def _zeros(size: int) -> Iterator[bytes]:
    for at in range(0, size, BLOCK):
        yield bytes(min(BLOCK, size - at))


def _crc_of_zeros(size: int) -> int:
    crc = 0
    for block in _zeros(size):
        crc = zlib.crc32(block, crc)
    return crc

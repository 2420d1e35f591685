"""Whose keys are taken: compared by voice, or handed over by the keys before.

A key package is the ZIP file of a package as it is, since nobody is known yet to whom it could be
encrypted; it holds nothing secret. What makes it believable is the digits that two people read to
each other.
"""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from marfa.domain.doors import may_send
from marfa.domain.ids import new_reference
from marfa.domain.message import Message
from marfa.methods.packages.book import Book, Partner
from marfa.methods.packages.container_reader import PackageReader
from marfa.methods.packages.creation import document_text, handling_of, pack, write_container
from marfa.methods.packages.file_names import fold_path
from marfa.methods.packages.folder import KeyFolder, write_new
from marfa.methods.packages.keys import (
    OwnKeys,
    PublicKeys,
    clean_name,
    read_public_keys,
    same_fingerprint,
)
from marfa.methods.packages.kinds import KEY, LARGEST_DOCUMENT
from marfa.methods.packages.manifest import Manifest, moment_text
from marfa.methods.packages.refusals import Refusal, RefusedError
from marfa.methods.packages.sources import Source

KEY_ENDING = ".key"
KEY_VALID = timedelta(days=366)
AGREEMENT, PURPOSE, GROUND = "keys", "security", "legitimate_interest"


def write_key_package(path: Path, own: OwnKeys, now: datetime) -> Path:
    """The public keys as a file to hand over, in a key folder, in the place of the one before."""
    before = list(path.glob(f"*{KEY_ENDING}"))
    package = new_reference()
    target = path / f"{package}{KEY_ENDING}"
    write_new(target, _key_package(package, own, now))
    for old in before:
        old.unlink()
    return target


def key_file_of(path: Path) -> Path | None:
    """The file to hand over, of a key folder."""
    return next(iter(sorted(path.glob(f"*{KEY_ENDING}"))), None)


def read_key_file(file: Path, now: datetime) -> PublicKeys:
    """The keys in a key package, or in what ``marfa package key show --json`` printed.

    Raises RefusedError: schema, signature, expired, and what a package is refused for; OSError.
    """
    if not file.is_file():
        raise RefusedError(Refusal.SCHEMA, "file")
    with file.open("rb") as stream:
        data = stream.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        raise RefusedError(Refusal.SCHEMA, "key")
    if data.startswith(b"PK"):
        return _unpacked(data, now)
    try:
        found = json.loads(data.decode("utf-8"))
        if not isinstance(found, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise RefusedError(Refusal.SCHEMA, "key") from None
    return read_public_keys(found)


def accept_keys(
    folder: KeyFolder,
    keys: PublicKeys,
    *,
    fingerprint: str | None,
    without_comparing: bool = False,
    name: str = "",
    now: datetime,
) -> Partner:
    """Take the keys of another body.

    fingerprint: the digits that somebody there read out. None where its known keys signed these,
    or with ``without_comparing``, which the book and each package that goes there then say.
    name: what it is called here; its own name where empty.
    Raises RefusedError: fingerprint, kind where nothing may be exchanged, keys for our own, schema
    for a name that another body has; ValueError for what is no name.
    """
    _check_accepted(folder, keys)
    before = folder.book.partners.get(keys.body)
    follows = before is not None and not before.ended and _follows(before, keys)
    if fingerprint is not None and not same_fingerprint(fingerprint, keys.fingerprint):
        raise RefusedError(Refusal.FINGERPRINT)
    if fingerprint is None and not follows and not without_comparing:
        raise RefusedError(Refusal.FINGERPRINT, "needed")
    known_as = clean_name(name or (before.name if before else keys.name))
    _check_name(folder.book, known_as, keys.body)
    folder.write_down(
        {
            "what": "accepted",
            "keys": keys.as_json(),
            "name": known_as,
            "compared": fingerprint is not None,
            "follows": follows,
            "at": moment_text(now),
        }
    )
    return folder.book.partners[keys.body]


def end_keys(folder: KeyFolder, name: str, now: datetime) -> Partner:
    """A body lost its keys, or is no partner any more: nothing goes there and nothing is taken from
    there until new ones are compared. Raises RefusedError (unknown-body)."""
    partner = folder.book.partner(name)
    folder.write_down({"what": "ended", "body": partner.body, "at": moment_text(now)})
    return folder.book.partners[partner.body]


def _follows(before: Partner, keys: PublicKeys) -> bool:
    """Whether these are the keys that are known, or those keys handed over to them."""
    newest = before.keys[0]
    if keys.signing == newest.signing:
        return keys.statement == newest.statement
    return keys.replaces == newest.signing and keys.follows_old_keys


def _check_accepted(folder: KeyFolder, keys: PublicKeys) -> None:
    own = folder.own.public
    if keys.body == own.body:
        raise RefusedError(Refusal.KEYS, "own")
    if not may_send(keys.kind, "key", own.kind) and not may_send(own.kind, "key", keys.kind):
        raise RefusedError(
            Refusal.KIND,
            "apart",
            sender=Message(f"domain:body-{keys.kind}"),
            recipient=Message(f"domain:body-{own.kind}"),
        )


def _check_name(book: Book, name: str, body: str) -> None:
    taken = (each for each in book.partners.values() if each.body != body and not each.ended)
    if any(fold_path(each.name) == fold_path(name) for each in taken):
        raise RefusedError(Refusal.SCHEMA, "name-taken")


def _key_package(package: str, own: OwnKeys, now: datetime) -> bytes:
    public = own.public
    packed = pack(KEY, [Source(KEY.document, data=document_text(public.as_json()))])
    made_at = now.replace(microsecond=0)
    manifest = Manifest(
        id=package,
        kind=KEY.code,
        sender=public.body,
        sender_key=public.signing,
        recipient_key=None,
        agreement=AGREEMENT,
        purpose=PURPOSE,
        ground=GROUND,
        made_at=made_at,
        valid_until=made_at + KEY_VALID,
        sequence=1,
        previous=None,
        onward=True,
        compared=False,
        handling=handling_of(public, KEY.code, PURPOSE, made_at),
        contents=packed.contents,
    )
    return b"".join(write_container(packed, manifest, own.sign(manifest.encode())))


def _unpacked(data: bytes, now: datetime) -> PublicKeys:
    with tempfile.TemporaryDirectory() as place:
        came = Path(place)
        reader = PackageReader(came, lambda manifest: _judge(manifest, now), len(data))
        reader.write(data)
        reader.finish()
        keys = read_public_keys(KEY.check_document((came / KEY.document).read_bytes()))
    manifest = reader.manifest
    if manifest is None or (keys.signing, keys.body) != (manifest.sender_key, manifest.sender):
        raise RefusedError(Refusal.SIGNATURE)
    return keys


def _judge(manifest: Manifest, now: datetime) -> None:
    if manifest.kind != KEY.code:
        raise RefusedError(Refusal.KIND, "no-key")
    if now > manifest.valid_until:
        raise RefusedError(Refusal.EXPIRED)

"""An archive as a folder: made, and read as what it says of itself."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from marfa.crypto.agefiles import read_age_key
from marfa.crypto.keys import Key
from marfa.crypto.notes import SignedNote, VerifierKey, sign_note
from marfa.crypto.signatures import public_key
from marfa.domain.canonical import canonical_json
from marfa.methods.archive.durable import (
    OWNER_ONLY,
    make_folders,
    remove_tree,
    sync_folder,
    sync_tree,
    write_file,
)
from marfa.methods.archive.inventory import ROOT_NAMASTE, ROOT_NAMASTE_TEXT
from marfa.methods.archive.layout import (
    ARCHIVE,
    KEY,
    LAYOUT,
    LAYOUT_CONFIG,
    LOCK,
    OBJECTS,
    PRIVATE,
    README,
    SIGNER,
    STAGING,
    STAMPS,
    WITNESSES,
)
from marfa.methods.archive.log import begin_log
from marfa.methods.archive.words import refused

FORMAT = "marfa-archive/1"
INVESTIGATION = "investigation"
README_TEXT = Path(__file__).with_name("README.archive.txt")


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


ROOT_FILES = {
    f"{OBJECTS}/{ROOT_NAMASTE}": ROOT_NAMASTE_TEXT,
    f"{OBJECTS}/ocfl_layout.json": _json(
        {"extension": LAYOUT, "description": "Hash and id n-tuple layout, one tuple of three"}
    ),
    f"{OBJECTS}/extensions/{LAYOUT}/config.json": _json(LAYOUT_CONFIG),
}
"""What makes a folder of objects a storage root of OCFL 1.1, with its layout."""


@dataclass(frozen=True)
class Settings:
    """What the signed file ``archive`` says. to: public keys of age; none in a plain archive.
    body: the kind of body that keeps it (code list ``body_kinds``), INVESTIGATION if not said."""

    origin: str
    to: tuple[str, ...]
    readme: str
    body: str = INVESTIGATION

    @property
    def sealed(self) -> bool:
        return bool(self.to)

    @property
    def text(self) -> str:
        value = {
            "format": FORMAT,
            "origin": self.origin,
            "to": list(self.to),
            "readme": self.readme,
            **({"body": self.body} if self.body != INVESTIGATION else {}),
        }
        return canonical_json(value) + "\n"


def create_archive(folder: Path, to: list[str], *, body: str = INVESTIGATION) -> VerifierKey:
    """A new archive, whole or not at all. Returns the key that checks its log.

    to: public keys of age to which every content file is sealed; none for a plain one. body: the
    kind of body that keeps it (code list ``body_kinds``): a file with a handling mark is taken in
    where the table of doors lets that body have it.
    Raises InputError for a folder that holds something, and for what is no key.
    """
    keys = tuple(dict.fromkeys(_age_key(text) for text in to))
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise refused("folder-taken", file=str(folder))
    if not folder.parent.is_dir():
        raise refused("no-such-folder", file=str(folder.parent))
    if archive_around(folder) is not None:
        raise refused("inside-archive", file=str(folder))
    beside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    try:
        beside.mkdir(mode=0o750)
        found = _fill(beside, keys, body)
        sync_tree(beside)
        beside.rename(folder)
    except BaseException:
        remove_tree(beside)
        raise
    sync_folder(folder.parent)
    return found


def _age_key(text: str) -> str:
    try:
        return read_age_key(text)
    except ValueError:
        raise refused("age-key-odd", field="--to") from None


def _fill(folder: Path, keys: tuple[str, ...], body: str) -> VerifierKey:
    from marfa.domain.ids import new_reference  # who only reads does not wait for it

    signer, origin = Key.random(), f"marfa.archive/{new_reference()}"
    key, readme = VerifierKey(origin, public_key(signer)), README_TEXT.read_bytes()
    settings = Settings(origin, keys, hashlib.sha256(readme).hexdigest(), body)
    for name in (OBJECTS, STAGING, STAMPS, WITNESSES, f"{OBJECTS}/extensions/{LAYOUT}"):
        make_folders(folder / name)
    (folder / PRIVATE).mkdir(mode=0o700)
    for name, data in {
        ARCHIVE: str(sign_note(settings.text, origin, signer)).encode(),
        KEY: f"{key}\n".encode(),
        README: readme,
        LOCK: b"",
        **ROOT_FILES,
    }.items():
        write_file(folder / name, data, sync=False)
    write_file(folder / SIGNER, f"{signer.expose().hex()}\n".encode(), mode=OWNER_ONLY, sync=False)
    begin_log(folder, origin, signer)
    return key


def archive_around(path: Path) -> Path | None:
    """The archive in which a path lies, or which it is; None where it lies in none."""
    real = path.resolve()
    return next((each for each in (real, *real.parents) if is_archive(each)), None)


def is_archive(folder: Path) -> bool:
    return (folder / ARCHIVE).is_file() and (folder / KEY).is_file()


def read_key(folder: Path) -> VerifierKey:
    """The key that the folder itself names. Raises InputError for a folder that is no archive."""
    if not is_archive(folder):
        raise refused("no-archive", file=str(folder))
    try:
        return VerifierKey.read((folder / KEY).read_text(encoding="utf-8"))
    except ValueError:
        raise refused("key-damaged", file=str(folder / KEY)) from None


def read_settings(folder: Path, key: VerifierKey) -> Settings | None:
    """What the archive says of itself; None where the key did not sign it."""
    try:
        note = SignedNote.read((folder / ARCHIVE).read_bytes())
        value = json.loads(note.text)
        body = value.get("body", INVESTIGATION)
        settings = Settings(value["origin"], tuple(value["to"]), value["readme"], body)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    right = note.is_signed_by(key) and settings.text == note.text and settings.origin == key.name
    return settings if right else None


def read_signer(folder: Path, key: VerifierKey) -> Key:
    """The key that signs. Raises InputError where it is not there or not the archive's."""
    try:
        signer = Key.from_hex((folder / SIGNER).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise refused("signer-missing", file=str(folder / SIGNER)) from None
    if public_key(signer) != key.public:
        raise refused("signer-other", file=str(folder / SIGNER))
    return signer

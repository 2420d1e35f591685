"""The keys of an installation: one to sign with, one of age to open with, and how another body
takes them as its own before anything goes there.

A body gives its public keys away with its kind; both sides compare thirty digits over all of it by
voice. Keys that replace others are signed by those. What is secret lies under a passphrase.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from marfa.crypto.aead import open_sealed, seal_bytes
from marfa.crypto.agefiles import GROUP, GROUPS, new_age_key, read_age_key
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.key_derivation import derive_key
from marfa.crypto.keys import Key
from marfa.crypto.passphrases import Cost, Lock, lock_with_passphrase
from marfa.crypto.signatures import is_signed, public_key, sign_message
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.doors import BODIES
from marfa.domain.ids import is_reference, new_reference
from marfa.methods.packages.file_names import is_safe_path
from marfa.methods.packages.manifest import moment_text
from marfa.methods.packages.refusals import Refusal, RefusedError

KEY_FORMAT, FOLDER_FORMAT, VERSION = "marfa.key", "marfa.key-folder", 1
LONGEST_NAME = 100
COST = Cost(memory_kib=16 * 1024, passes=12, lanes=4)
"""As much work as the second choice of RFC 9106, section 4, in a quarter of its memory: a package
is opened in less than 60 MB."""


@dataclass(frozen=True)
class PublicKeys:
    """What a body is known by.

    body: a random reference, the same for ever. name: what it is called. kind: of
    ``domain.doors.BODIES``. signing: public key of Ed25519, hexadecimal. age: public key of age.
    made_at: when the keys were made. replaces: the signing key before, and ``handed_over`` what
    that one signed; empty for first keys.
    """

    body: str
    name: str
    kind: str
    signing: str
    age: str
    made_at: str
    replaces: str = ""
    handed_over: str = ""

    @property
    def statement(self) -> bytes:
        """What is compared by voice, and what old keys sign: one line each."""
        lines = (f"{KEY_FORMAT}/{VERSION}", self.body, self.kind, self.signing, self.age, self.name)
        return "".join(f"{line}\n" for line in lines).encode()

    @property
    def fingerprint(self) -> str:
        """Thirty digits in groups of five, the last of SHA-256 over the statement: 99 bits."""
        number = int.from_bytes(hashlib.sha256(self.statement).digest(), "big")
        digits = f"{number % 10 ** (GROUPS * GROUP):0{GROUPS * GROUP}d}"
        return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))

    @property
    def follows_old_keys(self) -> bool:
        """Whether the keys that it says it replaces signed it."""
        return bool(self.replaces) and is_signed(
            bytes.fromhex(self.replaces), self.statement, bytes.fromhex(self.handed_over)
        )

    def as_json(self) -> dict[str, Any]:
        """``key.json`` of a key package."""
        return {
            "format": KEY_FORMAT,
            "version": VERSION,
            "body": self.body,
            "name": self.name,
            "kind": self.kind,
            "signing": self.signing,
            "age": self.age,
            "made_at": self.made_at,
            "replaces": self.replaces,
            "handed_over": self.handed_over,
        }


def read_public_keys(found: Mapping[str, Any]) -> PublicKeys:
    """Raises RefusedError (schema) for what ``as_json`` did not make."""
    try:
        made = PublicKeys(**{name: str(found[name]) for name in PublicKeys.__match_args__})
        bytes.fromhex(made.handed_over)
        good = (
            found["format"] == KEY_FORMAT
            and found["version"] == VERSION
            and is_reference(made.body)
            and made.kind in BODIES
            and len(bytes.fromhex(made.signing)) == 32
            and made.signing == made.signing.lower()
            and read_age_key(made.age) == made.age
            and len(bytes.fromhex(made.replaces)) in {0, 32}
            and clean_name(made.name) == made.name
        )
    except (KeyError, ValueError, TypeError):
        good = False
    if not good:
        raise RefusedError(Refusal.SCHEMA, "key")
    return made


def clean_name(name: str) -> str:
    """What a body is called, in one spelling. Raises ValueError for what is no name."""
    clean = unicodedata.normalize("NFC", " ".join(name.split()))
    if len(clean) > LONGEST_NAME or not is_safe_path(clean) or "/" in clean:
        raise ValueError("this is no name of a body")
    return clean


def same_fingerprint(said: str, expected: str) -> bool:
    """Whether somebody read out these digits, in whatever script and groups."""
    digits = "".join(latin_digits(without_marks(said)).replace("-", " ").split())
    return digits == expected.replace(" ", "")


@dataclass(frozen=True)
class KeyPair:
    """Keys as they are used. age: private key of age, as text."""

    signing: Key
    age: str = field(repr=False)


@dataclass(frozen=True)
class OwnKeys:
    """Keys of this installation, opened.

    public: those in use. pairs: the newest first; older ones open what was sent before.
    book: proves what the folder remembers.
    """

    public: PublicKeys
    pairs: tuple[KeyPair, ...]
    ages: tuple[str, ...]
    book: Key

    def sign(self, message: bytes) -> bytes:
        return sign_message(self.pairs[0].signing, message)


def new_key_folder_text(
    *, name: str, kind: str, passphrase: str, now: datetime, cost: Cost = COST
) -> tuple[str, PublicKeys]:
    """``key.json`` of a new folder, and what is public of it. The caller looked at the passphrase.
    Raises ValueError for what is no name or kind."""
    if kind not in BODIES:
        raise ValueError("no kind of body")
    above, body = Key.random(), new_reference()
    lock = lock_with_passphrase(above, passphrase, _context("lock", body), cost=cost)
    pair, age = _new_pair()
    public = PublicKeys(
        body, clean_name(name), kind, public_key(pair.signing).hex(), age, moment_text(now)
    )
    return _folder_text(lock, above, public, (pair,), (age,)), public


def read_key_folder(text: str) -> PublicKeys:
    """What is public of a folder, not proved. Raises RefusedError (keys)."""
    return _read_folder(text)[0]


def unlock_key_folder(text: str, passphrase: str) -> OwnKeys:
    """The keys of a folder. Raises RefusedError: passphrase, or keys for one that was changed."""
    public, lock, _sealed = _read_folder(text)
    above = _open_lock(lock, passphrase, public)
    return _own_keys(text, above)


def rotated_folder_text(text: str, passphrase: str, now: datetime) -> tuple[str, PublicKeys]:
    """The folder with new keys in use, handed over by the old ones, under the same passphrase."""
    own = unlock_key_folder(text, passphrase)
    _public, lock, _sealed = _read_folder(text)
    above = _open_lock(lock, passphrase, own.public)
    pair, age = _new_pair()
    fresh = replace(
        own.public,
        signing=public_key(pair.signing).hex(),
        age=age,
        made_at=moment_text(now),
        replaces=own.public.signing,
    )
    fresh = replace(fresh, handed_over=own.sign(fresh.statement).hex())
    made = _folder_text(lock, above, fresh, (pair, *own.pairs), (age, *own.ages))
    return made, fresh


def relocked_folder_text(text: str, passphrase: str, fresh: str, *, cost: Cost = COST) -> str:
    """The folder under another passphrase. Raises RefusedError: passphrase, keys."""
    public, lock, _sealed = _read_folder(text)
    above = _open_lock(lock, passphrase, public)
    again = lock_with_passphrase(above, fresh, _context("lock", public.body), cost=cost)
    values = {**json.loads(text), "lock": again.as_json()}
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _new_pair() -> tuple[KeyPair, str]:
    private, public = new_age_key()
    return KeyPair(Key.random(), private), public


def _folder_text(
    lock: Lock, above: Key, public: PublicKeys, pairs: tuple[KeyPair, ...], ages: tuple[str, ...]
) -> str:
    secret = {
        "public": public.as_json(),
        "pairs": [
            {"signing": pair.signing.expose().hex(), "age": pair.age, "age_public": age}
            for pair, age in zip(pairs, ages, strict=True)
        ],
    }
    sealed = seal_bytes(
        derive_key(above, "packages/keys"),
        json.dumps(secret).encode(),
        _context("keys", public.body),
    )
    values = {
        "format": FOLDER_FORMAT,
        "version": VERSION,
        "public": public.as_json(),
        "lock": lock.as_json(),
        "sealed": sealed.hex(),
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _read_folder(text: str) -> tuple[PublicKeys, Lock, bytes]:
    try:
        found = json.loads(text)
        if found["format"] != FOLDER_FORMAT or found["version"] != VERSION:
            raise ValueError("another folder")
        sealed = bytes.fromhex(found["sealed"])
        return read_public_keys(found["public"]), Lock.from_json(found["lock"]), sealed
    except (KeyError, ValueError, TypeError):
        raise RefusedError(Refusal.KEYS, "damaged") from None


def _open_lock(lock: Lock, passphrase: str, public: PublicKeys) -> Key:
    try:
        return lock.open(passphrase, _context("lock", public.body))
    except NotAuthenticError:
        raise RefusedError(Refusal.PASSPHRASE) from None


def _own_keys(text: str, above: Key) -> OwnKeys:
    public, _lock, sealed = _read_folder(text)
    try:
        context = _context("keys", public.body)
        secret = json.loads(open_sealed(derive_key(above, "packages/keys"), sealed, context))
    except (NotAuthenticError, UnknownVersionError):
        raise RefusedError(Refusal.KEYS, "damaged") from None
    if secret["public"] != public.as_json():
        # Somebody wrote other public keys beside ours, to be handed out in their place.
        raise RefusedError(Refusal.KEYS, "damaged")
    pairs = tuple(KeyPair(Key.from_hex(each["signing"]), each["age"]) for each in secret["pairs"])
    ages = tuple(each["age_public"] for each in secret["pairs"])
    return OwnKeys(public, pairs, ages, derive_key(above, "packages/book"))


def _context(column: str, body: str) -> Context:
    return Context("packages", column, body)

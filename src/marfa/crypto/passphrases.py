"""A key under a passphrase: Argon2id (RFC 9106), with the parameters kept beside the result, and
a floor under what is taken as a passphrase.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from marfa.crypto.context import Context
from marfa.crypto.key_wrap import unwrap_key, wrap_key
from marfa.crypto.keys import KEY_BYTES, Key

SALT_BYTES = 16
FLOOR_BITS = 50
LONGEST = 1024
"""Characters. More is no safer, and each guess at the door would cost us more."""

WORD_BITS = 11.0
"""One word counts as one of 2,048 common ones."""
LETTER_BITS = 1.5
"""Each letter of a very long run; Shannon (1951) found 0.6 to 1.3 for English text."""
DIGIT_BITS = 3.3
SIGN_BITS = 4.0

_UNIT = re.compile(r"[^\W\d_]+|\d|\S")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890")

# Phrases that every list of guesses begins with: from comics, films, songs and prayers, and what
# people type who have to make something long. Compared without spaces and signs.
COMMON: Final = frozenset(
    {
        "correcthorsebatterystaple",
        "maytheforcebewithyoualways",
        "thequickbrownfoxjumpsoverthelazydog",
        "tobeornottobethatisthequestion",
        "inthebeginningwastheword",
        "onceuponatimeinalandfaraway",
        "iamthemasterofmyfateiamthecaptainofmysoul",
        "ourfatherwhoartinheavenhallowedbethyname",
        "fourscoreandsevenyearsagoourfathersbroughtforth",
        "winteriscomingandthenightisdarkandfullofterrors",
        "thisisaverylongpassphrasethatnobodywillguess",
        "thisismyverylongpassword",
        "بسماللهالرحمنالرحيم",
        "الحمدللهربالعالمين",
        "لاالهالااللهمحمدرسولالله",
        "قلهواللهاحداللهالصمد",
        "اناعطيناكالكوثرفصللربكوانحر",
    }
)


@dataclass(frozen=True)
class Cost:
    """What one guess costs. Defaults: the second choice of RFC 9106, section 4, for machines
    with little memory.

    memory_kib: memory in KiB. passes: over that memory. lanes: computed side by side.
    Raises ValueError outside what this program will compute.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        good = (
            8 * self.lanes <= self.memory_kib <= 4 * 1024 * 1024
            and 1 <= self.passes <= 64
            and 1 <= self.lanes <= 16
        )
        if not good:
            raise ValueError("these parameters of Argon2id are outside what is computed here")

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Cost:
        """The reverse of ``asdict``; raises ValueError or TypeError for anything else."""
        return cls(**{name: _whole(data.get(name)) for name in asdict(cls())})


STANDARD = Cost()


class Weakness(StrEnum):
    """Why something is not taken as a passphrase."""

    TOO_LONG = "too-long"
    COMMON = "common"
    GUESSABLE = "guessable"


def passphrase_weakness(passphrase: str, *, known: Collection[str] = ()) -> Weakness | None:
    """Why a passphrase is refused; None where it is taken.

    known: words that an attacker knows of this person, such as the user name; they count nothing.
    """
    text = normalise_passphrase(passphrase)
    if len(text) > LONGEST:
        return Weakness.TOO_LONG
    if _letters(text) in COMMON:
        return Weakness.COMMON
    return Weakness.GUESSABLE if estimated_bits(text, known=known) < FLOOR_BITS else None


def estimated_bits(passphrase: str, *, known: Collection[str] = ()) -> float:
    """A low estimate of the guesses that it takes, in bits.

    Every word counts as one of a short list of common words, however rare it is; what comes
    again, runs on (``4567``, ``qwer``) or is known counts nothing. Five words that have nothing
    to do with each other pass. It cannot see that words come from a song.
    """
    seen = {_letters(normalise_passphrase(word)) for word in known}
    bits = 0.0
    before = ""
    for unit in _UNIT.findall(normalise_passphrase(passphrase).casefold()):
        worth = _worth(unit)
        if unit.isdigit() or len(unit) == 1:
            bits += 0.0 if _runs_on(before, unit) else worth
        elif _letters(unit) not in seen:
            bits += worth
            seen.add(_letters(unit))
        before = unit
    return bits


def normalise_passphrase(passphrase: str) -> str:
    """The text that is hashed: composed (NFC) and with single plain spaces, as OpaqueString of
    RFC 8265 (section 4.2) asks, so that two keyboards give the same."""
    return " ".join(unicodedata.normalize("NFC", passphrase).split())


def key_from(passphrase: str, *, salt: bytes, cost: Cost) -> Key:
    """The key that a passphrase gives. salt: 16 random bytes, never used for another key."""
    argon2id = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return Key(argon2id.derive(normalise_passphrase(passphrase).encode()))


@dataclass(frozen=True)
class Lock:
    """A key that opens with a passphrase: what is stored. Nothing in it is secret by itself."""

    cost: Cost
    salt: bytes
    wrapped: bytes

    def open(self, passphrase: str, context: Context) -> Key:
        """Raises NotAuthenticError for another passphrase or place."""
        above = key_from(passphrase, salt=self.salt, cost=self.cost)
        return unwrap_key(self.wrapped, under=above, context=context)

    def as_json(self) -> dict[str, object]:
        return {
            "kdf": "argon2id",
            "cost": asdict(self.cost),
            "salt": self.salt.hex(),
            "wrapped": self.wrapped.hex(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Lock:
        """Raises ValueError for what ``as_json`` did not make."""
        cost = data.get("cost")
        if data.get("kdf") != "argon2id" or not isinstance(cost, Mapping):
            raise ValueError("this is no key under a passphrase")
        salt, wrapped = (bytes.fromhex(str(data.get(name))) for name in ("salt", "wrapped"))
        return cls(Cost.from_json(cost), salt, wrapped)


def lock_with_passphrase(
    key: Key, passphrase: str, context: Context, *, cost: Cost = STANDARD
) -> Lock:
    """``key`` under a passphrase, bound to its place. Whoever calls asks ``passphrase_weakness``
    before."""
    salt = os.urandom(SALT_BYTES)
    wrapped = wrap_key(key, under=key_from(passphrase, salt=salt, cost=cost), context=context)
    return Lock(cost, salt, wrapped)


def _worth(unit: str) -> float:
    if unit.isdigit():
        return DIGIT_BITS
    if not unit.isalpha() or len(unit) == 1:
        return SIGN_BITS
    if any(unit in row or unit in row[::-1] for row in _ROWS) or len(set(unit)) == 1:
        return 0.0
    # A run longer than a word is words without spaces between them, or random letters.
    return max(WORD_BITS, LETTER_BITS * len(unit))


def _runs_on(before: str, unit: str) -> bool:
    """Whether a sign is the one before it again, or its neighbour."""
    return len(before) == 1 and abs(ord(before) - ord(unit)) <= 1


def _letters(text: str) -> str:
    """Letters alone, without marks: what two spellings of one phrase share."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalpha())


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("a whole number is expected")
    return value

"""A key in n shares of which any k give it back: SLIP-39 (SatoshiLabs, 2017-2023), which is
Shamir's scheme over GF(256) with words to write down and a checksum that finds typing errors.

One group, no passphrase, so a share opens with any tool that knows SLIP-39. The package that does
it belongs to the server extra, so it is loaded when it is called.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.keys import Key

FEWEST_SHARES = 2
MOST_SHARES = 16
WORDS = 33
"""Words of a share of a key of 256 bits."""


class ShareFault(StrEnum):
    """Why what was typed is no share."""

    WORD = "word"
    LENGTH = "length"
    CHECKSUM = "checksum"


class ShareError(ValueError):
    """What was typed is no share. word: which word is in no list, from 1; 0 where none is."""

    def __init__(self, fault: ShareFault, word: int = 0) -> None:
        super().__init__(fault)
        self.fault = fault
        self.word = word


@dataclass(frozen=True)
class Share:
    """One share. number: from 1; it is part of the words. split: tells one split from another."""

    words: str = field(repr=False)
    number: int
    threshold: int
    split: int

    @property
    def digest(self) -> str:
        """Enough to know the share again; nobody can guess 256 bits from it."""
        return hashlib.sha256(b"marfa/share/1/" + self.words.encode()).hexdigest()


def split_key(key: Key, *, shares: int, threshold: int) -> tuple[Share, ...]:
    """The key in ``shares`` shares; any ``threshold`` of them give it back, fewer tell nothing.

    Raises ValueError unless 2 <= threshold <= shares <= 16.
    """
    if not FEWEST_SHARES <= threshold <= shares <= MOST_SHARES:
        raise ValueError("between 2 and 16 shares, and a threshold of at least 2")
    from shamir_mnemonic import generate_mnemonics

    (words,) = generate_mnemonics(1, [(threshold, shares)], key.expose(), iteration_exponent=0)
    return tuple(read_share(text) for text in words)


def read_share(typed: str) -> Share:
    """The share that was typed, in any case and with any spaces; raises ShareError."""
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic.share import Share as Slip39
    from shamir_mnemonic.wordlist import WORDLIST

    words = typed.lower().split()
    unknown = next((n for n, word in enumerate(words, 1) if word not in WORDLIST), 0)
    if unknown:
        raise ShareError(ShareFault.WORD, unknown)
    if len(words) != WORDS:
        raise ShareError(ShareFault.LENGTH)
    text = " ".join(words)
    try:
        read = Slip39.from_mnemonic(text)
    except MnemonicError:
        raise ShareError(ShareFault.CHECKSUM) from None
    return Share(text, read.index + 1, read.member_threshold, read.identifier)


def join_shares(shares: Collection[Share]) -> Key:
    """The key that shares of one split give back; more than needed are taken too.

    Raises NotAuthenticError where they are too few, of several splits, or one is forged.
    """
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    if not shares:
        raise NotAuthenticError
    distinct = sorted({share.words: share for share in shares}.values(), key=lambda s: s.number)
    needed = distinct[0].threshold
    try:
        keys = [
            Key(combine_mnemonics([share.words for share in chosen]))
            for chosen in _covering(distinct, needed)
        ]
    except (MnemonicError, ValueError):
        raise NotAuthenticError from None
    if any(key != keys[0] for key in keys):
        raise NotAuthenticError
    return keys[0]


def _covering(shares: list[Share], needed: int) -> list[list[Share]]:
    """Groups of the needed number in which every share occurs, so that none is passed over."""
    first = shares[:needed]
    return [first, *([*shares[1:needed], further] for further in shares[needed:])]

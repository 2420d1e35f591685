"""The key of the installation in shares, of which some people together can give it back.

What is kept of the shares is a digest of each, so that one that is none of them can be named. It
lies in the data folder beside the database, ``recovery.json``, and goes into backups with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.key_derivation import derive_key
from marfa.crypto.keys import Key
from marfa.crypto.shamir import Share, ShareError, join_shares, read_share, split_key
from marfa.domain.message import InputError, Message, Problem
from marfa.platform import clock
from marfa.platform.keyproviders import write_key_file

FILE = "recovery.json"
FORMAT = 1


@dataclass(frozen=True)
class Split:
    """One time at which the key was split.

    identifier: the number that all shares of one split begin with.
    key: a check value of the key, from which the key cannot be computed.
    number: which version of the key it was.
    """

    identifier: int
    shares: int
    threshold: int
    made_at: datetime
    key: str
    digests: tuple[str, ...] = field(repr=False)
    rehearsed_at: datetime | None = None
    number: int = 1

    def has(self, share: Share) -> bool:
        return share.split == self.identifier and share.digest in self.digests


def check_value(key: Key) -> str:
    """What tells whether two keys are the same, and nothing else about them."""
    return hashlib.sha256(derive_key(key, "recovery/check").expose()).hexdigest()


def splits_of(folder: Path) -> tuple[Split, ...]:
    """All splits of an installation, oldest first; raises InputError for a damaged record."""
    file = folder / FILE
    if not file.is_file():
        return ()
    try:
        data = json.loads(file.read_text(encoding="ascii"))
        if data["format"] > FORMAT:
            raise InputError.at(Message("platform:recovery-newer", {"path": str(file)}))
        return tuple(_split(one) for one in data["splits"])
    except InputError:
        raise
    except (ValueError, KeyError, TypeError):
        raise InputError.at(Message("platform:recovery-damaged", {"path": str(file)})) from None


def number_of(key: Key, splits: Sequence[Split]) -> int:
    """Which version of the key this is, where it was split; otherwise the first."""
    return max((one.number for one in splits if one.key == check_value(key)), default=1)


def split_into_shares(
    folder: Path, key: Key, *, shares: int, threshold: int, number: int = 1
) -> tuple[Share, ...]:
    """The key in shares, which are returned and kept nowhere. Raises InputError for numbers that
    make no sense.

    number: of the version of the key.
    """
    try:
        made = split_key(key, shares=shares, threshold=threshold)
    except ValueError:
        raise InputError.at(Message("platform:share-numbers"), field="--threshold") from None
    digests = tuple(share.digest for share in made)
    one = Split(
        made[0].split,
        shares,
        threshold,
        clock.now(),
        check_value(key),
        digests,
        number=number,
    )
    _keep(folder, (*splits_of(folder), one))
    return made


def rehearse_recovery(folder: Path, key: Key, typed: Sequence[str]) -> Split:
    """Try whether shares would give back the key that is in use, and remember when.

    Raises InputError naming each share that is wrong. Nothing else is changed.
    """
    splits = splits_of(folder)
    shares, found = recover_key(typed, splits)
    if found != key:
        raise InputError.at(Message("platform:shares-of-another-key"))
    used = _the_split(shares, splits)
    if used is None:
        raise InputError.at(Message("platform:shares-not-recorded", {"path": FILE}))
    rehearsed = replace(used, rehearsed_at=clock.now())
    _keep(folder, tuple(rehearsed if one is used else one for one in splits))
    return rehearsed


def recover_key(typed: Sequence[str], splits: Sequence[Split]) -> tuple[tuple[Share, ...], Key]:
    """The shares that were typed, and the key that they give back.

    splits: what is known of the installation's shares; empty where its record is lost.
    Raises InputError: one problem for each share that is wrong, by its place and number.
    """
    shares = _read(typed)
    problems = [problem for problem in _strangers(shares, splits) if problem]
    if problems:
        raise InputError(*problems)
    if len(shares) < shares[0].threshold:
        values = {"needed": shares[0].threshold, "given": len(shares)}
        raise InputError.at(Message("platform:shares-too-few", values))
    try:
        key = join_shares(shares)
    except NotAuthenticError:
        raise InputError(*_odd_ones(shares)) from None
    used = _the_split(shares, splits)
    if used is not None and check_value(key) != used.key:
        raise InputError.at(Message("platform:shares-of-another-key"))
    return shares, key


def _read(typed: Sequence[str]) -> tuple[Share, ...]:
    """What was typed, as shares; each that is none, or the same as one before, is a problem."""
    problems: list[Problem] = []
    shares: list[Share] = []
    for place, text in enumerate(typed, 1):
        try:
            share = read_share(text)
        except ShareError as error:
            values = {"place": place, "word": error.word}
            problems.append(Problem(Message(f"platform:share-{error.fault}", values)))
            continue
        if share in shares:
            values = {"place": place, "number": share.number}
            problems.append(Problem(Message("platform:share-twice", values)))
        shares.append(share)
    if problems or not shares:
        raise InputError(*problems or [Problem(Message("platform:shares-none"))])
    return tuple(shares)


def _strangers(shares: Sequence[Share], splits: Sequence[Split]) -> list[Problem | None]:
    """For each share what is wrong with it: of another installation, forged, of another split."""
    home = _home(shares, splits)
    known = {one.identifier for one in splits}
    found: list[Problem | None] = []
    for place, share in enumerate(shares, 1):
        key = None
        if splits and share.split not in known:
            key = "share-foreign"
        elif splits and not any(one.has(share) for one in splits):
            key = "share-forged"
        elif share.split != home:
            key = "share-earlier" if splits else "share-foreign"
        values = {"place": place, "number": share.number}
        found.append(Problem(Message(f"platform:{key}", values)) if key else None)
    return found


def _home(shares: Sequence[Share], splits: Sequence[Split]) -> int:
    """The split that these shares are meant to be of: the one of most, the newest of equals."""
    newest = {one.identifier: number for number, one in enumerate(splits)}
    counted = Counter(share.split for share in shares)
    return max(counted, key=lambda split: (split in newest, counted[split], newest.get(split, 0)))


def _odd_ones(shares: Sequence[Share]) -> list[Problem]:
    """Which share keeps the others from fitting, where there are enough without it to tell."""
    odd = []
    for place, share in enumerate(shares, 1):
        others = [other for other in shares if other is not share]
        with contextlib.suppress(NotAuthenticError):
            join_shares(others)
            values = {"place": place, "number": share.number}
            odd.append(Problem(Message("platform:share-forged", values)))
    return odd or [Problem(Message("platform:shares-do-not-fit"))]


def _the_split(shares: Sequence[Share], splits: Sequence[Split]) -> Split | None:
    return next((one for one in splits if all(one.has(share) for share in shares)), None)


def _keep(folder: Path, splits: Sequence[Split]) -> None:
    data = {"format": FORMAT, "splits": [asdict(one) for one in splits]}
    write_key_file(folder / FILE, json.dumps(data, indent=1, default=_plain) + "\n")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _split(data: dict[str, object]) -> Split:
    rehearsed = data["rehearsed_at"]
    digests = data["digests"]
    if not isinstance(digests, list):
        raise TypeError("digests")
    return Split(
        identifier=int(str(data["identifier"])),
        shares=int(str(data["shares"])),
        threshold=int(str(data["threshold"])),
        made_at=datetime.fromisoformat(str(data["made_at"])),
        key=str(data["key"]),
        digests=tuple(str(digest) for digest in digests),
        rehearsed_at=datetime.fromisoformat(str(rehearsed)) if rehearsed else None,
        number=int(str(data.get("number", 1))),
    )

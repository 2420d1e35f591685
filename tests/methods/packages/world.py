"""Three installations that hand packages to each other on bad roads, beside a model that knows by
itself what must come of each step."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pyrage

from marfa.crypto.signatures import public_key, sign_message
from marfa.domain.ids import new_reference
from marfa.methods.packages import (
    KeyFolder,
    Manifest,
    RefusedError,
    Terms,
    accept_keys,
    end_keys,
    make_package,
    make_recall,
    make_receipt,
    open_key_folder,
    open_package,
    rotate_keys,
)
from marfa.methods.packages.creation import pack, write_container
from marfa.methods.packages.keys import PublicKeys
from marfa.methods.packages.kinds import KINDS
from tests.methods.packages.bodies import MARK, NOW, PASSPHRASE, Body, locked, sources

NAMES = ("north", "south", "coast")
YEAR = timedelta(days=365)
VALID = (timedelta(hours=1), timedelta(days=30), timedelta(days=500))


class WorldError(AssertionError):
    """What came of a step is not what the model says."""


@dataclass
class Posted:
    """A package on its way. sign, key: which generation of keys signed it, and of the recipient's
    it is for."""

    id: str
    sender: str
    to: str
    number: int
    sign: int
    file: Path
    until: datetime
    kind: str
    about: str = ""
    text: bytes = b""
    lost: bool = False


@dataclass
class Side:
    """What the model knows of a body. known: other body -> generations of its keys that count, the
    newest first. came: other body -> number -> package."""

    generation: int = 0
    clock: timedelta = timedelta()
    statements: list[PublicKeys] = field(default_factory=list)
    known: dict[str, list[int]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    came: dict[str, dict[int, Posted]] = field(default_factory=dict)
    recalled: set[str] = field(default_factory=set)
    sent: dict[str, int] = field(default_factory=dict)


def template(place: Path) -> Path:
    """Three bodies that know each other, to be copied for each run."""
    bodies = {name: Body(place / name, name) for name in NAMES}
    for name, body in bodies.items():
        body.accepts(*(other for each, other in bodies.items() if each != name))
    return place


class World:
    """One run. ``run`` takes steps; each raises WorldError where the model says otherwise."""

    def __init__(self, made: Path, place: Path, seed: int) -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(made, place)
        self.place, self.random = place, random.Random(seed)
        self.posted: list[Posted] = []
        self.sides = {name: Side() for name in NAMES}
        self.count = 0
        for name, side in self.sides.items():
            with self.at(name) as folder:
                side.statements.append(folder.own.public)
            side.known = {other: [0] for other in NAMES if other != name}
            side.came = {other: {} for other in NAMES if other != name}
            side.sent = dict.fromkeys(side.known, 0)

    def run(self, steps: int) -> None:
        ways = (
            [self.post] * 8
            + [self.deliver] * 16
            + [self.lose] * 2
            + [self.answer] * 2
            + [self.recall, self.rotate, self.take_rotation, self.set_clock] * 2
            + [self.end, self.hand_on, self.sign_otherwise, self.false_keys, self.wrong_digits]
            + [self.use_stolen_keys] * 3
        )
        for _ in range(steps):
            self.random.choice(ways)()
        self.check_lists()

    @contextmanager
    def at(self, name: str) -> Iterator[KeyFolder]:
        with open_key_folder(self.place / name, PASSPHRASE) as folder:
            yield folder

    def now(self, name: str) -> datetime:
        self.count += 1
        return NOW + timedelta(seconds=self.count) + self.sides[name].clock

    # -- steps ------------------------------------------------------------------------------------

    def post(self) -> None:
        sender, to = self.random.sample(NAMES, 2)
        if to in self.sides[sender].ended:
            return
        valid = self.random.choice(VALID)
        text = self.random.randbytes(20)
        now = self.now(sender)
        with self.at(sender) as folder:
            made = make_package(
                folder,
                to=to,
                kind="referral",
                terms=Terms("MOU", "assistance", "consent", valid),
                sources=sources({"a.bin": text}),
                out=self.place / "road",
                now=now,
            )
        self._on_its_way(made.manifest, sender, to, made.file, text=text)

    def deliver(self) -> None:
        """Any file to anybody, once more too."""
        if not self.posted:
            return
        row = self.random.choice(self.posted[-8:])
        if row.lost:
            return
        name = row.to if self.random.random() < 0.9 else self.random.choice(NAMES)
        self._open(name, row, row.file, self._expected(name, row))

    def lose(self) -> None:
        if self.posted:
            self.random.choice(self.posted).lost = True

    def answer(self) -> None:
        """A receipt for something that came."""
        name = self.random.choice(NAMES)
        side = self.sides[name]
        rows = [row for came in side.came.values() for row in came.values()]
        rows = [row for row in rows if row.sender not in side.ended]
        if not rows:
            return
        row = self.random.choice(rows)
        target = self.place / f"answer-{self.count}.age"
        with self.at(name) as folder:
            made = make_receipt(folder, row.id, out=target, now=self.now(name))
        self._on_its_way(made.manifest, name, row.sender, target, about=row.id)

    def recall(self) -> None:
        name = self.random.choice(NAMES)
        ended = self.sides[name].ended
        rows = [row for row in self.posted if row.sender == name and row.to not in ended]
        if not rows:
            return
        row = self.random.choice(rows)
        target = self.place / f"recall-{self.count}.age"
        with self.at(name) as folder:
            made = make_recall(
                folder, row.id, reason="consent_withdrawn", out=target, now=self.now(name)
            )
        self._on_its_way(made.manifest, name, row.to, target, about=row.id)

    def rotate(self) -> None:
        name = self.random.choice(NAMES)
        side = self.sides[name]
        rotate_keys(self.place / name, PASSPHRASE, self.now(name))
        with self.at(name) as folder:
            side.statements.append(folder.own.public)
        side.generation += 1

    def take_rotation(self) -> None:
        """Each side takes the newest keys of another: without digits where its known keys handed
        over to them, else by voice."""
        name, other = self.random.sample(NAMES, 2)
        side, newest = self.sides[name], self.sides[other].generation
        keys = self.sides[other].statements[newest]
        follows = other not in side.ended and side.known[other][0] in {newest, newest - 1}
        with self.at(name) as folder:
            taken = _tried(folder, keys, None)
            if taken != follows:
                raise WorldError(f"keys taken without digits: {taken}, not {follows}")
            if not taken:
                accept_keys(folder, keys, fingerprint=keys.fingerprint, now=self.now(name))
        before = side.known[other] if follows else []
        side.known[other] = [newest, *(each for each in before if each != newest)]
        side.ended.discard(other)

    def end(self) -> None:
        name, other = self.random.sample(NAMES, 2)
        if self.random.random() < 0.5:
            return
        with self.at(name) as folder:
            end_keys(folder, other, self.now(name))
        self.sides[name].ended.add(other)

    def set_clock(self) -> None:
        name = self.random.choice(NAMES)
        self.sides[name].clock = self.random.choice([-YEAR, timedelta(), timedelta(), YEAR])

    def hand_on(self) -> None:
        """The recipient encrypts what it was sent to a third, as if it were for them."""
        row = self._any()
        if row is None or row.to == row.sender:
            return
        third = next(name for name in NAMES if name not in {row.to, row.sender})
        data = self._decrypted(row)
        key = self.sides[third].statements[self.sides[third].generation].age
        file = locked(data, key, self.place / "handed-on")
        # Whoever is not known is named before anything else is.
        expected = self._expected_sender(third, row) or "not-for-us"
        self._open(third, row, file, expected)

    def sign_otherwise(self) -> None:
        """The same contents under a signature that is none."""
        row = self._any()
        if row is None:
            return
        data = self._decrypted(row)
        at = data.index(b"package.sig") + len(b"package.sig")
        data = data[:at] + bytes(64) + data[at + 64 :]
        side = self.sides[row.to]
        file = locked(data, side.statements[side.generation].age, self.place / "unsigned")
        self._open(row.to, row, file, "signature")

    def use_stolen_keys(self) -> None:
        """Keys that were replaced, found by a thief after their successors were used."""
        name, to = self.random.sample(NAMES, 2)
        side = self.sides[name]
        if not side.generation:
            return
        key = self.sides[to].statements[0].age
        row = Posted(
            new_reference(),
            name,
            to,
            side.sent[to] + 50,
            side.generation - 1,
            self.place / "stolen",
            NOW + 3 * YEAR,
            "referral",
        )
        if self._expected_sender(to, row) != "unknown-sender":
            return
        packed = pack(KINDS["referral"], sources())
        with self.at(name) as folder:
            stolen = folder.own.pairs[1].signing
        manifest = Manifest(
            id=row.id,
            kind=row.kind,
            sender=side.statements[0].body,
            sender_key=public_key(stolen).hex(),
            recipient_key=key,
            agreement="MOU",
            purpose="assistance",
            ground="consent",
            made_at=NOW,
            valid_until=row.until,
            sequence=row.number,
            previous=None,
            onward=True,
            compared=True,
            handling=MARK,
            contents=packed.contents,
        )
        signature = sign_message(stolen, manifest.encode())
        locked(b"".join(write_container(packed, manifest, signature)), key, row.file)
        self._open(to, row, row.file, "unknown-sender")

    def false_keys(self) -> None:
        """Keys that say they replace those of another, who signed nothing."""
        name, other, thief = self.random.sample(NAMES, 3)
        theirs = self.sides[thief].statements[-1]
        side = self.sides[other]
        false = replace(
            side.statements[side.generation],
            signing=theirs.signing,
            age=theirs.age,
            replaces=side.statements[self.sides[name].known[other][0]].signing,
            handed_over="00" * 64,
        )
        with self.at(name) as folder:
            if _tried(folder, false, None):
                raise WorldError("keys were taken that nobody handed over")

    def wrong_digits(self) -> None:
        name, other, third = self.random.sample(NAMES, 3)
        keys = self.sides[other].statements[-1]
        digits = self.sides[third].statements[-1].fingerprint
        with self.at(name) as folder:
            if _tried(folder, keys, digits):
                raise WorldError("keys were taken with digits of others")

    # -- what must come of it ---------------------------------------------------------------------

    def _expected(self, name: str, row: Posted) -> str:
        side = self.sides[name]
        if name != row.to:
            return "not-for-us"
        if sender := self._expected_sender(name, row):
            return sender
        came = side.came[row.sender]
        if row.number in came:
            return "replay"
        if row.id in side.recalled:
            return "expired"
        if self.now(name) > row.until:
            return "expired"
        return "taken"

    def _expected_sender(self, name: str, row: Posted) -> str:
        side = self.sides[name]
        if row.sender in side.ended or row.sign not in side.known[row.sender]:
            return "unknown-sender"
        later = [
            each.number
            for each in side.came[row.sender].values()
            if each.sign > row.sign and each.sign in side.known[row.sender]
        ]
        if row.sign != side.known[row.sender][0] and later and min(later) < row.number:
            return "unknown-sender"
        return ""

    def _open(self, name: str, row: Posted, file: Path, expected: str) -> None:
        out = self.place / f"out-{self.count}-{self.random.randrange(10**6)}"
        with self.at(name) as folder:
            self.count -= 1
            try:
                opened = open_package(folder, file, out=out, now=self.now(name))
            except RefusedError as error:
                if str(error.code) != expected or out.exists():
                    raise WorldError(f"{error.code}, not {expected}") from None
                return
            if expected != "taken":
                raise WorldError(f"taken, not {expected}")
        self._taken(name, row)
        if row.text and (out / "a.bin").read_bytes() != row.text:
            raise WorldError("other contents came")
        said = [each.values["missing"] for each in opened.warnings if each.code == "gap"]
        if (said[0] if said else []) != self._missing(name, row.sender):
            raise WorldError("a loss was not seen")
        shutil.rmtree(out)

    def _taken(self, name: str, row: Posted) -> None:
        side = self.sides[name]
        side.came[row.sender][row.number] = row
        if row.kind == "recall":
            side.recalled.add(row.about)

    def _missing(self, name: str, sender: str) -> list[int]:
        came = self.sides[name].came[sender]
        return [number for number in range(1, max(came, default=0)) if number not in came]

    def check_lists(self) -> None:
        """What each side remembers in the end is what happened."""
        for name, side in self.sides.items():
            with self.at(name) as folder:
                book = folder.book
                for other, came in side.came.items():
                    body = self.sides[other].statements[0].body
                    if {n: row.id for n, row in book.came_from(body).items()} != {
                        n: row.id for n, row in came.items()
                    }:
                        raise WorldError("another list of what came")
                    if book.missing(body) != self._missing(name, other):
                        raise WorldError("another list of what is missing")

    def _any(self) -> Posted | None:
        return self.random.choice(self.posted) if self.posted else None

    def _decrypted(self, row: Posted) -> bytes:
        with self.at(row.to) as folder:
            keys = [pyrage.x25519.Identity.from_str(pair.age) for pair in folder.own.pairs]
        return bytes(pyrage.decrypt(row.file.read_bytes(), keys))

    def _on_its_way(
        self, manifest: object, sender: str, to: str, file: Path, *, about: str = "",
        text: bytes = b"",
    ) -> None:  # fmt: skip
        assert isinstance(manifest, Manifest)
        side = self.sides[sender]
        side.sent[to] += 1
        if manifest.sequence != side.sent[to]:
            raise WorldError(f"number {manifest.sequence}, not {side.sent[to]}")
        self.posted.append(
            Posted(
                manifest.id,
                sender,
                to,
                manifest.sequence,
                side.generation,
                file,
                manifest.valid_until,
                manifest.kind,
                about,
                text,
            )
        )


def _tried(folder: KeyFolder, keys: PublicKeys, digits: str | None) -> bool:
    try:
        accept_keys(folder, keys, fingerprint=digits, now=NOW)
    except RefusedError as error:
        if error.code != "fingerprint":
            raise
        return False
    return True

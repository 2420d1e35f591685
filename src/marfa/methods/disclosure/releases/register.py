"""The register of what is out: every table ever published, by the people that it counts.

``Register`` is the small interface; ``FileRegister`` keeps it in a file, an installation in its
database. A register knows what its tables withhold, since only who knows it can judge what the next
table gives away. It holds counts and no identities, and is kept like the records themselves.
Beside the tables of a population stands what private releases of the same people have spent.
"""

from __future__ import annotations

import fcntl
import json
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.releases.budget import Budget, budget_from_json
from marfa.methods.disclosure.releases.release import Amounts, Released
from marfa.methods.disclosure.tables.out_rows import replace_file
from marfa.methods.disclosure.tables.protected_table import from_json

FORMAT = "marfa-release-register"
VERSION = 1
WITH_BUDGETS = 2
"""Version of a file with budgets: a program that does not know them would lose them."""
LONGEST_KEY = 100


class Register(Protocol):
    """What the protection needs to know of earlier releases."""

    def populations(self) -> Sequence[str]:
        """Keys of the populations, as they were first written."""

    def releases(self, population: str) -> Sequence[Released]:
        """Every table of a population that is out, in the order in which they came out."""

    def add(self, population: str, releases: Sequence[Released]) -> None:
        """Note tables as out, before they are handed out."""


def clean_key(key: str) -> str:
    """A population's key without blanks at its ends. Raises InputError for one that is no key."""
    text = " ".join(unicodedata.normalize("NFKC", key).split())
    if not text or len(text) > LONGEST_KEY or not text.isprintable():
        raise _error("population-key", limit=LONGEST_KEY)
    return text


def same_key(one: str, two: str) -> bool:
    """Whether two keys name one population; capital letters and blanks do not matter."""
    return clean_key(one).casefold() == clean_key(two).casefold()


def find_population(register: Register, key: str, *, new: bool) -> str:
    """The key under which the register knows a population.

    new: whether a further population may begin. The first one begins by itself.
    Raises InputError for a key that the register does not know.
    """
    key = clean_key(key)
    known = register.populations()
    for other in known:
        if same_key(other, key):
            return other
    if known and not new:
        raise _error("population-new", key=key, known=", ".join(known))
    return key


class FileRegister:
    """A register in a JSON file. Use ``open_register``, which keeps others out meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._budgets: dict[str, list[Budget]] = {}
        self._data = self._read()

    def _read(self) -> dict[str, list[Released]]:
        if not self.path.exists():
            return {}
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            if data["format"] != FORMAT or data["version"] not in (VERSION, WITH_BUDGETS):
                raise ValueError(data["format"])
            self._budgets = {
                str(entry["key"]): [budget_from_json(each) for each in entry["budgets"]]
                for entry in data["populations"]
                if "budgets" in entry
            }
            return {
                str(entry["key"]): [release_from_json(each) for each in entry["releases"]]
                for entry in data["populations"]
            }
        except (OSError, KeyError, TypeError, ValueError, InputError) as error:
            raise InputError.at(
                Message("methods.disclosure.releases:not-a-register"), file=self.path.name
            ) from error

    def populations(self) -> Sequence[str]:
        """Keys of the populations, as they were first written."""
        return tuple(self._data)

    def releases(self, population: str) -> Sequence[Released]:
        """Every table of a population that is out, in the order in which they came out."""
        return tuple(self._data.get(population, ()))

    def add(self, population: str, releases: Sequence[Released]) -> None:
        """Note tables as out. The file is replaced whole; only its owner may read it."""
        self._data.setdefault(population, []).extend(releases)
        self._write()

    def budgets(self, population: str) -> Sequence[Budget]:
        """What private releases of a population have spent, by period."""
        return tuple(self._budgets.get(population, ()))

    def set_budget(self, population: str, budget: Budget) -> None:
        """Note a budget in the place of that of the same period. When this returns it is on the
        disk, so that no noise is drawn that a power cut would leave without its entry."""
        self._data.setdefault(population, [])
        others = [each for each in self.budgets(population) if each.period != budget.period]
        self._budgets[population] = [*others, budget]
        self._write()

    def _write(self) -> None:
        data = {
            "format": FORMAT,
            "version": WITH_BUDGETS if self._budgets else VERSION,
            "populations": [self._entry(key) for key in self._data],
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        with replace_file(self.path, mode=0o600) as temporary:
            temporary.write_text(text, encoding="utf-8")
            _onto_disk(temporary)
        _onto_disk(self.path.parent)

    def _entry(self, key: str) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "key": key,
            "releases": [release_as_json(each) for each in self._data[key]],
        }
        if key in self._budgets:
            entry["budgets"] = [each.as_json() for each in self._budgets[key]]
        return entry


def _onto_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def open_register(path: Path) -> Iterator[FileRegister]:
    """The register in a file, made with the first release if it is not there.

    Nobody else can add a release between the judgement and the entry. A link stands for the file
    that it leads to, so that two names have one register. Raises InputError for a folder that is
    not there and a file that is no register.
    """
    whole = path.resolve()
    if not whole.parent.is_dir():
        raise InputError.at(Message("methods.disclosure.tables:no-folder"), file=str(path))
    folder = os.open(whole.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield FileRegister(whole)
    finally:
        os.close(folder)


def release_as_json(release: Released) -> dict[str, Any]:
    """A release as plain data, with what it withholds."""
    # As JSON the innermost cells stand before the margins, and so do their counts.
    inner = release.table.innermost
    order = np.concatenate([np.flatnonzero(inner), np.flatnonzero(~inner)])
    true = None if release.true is None else release.true[order].tolist()
    data = {"version": release.version, "true": true, "table": release.table.as_json()}
    if release.largest is not None:
        data["largest"] = release.largest[order].tolist()
    if release.amounts is not None:
        data["amounts"] = {
            "column": release.amounts.column,
            "true": release.amounts.true[order].tolist(),
            "withheld": release.amounts.withheld[order].tolist(),
            "room": release.amounts.room[order].tolist(),
        }
    return data


def release_from_json(data: Any) -> Released:
    """A release as ``release_as_json`` wrote it. Raises ValueError, TypeError or KeyError for
    anything else, InputError for a table that is none."""
    table = from_json(data["table"])
    true = data["true"]
    if true is None or len(true) != len(table.counts):
        raise ValueError("a release without its counts")
    largest = data.get("largest")
    if largest is not None and len(largest) != len(true):
        raise ValueError("a release without its households")
    return Released(
        table,
        str(data["version"]),
        np.array(true, dtype=np.int64),
        None if largest is None else np.array(largest, dtype=np.int64),
        _amounts_from(data.get("amounts"), len(true)),
    )


def _amounts_from(data: Any, cells: int) -> Amounts | None:
    if data is None:
        return None
    true, room = (np.array(data[name], dtype=np.int64) for name in ("true", "room"))
    withheld = np.array(data["withheld"], dtype=bool)
    if not len(true) == len(room) == len(withheld) == cells:
        raise ValueError("sums of other cells")
    return Amounts(str(data["column"]), true, withheld, room)


def _error(code: str, **params: object) -> InputError:
    return InputError.at(Message(f"methods.disclosure.releases:{code}", params))

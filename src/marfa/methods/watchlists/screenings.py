"""Registers in the folder of the lists: kept, read back, and held against what is recorded."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.methods.watchlists.decisions import Decision, Decisions, read_decisions
from marfa.methods.watchlists.entries import Entry
from marfa.methods.watchlists.jsonlines import read_lines, write_lines
from marfa.methods.watchlists.rescreening import Watch
from marfa.methods.watchlists.screening import METHOD, Result
from marfa.methods.watchlists.store import Store, Version
from marfa.methods.watchlists.subjects import Subject

FOLDER, DECISIONS = "screenings", "decisions.jsonl"
NAME = re.compile(r"[\w][\w.-]{0,79}")


@dataclass(frozen=True)
class Settings:
    """How a register is screened. versions: by list, the key of the version that it was screened
    against last."""

    versions: Mapping[str, str]
    threshold: float | None
    method: str = METHOD


class Screenings:
    """The registers of a store, and the decisions about them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / FOLDER

    @property
    def decisions_file(self) -> Path:
        return self._store.folder / DECISIONS

    def decisions(self) -> Decisions:
        """All decisions. Raises InputError."""
        return read_decisions(self.decisions_file)

    def names(self) -> list[str]:
        """The registers."""
        if not self._folder.is_dir():
            return []
        return sorted(each.parent.name for each in self._folder.glob("*/settings.json"))

    def lists(self, names: Iterable[str]) -> dict[str, dict[str, Entry]]:
        """The versions in use of some lists. Raises InputError."""
        return {name: self.entries(self._store.current(name)) for name in sorted(set(names))}

    def entries(self, version: Version) -> dict[str, Entry]:
        """The entries of a version by reference."""
        return {entry.reference: entry for entry in self._store.entries(version)}

    def save(self, name: str, watch: Watch) -> None:
        """Keep a register in place of what was kept under its name; whole or not at all."""
        if not NAME.fullmatch(name):
            message = Message("methods.watchlists:register-name", {"name": name[:40]})
            raise InputError.at(message, field="--as")
        versions = {each: self._store.current(each).key for each in watch.lists}
        settings = {"versions": versions, "threshold": watch.threshold, "method": METHOD}
        place = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=self._folder))
        except OSError as error:
            reason = {"reason": error.strerror or type(error).__name__}
            raise InputError.at(Message("methods.watchlists:unwritable", reason)) from None
        try:
            write_lines(made / "subjects.jsonl", (each.as_json() for each in watch.subjects))
            write_lines(made / "results.jsonl", (each.as_json() for each in watch.results))
            write_lines(made / "settings.json", [settings])
            if place.exists():
                old = Path(tempfile.mkdtemp(prefix=f".{name}-old-", dir=self._folder))
                place.replace(old)
                made.replace(place)
                shutil.rmtree(old)
            else:
                made.replace(place)
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def settings(self, name: str) -> Settings:
        """How a register was screened last. Raises InputError."""
        file = self._folder / name / "settings.json"
        if not NAME.fullmatch(name) or not file.is_file():
            params = {"name": name[:40], "known": ", ".join(self.names()) or "-"}
            raise InputError.at(Message("methods.watchlists:register-absent", params))
        try:
            return Settings(**json.loads(file.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            message = Message("methods.watchlists:line-broken")
            raise InputError.at(message, file=file.name, row=1) from None

    def is_current(self, name: str) -> bool:
        """Whether a register was screened against the versions in use, by this method."""
        settings = self.settings(name)
        current = {each: self._store.current(each).key for each in settings.versions}
        return current == settings.versions and settings.method == METHOD

    def open(self, name: str) -> Watch:
        """A register as it was screened last, beside the versions that it was screened against.
        Raises InputError."""
        settings = self.settings(name)
        folder = self._folder / name
        lists = {
            each: self.entries(self._store.version(each, key))
            for each, key in settings.versions.items()
        }
        try:
            subjects = [Subject.of(row) for row in read_lines(folder / "subjects.jsonl")]
            results = [Result.of(row) for row in read_lines(folder / "results.jsonl")]
        except (KeyError, TypeError):
            raise InputError.at(Message("methods.watchlists:line-broken"), file=name) from None
        return Watch(subjects, lists, settings.threshold, results)


@dataclass(frozen=True)
class Doubt:
    """A decision that the kept files do not bear out. what: ``entry`` where no version in use then
    says what the decision is about, ``list`` where there was no list."""

    decision: Decision
    what: str


def replay_decisions(
    decisions: Decisions, versions: Mapping[str, Sequence[tuple[str, Mapping[str, Entry]]]]
) -> list[Doubt]:
    """Whether each decision was about what was listed when it was made.

    versions: by list, the moments at which versions were taken (ISO 8601) with their entries, in
    their order. Decisions of which nothing is found to doubt are as an auditor would find them.
    """
    found: list[Doubt] = []
    for decision in decisions.made:
        taken = [
            entries for at, entries in versions.get(decision.list_name, ()) if at <= decision.at
        ]
        if not taken:
            found.append(Doubt(decision, "list"))
            continue
        entry = taken[-1].get(decision.reference)
        # Of an entry that was listed no longer a decision says so by an empty digest.
        if (entry.digest if entry else "") != decision.entry_digest:
            found.append(Doubt(decision, "entry"))
    return found

"""What a check found, and where."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

CODES = (
    "changed",
    "missing",
    "extra",
    "entry-changed",
    "entry-missing",
    "entry-order",
    "log-cut",
    "signature",
    "key-replaced",
    "stamp",
    "custody-gap",
)


@dataclass(frozen=True)
class Problem:
    """code: one of CODES. path: below the folder of the archive. entry: a number in the log."""

    code: str
    item: str | None = None
    path: str | None = None
    entry: int | None = None


@dataclass
class Report:
    """What ``verify`` says. unfinished: objects and entries of a commit that was cut off, of which
    nobody was told; whoever writes next finishes or undoes it."""

    items: int = 0
    bytes: int = 0
    entries: int = 0
    problems: list[Problem] = field(default_factory=list)
    disposed: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    unchecked_stamps: list[str] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return not self.problems

    def add(
        self,
        code: str,
        *,
        item: str | None = None,
        path: str | None = None,
        entry: int | None = None,
    ) -> None:
        found = Problem(code, item, path, entry)
        if found not in self.problems[-256:]:
            self.problems.append(found)

    def as_json(self) -> dict[str, object]:
        return {
            "valid": self.valid,
            "items": self.items,
            "bytes": self.bytes,
            "entries": self.entries,
            "problems": [asdict(problem) for problem in self.problems],
            "disposed": self.disposed,
            "unfinished": self.unfinished,
            "unchecked_stamps": self.unchecked_stamps,
        }

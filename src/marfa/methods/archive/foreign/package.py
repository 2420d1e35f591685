"""What a check of a package of somebody else found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """code: what is wrong; of OCFL the code of its specification. path: within the package."""

    code: str
    path: str | None = None

    def __str__(self) -> str:
        return self.code if self.path is None else f"{self.code}: {self.path}"


@dataclass
class Package:
    """kind: bagit, ocfl-object, ocfl-root, wacz, marfa; None where it is none of these.
    warnings: what the format advises against and allows."""

    path: str
    kind: str | None
    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return not self.problems

    def add(self, code: str, path: str | None = None) -> None:
        found = Finding(code, path)
        if found not in self.problems[-64:]:
            self.problems.append(found)

    def warn(self, code: str, path: str | None = None) -> None:
        self.warnings.append(Finding(code, path))

    def as_json(self) -> dict[str, object]:
        return {
            "path": self.path,
            "kind": self.kind,
            "valid": self.valid,
            "problems": [{"code": each.code, "path": each.path} for each in self.problems],
            "warnings": [{"code": each.code, "path": each.path} for each in self.warnings],
        }

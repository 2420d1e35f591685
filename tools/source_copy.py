"""A copy of the source beside it, for what is tried on a whole tree: the new app of a desk.

What was built (catalogues, scripts and styles) goes along; what was installed or is a cache stays.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv*", "node_modules", "site", "build", "var", "dist"),
    *("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".cache"),
    ".import_linter_cache",
)


@dataclass(frozen=True)
class SourceCopy:
    """A copy of the tree. Commands that run in it have its package, and nothing of the run that
    asks for it."""

    path: Path

    @classmethod
    def make(cls, path: Path, *, only: tuple[str, ...] = ()) -> SourceCopy:
        """Copy the tree, or some folders and files of it, to a place that there is not yet."""
        path.mkdir(parents=True)
        for part in [ROOT / name for name in only] or ROOT.iterdir():
            if LEFT_OUT(str(ROOT), [part.name]):
                continue
            if part.is_dir():
                shutil.copytree(part, path / part.name, ignore=LEFT_OUT)
            else:
                shutil.copyfile(part, path / part.name)
        return cls(path)

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a Python module, such as ``marfa`` or ``pytest``, with its arguments; or code after
        ``-c``."""
        dropped = ("MARFA_", "PYTEST_", "DJANGO_")
        kept = {n: v for n, v in os.environ.items() if not n.startswith(dropped)}
        own = {
            "PYTHONPATH": str(self.path / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            [sys.executable, *(() if command[0] == "-c" else ("-m",)), *command],
            cwd=self.path,
            env={**kept, **own, **more},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def digests(self) -> dict[str, str]:
        """What lies in it, but for what is built: path and digest."""
        files = (path for path in self.path.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.path)): sha256(path.read_bytes()).hexdigest()
            for path in files
            if path.suffix not in (".mo", ".pyc") and "build" not in path.parts
        }

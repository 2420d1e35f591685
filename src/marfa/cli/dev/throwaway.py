"""Django with the apps of all desks, on an installation that is thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def throwaway_installation() -> Iterator[Path]:
    """Set Django up on a folder that is gone afterwards. Once in a process.

    What the environment says of an installation is left aside, so that nothing done within the
    block reaches the database of a real one.
    """
    import django
    from django.db import connections

    from marfa.platform.datafolder import InstallationKind, new_folder

    for name in [name for name in os.environ if name.startswith("MARFA_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="marfa-dev-") as scratch:
        folder = Path(scratch) / "data"
        with new_folder(
            folder, kind=InstallationKind.DEMONSTRATION, desks=("reception", "administration")
        ):
            pass
        os.environ["MARFA_DATA"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.workshop"
        django.setup()
        try:
            yield folder
        finally:
            connections.close_all()


def format_code(paths: Iterable[Path], root: Path) -> None:
    """Bring files into the form that the checks ask for, where ruff is there to do it."""
    ruff, files = Path(sys.executable).with_name("ruff"), [str(path) for path in paths]
    # Said here, since files that do not lie in their places yet are not known for ours.
    ours = 'lint.isort.known-first-party=["marfa", "tests"]'
    shared = ["--no-cache", "--quiet", f"--config={root / 'pyproject.toml'}"]
    if ruff.is_file() and files:
        sort = [str(ruff), "check", *shared, "--config", ours, "--select=I", "--fix", *files]
        subprocess.run(sort, check=True, cwd=root)
        subprocess.run([str(ruff), "format", *shared, *files], check=True, cwd=root)

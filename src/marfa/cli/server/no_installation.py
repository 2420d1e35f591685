"""Commands that only look at a file: whoever makes the file needs no installation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from marfa.cli.server.installation import check_app, open_installation, set_up
from marfa.cli.server.serve import DEMONSTRATED
from marfa.platform.datafolder import InstallationKind, default_folder, new_folder


@contextmanager
def opened_or_none(data: Path | None, app: str) -> Iterator[None]:
    """The installation, with an app that it needs to have; where there is none and none is named,
    one as the demonstration has, of which nothing stays."""
    if data is None and "MARFA_DATA" not in os.environ and not default_folder().exists():
        with TemporaryDirectory() as place:
            path, kind = Path(place) / "none", InstallationKind.DEMONSTRATION
            with new_folder(path, kind=kind, desks=DEMONSTRATED) as making:
                set_up(making.folder.path)
                yield
        return
    open_installation(data)
    check_app(app)
    yield

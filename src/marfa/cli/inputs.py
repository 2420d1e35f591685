"""The files that a command takes: each is looked at for the mark of its maker before it is read.

    @click.argument("file", type=InputFile("statistics"))

Every command that takes a file uses it, so that none can forget (a test walks all commands).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from marfa.cli.language import _
from marfa.domain.doors import BODIES
from marfa.domain.handling import HandlingMark, check_use, read_marks
from marfa.domain.message import InputError


class InputFile(click.Path):
    """A file that a command reads as a kind of body would (a code of ``body_kinds``).

    A name scanner reads as ``sanctions``, a table as ``statistics``, a form as ``help``. What the
    mark of a file does not allow ends the command with InputError before anything of it is read.
    """

    def __init__(self, body: str, **terms: Any) -> None:
        if body not in BODIES:
            raise ValueError(f"{body} is no kind of body")
        self.body = body
        super().__init__(**{"dir_okay": False, "path_type": Path, **terms})

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        # A file that is not there is told of by the command, in its own words.
        if path.is_file() and not (ctx is not None and ctx.resilient_parsing):
            check_use(path, self.body)
        return path


class OutputFile(click.Path):
    """A file that a command writes. What stands in its place and is no file is refused: most
    commands move a finished file there, and a device or a pipe would be gone."""

    def __init__(self, **terms: Any) -> None:
        super().__init__(**{"dir_okay": False, "path_type": Path, **terms})

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path.exists() and not path.is_file() and not path.is_dir():
            self.fail(_("A device or a pipe stands there, and no file."), param, ctx)
        return path


def marks_of(path: Path) -> Sequence[HandlingMark]:
    """The marks of a file, for what a command makes of it; none where there is no such file."""
    try:
        return read_marks(path)
    except InputError:
        return ()

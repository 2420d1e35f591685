"""What the commands of an archive share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from marfa.cli.language import _
from marfa.crypto.notes import VerifierKey
from marfa.domain.message import InputError, Message

F = TypeVar("F", bound=Callable[..., object])

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
NEW = click.Path(path_type=Path)
EXTRA = frozenset({"pyrage", "rfc3161_client"})


class KeyType(click.ParamType[VerifierKey]):
    """The key of a log as C2SP writes it, or a file that holds it."""

    name = "PUB"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> VerifierKey:
        if isinstance(value, VerifierKey):
            return value
        text = str(value)
        try:
            if "+" not in text and Path(text).is_file():
                text = Path(text).read_text(encoding="utf-8")
            return VerifierKey.read(text)
        except (ValueError, OSError):
            self.fail(_("This is no key of a log. It is written NAME+ID+KEY."), param, ctx)


class IdList(click.ParamType[tuple[str, ...]]):
    """Identifiers with commas between them."""

    name = "ID,..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(part.strip() for part in str(value).split(",") if part.strip())


class MomentType(click.ParamType[datetime]):
    """A moment: a date, or date and time; without an offset in UTC."""

    name = "TIME"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        from datetime import UTC

        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(_("A time is written 2026-11-29 or 2026-11-29T08:00:00Z."), param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


@contextmanager
def with_extra() -> Iterator[None]:
    """A package of the extra that is not installed is a sentence."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        raise InputError.at(Message("methods.archive:extra-missing")) from None

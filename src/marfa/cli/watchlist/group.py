"""The group, and what its commands share: the folder, the files they take, the caution."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from marfa.cli.base import Group, print_warning
from marfa.cli.firewall import check_place
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.catalogue import render_message
from marfa.domain.handling import read_marks
from marfa.domain.message import InputError, Message

F = TypeVar("F", bound=Callable[..., Any])

NOTICE = Message("methods.watchlists:notice")
"""Stands in help, output and documentation."""
STORE = Path("watchlists")


class UnmarkedFile(InputFile):
    """A file that is screened or listed: one that bears a mark of ours is refused, whoever made it,
    since every mark says that what it stands on is not for screening."""

    def __init__(self, **terms: Any) -> None:
        super().__init__("sanctions", **terms)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        path = super().convert(value, param, ctx)
        if path.is_file() and not (ctx is not None and ctx.resilient_parsing):
            check_place(path)
            if read_marks(path):
                message = Message("methods.watchlists:file-marked")
                raise InputError.at(message, file=path.name)
        return path


class StoreFolder(click.Path):
    """The folder of the lists, which is not within an installation that protects people."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        check_place(path)
        return path


class TargetFile(OutputFile):
    """A file that is written: no result is put into an installation that protects people."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        check_place(path)
        return path


FILE = UnmarkedFile(exists=True)
TARGET = TargetFile()


def store_option(function: F) -> F:
    """``--store``: where the lists are."""
    return click.option(
        "--store",
        type=StoreFolder(),
        default=STORE,
        show_default=True,
        metavar="DIR",
        help=_("Folder of the lists, their versions, results and decisions."),
    )(function)


def list_option(function: F) -> F:
    """``--list``, several times: the lists to work with."""
    return click.option(
        "--list",
        "list_names",
        multiple=True,
        metavar="NAME",
        help=_("List to use, several times for several; without it, all of the folder."),
    )(function)


def caution() -> None:
    """The sentences that stand below every result."""
    print_warning(NOTICE)


def notice() -> str:
    """The same for JSON."""
    return render_message(NOTICE, terminal_language())


@click.group(
    cls=Group,
    lazy={
        "import": "marfa.cli.watchlist.lists:import_list",
        "list": "marfa.cli.watchlist.lists:list_versions",
        "diff": "marfa.cli.watchlist.lists:diff",
        "show": "marfa.cli.watchlist.lists:show",
        "export": "marfa.cli.watchlist.lists:export",
        "screen": "marfa.cli.watchlist.screening:screen",
        "rescreen": "marfa.cli.watchlist.screening:rescreen",
        "decide": "marfa.cli.watchlist.screening:decide",
        "match": "marfa.cli.watchlist.screening:match",
    },
    help=_(
        "Sanctions lists: who is listed, what changed, and names screened against them."
        "\n\nWhoever receives help is not screened. No hit is no clearance. A hit is no ground to "
        "refuse help to anybody: it is two names that a person should compare."
        "\n\nThis command does not exist in an installation of reception or protection, and takes "
        "no file that such an installation wrote."
    ),
)
def watchlist() -> None:
    """The group of commands for lists."""

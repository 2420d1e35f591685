"""``marfa recovery``: the key of the installation in shares that people keep."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from marfa.cli.base import Group, json_option, print_json, print_message, print_warning
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_for_work, place_of
from marfa.cli.server.key import acting_on_key
from marfa.crypto.shamir import ShareError, read_share
from marfa.domain.message import InputError, Message
from marfa.platform import recovery as shares_of
from marfa.platform.datafolder import look_at, put_back_keys
from marfa.platform.keys.former_keys import number_present

PAGE = "\f"
IN_A_LINE = 6


@click.group("recovery", cls=Group, help=_("Shares from which people together restore the key."))
def recovery() -> None:
    """Group of the commands about shares of the key."""


@recovery.command(
    "split",
    help=_("Split the key into shares and show each once. They are kept nowhere: write them down."),
    examples=("marfa recovery split --shares 5 --threshold 3",),
)
@click.option(
    "--shares",
    required=True,
    type=click.IntRange(2, 16),
    help=_("How many shares to make, from 2 to 16."),
)
@click.option(
    "--threshold",
    required=True,
    type=click.IntRange(2, 16),
    help=_("How many of them give the key back, from 2 to the number of shares."),
)
@data_option
@json_option
def split(shares: int, threshold: int, data: Path | None, as_json: bool) -> None:
    """One share a page; at a terminal, one person after the other."""
    folder = open_for_work(data)
    from marfa.platform.keys.instance import current_version

    with acting_on_key("keys.protect") as act:
        act.note(step="split", shares=shares, threshold=threshold)
        made = shares_of.split_into_shares(
            folder.path,
            folder.instance_key,
            shares=shares,
            threshold=threshold,
            number=current_version(),
        )
    if as_json:
        told = [{"number": share.number, "words": share.words} for share in made]
        print_json({"threshold": threshold, "shares": told})
        return
    for share in made:
        values = {"number": share.number, "shares": shares, "threshold": threshold}
        print_message(Message("cli.server:share-head", values))
        click.echo("\n" + _numbered(share.words) + "\n")
        print_message(Message("cli.server:share-foot"))
        _next_page()
    print_message(Message("cli.server:recovery-split", {"needed": threshold}))


@recovery.command(
    "rehearse",
    help=_("Try whether shares would give back the key. Nothing changes but the date of trial."),
    examples=("marfa recovery rehearse",),
)
@data_option
@json_option
def rehearse(data: Path | None, as_json: bool) -> None:
    """The shares are typed, one after another; none is an argument."""
    folder = open_for_work(data)
    typed = _typed()
    with acting_on_key("keys.protect") as act:
        act.note(step="rehearse", given=len(typed))
        found = shares_of.rehearse_recovery(folder.path, folder.instance_key, typed)
    if as_json:
        at = found.rehearsed_at and found.rehearsed_at.isoformat()
        print_json({"rehearsed_at": at, "given": len(typed), "threshold": found.threshold})
    else:
        print_message(Message("cli.server:recovery-rehearsed", count=len(typed)))


@recovery.command(
    "restore",
    help=_("Give an installation whose key was lost its key back, from shares."),
    examples=("marfa recovery restore --data /srv/marfa",),
)
@data_option
@json_option
def restore(data: Path | None, as_json: bool) -> None:
    """For a new machine: the folder from a backup, and people with their shares."""
    path = place_of(data)
    identifier, splits = look_at(path).identifier, shares_of.splits_of(path)
    _shares, key = shares_of.recover_key(_typed(), splits)
    number = shares_of.number_of(key, splits)
    put_back_keys(path, key, lambda keys: number_present(keys, key, number, identifier))
    logged = _tell_of_restoring(data)
    if as_json:
        print_json({"data": str(path), "restored": True, "logged": logged})
    else:
        print_message(Message("cli.server:recovery-restored", {"path": str(path)}))
    if not logged:
        print_warning(Message("cli.server:recovery-not-logged"))


def _tell_of_restoring(data: Path | None) -> bool:
    """Write into the log that the key came from shares; False where there is no database yet."""
    try:
        open_for_work(data)
        with acting_on_key("keys.protect") as act:
            act.note(step="restore")
    except InputError:
        return False
    return True


def _typed() -> list[str]:
    """The shares that are given: lines of standard input, or typed one by one and not shown."""
    if not sys.stdin.isatty():
        return [line for line in sys.stdin.read().splitlines() if line.strip()]
    given: list[str] = []
    needed = 2
    while len(given) < needed:
        text: str = click.prompt(
            _("Words of the next share"), hide_input=True, err=True, prompt_suffix=": "
        )
        try:
            share = read_share(text)
        except ShareError as error:
            values = {"place": len(given) + 1, "word": error.word}
            print_warning(Message(f"platform:share-{error.fault}", values))
            continue
        given.append(text)
        needed = share.threshold
    return given


def _numbered(words: str) -> str:
    """The words with their numbers, a few in a line, to be written down and compared."""
    cells = [f"{number:>3} {word:<10}" for number, word in enumerate(words.split(), 1)]
    lines = [cells[start : start + IN_A_LINE] for start in range(0, len(cells), IN_A_LINE)]
    return "\n".join(" ".join(line).rstrip() for line in lines)


def _next_page() -> None:
    """A new page on paper; at a terminal the share is wiped before the next person looks."""
    if not sys.stdout.isatty():
        click.echo(PAGE, nl=False)
        return
    click.prompt(
        _("Enter wipes the screen"), default="", show_default=False, prompt_suffix=" ", err=True
    )
    click.clear()
    # What has scrolled off the screen too, where the terminal knows how (ECMA-48 ED, xterm 3).
    click.echo("\x1b[3J", nl=False)

"""``marfa watchlist import, list, diff, show, export``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.base import (
    Command,
    error_console,
    json_option,
    print_json,
    print_message,
)
from marfa.cli.language import _, terminal_language
from marfa.cli.watchlist.group import FILE, TARGET, UnmarkedFile, caution, notice, store_option
from marfa.domain.message import InputError, Message
from marfa.domain.signs import shown_signs

if TYPE_CHECKING:
    from marfa.methods.watchlists import Delta, Entry, Store, Version

PUBLISHERS = ("un", "ofac", "eu", "uk", "ftm")
SHOWN = 20
"""Items of a kind that are told in the terminal; JSON and page have all."""


@click.command(
    "import",
    cls=Command,
    help=_(
        "Take a file of a list as the version in use; every version before is kept."
        "\n\nA file that is cut, says what it does not hold, is older than the version in use, or "
        "has lost much of it is refused, and the version in use stays."
    ),
    examples=(
        "marfa watchlist import consolidated.xml --list un",
        "marfa watchlist import sdn.csv --list ofac --as ofac-sdn --store /srv/watchlists",
    ),
)
@click.argument("file", type=FILE)
@click.option(
    "--list",
    "publisher",
    type=click.Choice(PUBLISHERS),
    help=_("Whose list it is; without it, told from the file."),
)
@click.option(
    "--as",
    "list_name",
    metavar="NAME",
    help=_("Name under which the list is kept; without it, that of --list."),
)
@click.option(
    "--accept-smaller",
    is_flag=True,
    help=_("A person has checked that the list really lost so many entries."),
)
@store_option
@json_option
def import_list(
    file: Path,
    publisher: str | None,
    list_name: str | None,
    accept_smaller: bool,
    store: Path,
    as_json: bool,
) -> None:
    """Nothing is taken unless all of it is in order."""
    from marfa.methods.watchlists import Store
    from marfa.platform import clock

    with error_console().status(_("Reading the list...")):
        version, is_new = Store(store).take(
            file,
            now=clock.now(),
            publisher=publisher,
            list_name=list_name,
            accept_smaller=accept_smaller,
        )
    if as_json:
        print_json(version.as_json() | {"new": is_new})
        return
    print_message(_told_of(version) if is_new else Message("methods.watchlists:list-same"))


@click.command(
    "list",
    cls=Command,
    help=_("List the lists of the folder with their versions, days and numbers of entries."),
    examples=("marfa watchlist list", "marfa watchlist list --store /srv/watchlists --json"),
)
@store_option
@json_option
def list_versions(store: Path, as_json: bool) -> None:
    """The last version of each is the one in use."""
    from marfa.methods.watchlists import Store

    held = Store(store)
    versions = {name: held.versions(name) for name in held.list_names()}
    if as_json:
        told = {name: [each.as_json() for each in found] for name, found in versions.items()}
        print_json({"lists": told})
        return
    if not versions:
        print_message(Message("methods.watchlists:lists-none"))
    for found in versions.values():
        for each in found:
            print_message(_told_of(each))


def _told_of(version: Version) -> Message:
    counts = ", ".join(f"{kind} {number}" for kind, number in sorted(version.counts.items()))
    params = {
        "name": version.list_name,
        "version": version.key,
        "dated": version.dated[:10],
        "counts": counts,
    }
    return Message("methods.watchlists:version-told", params, count=version.total)


@click.command(
    cls=Command,
    help=_(
        "Compare two versions of a list, field by field: added, removed, re-numbered, amended."
        "\n\nOLD and NEW are files, or versions of the folder as NAME@VERSION (un@2026-02-27)."
    ),
    examples=(
        "marfa watchlist diff consolidated-2024.xml consolidated-2026.xml --json",
        "marfa watchlist diff un@2024-09-26 un@2026-02-27 --page changes.html --feed changes.xml",
    ),
)
@click.argument("old", type=UnmarkedFile())
@click.argument("new", type=UnmarkedFile())
@click.option(
    "--list",
    "publisher",
    type=click.Choice(PUBLISHERS),
    help=_("Whose lists the files are; without it, told from the files."),
)
@click.option("--page", type=TARGET, metavar="FILE.html", help=_("Write the changes as a page."))
@click.option(
    "--feed",
    "target",
    type=TARGET,
    metavar="FILE.xml",
    help=_("Write the changes as an Atom feed."),
)
@store_option
@json_option
def diff(
    old: Path,
    new: Path,
    publisher: str | None,
    page: Path | None,
    target: Path | None,
    store: Path,
    as_json: bool,
) -> None:
    """Neither file is taken into the folder."""
    from marfa.methods.watchlists import Store, compare_versions
    from marfa.methods.watchlists.delta_files import feed_of, page_of
    from marfa.methods.watchlists.jsonlines import whole_file
    from marfa.platform import clock

    held = Store(store)
    with error_console().status(_("Comparing...")):
        before, after = (_entries_of(each, held, publisher) for each in (old, new))
        delta = compare_versions(before.values(), after.values())
    titles = (old.name, new.name)
    if page is not None:
        with whole_file(page) as stream:
            stream.write(page_of(delta, titles, terminal_language()))
    if target is not None:
        with whole_file(target) as stream:
            stream.write(feed_of(delta, titles, terminal_language(), clock.now()))
    if as_json:
        print_json(delta.as_json())
        return
    _tell_delta(delta)


def _entries_of(given: Path, store: Store, publisher: str | None) -> Mapping[str, Entry]:
    from marfa.methods.watchlists import read_source

    name, at, key = given.name.partition("@")
    if at and not given.exists():
        version = store.version(name, key)
        return {entry.reference: entry for entry in store.entries(version)}
    return read_source(given, publisher)


def _tell_delta(delta: Delta) -> None:
    from marfa.methods.watchlists import compare_fields

    for kind, number in delta.counts.items():
        print_message(Message(f"methods.watchlists:count-{kind}", count=number))
    for sign, entries in (("+", delta.added), ("-", delta.removed)):
        for entry in entries[:SHOWN]:
            click.echo(f"{sign} {entry.reference}  {shown_signs(entry.name)}")
    for before, after in (*delta.renumbered, *delta.amended)[:SHOWN]:
        changed = ", ".join(dict.fromkeys(each.field for each in compare_fields(before, after)))
        click.echo(f"~ {after.reference}  {shown_signs(after.name)}  {changed}".rstrip())


@click.command(
    cls=Command,
    help=_("Show an entry whole: its names, what else is known, its versions and decisions."),
    examples=("marfa watchlist show LYi.026", "marfa watchlist show LYi.026 --list un --json"),
)
@click.argument("reference", metavar="REF")
@click.option("--list", "list_name", metavar="NAME", help=_("List in which to look."))
@store_option
@json_option
def show(reference: str, list_name: str | None, store: Path, as_json: bool) -> None:
    """As it is in the version in use, else as it was last."""
    from marfa.methods.watchlists import Screenings, Store

    held = Store(store)
    names = [list_name] if list_name else held.list_names()
    found = {name: history for name in names if (history := _history(held, name, reference))}
    if not found:
        raise InputError.at(Message("methods.watchlists:reference-absent", {"ref": reference[:40]}))
    made = [d for d in Screenings(held).decisions().made if d.reference == reference]
    if as_json:
        told = [
            {"list": name, "entry": history[-1][1].as_json(), "listed": listed}
            | {"versions": _versions_told(history)}
            for name, history in found.items()
            for listed in [history[-1][0].key == held.current(name).key]
        ]
        decisions = [each.as_json() for each in made]
        print_json({"entries": told, "decisions": decisions, "notice": notice()})
        return
    for name, history in found.items():
        _tell_entry(name, history, is_listed=history[-1][0].key == held.current(name).key)
    for each in made:
        click.echo(f"{each.at}  {each.subject_id}  {each.verdict}  {each.by}  {each.reason}")
    caution()


def _history(store: Store, name: str, reference: str) -> list[tuple[Version, Entry]]:
    """The versions in which an entry stands, with what each says."""
    return [
        (version, entry)
        for version in store.versions(name)
        for entry in store.entries(version)
        if entry.reference == reference
    ]


def _versions_told(history: list[tuple[Version, Entry]]) -> list[dict[str, object]]:
    from marfa.methods.watchlists import compare_fields

    told: list[dict[str, object]] = []
    before: Entry | None = None
    for version, entry in history:
        changes = [] if before is None else compare_fields(before, entry)
        said = {"version": version.key, "dated": version.dated, "digest": entry.digest}
        told.append(said | {"changes": [each.as_json() for each in changes]})
        before = entry
    return told


def _tell_entry(name: str, history: list[tuple[Version, Entry]], *, is_listed: bool) -> None:
    version, entry = history[-1]
    click.echo(f"{name} {entry.reference}  {entry.regime}  {entry.listed_on}".rstrip())
    if not is_listed:
        print_message(Message("methods.watchlists:entry-gone", {"version": version.key}))
    for each in entry.names:
        message = Message(
            f"methods.watchlists:quality-{each.quality.value}", {"name": shown_signs(each.text)}
        )
        print_message(message)
    for birth in entry.births:
        days = birth.earliest if birth.earliest == birth.latest else None
        click.echo(f"  {days or f'{birth.earliest} – {birth.latest}'}  {birth.precision}")
    for document in entry.documents:
        click.echo(f"  {document.kind}  {document.number}")
    for told in _versions_told(history):
        click.echo(f"  {told['version']}  {str(told['digest'])[:12]}")


@click.command(
    cls=Command,
    help=_("Write a list as FollowTheMoney: entities as JSON lines, or statements as CSV."),
    examples=(
        "marfa watchlist export --list un --out un.ftm.json",
        "marfa watchlist export --list un --out un.statements.csv",
    ),
)
@click.option("--list", "list_name", metavar="NAME", required=True, help=_("List to write."))
@click.option(
    "--out",
    type=TARGET,
    metavar="FILE",
    required=True,
    help=_("File to write: .csv for statements, any other for entities."),
)
@store_option
@json_option
def export(list_name: str, out: Path, store: Path, as_json: bool) -> None:
    """The version in use."""
    from marfa.methods.watchlists import Store
    from marfa.methods.watchlists.ftm_output import entities_of, write_statements
    from marfa.methods.watchlists.jsonlines import whole_file, write_lines

    held = Store(store)
    version = held.current(list_name)
    entries = list(held.entries(version))
    if out.suffix.lower() == ".csv":
        with whole_file(out) as stream:
            write_statements(stream, list_name, entries, seen=version.dated[:10])
    else:
        write_lines(out, entities_of(list_name, entries))
    if as_json:
        print_json({"written": str(out), "entries": len(entries), "version": version.key})
    else:
        click.echo(_("Written: {files}").format(files=out))

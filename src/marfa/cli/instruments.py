"""``marfa instruments``: what there is, what is in it, whether a file is right, a new one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Exit,
    Group,
    exit_with_error,
    json_option,
    print_json,
    print_warning,
    report_input_error,
)
from marfa.cli.inputs import InputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message, Problem

if TYPE_CHECKING:
    from marfa.methods.screening import Instrument, Library

_folders = click.option(
    "--library",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("A folder with further instruments and texts."),
)


@click.group(
    cls=Group,
    help=_("Screening instruments: list, show, check, new, study."),
    lazy={"study": "marfa.cli.studies:study"},
)
def instruments() -> None:
    """The group."""


@instruments.command(
    "list",
    help=_("All instruments, with what they give and in which languages."),
    examples=("marfa instruments list", "marfa instruments list --library ours --json"),
)
@_folders
@json_option
def list_(folders: tuple[Path, ...], as_json: bool) -> None:
    """One line an instrument."""
    from marfa.methods.screening import Library

    library = Library(folders)
    rows = [_line(library, library.instrument(name)) for name in library.names()]
    if as_json:
        print_json(rows)
        return
    head = (_("Name"), _("Items"), _("Gives"), _("Setting"), _("Languages"))
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    gives = _("outcome") if row["gives_band"] else _("reasons, for trial only")
    setting = _("reception") if row["setting"] == "reception" else _("assessment")
    return row["name"], str(row["items"]), gives, setting, " ".join(row["languages"])


def _line(library: Library, instrument: Instrument) -> dict[str, Any]:
    return {
        "name": instrument.name,
        "version": instrument.version,
        "items": len(instrument.items),
        "gives_band": instrument.gives_band,
        "pilot_only": instrument.pilot_only,
        "incomplete": instrument.incomplete,
        "population": instrument.population,
        "setting": instrument.setting,
        "languages": list(library.languages(instrument)),
    }


@instruments.command(
    "show",
    help=_("One instrument: items in words, strengths, sources, rules, review of the texts."),
    examples=(
        "marfa instruments show ilo-delphi-labour-adult",
        "marfa instruments show registration-risk --language ar --addressee feminine",
    ),
)
@click.argument("name")
@click.option("--language", help=_("Language of the items; the terminal's own by default."))
@click.option(
    "--addressee",
    type=click.Choice(["feminine", "masculine"]),
    default="feminine",
    help=_("How the person is spoken to."),
)
@click.option(
    "--supervisor", is_flag=True, help=_("Add published validity and what a base rate does to it.")
)
@_folders
@json_option
def show(
    name: str,
    language: str | None,
    addressee: str,
    supervisor: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Everything about one instrument."""
    from marfa.methods.screening import Library, instrument_json, validity_json

    library = Library(folders)
    instrument = library.instrument(name)
    language = language or terminal_language()
    data = instrument_json(instrument) | _line(library, instrument)
    data["words"] = _words(library, instrument, language, addressee)
    if supervisor:
        data["validity"] = validity_json()
    if as_json:
        print_json(data)
    else:
        _print_instrument(library, instrument, data, language)


def _words(
    library: Library, instrument: Instrument, language: str, addressee: str
) -> dict[str, Any]:
    from marfa.methods.screening import Addressee

    wording = library.wording(instrument, language)
    if not wording.texts:
        params = {"instrument": instrument.name, "language": language}
        raise InputError.at(Message("methods.screening:no-texts-in-language", params))
    return {
        item.id: {
            "text": wording.texts[item.id].words(Addressee(addressee)),
            "recording": wording.texts[item.id].recording(Addressee(addressee)),
            "status": wording.texts[item.id].status,
            "by": wording.texts[item.id].by,
        }
        for item in instrument.items
        if item.id in wording.texts
    }


def _print_instrument(
    library: Library, instrument: Instrument, data: dict[str, Any], language: str
) -> None:
    from marfa.methods.screening import explain

    tongue = terminal_language()
    texts = library.wording(instrument, language).texts

    def title(key: str) -> str:
        return texts[key].words() if key in texts else key

    click.echo(f"{title('title')} ({instrument.name} {instrument.version})")
    for code in instrument.notes:
        click.echo(f"  {render_message(explain.note_message(code), tongue)}")
    for dimension in instrument.dimensions:
        click.echo(f"\n{title(f'dimension.{dimension}')}")
        for item in instrument.items:
            if item.dimension == dimension and item.id in data["words"]:
                word = data["words"][item.id]
                marks = render_message(explain.marks_message(item.strength, word["status"]), tongue)
                click.echo(f"  {item.id}  {word['text']}  {marks}")
    click.echo()
    for source in instrument.sources.values():
        click.echo(f"{source.citation}. {source.licence}.")
        how_far = render_message(explain.checked_message(source.checked), tongue)
        click.echo(f"  {how_far}. {title(f'source.{source.id}')}")
    for message in explain.validity() if "validity" in data else ():
        click.echo(render_message(message, tongue))


@instruments.command(
    "check",
    help=_("Check instrument files and text files; each problem with its file and line."),
    examples=("marfa instruments check our-list.toml texts/our-list.so.toml",),
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=InputFile("help", exists=True),
)
@_folders
@json_option
def check(files: tuple[Path, ...], folders: tuple[Path, ...], as_json: bool) -> None:
    """Exit code 1 where anything is wrong."""
    from marfa.methods.screening import Library, examine

    problems: list[Problem] = []
    languages: set[str] = set()
    unchecked: set[str] = set()
    for file in files:
        try:
            found = examine(file, Library(folders))
        except InputError as error:
            problems += error.problems
            continue
        problems += found.problems
        languages |= found.languages
        unchecked |= found.not_checked
    problems = list(dict.fromkeys(problems))
    if as_json:
        data = {
            "problems": [problem.as_json() for problem in problems],
            "checked": sorted(languages),
            "not_checked": sorted(unchecked),
        }
        print_json(data)
    elif problems:
        report_input_error(InputError(*problems))
    for language in sorted(unchecked) if not as_json else ():
        print_warning(Message("methods.screening:language-not-checked", {"language": language}))
    if not (as_json or problems or unchecked):
        click.echo(_("Nothing wrong was found."))
    if problems:
        raise SystemExit(Exit.PROBLEMS)


@instruments.command(
    "new",
    help=_(
        "Write the beginning of a new instrument; with --language, a text file to translate; "
        "with --authorisation, a paper for the organisation to sign."
    ),
    examples=(
        "marfa instruments new camp-arrivals --folder ours",
        "marfa instruments new registration-risk --language so --folder ours",
        "marfa instruments new conflict-context --authorisation --folder ours",
    ),
)
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help=_("Folder to write into; it is made if it is not there."),
)
@click.option("--language", help=_("Code of the language to translate into, such as so."))
@click.option(
    "--authorisation", is_flag=True, help=_("Write an authorisation that waits for signature.")
)
@_folders
@json_option
def new(
    name: str,
    folder: Path,
    language: str | None,
    authorisation: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Never writes over a file that is there."""
    from marfa.methods.screening import Library, skeletons

    library = Library(folders)
    if authorisation:
        chosen = library.instrument(name)
        own_words = any(pack.own for pack in library.packs(chosen))
        files = skeletons.authorisation(chosen, own_words=own_words)
    elif language:
        files = skeletons.translation(library, library.instrument(name), language)
    else:
        files = skeletons.instrument(name)
    for path in files:
        if (folder / path).exists():
            exit_with_error(Message("methods.screening:file-exists", {"file": str(folder / path)}))
    for path, text in files.items():
        _write_new(folder / path, text)
    if as_json:
        print_json({"written": [str(folder / path) for path in files]})
    else:
        for path in files:
            click.echo(str(folder / path))


def _write_new(path: Path, text: str) -> None:
    """Write beside the target and put in place whole."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        params = {"file": str(path), "reason": error.strerror or ""}
        exit_with_error(Message("methods.screening:unwritable", params))

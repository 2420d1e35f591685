"""``marfa instruments study``: how well an instrument works, from a plan to error rates."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import Group, exit_with_error, json_option, print_json, print_message
from marfa.cli.inputs import InputFile
from marfa.cli.language import _
from marfa.domain.message import InputError, Message
from marfa.platform import clock

if TYPE_CHECKING:
    from marfa.methods.screening.study import Protocol, Record, Report

PROTOCOL, RECORDS = "study.toml", "records.jsonl"

_folder = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_library = click.option(
    "--library",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("A folder with further instruments and texts."),
)


@click.group(
    cls=Group,
    help=_(
        "A study of an instrument: plan it, enrol people by code, read its error rates. "
        "A folder holds the protocol and the records."
    ),
)
def study() -> None:
    """The group."""


@study.command(
    help=_("Write a protocol to fill in, bound to an instrument and its words."),
    examples=(
        "marfa instruments study new camp-study --instrument registration-risk --language ar",
        "marfa instruments study new camp-study --instrument conflict-context --language ar "
        "--flagged 80 --not-flagged 300 --share 0.25",
    ),
)
@_folder
@click.option("--instrument", "-i", required=True, help=_("Name of the instrument."))
@click.option(
    "--language",
    "languages",
    multiple=True,
    required=True,
    help=_("A language in which people are asked, such as ar; may be given several times."),
)
@click.option(
    "--flagged",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help=_("People whom screening flags and the panel assesses."),
)
@click.option(
    "--not-flagged",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help=_("People whom screening does not flag and the panel assesses."),
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.2,
    show_default=True,
    help=_("Share of those who are not flagged that is drawn by lot for the panel."),
)
@_library
@json_option
def new(
    folder: Path,
    instrument: str,
    languages: tuple[str, ...],
    flagged: int,
    not_flagged: int,
    share: float,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Never writes over a file that is there."""
    from marfa.methods.screening import Library
    from marfa.methods.screening.study import new_protocol

    path = folder / PROTOCOL
    if path.exists():
        exit_with_error(Message("methods.screening:file-exists", {"file": str(path)}))
    text = new_protocol(
        Library(folders, today=clock.now().date()),
        instrument,
        languages,
        clock.now().date(),
        flagged=flagged,
        not_flagged=not_flagged,
        share=share,
    )
    _put(path, text)
    if as_json:
        print_json({"written": [str(path)]})
    else:
        click.echo(str(path))


@study.command(
    help=_(
        "Add the rows of FILE, all or none. interviews: person (a code), day, site, sex, language, "
        "interpreter, interviewer, consent, danger, child, screened, and ids of items. "
        "assessments: person, day, assessor, victim, helped. double and retest: person, rater, and "
        "ids of items."
    ),
    examples=(
        "marfa instruments study add camp-study interviews.csv --kind interviews",
        "marfa instruments study add camp-study panel.csv --kind assessments --json",
    ),
)
@_folder
@click.argument("file", type=InputFile("help", exists=True))
@click.option(
    "--kind",
    type=click.Choice(["interviews", "assessments", "double", "retest"]),
    required=True,
    help=_("What the rows tell."),
)
@_library
@json_option
def add(folder: Path, file: Path, kind: str, folders: tuple[Path, ...], as_json: bool) -> None:
    """Nothing is added where one row may not be taken."""
    from marfa.methods.screening import Library
    from marfa.methods.screening.study import Kind, add_rows, write_records

    with _alone(folder):
        protocol, records = _read(folder)
        with file.open(encoding="utf-8-sig", newline="") as lines:
            more = add_rows(
                protocol,
                Library(folders, today=clock.now().date()),
                records,
                lines,
                Kind(kind),
                file=file.name,
                today=clock.now().date(),
            )
        _put(folder / RECORDS, write_records(protocol, more))
    if as_json:
        print_json({"added": len(more) - len(records), "records": len(more)})
    else:
        click.echo(_("Added: {count}").format(count=len(more) - len(records)))


@study.command(
    help=_("Error rates with intervals and bounds, agreement, items that work unlike, load."),
    examples=(
        "marfa instruments study report camp-study",
        "marfa instruments study report camp-study --seed 7 --json",
    ),
)
@_folder
@click.option(
    "--seed", type=int, default=1, show_default=True, help=_("Seed of what is drawn by chance.")
)
@json_option
def report(folder: Path, seed: int, as_json: bool) -> None:
    """The same figures for the same records, whatever their order."""
    from marfa.methods.screening.study import report as make_report

    protocol, records = _read(folder)
    found = make_report(protocol, records, seed)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)


def _print(found: Report) -> None:
    from marfa.methods.screening.study.report import natural_numbers

    rates = found.rates
    counts = {"people": rates.people, "assessed": rates.assessed, "victims": rates.victims}
    print_message(Message("methods.screening:study-counts", counts))
    for name, rate in (
        (_("Sensitivity"), rates.sensitivity),
        (_("Specificity"), rates.specificity),
    ):
        if rate is None:
            print_message(Message("methods.screening:study-rate-none", {"name": name}))
            continue
        shown: dict[str, Any] = {
            "estimate": f"{rate.estimate:.3f}",
            "low": f"{rate.low:.3f}",
            "high": f"{rate.high:.3f}",
            "lowest": f"{rate.bounds[0]:.3f}",
            "highest": f"{rate.bounds[1]:.3f}",
        }
        print_message(Message("methods.screening:study-rates-row", {"name": name, **shown}))
    of_1000 = natural_numbers(rates)
    if of_1000 is not None:
        shown = {
            "flagged": of_1000["flagged"],
            "missed": of_1000["missed"],
            "nothing": of_1000["flagged_for_nothing"],
        }
        print_message(Message("methods.screening:study-natural", shown))
    for item, agreed in found.agreement.items():
        value = "–" if agreed["alpha"] is None else f"{agreed['alpha']:.3f}"
        click.echo(f"alpha {item} {value}")
    for each in found.functions:
        for item in each["items"]:
            if item["size"] in ("B", "C"):
                line = f"{each['column']} {each['group']} / {each['against']}: {item['item']}"
                click.echo(f"{line} {item['size']} ({item['log_odds']:+.2f})")
    for remark in found.remarks:
        print_message(remark)


def _read(folder: Path) -> tuple[Protocol, list[Record]]:
    from marfa.methods.screening.study import read_protocol, read_records

    path, there = folder / PROTOCOL, folder / RECORDS
    try:
        text = path.read_text(encoding="utf-8")
        lines = there.read_text(encoding="utf-8") if there.exists() else None
    except FileNotFoundError:
        exit_with_error(Message("methods.screening:study-none", {"folder": str(folder)}))
    except UnicodeDecodeError:
        raise InputError.at(Message("methods.screening:not-utf8"), file=str(folder)) from None
    protocol = read_protocol(text, str(path))
    return protocol, [] if lines is None else read_records(protocol, lines, str(there))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of two commands at once the second waits."""
    import fcntl

    if not folder.is_dir():
        exit_with_error(Message("methods.screening:study-none", {"folder": str(folder)}))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put(path: Path, text: str) -> None:
    """Write beside the target and put in place whole."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        params = {"file": str(path), "reason": error.strerror or ""}
        exit_with_error(Message("methods.screening:unwritable", params))

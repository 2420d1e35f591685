"""``marfa archive`` verify, check, check-proof: what only reads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.archive.options import FILE, FOLDER, NEW, KeyType, with_extra
from marfa.cli.base import Command, Exit, json_option, print_json, print_message, print_warning
from marfa.cli.language import _, terminal_language
from marfa.crypto.notes import VerifierKey
from marfa.domain.catalogue import render_message
from marfa.domain.message import Message

if TYPE_CHECKING:
    from marfa.methods.archive import Problem


@click.command(
    cls=Command,
    help=_(
        "Hold an archive against its log: every file, every entry, the signature, stamps and "
        "custody. Give it the key, and a checkpoint, that you kept elsewhere."
    ),
    examples=(
        "marfa archive verify evidence --key marfa.archive/...+...",
        "marfa archive verify evidence --key log.pub --checkpoint kept.txt --json",
    ),
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--key",
    type=KeyType(),
    metavar="PUB",
    help=_(
        "Key of the log, or a file that holds it; without it a log that was rebuilt is not noticed."
    ),
)
@click.option(
    "--checkpoint",
    type=FILE,
    metavar="FILE",
    help=_("A checkpoint that was kept elsewhere; without it a cut log is not noticed."),
)
@click.option(
    "--digest",
    type=click.Choice(("sha512", "sha256")),
    default="sha512",
    show_default=True,
    help=_("By which digest files are compared."),
)
@json_option
def verify(
    folder: Path, key: VerifierKey | None, checkpoint: Path | None, digest: str, as_json: bool
) -> None:
    """Exit code 1 where anything is wrong; each problem is named with its place."""
    from marfa.methods.archive import verify_archive

    kept = checkpoint.read_bytes() if checkpoint else None
    report = verify_archive(folder, key=key, checkpoint=kept, digest=digest)
    if as_json:
        print_json(report.as_json())
    else:
        for problem in report.problems:
            params = {"place": _place_of(problem)}
            print_warning(Message(f"methods.archive:problem-{problem.code}", params))
        for item in report.disposed:
            print_message(Message("methods.archive:is-disposed", {"item": item}))
        if key is None:
            print_warning(Message("methods.archive:without-key"))
        if report.unchecked_stamps:
            print_warning(Message("methods.archive:stamps-unchecked"))
        if report.valid:
            figures = {"entries": report.entries, "bytes": report.bytes}
            print_message(Message("methods.archive:holds", figures, count=report.items))
    if not report.valid:
        sys.exit(Exit.PROBLEMS)


def _place_of(problem: Problem) -> str:
    parts = [problem.item, problem.path]
    if problem.entry is not None:
        parts.append(_("entry {number}").format(number=problem.entry))
    return ", ".join(part for part in parts if part)


@click.command(
    cls=Command,
    help=_(
        "Check packages of others: BagIt, OCFL objects and storage roots, WACZ, signed ones too. "
        "Nothing is unpacked and nothing is asked of the network."
    ),
    examples=(
        "marfa archive check received/bag capture.wacz",
        "marfa archive check received --json",
    ),
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=NEW)
@click.option("--roots", type=FILE, metavar="PEM", help=_("Certificates that are trusted."))
@json_option
def check(paths: tuple[Path, ...], roots: Path | None, as_json: bool) -> None:
    """Exit code 1 where one does not hold."""
    from marfa.methods.archive import check_package

    trusted = roots.read_bytes() if roots else None
    with with_extra():
        results = [check_package(path, roots=trusted) for path in paths]
    if as_json:
        print_json({"results": [found.as_json() for found in results]})
    else:
        for found in results:
            key = "package-holds" if found.valid else "package-problems"
            params = {"path": found.path, "kind": found.kind or "–"}
            print_message(Message(f"methods.archive:{key}", params))
            for problem in found.problems:
                click.echo(f"  {problem}", err=True)
            for doubt in found.warnings:
                message = Message("methods.archive:package-doubt", {"what": str(doubt)})
                click.echo(f"  {render_message(message, terminal_language())}", err=True)
    if not all(found.valid for found in results):
        sys.exit(Exit.PROBLEMS)


@click.command(
    "check-proof",
    cls=Command,
    help=_("Check proofs of inclusion or consistency in a Merkle tree, each in a JSON file."),
    examples=("marfa archive check-proof proof.json", "marfa archive check-proof *.json --json"),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@json_option
def check_proof(files: tuple[Path, ...], as_json: bool) -> None:
    """Exit code 1 where one does not hold, or is no proof."""
    from marfa.methods.archive import does_proof_hold

    results = {}
    for file in files:
        try:
            results[str(file)] = does_proof_hold(file.read_bytes())
        except (ValueError, RecursionError):
            results[str(file)] = False
    if as_json:
        print_json({"results": [{"file": name, "holds": holds} for name, holds in results.items()]})
    else:
        for name, holds in results.items():
            key = "proof-holds" if holds else "proof-fails"
            print_message(Message(f"methods.archive:{key}", {"file": name}))
    if not all(results.values()):
        sys.exit(Exit.PROBLEMS)

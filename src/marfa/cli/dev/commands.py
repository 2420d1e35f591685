"""``marfa dev``: for whoever writes Marfa, in a checkout of its source."""

from __future__ import annotations

import io
import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path

import click

from marfa.cli.base import Command, Group, json_option, print_json, print_message
from marfa.cli.dev.checkout import find_checkout
from marfa.cli.language import _
from marfa.domain.message import InputError, Message


@click.group(cls=Group, help=_("Write Marfa itself: new apps, migrations, checks."))
def dev() -> None:
    """The group; ``main.py`` shows it in a checkout of the source alone."""


def checkout() -> Path:
    """The folder of the source. Raises InputError where this is an installed package."""
    found = find_checkout()
    if found is None:
        raise InputError.at(Message("cli.dev:no-checkout"))
    return found


@dev.command(
    "new-app",
    cls=Command,
    help=_(
        "Write a new app of a desk, complete and passing: NAME is a noun in the plural, such as "
        "suppliers. All files are printed; what they say is then yours to change."
    ),
    examples=("marfa dev new-app suppliers --desk coordination --arabic المورّدون",),
)
@click.argument("name")
@click.option("--desk", required=True, help=_("The desk at which it is worked."))
@click.option(
    "--arabic", default="", help=_("NAME in Arabic, with its article. Without it: records.")
)
@json_option
def new_app(name: str, desk: str, arabic: str, as_json: bool) -> None:
    """Write an app."""
    from marfa.cli.dev.new_app import write_app
    from marfa.cli.dev.words import ARABIC, Subject, check_desk, check_noun

    root = checkout()
    noun = check_noun(arabic) if arabic else ARABIC
    written = write_app(root, Subject(name, check_desk(desk), noun))
    files = [str(path.relative_to(root)) for path in written]
    if as_json:
        print_json({"files": files, "arabic": noun, "arabic_given": bool(arabic)})
        return
    click.echo("\n".join(files))
    print_message(Message("cli.dev:app-written", {}, len(files)))
    given = Message("cli.dev:edit-words")
    print_message(given if arabic else Message("cli.dev:edit-noun", {"noun": noun}))


@dev.command(
    cls=Command,
    help=_("Write the migrations that the models need, of one app or of all."),
    examples=("marfa dev makemigrations suppliers", "marfa dev makemigrations --check"),
)
@click.argument("app", required=False)
@click.option("--check", is_flag=True, help=_("Write nothing; end with 1 where one is missing."))
@json_option
def makemigrations(app: str | None, check: bool, as_json: bool) -> None:
    """Write migrations."""
    from marfa.cli.dev.throwaway import format_code, throwaway_installation

    root = checkout()
    with throwaway_installation():
        from django.core.management import call_command

        before = _migrations(root)
        # Django says each file in words of its own, which are not for --json.
        said = io.StringIO() if as_json else sys.stdout
        call_command("makemigrations", *filter(None, [app]), check_changes=check, stdout=said)
        written = sorted(_migrations(root) - before)
        format_code(written, root)
    if as_json:
        print_json({"files": [str(path.relative_to(root)) for path in written]})


def _migrations(root: Path) -> set[Path]:
    return set((root / "src").rglob("migrations/[0-9]*.py"))


@dev.command(
    cls=Command,
    help=_("Ask all checks of the start with the apps of all desks."),
    examples=("marfa dev check",),
)
@json_option
def check(as_json: bool) -> None:
    """Run the system checks."""
    from marfa.cli.dev.throwaway import throwaway_installation

    checkout()
    with throwaway_installation():
        from django.core.checks import run_checks

        found = [str(problem) for problem in run_checks() if not problem.is_silenced()]
    if as_json:
        print_json({"problems": found})
    else:
        click.echo("\n".join(found) if found else _("All checks pass."))
    sys.exit(1 if found else 0)


@dev.command(
    cls=Command,
    help=_("A Python shell with empty tables of all desks, which are thrown away."),
    examples=("marfa dev shell",),
)
@click.option("--command", default="", help=_("Run this Python instead of asking."))
@json_option
def shell(command: str, as_json: bool) -> None:
    """Open a shell."""
    from marfa.cli.dev.throwaway import throwaway_installation

    checkout()
    with throwaway_installation():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        said = io.StringIO()
        with redirect_stdout(said) if as_json else nullcontext():
            call_command("shell", command=command or None)
    if as_json:
        print_json({"output": said.getvalue()})

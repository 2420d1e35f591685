"""What ``marfa demo`` says while the demonstration is made: a line for each stage, with about how
long it takes; on a terminal also how much of it is done."""

from __future__ import annotations

import click

from marfa.cli.language import terminal_language
from marfa.domain.catalogue import render_message
from marfa.domain.message import Message

SECONDS = {
    "tables": (10.0, 0.0, 0.0),
    "people": (2.0, 3.0, 0.0),
    "year": (2.0, 0.5, 75.0),
    "by-hand": (10.0, 0.0, 0.0),
}
"""About how long a stage takes on a laptop: at least, for each thousand people, and for the most
talks and cases that there are. Stages that are not named here take a moment."""
MOST = 5_000
"""From so many people on there are the most talks and cases."""
STEP = 5


class Progress:
    """Tells on standard error what is being made. Each line is written at once, also into a file.

    people: how many came in the year. terminal: whether one line can be written over.
    """

    def __init__(self, people: int, terminal: bool) -> None:
        self.people, self.terminal = people, terminal
        self.stage = ""
        self._open = False

    def begin(self, stage: str) -> None:
        """The next stage begins."""
        if stage == self.stage:
            return
        self.stage = stage
        self._end_line()
        seconds = estimated_seconds(stage, self.people) if stage in SECONDS else None
        self._write(Message(f"cli.server:demo-{stage}", {"people": self.people}, seconds))

    def tell(self, stage: str, done: float) -> None:
        """How much of a stage is done, from 0 to 1."""
        self.begin(stage)
        if self.terminal and done:
            percent = Message("cli.server:demo-percent", {"percent": int(100 * done)})
            click.echo(f"\r{render_message(percent, terminal_language())}", err=True, nl=False)
            self._open = True

    def _end_line(self) -> None:
        if self._open:
            click.echo(err=True)
        self._open = False

    def _write(self, message: Message) -> None:
        click.echo(render_message(message, terminal_language()), err=True)


def estimated_seconds(stage: str, people: int) -> int:
    """About how many seconds a stage takes, in steps of five."""
    least, each, most = SECONDS[stage]
    seconds = least + each * people / 1000 + most * min(1, people / MOST)
    return max(STEP, STEP * round(seconds / STEP))

"""Tutorials as programs: the commands of a page, and what it says that each block prints."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MARK = re.compile(r"^<!-- (?P<word>with|served)(?: (?P<file>\S+))? -->$")
PIECE = re.compile(
    r"^(?:(?P<mark><!-- .*? -->)|```(?P<kind>\w+)\n(?P<text>.*?)\n```)$", re.MULTILINE | re.DOTALL
)
BETWEEN = "=== end of block {number}, exit code {code} ==="


@dataclass(frozen=True)
class Block:
    """Commands that a reader pastes at once.

    needs: a file of others that the reader has to fetch before. served: it asks the server that
    runs. Both are said in a comment before the block. shown: what the page says is printed.
    """

    commands: str
    needs: str | None
    served: bool
    shown: str


def blocks(page: str) -> list[Block]:
    """The blocks of a page in their order; each ``text`` belongs to the ``sh`` before it."""
    found: list[Block] = []
    mark = None
    for piece in PIECE.finditer(page):
        if piece["mark"]:
            mark = MARK.match(piece["mark"])
            assert mark, f"a mark that means nothing: {piece['mark']}"
        elif piece["kind"] == "sh":
            needs, served = (mark["file"], mark["word"] == "served") if mark else (None, False)
            found.append(Block(piece["text"], needs, served, ""))
            mark = None
        else:
            assert piece["kind"] == "text", f"a block that nobody looks at: {piece['kind']}"
            last = found.pop()
            assert not last.shown, f"two outputs of one block: {piece['text']}"
            found.append(Block(last.commands, last.needs, last.served, piece["text"]))
    return found


def run(chosen: Sequence[Block], folder: Path, environment: Mapping[str, str]) -> list[str]:
    """What differs from the page when the blocks are pasted into one shell, as sentences."""
    script = "\n".join(
        f'{block.commands}\necho "{BETWEEN.format(number=number, code="$?")}"'
        for number, block in enumerate(chosen)
    )
    done = subprocess.run(
        ["bash", "--noprofile", "--norc"],
        input=script,
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    rest = done.stdout
    problems: list[str] = []
    for number, block in enumerate(chosen):
        end = re.compile(
            re.escape(BETWEEN).replace(r"\{number\}", str(number)).replace(r"\{code\}", r"(\d+)")
            + "\n"
        )
        found = end.search(rest)
        if not found:
            return [*problems, f"the shell ended in\n{block.commands}\nwith\n{rest}"]
        printed, rest = rest[: found.start()], rest[found.end() :]
        if found[1] != "0":
            problems.append(f"{block.commands}\nended with {found[1]}:\n{printed}")
        elif not fits(printed, block.shown):
            problems.append(f"{block.commands}\nprinted\n{printed}\nand not\n{block.shown}")
    return problems


def fits(printed: str, shown: str) -> bool:
    """Whether it is as shown; ``...`` stands for anything in its line, alone for any lines."""
    pattern = ""
    for line in shown.strip("\n").splitlines():
        if line == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.split("...")) + r"\s*\n"
    return re.fullmatch(pattern, printed.rstrip("\n") + "\n" if printed.strip() else "") is not None

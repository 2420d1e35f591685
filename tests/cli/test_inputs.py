"""No command takes a file without looking at the mark of its maker."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.main import main
from tests.cli.test_conventions import ALL

OF_THE_INSTALLATION = {
    ("marfa restore", "backup"): "sealed by the installation itself, and opened by its keys alone",
    ("marfa restore", "erased_list"): "the installation's own list of keys, without any content",
    ("marfa log verify", "export"): "lines of the log, which hold keys and codes; it is verified",
    ("marfa log verify", "heads_file"): "signed numbers",
    ("marfa package key accept", "file"): "public keys",
    ("marfa package make", "paths"): "read for their marks with the kind of the recipient",
    ("marfa package open", "file"): "encrypted; the table is asked with what its sender signed",
    ("marfa package show", "file"): "encrypted; its size alone is looked at",
    ("marfa archive add", "paths"): "read for their marks with the kind of the archive",
    ("marfa archive check", "paths"): "its form and digests alone are looked at",
    ("marfa archive check", "roots"): "certificates",
    ("marfa archive check-proof", "files"): "digests",
    ("marfa archive export", "identity"): "a key",
    ("marfa archive timestamp add", "response"): "a digest with its stamp",
    ("marfa archive timestamp add", "roots"): "certificates",
    ("marfa archive timestamp check", "asked"): "a digest",
    ("marfa archive timestamp check", "response"): "a digest with its stamp",
    ("marfa archive timestamp check", "roots"): "certificates",
    ("marfa archive verify", "checkpoint"): "a digest with its signature",
    ("marfa archive witness", "ask"): "a digest with its signature",
    ("marfa archive witness", "note"): "a digest with its signature",
}
"""Files that hold nothing a mark could speak of, each with its reason."""


def files() -> dict[tuple[str, str], click.Parameter]:
    """Every parameter of every command that names a file."""
    return {
        (name, str(parameter.name)): parameter
        for name, command in ALL.items()
        for parameter in command.params
        if _names_a_file(parameter.type)
    }


def _names_a_file(kind: object) -> bool:
    return isinstance(kind, click.File) or (isinstance(kind, click.Path) and kind.file_okay)


FILES = files()


def test_the_walk_sees_the_commands_that_take_files() -> None:
    assert {("marfa table", "file"), ("marfa names search", "source")} <= set(FILES)
    assert set(OF_THE_INSTALLATION) <= set(FILES)
    assert _names_a_file(click.Path()), "one that forgets would be seen"


@pytest.mark.parametrize("place", sorted(FILES), ids=" ".join)
def test_a_file_is_looked_at_or_written(place: tuple[str, str]) -> None:
    kind = FILES[place].type
    if place[1] == "passphrase_file":
        return
    assert isinstance(kind, (InputFile, OutputFile)) or place in OF_THE_INSTALLATION, (
        f"{' '.join(place)} takes a file and does not read its handling mark: InputFile does"
    )


def test_no_command_replaces_a_device_or_a_pipe(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    kinds = [each.type for each in FILES.values() if isinstance(each.type, OutputFile)]
    assert len(kinds) > 10
    for kind in kinds:
        new = tmp_path / "new.csv"
        assert kind.convert(str(new), None, None) == new, "the control"
        for there in (pipe, link):
            with pytest.raises(click.BadParameter):
                kind.convert(str(there), None, None)


def test_a_pipe_stands_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs, pipe = tmp_path / "pairs.csv", tmp_path / "pipe"
    pairs.write_text("left,right\nAli,Aly\n", encoding="utf-8")
    os.mkfifo(pipe)
    with pytest.raises(SystemExit) as ended:
        main(
            [
                "names",
                "compare",
                "--pairs",
                str(pairs),
                "--left",
                "left",
                "--right",
                "right",
                "--out",
                str(pipe),
            ]
        )
    assert ended.value.code == 2
    assert "pipe" in capsys.readouterr().err
    assert pipe.is_fifo()


def test_an_output_is_named_as_one() -> None:
    """A file that is read cannot pass for one that is written."""
    written = {place for place, each in FILES.items() if isinstance(each.type, OutputFile)}
    known = {"out", "target", "page", "html", "report", "folder", "clusters", "sample"}
    assert {name for _, name in written} <= known

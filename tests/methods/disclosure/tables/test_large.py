"""A file far larger than the memory allowed for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import resource, sys
from marfa.cli.main import main
try:
    main(["table", sys.argv[1], "--by", "year,sex", "--json", *sys.argv[2:]])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--unit", "id")], ids=["records", "persons"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, options: tuple[str, ...]) -> None:
    path = tmp_path / "large.csv"
    # Written piece by piece: a process's peak counts the memory of the one that started it.
    note = "x" * 900
    with path.open("w", encoding="utf-8") as out:
        out.write("id,year,sex,note\n")
        for block in range(1500):
            out.write("".join(f"{block}-{i},{2015 + i % 9},{i % 2},{note}\n" for i in range(1000)))
    assert path.stat().st_size > 1.3e9
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), *options],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert list(tmp_path.iterdir()) == [path], "what was put aside on disk is gone"
    assert sum(cell["count"] for cell in json.loads(done.stdout)["cells"]) == 1_500_000
    kilobytes = int(done.stderr.split()[-1])
    assert kilobytes < 1_000_000, f"{kilobytes} kB is more than 1 GB"

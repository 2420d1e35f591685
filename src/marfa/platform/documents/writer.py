"""A page of HTML as PDF, by WeasyPrint in a process of its own."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.platform.documents.worker import LETTERS_MISSING, NO_LIBRARY

log = logging.getLogger("marfa.documents")

HERE = Path(__file__).parent
# By the family they are set under; Latin first, since the Arabic face has no Latin digits.
FACES = {"Marfa Sans": "noto-latin-*.woff2", "Marfa Sans Arabic": "noto-arabic-*.woff2"}
MEMORY = 2 * 1024**3
SECONDS = 60
MOST_LETTERS_SAID = 20


class DocumentError(InputError):
    """A page could not be set; the message says why and what to do."""


def write_pdf(html: str) -> bytes:
    """The page as PDF, tagged, in our fonts alone.

    html: a whole page with its own styles; pictures lie in it (``svg``, or ``data:``). Its
        ``title`` and ``meta`` become the fields of the PDF: who must not be betrayed by what they
        carry has none that says anything.

    Raises DocumentError where Pango is not installed, a letter is in none of our fonts, or the page
    took longer than a minute.
    """
    asked = json.dumps({"html": html, "fonts": find_fonts()}).encode()
    done = _run_worker(asked)
    if done.returncode == 0:
        return done.stdout
    if done.returncode == NO_LIBRARY:
        raise DocumentError.at(Message("platform.documents:library-missing"))
    if done.returncode == LETTERS_MISSING:
        letters = done.stdout.decode()[:MOST_LETTERS_SAID]
        raise DocumentError.at(
            Message("platform.documents:letters-missing", {"letters": " ".join(letters)})
        )
    # Its own words could quote the page.
    log.error("a page could not be set: the process ended with %d", done.returncode)
    raise DocumentError.at(Message("platform.documents:failed"))


def _run_worker(asked: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-s", "-P", str(HERE / "worker.py"), str(MEMORY), str(SECONDS)]
    # Fonts are unpacked there; the page itself never touches the disk.
    with tempfile.TemporaryDirectory(prefix="marfa-documents-") as folder:
        environment = {
            "FONTCONFIG_FILE": str(HERE / "fonts.conf"),
            "LANG": "C.UTF-8",
            # The order of sets would be that of letters in the subsets of the fonts.
            "PYTHONHASHSEED": "0",
            # Subsets of fonts hold the time at which they were made.
            "SOURCE_DATE_EPOCH": "0",
            "TMPDIR": folder,
            "XDG_CACHE_HOME": folder,
        }
        try:
            return subprocess.run(
                command,
                input=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=folder,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DocumentError.at(Message("platform.documents:too-long")) from None


@lru_cache(maxsize=1)
def find_fonts() -> dict[str, str]:
    """The files of our faces, by family. Raises FileNotFoundError where the pages are not built."""
    built = Path(str(files("marfa"))) / "web" / "static" / "built"
    found = {}
    for family, pattern in FACES.items():
        names = sorted(built.glob(pattern))
        if not names:
            raise FileNotFoundError(f"no {pattern} in {built}: the pages are not built")
        found[family] = str(names[-1])
    return found

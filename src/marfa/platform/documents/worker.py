"""Set a page of HTML as PDF. Runs alone, in a process of its own.

Pango and fontconfig are libraries in C that read one configuration a process: a process of its own
gives them ours, ends with their memory, and takes nobody down with it. It reads JSON from standard
input (``html``, and ``fonts``: a file by family) and writes the PDF to standard output. Nothing is
fetched but those fonts. Run as a program: worker.py MEMORY SECONDS
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import unicodedata
import warnings
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

# What the process ends with, beside 0.
NO_LIBRARY = 3
LETTERS_MISSING = 4

# These have no picture of their own; whether a font has them makes no difference.
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def limit_resources(memory: int, seconds: int) -> None:
    """Set before anything is read; what goes beyond ends the process."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


class SeenText(HTMLParser):
    """Collects the letters of a page, without its styles."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: set[str] = set()
        self._style = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.letters.update(data)


def missing_letters(html: str, fonts: Mapping[str, str]) -> str:
    """The letters of the page that no font has, in order of their codes."""
    from fontTools.ttLib import TTFont

    seen = SeenText()
    seen.feed(html)
    there: set[int] = set()
    for path in fonts.values():
        there |= set(TTFont(path, lazy=True).getBestCmap())
    return "".join(
        sorted(
            each
            for each in seen.letters
            if ord(each) not in there and unicodedata.category(each) not in UNSEEN
        )
    )


def style_of(fonts: Mapping[str, str]) -> str:
    """Our faces, one family a file, and the page set in them in this order."""
    face = '@font-face {{font-family: "{}"; font-weight: 400 700; src: url("{}")}}'
    faces = [face.format(family, Path(path).as_uri()) for family, path in fonts.items()]
    names = ", ".join(f'"{family}"' for family in fonts)
    return "\n".join([*faces, f"* {{font-family: {names}}}"])


def set_page(html: str, fonts: Mapping[str, str]) -> bytes:
    """The page as PDF."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    allowed = {Path(path).as_uri() for path in fonts.values()}

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url, headers=None):  # type: ignore[no-untyped-def]
            if url not in allowed and not url.startswith("data:"):
                raise FatalURLFetchingError("a page to print fetches nothing")
            return super().fetch(url, headers)

    fetcher = Fetcher()
    known = FontConfiguration()
    style = CSS(string=style_of(fonts), font_config=known, url_fetcher=fetcher)
    page = HTML(string=html, url_fetcher=fetcher, base_url=None)
    made: bytes = page.write_pdf(stylesheets=[style], font_config=known, pdf_tags=True)
    return made


def main() -> int:
    limit_resources(int(sys.argv[1]), int(sys.argv[2]))
    asked = json.loads(sys.stdin.buffer.read())
    # It says that no fonts are configured, which is meant.
    warnings.simplefilter("ignore")
    logging.disable()
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        # OSError: the package is there, Pango is not.
        return NO_LIBRARY
    if missing := missing_letters(asked["html"], asked["fonts"]):
        sys.stdout.buffer.write(missing.encode())
        return LETTERS_MISSING
    sys.stdout.buffer.write(set_page(asked["html"], asked["fonts"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

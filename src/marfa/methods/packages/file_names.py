"""Names of files, before anything is written under them on a machine that is not ours to know.

A path is taken where it is safe and the same on Linux, macOS and Windows: relative, one spelling
(Unicode NFC, UAX #15), no part that leads elsewhere or means a device, nothing that turns the order
of letters round (UAX #9). Two names that some file system takes for one are refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from marfa.domain.digits import without_marks
from marfa.methods.packages.refusals import Refusal, RefusedError

LONGEST_PART = 255
"""Bytes: what ext4, APFS and NTFS take."""
LONGEST = 1024
DEEPEST = 16
FORBIDDEN = frozenset('\\:*?"<>|')
JOINERS = frozenset("\u200c\u200d")
"""Marks that belong to a spelling, as in Persian; every other unseen mark is refused."""
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789¹²³"}
)


def is_safe_path(path: str) -> bool:
    """Whether a path leads to one place below a folder, on every machine."""
    parts = path.split("/")
    return (
        len(path) <= LONGEST
        and len(parts) <= DEEPEST
        and unicodedata.is_normalized("NFC", path)
        and all(map(_is_safe_part, parts))
    )


def check_paths(paths: Iterable[str]) -> None:
    """Raises RefusedError (path) for one that is not safe, and for two that some file system takes
    for one, or of which one would stand in the place of a folder of another."""
    seen: set[str] = set()
    folders: set[str] = set()
    for number, path in enumerate(paths, 1):
        if not is_safe_path(path):
            raise RefusedError(Refusal.PATH, "outside", number=number)
        folded = fold_path(path)
        above = folded.split("/")[:-1]
        if folded in seen:
            raise RefusedError(Refusal.PATH, "twice", number=number)
        seen.add(folded)
        folders.update("/".join(above[:depth]) for depth in range(1, len(above) + 1))
    if seen & folders:
        raise RefusedError(Refusal.PATH, "folder")


def fold_path(path: str) -> str:
    """The path as a file system may see it that minds neither case nor composition nor marks that
    nobody sees."""
    folded = unicodedata.normalize("NFKC", without_marks(path)).casefold()
    return unicodedata.normalize("NFKC", folded)


def _is_safe_part(part: str) -> bool:
    return (
        0 < len(part.encode("utf-8", "surrogatepass")) <= LONGEST_PART
        and part not in {".", ".."}
        and part == part.strip(" ").rstrip(".")
        and part.split(".")[0].strip(" ").casefold() not in DEVICES
        and not FORBIDDEN & set(part)
        and all(map(_is_safe_letter, part))
    )


def _is_safe_letter(letter: str) -> bool:
    return letter in JOINERS or unicodedata.category(letter) not in {
        "Cc",
        "Cf",
        "Cs",
        "Cn",
        "Co",
        "Zl",
        "Zp",
    }

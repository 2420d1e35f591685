"""Of what the charter is made: the core beside this module, and a folder ``charter`` of each app.

    *.cedarschema   kinds and actions of one subject
    *.cedar         who works with it
    *.toml          questions with the answer that each must get
    *ar.po          the words of the policies in Arabic; a small app has them in the catalogue of
                    its pages instead

A part is found by its folder, so that nothing here names an app.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps

import marfa

HERE = Path(__file__).parent
FOLDER = "charter"
APPS = Path(marfa.__file__).parent / "apps"


@dataclass(frozen=True)
class CharterPart:
    """What one app brings to the charter. name: of the app, without its package."""

    name: str
    folder: Path

    def texts(self, ending: str) -> Iterator[tuple[str, str]]:
        """Name and text of each file that ends so, by name."""
        for file in sorted(self.folder.glob(f"*{ending}")):
            yield file.name, file.read_text(encoding="utf-8")

    def catalogues(self, language: str) -> tuple[Path, ...]:
        """The files with the words of its policies in another language."""
        own = tuple(sorted(self.folder.glob(f"*{language}.po")))
        of_pages = self.folder.parent / "locale" / language / "LC_MESSAGES" / "django.po"
        return own or ((of_pages,) if of_pages.is_file() else ())


LATER = CharterPart("later", HERE / "later")
"""What belongs to desks that have no app yet; it is there always."""


def every_part() -> tuple[CharterPart, ...]:
    """The parts of all apps of ours, installed or not, by name."""
    return _with_folder((folder.name, folder) for folder in APPS.iterdir())


def installed_parts() -> tuple[CharterPart, ...]:
    """The parts of the installed apps, by name; all of ours where Django is not set up."""
    if not apps.apps_ready:
        return every_part()
    configs = apps.get_app_configs()
    return _with_folder((each.name.rpartition(".")[2], Path(each.path)) for each in configs)


def _with_folder(named: Iterator[tuple[str, Path]]) -> tuple[CharterPart, ...]:
    found = (CharterPart(name, folder / FOLDER) for name, folder in named)
    return tuple(sorted((part for part in found if _is_part(part.folder)), key=lambda p: p.name))


def _is_part(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("*.cedar*"))

"""Write the migrations of our apps anew: one an app, from what the models declare.

    python tools/squash_migrations.py            where no two apps need each other
    python tools/squash_migrations.py --split    also where they do

For a version that was never released: whoever has a database of it makes it anew. Nothing is read
of the migrations that are there, so that it works as well where models have moved to other apps,
and where migrations were deleted. All that a migration needs stands in the models: what Django
knows of them, and their table parts (``marfa.platform.migration.tableparts``).

Where two apps need each other, the fields by which they do are named, nothing is written, and the
exit code is 1: a key without a constraint, or a model in the other app, undoes the circle. With
``--split`` Django cuts the apps up, far more of them than the two, and a new database takes longer.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.migrations import Migration

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "marfa"
RELEASED = re.compile(r"^## \[?\d+\.\d", re.MULTILINE)
"""The heading of a version in the changelog."""


def set_up(folder: Path) -> None:
    """Django with the apps of all desks, on an installation that is thrown away."""
    import django

    from marfa.platform.datafolder import InstallationKind, new_folder

    with new_folder(
        folder, kind=InstallationKind.DEMONSTRATION, desks=("reception", "administration")
    ):
        pass
    os.environ["MARFA_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.workshop"
    django.setup()


def initial_migrations() -> dict[str, list[Migration]]:
    """The migrations that our models need where there are none, by app."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.test.utils import override_settings
    from django.utils import translation

    from marfa.platform.migration.autodetector import Autodetector

    names = {each.label: each.name for each in apps.get_app_configs()}
    ours = {label for label, name in names.items() if name.startswith("marfa.")}
    others = [label for label, name in names.items() if not name.startswith("django.")]
    # None: the app has no migrations, whatever lies in its folder.
    with override_settings(MIGRATION_MODULES=dict.fromkeys(others)):
        loader = MigrationLoader(None)
    # The questioner asks nobody, and answers that an app which is named gets its first migration.
    questioner = NonInteractiveMigrationQuestioner(specified_apps=ours)
    # Without a language, as Django's own command: names of models would differ in each.
    with translation.override(None):
        detector = Autodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
        found: dict[str, list[Migration]] = detector.changes(loader.graph, convert_apps=ours)
    return found


def texts(migrations: Mapping[str, list[Migration]]) -> dict[Path, str]:
    """Path and text of each migration."""
    from django.db.migrations.writer import MigrationWriter

    writers = [
        # The header says when it was written: the same models would give another text.
        MigrationWriter(migration, include_header=False)
        for each in migrations.values()
        for migration in each
    ]
    return {Path(writer.path): writer.as_string() for writer in writers}


def replace(written: Mapping[Path, str], source: Path = SOURCE) -> None:
    """Put migrations in place of all that lie in the apps below a folder."""
    for old in source.rglob("migrations/[0-9]*.py"):
        old.unlink()
    for path, text in written.items():
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    for folder in source.rglob("migrations"):
        if not list(folder.glob("[0-9]*.py")):
            (folder / "__init__.py").unlink(missing_ok=True)
    ruff = str(Path(sys.executable).with_name("ruff"))
    subprocess.run([ruff, "format", "--quiet", *map(str, written)], cwd=ROOT, check=True)


def circles(found: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """What stands where two apps need each other: app, the other, and the fields between.

    found: what one app needs of another, from ``needs``.
    """
    below: dict[str, set[str]] = {}
    for app, other in found:
        below.setdefault(app, set()).add(other)
    return [
        f"{app} needs {other}: {', '.join(what)}"
        for (app, other), what in sorted(found.items())
        if app in _reached(other, below)
    ]


def _reached(app: str, below: Mapping[str, set[str]]) -> set[str]:
    """All that an app stands on, at any distance."""
    reached: set[str] = set()
    waiting = [app]
    while waiting:
        new = below.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def needs() -> dict[tuple[str, str], list[str]]:
    """For an app and another that must be there first: the fields and table parts that say so."""
    from django.apps import apps

    from marfa.platform.migration.tableparts import declared_parts

    found: dict[tuple[str, str], list[str]] = {}
    for model in apps.get_models():
        meta = model._meta
        others = [
            (field.related_model._meta.app_label, field.name)
            for field in (*meta.local_fields, *meta.local_many_to_many)
            if isinstance(field.related_model, type)
        ]
        for part in declared_parts(model).values():
            others += [(app, part.attribute) for app, _model, _field in part.needs]
        for other, name in others:
            if other != meta.app_label:
                found.setdefault((meta.app_label, other), []).append(f"{model.__name__}.{name}")
    return found


def main() -> int:
    """Write all migrations anew; the exit code."""
    if RELEASED.search((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")):
        print("A version is released: its migrations stay as they are.")
        return 1
    with tempfile.TemporaryDirectory(prefix="marfa-squash-") as scratch:
        set_up(Path(scratch) / "data")
        in_circles = circles(needs())
        print(*in_circles, sep="\n", end="\n" if in_circles else "")
        if in_circles and "--split" not in sys.argv[1:]:
            print("Nothing was written: apps that need each other take more than one migration.")
            return 1
        found = initial_migrations()
        replace(texts(found))
    number = sum(map(len, found.values()))
    print(f"{number} migrations of {len(found)} apps")
    return 0 if number == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())

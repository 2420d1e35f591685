"""Write the migration of an app that lies beside its later place, and check it there.

    python -m marfa.cli.dev.staged FOLDER NAME    called by ``new_app.py`` alone

FOLDER joins the package of the apps for this process, so that the app is installed like any other.
"""

from __future__ import annotations

import sys
from pathlib import Path

import marfa.apps
from marfa.cli.dev.throwaway import throwaway_installation


def main(folder: str, name: str) -> None:
    marfa.apps.__path__.append(folder)
    with throwaway_installation():
        from django.core.checks import run_checks

        write_migrations(name)
        if problems := [str(problem) for problem in run_checks() if not problem.is_silenced()]:
            sys.exit("\n".join(problems))


def write_migrations(name: str) -> None:
    """What the models of one app need, as the autodetector finds it."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    from marfa.platform.migration.autodetector import Autodetector

    loader = MigrationLoader(None)
    asking = NonInteractiveMigrationQuestioner(specified_apps={name})
    detector = Autodetector(loader.project_state(), ProjectState.from_apps(apps), asking)
    changes = detector.changes(loader.graph, trim_to_apps={name}, convert_apps={name})
    for migration in changes[name]:
        writer = MigrationWriter(migration, include_header=False)
        Path(writer.path).write_text(writer.as_string(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

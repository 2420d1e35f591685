"""Migrations: written from all that models declare, and quick in a new database.

tableparts    what a table has beside columns, indexes and constraints, as its model declares it
autodetector  Django's, which writes these parts too, for ``makemigrations``
guards        a table part: triggers and rights

Here stands what makes a new database quick: without it the models that are there are drawn up
again with each one that comes, which takes five times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def new_models_alone() -> Iterator[None]:
    """Let a model that a migration makes be drawn up alone.

    Django draws up anew all models that are related to it, however far (``ProjectState.add_model``
    calls ``reload_model``), which grows with the square of the models: most of the time in which a
    new database was made. Of a model that did not exist, nobody holds an older copy, and the
    registry tells the others of its relations as when models are first read. What is changed or
    removed is drawn up as before.
    """
    ProjectState.add_model = _add_model  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = _as_django_does  # type: ignore[method-assign]


_as_django_does = ProjectState.add_model


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    key = (model_state.app_label, model_state.name_lower)
    apps = self.__dict__.get("apps")
    if apps is None or key[1] in apps.all_models[key[0]]:
        _as_django_does(self, model_state)
        return
    # Without its registry the state only notes the model.
    del self.__dict__["apps"]
    try:
        _as_django_does(self, model_state)
    finally:
        self.__dict__["apps"] = apps
    apps.render_multiple([model_state])

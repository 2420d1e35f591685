"""A new database, its models drawn up alone, is what Django makes of the same migrations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from marfa.platform.migration import new_models_alone
from tests.support.installation import hindered, init

AS_DJANGO_DOES = """
import contextlib, marfa.platform.migration as migrating
migrating.new_models_alone = contextlib.nullcontext
"""


def tables(folder: Path) -> dict[str, str]:
    """Everything the database holds, with its definition."""
    (file,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master").fetchall()
    return dict(rows)


def test_every_table_is_the_same(tmp_path: Path) -> None:
    alone, django = tmp_path / "alone", tmp_path / "django"
    assert init(alone).returncode == 0
    names = ("--organisation", "Test organisation", "--site", "Test site")
    rest = ("--time-zone", "Asia/Damascus", "--administrator", "admin")
    made = hindered(AS_DJANGO_DOES, "init", "--data", str(django), *names, *rest)
    assert made.returncode == 0, made.stderr
    assert len(tables(alone)) > 300
    assert tables(alone) == tables(django)


def state_of(name: str, **fields: models.Field[Any, Any]) -> ModelState:
    return ModelState("shelf", name, [("id", models.AutoField(primary_key=True)), *fields.items()])


def to(name: str) -> models.Field[Any, Any]:
    return models.ForeignKey(f"shelf.{name}", models.CASCADE)


@pytest.fixture
def shelf() -> ProjectState:
    """A state whose models are drawn up already, as in the middle of a migration."""
    state = ProjectState()
    state.add_model(state_of("Book"))
    assert state.apps.get_model("shelf", "Book")
    return state


def test_a_new_model_is_drawn_up_alone_and_known_to_the_others(shelf: ProjectState) -> None:
    book = shelf.apps.get_model("shelf", "Book")
    with new_models_alone():
        shelf.add_model(state_of("Page", book=to("Book"), next=to("Page")))
    assert shelf.apps.get_model("shelf", "Book") is book, "it is not drawn up again"
    page = shelf.apps.get_model("shelf", "Page")
    assert page._meta.get_field("book").related_model is book
    assert [each.related_model for each in book._meta.related_objects] == [page]


def test_a_relation_to_a_model_that_comes_later_is_found(shelf: ProjectState) -> None:
    with new_models_alone():
        shelf.add_model(state_of("Note", page=to("Page")))
        shelf.add_model(state_of("Page"))
    note, page = (shelf.apps.get_model("shelf", name) for name in ("Note", "Page"))
    assert note._meta.get_field("page").related_model is page


def test_a_model_that_is_there_is_drawn_up_anew_with_all_that_hold_it(shelf: ProjectState) -> None:
    shelf.add_model(state_of("Page", book=to("Book")))
    old = shelf.apps.get_model("shelf", "Page")
    with new_models_alone():
        shelf.add_model(state_of("Book", title=models.TextField()))
    page = shelf.apps.get_model("shelf", "Page")
    assert page is not old
    assert page._meta.get_field("book").related_model._meta.get_field("title")


def test_what_was_drawn_up_before_a_step_stays_as_it_was(shelf: ProjectState) -> None:
    before = shelf.clone()
    with new_models_alone():
        shelf.add_model(state_of("Page", book=to("Book")))
    with pytest.raises(LookupError):
        before.apps.get_model("shelf", "Page")


def test_without_it_django_is_as_it_was(shelf: ProjectState) -> None:
    usual = ProjectState.add_model
    with pytest.raises(RuntimeError), new_models_alone():
        raise RuntimeError
    assert ProjectState.add_model is usual

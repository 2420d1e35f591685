"""The manifests: read before Django starts, and all that is derived from them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import replace
from importlib import import_module
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from marfa.apps import contributions, house, manifest
from marfa.apps.manifest import (
    PERSON,
    Desk,
    DraftKind,
    Middleware,
    Module,
    Slot,
    SubjectLink,
    SubjectSection,
)
from tests.support.brought import brought_by_apps, expected_for
from tests.support.desks import ALLOWED_SETS

FOLDER = Path(house.__file__).parent


def test_apps_are_the_folders_that_there_are() -> None:
    folders = {file.parent.name for file in FOLDER.glob("*/__init__.py")}
    assert set(house.read_manifests()) == folders
    assert {file.parent.name for file in FOLDER.glob("*/module.py")} == folders


def test_an_app_comes_after_those_on_which_it_stands_whatever_comes_first() -> None:
    given = [
        Module("wall", stands_on=("floor",)),
        Module("roof", stands_on=("wall", "beam")),
        Module("beam", stands_on=("floor",)),
        Module("floor"),
        Module("yard"),
    ]
    orders = {tuple(house.order_manifests(each)) for each in permutations(given)}
    assert orders == {("floor", "beam", "wall", "roof", "yard")}
    assert house.apps_below("roof", house.order_manifests(given)) == {"wall", "beam", "floor"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([Module("one", stands_on=("two",)), Module("two", stands_on=("one",))], "each other"),
        ([Module("one", stands_on=("three",))], "one stands on three"),
    ],
)
def test_what_stands_on_nothing_is_refused(given: list[Module], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        house.order_manifests(given)


def test_all_apps_are_installed_here_in_the_order_of_the_house() -> None:
    ours = [config.label for config in apps.get_app_configs() if "marfa.apps." in config.name]
    assert ours == list(house.read_manifests())


def test_the_apps_of_each_allowed_set_are_those_that_are_written() -> None:
    for desks in ALLOWED_SETS:
        assert set(house.apps_of(desks)) == expected_for(desks).apps, desks
    assert set(brought_by_apps()) == set(house.read_manifests())


def test_an_app_in_a_wrong_set_differs_from_what_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = dict(house.read_manifests())
    here["registry"] = replace(here["registry"], desks=(Desk.RECEPTION, Desk.FINANCE))
    monkeypatch.setattr(house, "read_manifests", lambda: here)
    finance = {"finance", "administration"}
    assert set(house.apps_of(finance)) - expected_for(finance).apps >= {"registry", "name_search"}


def test_what_surrounds_a_request_comes_with_its_app() -> None:
    wall, handed = "marfa.apps.reception.wall.OnlyTickets", "marfa.apps.accounts.device_handover"
    here = house.middleware_in(Slot.CONFINED, {Desk.RECEPTION})
    assert here == [wall, f"{handed}.OnlyWhatWasHanded"]
    assert house.middleware_in(Slot.CONFINED, {Desk.FINANCE}) == here[1:]


def test_the_manifests_are_read_before_django_starts() -> None:
    code = (
        "import sys\n"
        "from marfa.apps.house import read_manifests\n"
        "read_manifests()\n"
        "from django.conf import settings\n"
        "assert not settings.configured\n"
        "print([name for name in sys.modules if 'models' in name and name.startswith('marfa')])\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


MAY_IMPORT = {"__future__", "django.utils.translation", "marfa.apps.manifest"}


def imported_by(text: str) -> set[str]:
    """What a file imports, by module."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


def test_a_manifest_imports_what_manifests_are_made_of_and_nothing_more() -> None:
    for file in FOLDER.glob("*/module.py"):
        assert imported_by(file.read_text(encoding="utf-8")) <= MAY_IMPORT, file
    assert not imported_by("from marfa.apps.registry.models import Person") <= MAY_IMPORT


def test_no_app_registers_anything_when_it_is_ready() -> None:
    assert sorted(FOLDER.glob("*/apps.py")) == []


REGISTERS = re.compile(
    r"^(?:@(?P<way>job|listen_to|register_letter)\(|(?P<kind>[A-Z_]+) = deadline_kind\()", re.M
)


def registering() -> Iterator[tuple[str, str, str]]:
    """App, field of its manifest and path of what makes itself known by being read."""
    for file in sorted(FOLDER.rglob("*.py")):
        module = ".".join(("marfa", "apps", *file.relative_to(FOLDER).with_suffix("").parts))
        for found in REGISTERS.finditer(file.read_text(encoding="utf-8")):
            app = module.split(".")[2]
            if found["kind"]:
                yield app, "deadlines", f"{module}:{found['kind']}"
            else:
                yield app, "jobs" if found["way"] == "job" else "subscribers", module


def test_what_makes_itself_known_by_being_read_stands_in_the_manifest() -> None:
    found = set(registering())
    assert {field for _app, field, _path in found} == {"deadlines", "jobs", "subscribers"}
    for app, field, path in found:
        assert path in getattr(house.read_manifests()[app], field), f"{app}.{field}: {path}"


def test_a_form_whose_drafts_lead_back_is_one_of_its_app() -> None:
    for name, module in house.read_manifests().items():
        files = [file for file in (FOLDER / name).rglob("*.py") if file.name != "module.py"]
        texts = "".join(file.read_text(encoding="utf-8") for file in files)
        for kind in module.drafts:
            assert f'"{kind.form}"' in texts, kind.form


def app_of(package: str) -> str:
    """The app of ours to which a module belongs, if it belongs to one."""
    parts = package.split(".")
    return parts[2] if parts[:2] == ["marfa", "apps"] and len(parts) > 2 else ""


def test_tables_refer_to_those_of_apps_below_alone() -> None:
    seen = set()
    for model in apps.get_models():
        app = app_of(model.__module__)
        others = {app_of(field.related_model.__module__) for field in related(model)}
        if app:
            seen |= {(app, other) for other in others - {app, ""}}
    assert ("cases", "registry") in seen
    assert {(app, other) for app, other in seen if other not in house.apps_below(app)} == set()


def related(model: type[Model]) -> Iterator[Any]:
    """The fields of a model that refer to another table."""
    return (field for field in model._meta.local_fields if field.related_model)


def test_migrations_stand_on_those_of_apps_below_alone() -> None:
    ours = house.read_manifests()
    loader = MigrationLoader(None)
    pairs = {
        (app, other)
        for (app, _name), migration in loader.disk_migrations.items()
        for other, _other_name in migration.dependencies
        if app in ours and other in ours and app != other
    }
    assert ("cases", "registry") in pairs
    assert {(app, other) for app, other in pairs if other not in house.apps_below(app)} == set()


def namespaces() -> dict[str, str]:
    """By namespace of addresses, the app that mounts them."""
    return {
        import_module(urls).app_name: name
        for name, module in house.read_manifests().items()
        for _desk, urls in module.urls
    }


def leads(text: str, known: Collection[str]) -> set[str]:
    """Namespaces of the addresses that a text of code or of a template names."""
    found = re.findall(r"""["']([a-z_]+):[a-z_]+["']""", text)
    return set(found) & set(known)


def always_with(name: str) -> set[str]:
    """The apps that are installed wherever one is."""
    desks = house.read_manifests()[name].desks
    found = [set(house.apps_of({desk})) for desk in desks] or [set(house.apps_of(()))]
    return set.intersection(*found)


def test_pages_lead_to_those_of_apps_that_are_there_as_well() -> None:
    """Where the other app is not installed, such an address would not be found."""
    known = namespaces()
    assert leads('reverse("people:person")', known) == {"people"}
    wrong = set()
    for name in house.read_manifests():
        for file in (FOLDER / name).rglob("*"):
            if file.suffix in (".py", ".html"):
                to = {known[each] for each in leads(file.read_text(encoding="utf-8"), known)}
                wrong |= {(name, other) for other in to - always_with(name)}
    assert wrong == set()
    assert "registry" not in always_with("privacy")


BROKEN = "marfa.apps.registry.work:nothing_of_this_name"


@pytest.mark.parametrize(
    ("module", "field"),
    [
        (Module("planted", my_work=(BROKEN,)), "my_work"),
        (Module("planted", records={"Person": BROKEN}), "records"),
        (Module("planted", demonstration=BROKEN), "demonstration"),
        (Module("planted", drafts=(DraftKind("planted.form", "", BROKEN),)), "drafts.url"),
        (
            Module("planted", sections=(SubjectSection(PERSON, "", BROKEN),)),
            "sections.render",
        ),
        (Module("planted", links=(SubjectLink(PERSON, "", BROKEN),)), "links.url"),
        (
            Module("planted", middleware=(Middleware(Slot.PAGE, BROKEN),)),
            "middleware.path",
        ),
        (Module("planted", urls=((None, "marfa.apps.no_such_urls"),)), "urls"),
        (Module("planted", jobs=("marfa.apps.registry.no_such_jobs",)), "jobs"),
        (Module("planted", facts=("marfa.apps.no_such_app:FACTS",)), "facts"),
    ],
)
def test_a_path_under_which_nothing_stands_is_named(
    monkeypatch: pytest.MonkeyPatch, module: Module, field: str
) -> None:
    monkeypatch.setattr(contributions, "installed_modules", lambda: (module,))
    (path,) = {path for _field, path in manifest.paths_of(module)}
    (error,) = [each for each in run_checks() if each.id == "marfa.E030"]
    assert error.msg.startswith(f"planted.{field} names {path}, which is not there")
    with pytest.raises(ImproperlyConfigured, match=re.escape(path)):
        contributions.refuse_unresolved()


def test_everything_that_the_apps_name_is_there() -> None:
    assert list(contributions.find_unresolved()) == []


def test_an_installation_does_not_start_where_a_job_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planted = Module("planted", jobs=("marfa.apps.registry.no_such_jobs",))
    monkeypatch.setattr(contributions, "installed_modules", lambda: (planted,))
    with pytest.raises(ImproperlyConfigured, match="no_such_jobs"):
        contributions.register_contributions()


def test_no_server_starts_where_all_apps_are_loaded() -> None:
    code = "import marfa.web.wsgi"
    environment = {**os.environ, "MARFA_DATA": str(settings.FOLDER.path)}

    def start(named: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "DJANGO_SETTINGS_MODULE": named},
            capture_output=True,
            text=True,
            check=False,
        )

    refused = start("marfa.web.workshop")
    assert refused.returncode != 0
    assert "all apps are loaded at once" in refused.stderr
    assert start("marfa.web.settings").returncode == 0

"""The rules of the house, and proof that breaking one is found."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "marfa"
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
HOST = re.compile(r"https?://|--(extra-)?index-url|--find-links|@ ?(file|git|https?):")


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("lint-imports")),
            "--no-cache",
            "--config",
            str(ROOT / "pyproject.toml"),
        ],
        cwd=source,
        env={"PYTHONPATH": f"{source}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def copied(folder: Path) -> Path:
    """The package, in a folder of its own."""
    copy = folder / "marfa"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("static", "locale"))
    return copy


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("domain/message.py", "import marfa.platform.settings", "Arrows of the house"),
        ("platform/disk_space.py", "import marfa.apps.manifest", "Arrows of the house"),
        ("methods/__init__.py", "import marfa.apps.manifest", "Methods stand on"),
        ("methods/__init__.py", "import marfa.platform.disk_space", "Methods stand on"),
        ("methods/__init__.py", "import django", "The libraries know no Django"),
        ("platform/disk_space.py", "import cryptography", "Only crypto touches"),
        ("crypto/keys.py", "import marfa.domain.message", "Arrows of the house"),
        ("apps/accounts/queries.py", "import marfa.apps.organisations.models", "Apps stand on"),
        # Beside each other in the house, and neither says that it stands on the other.
        ("apps/privacy/queries.py", "import marfa.apps.registry.models", "Apps stand on"),
        ("apps/validation.py", "import marfa.apps.registry.models", "Apps stand on"),
    ],
)
def test_a_planted_upward_import_is_found(
    tmp_path: Path, file: str, line: str, contract: str
) -> None:
    planted = copied(tmp_path) / file
    planted.write_text(f"{planted.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    found = lint_imports(tmp_path)
    assert found.returncode != 0
    assert re.search(rf"{contract}.* BROKEN", found.stdout), found.stdout + found.stderr


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        # Proceedings reach people through cases, and would not any more.
        ('stands_on=("cases",)', "stands_on=()", "proceedings does not stand on cases"),
        (
            'stands_on=("cases",)',
            'stands_on=("cases", "privacy")',
            "proceedings says that it stands on privacy, of which it imports nothing",
        ),
    ],
)
def test_a_manifest_that_does_not_tell_what_its_app_stands_on_is_found(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    copy = copied(tmp_path)
    manifest = copy / "apps" / "proceedings" / "module.py"
    text = manifest.read_text(encoding="utf-8")
    assert before in text
    manifest.write_text(text.replace(before, after), encoding="utf-8")
    found = lint_imports(tmp_path)
    assert found.returncode != 0
    assert said in " ".join(found.stdout.split())


def hosts_in_lock(text: str) -> list[str]:
    return [line for line in text.splitlines() if HOST.search(line)]


@pytest.mark.parametrize("lock", LOCKS, ids=[lock.name for lock in LOCKS])
def test_locks_name_no_host_and_hash_everything(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert hosts_in_lock(text) == []
    pinned = re.findall(r"^[a-zA-Z0-9._\[\]-]+==", text, re.MULTILINE)
    assert pinned
    for block in re.split(r"\n(?=[a-zA-Z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block


def test_a_planted_host_is_found() -> None:
    text = LOCKS[0].read_text(encoding="utf-8")
    for planted in (
        "--index-url https://mirror.example/simple",
        "six @ https://mirror.example/six-1.0.whl",
        "--find-links http://10.0.0.1/wheels",
    ):
        assert hosts_in_lock(f"{text}\n{planted}\n") == [planted]


def test_the_front_end_lock_names_no_host() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text, "npm writes where packages are and who asks for money: take it out"
    lock = json.loads(text)
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or package.get("integrity"), name


def base_distributions() -> set[str]:
    """Names of the distributions that the base install brings, all the way down."""
    names: set[str] = set()
    waiting = ["marfa"]
    while waiting:
        for text in requires(waiting.pop()) or []:
            requirement = Requirement(text)
            name = re.sub(r"[-_.]+", "-", requirement.name).lower()
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and name not in names:
                names.add(name)
                waiting.append(requirement.name)
    return names


BLOCK = """
import importlib.abc, importlib.metadata, re, sys
allowed = set(sys.argv[1].split(","))
owners = importlib.metadata.packages_distributions()
class OnlyBase(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        from_ = {re.sub(r"[-_.]+", "-", n).lower() for n in owners.get(top, [])}
        if from_ and not from_ & (allowed | {"marfa"}):
            raise ModuleNotFoundError(f"{name} is not in the base install", name=name)
        return None
sys.meta_path.insert(0, OnlyBase())
import importlib.util
real_find_spec = importlib.util.find_spec
def find_spec(name, package=None):
    try:
        return real_find_spec(name, package)
    except ModuleNotFoundError:
        return None
importlib.util.find_spec = find_spec
sys.argv = ["marfa", *sys.argv[2:]]
"""


def in_base_install(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code as if the base install were all that is there."""
    allowed = ",".join(base_distributions())
    return subprocess.run(
        [sys.executable, "-c", BLOCK + code, allowed, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_methods_import_without_the_server() -> None:
    modules = [
        ".".join(("marfa", *file.relative_to(SOURCE).with_suffix("").parts))
        for room in ("crypto", "domain", "methods")
        for file in sorted((SOURCE / room).rglob("*.py"))
        # What has no package around it is handed out as a file, and run alone.
        if file.name != "__init__.py" and (file.parent / "__init__.py").exists()
    ]
    code = "import marfa.methods\n" + "\n".join(f"import {name}" for name in modules)
    found = in_base_install(code)
    assert found.returncode == 0, found.stderr
    assert in_base_install("import django").returncode != 0, "the test itself must be able to fail"


def test_the_command_line_works_without_the_server() -> None:
    code = "from marfa.cli.main import main; main()"
    shown = in_base_install(code, "--help")
    assert shown.returncode == 0, shown.stderr
    assert "serve" not in shown.stdout
    asked = in_base_install(code, "serve")
    assert asked.returncode == 2
    assert "marfa[server]" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())


def test_every_stored_field_is_declared() -> None:
    """In the ``fields.toml`` beside each app; the sentence says which line is missing where."""
    from marfa.domain.catalogue import render_problem
    from marfa.safeguards.fields.checks import problems_in_register

    assert [render_problem(problem) for problem in problems_in_register()] == []


def test_migrations_are_linear() -> None:
    loader = MigrationLoader(None)
    for app in {key[0] for key in loader.disk_migrations if _is_ours(loader, key)}:
        assert len(loader.graph.leaf_nodes(app)) == 1, f"{app} has two ends"
        names = sorted(name for label, name in loader.disk_migrations if label == app)
        for number, name in enumerate(names, start=1):
            assert name.startswith(f"{number:04}_"), f"{app}: {name} is out of line"


def _is_ours(loader: MigrationLoader, key: tuple[str, str]) -> bool:
    return type(loader.disk_migrations[key]).__module__.startswith("marfa.")


def test_the_version_stands_in_one_place_only() -> None:
    from marfa import __version__

    assert distribution("marfa").version == __version__


def test_styles_know_no_left_and_right() -> None:
    physical = re.compile(
        r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right|top|bottom)"
        r"|(?:left|right|top|bottom)\s*:|(?:min-|max-)?(?:width|height)\s*:"
        r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right))"
    )
    files = sorted((ROOT / "frontend" / "styles").glob("*.css"))
    assert files
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            assert not physical.search(line), f"{file.name}:{number}: {line.strip()}"
    assert physical.search("  margin-left: 1rem")
    assert physical.search("width: 3rem")


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of the machine it was written on, in anything that is committed."""
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    assert "pyproject.toml" in files or not (ROOT / ".git").exists()
    suspicious = re.compile(r"/(?:work|root|home/\w+)/[\w.]")
    for name in files:
        file = ROOT / name
        if not name or not file.is_file() or file.suffix in (".svg", ".png", ".woff2", ".ods"):
            continue
        if file == Path(__file__):
            continue
        text = file.read_text(encoding="utf-8", errors="ignore")
        assert not suspicious.search(text), name

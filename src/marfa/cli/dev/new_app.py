"""Write a new app of a desk: one subject with everything that the checks ask of an app.

The files are made from those in the folder ``app`` beside this module, in a folder of their own.
There the migration is written and everything is checked; then they are moved into their places, so
that nothing half-written is ever there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import invalidate_caches
from pathlib import Path
from string import Template

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from marfa.apps.house import read_manifests
from marfa.cli.dev.throwaway import format_code
from marfa.cli.dev.words import Subject, check_name, known_translations
from marfa.domain.message import InputError, Message
from marfa.safeguards.charter.loader import whole_charter
from marfa.safeguards.charter.schema_reader import read_schema

TEMPLATES = Path(__file__).parent / "app"
TEST = "test.py"
CATALOGUE = "locale/ar/LC_MESSAGES/django.po"
HEAD = """msgid ""
msgstr ""
"Language: ar\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : \
n%100>=11 ? 4 : 5;\\n"
"""
REVIEW = "# draft: the noun was put in by marfa dev new-app"


def write_app(root: Path, subject: Subject) -> list[Path]:
    """Write the app; its files, below the folder of the checkout.

    Raises InputError where its name or what it would be called is taken, and where what was
    written does not pass; then nothing was written.
    """
    apps, test = root / "src" / "marfa" / "apps", root / "tests" / "apps"
    check_subject(subject, apps, test)
    (root / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="new-app-", dir=root / "build") as scratch:
        staged = Path(scratch) / "apps" / subject.name
        own_test = Path(scratch) / f"test_{subject.name}.py"
        for name, text in app_texts(subject, root / "src" / "marfa").items():
            path = own_test if name == TEST else staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        _compile(staged / CATALOGUE)
        _finish(staged, root)
        format_code([*staged.rglob("*.py"), own_test], root)
        written = [path for path in staged.rglob("*") if _is_kept(path)]
        names = sorted(path.relative_to(staged) for path in written)
        _move(staged, apps / subject.name, own_test, test / own_test.name)
    return [*(apps / subject.name / name for name in names), test / own_test.name]


def check_subject(subject: Subject, apps: Path, tests: Path) -> None:
    """Whether there is nothing of this name yet. Raises InputError."""
    check_name(subject.name, names_taken(apps, tests))
    declared = read_schema(whole_charter().schema)
    if subject.kind in declared.kinds.keys() | declared.vocabularies.keys():
        params = {"name": subject.name, "kind": subject.kind}
        raise InputError.at(Message("cli.dev:kind-taken", params))


def names_taken(apps: Path, tests: Path) -> frozenset[str]:
    """What an app cannot be called: what lies in their folder, the other apps that Django loads,
    the namespaces of addresses, the first words of actions and of policies, files of tests."""
    addresses = (path for each in read_manifests().values() for _desk, path in each.urls)
    words = read_schema(whole_charter().schema).actions
    return frozenset(
        {
            *(path.stem for path in apps.iterdir()),
            *(path.stem.removeprefix("test_") for path in tests.iterdir()),
            *_labels(),
            *(namespace_of(path, apps) for path in addresses),
            *(action.partition(".")[0] for action in words),
        }
    )


def _labels() -> set[str]:
    """The labels of the apps that are no folder beside ours: their names would be taken twice."""
    package = TEMPLATES.parents[2]
    ours = {
        path.parent.name
        for part in ("platform", "safeguards")
        for path in (package / part).glob("*/apps.py")
    }
    django = {"auth", "contenttypes", "sessions", "messages", "staticfiles", "csp"}
    return ours | django | {"demo", "web"}


def namespace_of(urls: str, apps: Path) -> str:
    """The namespace that a urlconf says; read from its text, since Django is not set up."""
    file = apps.joinpath(*urls.split(".")[2:]).with_suffix(".py")
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    _, _, said = text.partition("\napp_name = ")
    return said.partition("\n")[0].strip("\"'")


def app_texts(subject: Subject, source: Path) -> dict[str, str]:
    """The text of each file that is written by hand in an app, by its name in its folder."""
    found = {
        str(file.relative_to(TEMPLATES)).removesuffix(".txt"): Template(
            file.read_text(encoding="utf-8")
        ).substitute(subject.values())
        for file in sorted(TEMPLATES.rglob("*.txt"))
    }
    words = subject.arabic_words(known_translations(source, "ar"))
    return {**found, CATALOGUE: catalogue_text(subject, words), "migrations/__init__.py": ""}


def catalogue_text(subject: Subject, words: Mapping[str, str]) -> str:
    """The Arabic of the pages; what names the subject is marked for whoever knows the field."""
    entries = [HEAD]
    for text, arabic in sorted(words.items()):
        mark = f"{REVIEW}\n" if subject.needs_review(text) else ""
        entries.append(f'{mark}msgid "{text}"\nmsgstr "{arabic}"\n')
    return "\n".join(entries)


def _compile(file: Path) -> None:
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale="ar")
    with file.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalogue)


def _finish(staged: Path, root: Path) -> None:
    """In a process of its own, which has the new app among the others: write its migration, and
    ask the checks of the start. Raises InputError with what they say."""
    command = [sys.executable, "-m", "marfa.cli.dev.staged", str(staged.parent), staged.name]
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise InputError.at(Message("cli.dev:does-not-pass", {"what": said}))


def _is_kept(path: Path) -> bool:
    """Whether a file is one of the source: catalogues are compiled by building too."""
    return path.is_file() and path.suffix not in (".mo", ".pyc")


def _move(staged: Path, app: Path, staged_test: Path, test: Path) -> None:
    for cache in [*staged.rglob("__pycache__")]:
        shutil.rmtree(cache)
    staged_test.rename(test)
    try:
        staged.rename(app)
    except BaseException:
        test.unlink()
        raise
    # What was looked for before is there now.
    invalidate_caches()

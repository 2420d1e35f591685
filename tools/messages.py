"""Catalogues of the pages: collect texts from code and templates, or compile for Django.

    python tools/messages.py collect   write new texts into src/marfa/**/locale/<language>
    python tools/messages.py compile   write the .mo files that Django reads

Collecting needs xgettext (the package gettext). Catalogues are sorted and carry no dates and no
line numbers, so that a change shows texts and nothing else.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "marfa"
LANGUAGES = ("ar",)
HEADER = ("Content-Type", "Content-Transfer-Encoding", "Language", "Plural-Forms")
WORDS = re.compile(r'^// Title: (.+)$|@(?:add|text)\("([^"]+)"\)', re.M)
PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
    ": n%100>=11 ? 4 : 5;",
}


def page_packages(source: Path) -> list[Path]:
    """Folders whose texts Django translates: apps, mechanisms, safeguards, shell, demonstration."""
    apps = [path.parent for path in sorted((source / "apps").glob("*/module.py"))]
    mechanisms = [path.parent for path in sorted((source / "platform").glob("*/apps.py"))]
    safeguards = [path.parent for path in sorted((source / "safeguards").glob("*/apps.py"))]
    return [*apps, *mechanisms, *safeguards, source / "web", source / "demo"]


def collect(source: Path = SOURCE) -> None:
    """Bring every catalogue up to date with its package; translations already there are kept."""
    for package in page_packages(source):
        (package / "locale").mkdir(exist_ok=True)
        languages = [part for language in LANGUAGES for part in ("--locale", language)]
        command = ["django-admin", "makemessages", *languages, "--no-wrap", "--no-location"]
        command[0] = str(Path(sys.executable).with_name("django-admin"))
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
        subprocess.run(command, cwd=package, env=environment, check=True, capture_output=True)
        for language in LANGUAGES:
            kept = () if list(package.glob(f"charter/*{language}.po")) else policy_words(package)
            tidy(package / "locale" / language / "LC_MESSAGES" / "django.po", language, kept)


def policy_words(package: Path) -> list[str]:
    """The words of an app's policies: titles of files, and what each adds. Where no catalogue lies
    beside them, they are translated with the pages."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(package.glob("charter/*.cedar"))]
    return [word for text in texts for found in WORDS.findall(text) for word in found if word]


def tidy(file: Path, language: str, kept: Collection[str] = ()) -> None:
    """Sort a catalogue and leave out what changes without a text changing.

    kept: texts that stand elsewhere than where Django collects.
    """
    import polib  # belongs to the tests' environment; compiling does without it

    if not file.exists():
        return
    catalogue = polib.pofile(str(file), wrapwidth=0)
    entries = [entry for entry in catalogue if not entry.obsolete]
    there = {entry.msgid for entry in entries}
    for msgid in sorted({*kept} - there):
        # Django, which does not find them, has put them among what is obsolete.
        before = catalogue.find(msgid, include_obsolete_entries=True)
        note = before.tcomment if before else ""
        entries.append(
            polib.POEntry(msgid=msgid, msgstr=before.msgstr if before else "", tcomment=note)
        )
    if not entries:
        file.unlink()
        return
    fresh = polib.POFile(wrapwidth=0)
    values = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS[language],
    }
    fresh.metadata = {name: values[name] for name in HEADER}
    fresh.extend(sorted(entries, key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    fresh.save(str(file))
    # polib begins with an empty comment line.
    file.write_text(file.read_text(encoding="utf-8").lstrip("#\n"), encoding="utf-8")


def compile_all(source: Path = SOURCE) -> None:
    """Write the .mo file beside each catalogue of a page package."""
    for file in sorted(source.glob("**/LC_MESSAGES/django.po")):
        with file.open("rb") as stream:
            catalogue = read_po(stream)
        with file.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


if __name__ == "__main__":
    actions = {"collect": collect, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit(__doc__)
    actions[sys.argv[1]]()
